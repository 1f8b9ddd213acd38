//! Parses all configurations below a folder with hcl-edit and does nothing with what comes of it:
//! what `make bench` compares reading with. `stanchion-bench-peer FOLDER`.

use std::path::Path;
use std::{fs, io};

use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let mut total = Total::default();
    parse(Path::new(&folder), &mut total)?;
    println!("files={} bytes={} faults={}", total.files, total.bytes, total.faults);
    Ok(())
}

#[derive(Default)]
struct Total {
    files: usize,
    bytes: usize,
    faults: usize,
}

/// Each file is read, parsed and forgotten, so that no memory is asked for twice.
fn parse(folder: &Path, total: &mut Total) -> io::Result<()> {
    for entry in folder.read_dir()? {
        let path = entry?.path();
        if path.is_dir() {
            parse(&path, total)?;
        } else if path.extension().is_some_and(|it| it == "tf" || it == "tfvars") {
            let text = fs::read_to_string(&path)?;
            total.files += 1;
            total.bytes += text.len();
            total.faults += usize::from(hcl_edit::parser::parse_body(&text).is_err());
        }
    }
    Ok(())
}
