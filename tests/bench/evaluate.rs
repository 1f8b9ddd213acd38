//! Reads all configurations below a folder and evaluates every root module wholly: what `make bench`
//! measures of the linter's language. `evaluate FOLDER [load]`; with `load` nothing is evaluated.
//!
//! As many threads as `RAYON_NUM_THREADS` says parse files, and evaluate root modules.
#![expect(clippy::print_stdout, reason = "it says what it has read")]

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use mimalloc::MiMalloc;
use stanchion_lang::{
    Evaluation, Inputs, Mode, Module, NoDataSources, NoFiles, Source, Workspace, is_configuration,
};

/// As the linter's.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let Some(folder) = words.first() else {
        println!("usage: evaluate FOLDER [load]");
        return ExitCode::from(2);
    };
    let mut paths = Vec::new();
    if let Err(error) = find(Path::new(folder), &mut paths) {
        println!("{folder} can't be read: {error}");
        return ExitCode::from(2);
    }
    let workspace = Workspace::read(paths, |name, path| match std::fs::read(path) {
        Ok(content) => Source::new(name, content),
        Err(error) => Source::unreadable(name, error.to_string()),
    });
    let files = workspace.files().len();
    let bytes = workspace.files().iter().map(|it| it.text().len()).sum::<usize>();
    let faults = workspace.faults().len();
    if words.get(1).is_some_and(|it| it == "load") {
        println!("files={files} bytes={bytes} faults={faults} peak={}", peak());
        return ExitCode::SUCCESS;
    }
    let count = evaluate(&workspace);
    // The process ends, as the linter does, without tidying up what the system takes back anyway.
    std::mem::forget(workspace);
    let Count { roots, instances, outputs, refusals } = count;
    println!(
        "files={files} bytes={bytes} faults={faults} roots={roots} instances={instances} \
         outputs={outputs} refusals={refusals} peak={}",
        peak()
    );
    ExitCode::SUCCESS
}

/// What evaluations have found.
#[derive(Clone, Copy, Default)]
struct Count {
    roots: usize,
    instances: usize,
    outputs: usize,
    refusals: usize,
}

fn evaluate(workspace: &Workspace) -> Count {
    let roots = workspace.roots();
    let threads = std::env::var("RAYON_NUM_THREADS").ok().and_then(|it| it.parse().ok());
    let next = AtomicUsize::new(0);
    let some = || evaluate_some(workspace, &roots, &next);
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads.unwrap_or(1)).map(|_| scope.spawn(some)).collect();
        let mut all = some();
        for it in others.into_iter().filter_map(|it| it.join().ok()) {
            all.roots += it.roots;
            all.instances += it.instances;
            all.outputs += it.outputs;
            all.refusals += it.refusals;
        }
        all
    })
}

/// Evaluates the next root module that nobody has begun with, until there is none.
fn evaluate_some(workspace: &Workspace, roots: &[&Module], next: &AtomicUsize) -> Count {
    let (inputs, mut count) = (Inputs::default(), Count::default());
    while let Some(root) = roots.get(next.fetch_add(1, Ordering::Relaxed)) {
        let evaluation = Evaluation::new(workspace, root, &inputs, &NoFiles, &NoDataSources);
        count.roots += 1;
        count.refusals += evaluation.check().len();
        count.instances += evaluation.resources().len() + evaluation.all(Mode::Data).len();
        count.outputs += evaluation.outputs().len();
    }
    count
}

/// The most memory that was resident, in bytes; 0 where the system does not say. Whoever starts a
/// process is told more: what the starting process itself had counts there too.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|it| it.trim().strip_suffix(" kB")?.parse::<usize>().ok());
    kilobytes.unwrap_or(0) * 1024
}

fn find(folder: &Path, into: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in folder.read_dir()? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            find(&path, into)?;
        } else if is_configuration(&entry.file_name().to_string_lossy()) {
            into.push((path.to_string_lossy().into_owned(), path));
        }
    }
    Ok(())
}
