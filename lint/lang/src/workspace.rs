//! All files below the paths that a user names, read and put together by folder.

mod lock;
mod manifest;
mod names;
mod roots;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use crate::eval::Gap;
use crate::module::{Called, Faults, Module};
use crate::source::{Fault, File, FileId, Place, Source, Span};
use crate::syntax::{self, Block, Body, Names};

use manifest::Manifest;
use names::FileKind;

pub use lock::{Lock, Locked};
pub use names::{is_configuration, is_fetched, is_loaded};

/// The parser goes down into what is nested, which may be more than fits into the usual two megabytes
/// in an unoptimised build.
const STACK: usize = 16 << 20;

/// Configurations, as they are written. A file that can't be read is a [`Fault`]; the others go on.
#[derive(Debug, Default)]
pub struct Workspace {
    files: Vec<File>,
    faults: Vec<Fault>,
    left_out: Vec<Gap>,
    modules: BTreeMap<Arc<str>, Module>,
    /// Variable files by their paths.
    variables: BTreeMap<Arc<str>, Body>,
    /// By the folders of root modules.
    locks: BTreeMap<Arc<str>, Lock>,
    manifests: BTreeMap<Arc<str>, Manifest>,
    /// The variable files that have to be named, by the folders of their modules.
    named_variables: OnceLock<BTreeMap<Arc<str>, Vec<Arc<str>>>>,
}

/// What a file says.
enum Read {
    Body(Body),
    Manifest(Manifest),
    LeftOut(String),
}

impl Workspace {
    /// Reads the sources; their order does not matter. Files of one folder are one module.
    ///
    /// A `.tofu` file stands for the `.tf` file of the same name, as in OpenTofu.
    #[must_use]
    pub fn new(sources: impl IntoIterator<Item = Source>) -> Self {
        Self::read(sources.into_iter().map(|it| (it.path.clone(), it)), |_, it| it)
    }

    /// As [`new`](Self::new), of the sources that `read` gives for files of which the paths are told: each
    /// is read right before its text is parsed, by as many threads as there are processors.
    #[must_use]
    pub fn read<F: Send>(
        files: impl IntoIterator<Item = (String, F)>,
        read: impl Fn(String, F) -> Source + Sync,
    ) -> Self {
        let mut files: Vec<(String, F)> = files.into_iter().collect();
        files.sort_by(|a, b| a.0.cmp(&b.0));
        files.dedup_by(|a, b| a.0 == b.0);
        let shadowed: BTreeSet<String> =
            files.iter().filter_map(|(path, _)| names::shadowed(path)).collect();
        files.retain(|(path, _)| !shadowed.contains(path));
        let one = |names: &mut Names, (at, (path, file)): (usize, (String, F))| {
            let id = FileId(u32::try_from(at).unwrap_or(u32::MAX));
            let source = read(path, file);
            let (broken, skipped) = (source.broken.clone(), source.skipped.clone());
            let file = File::new(id, source);
            let read = match (skipped, broken) {
                (Some(why), _) => Ok(Read::LeftOut(why)),
                (None, Some((at, message))) => Err(Fault { span: Span::at(id, at), message }),
                (None, None) => parsed(&file, names),
            };
            (file, read)
        };
        let read = match threads() {
            Some(pool) if !files.is_empty() => pool.install(|| {
                files.into_par_iter().enumerate().map_init(Names::default, one).collect()
            }),
            _ => {
                let mut names = Names::default();
                files.into_iter().enumerate().map(|it| one(&mut names, it)).collect()
            }
        };
        Self::of(read)
    }

    fn of(read: Vec<(File, Result<Read, Fault>)>) -> Self {
        let mut workspace = Self::default();
        let mut folders: BTreeMap<Arc<str>, [Vec<Body>; 2]> = BTreeMap::new();
        for (file, read) in read {
            match (read, kind(&file)) {
                (Err(fault), _) => workspace.faults.push(fault),
                (Ok(Read::LeftOut(why)), _) => {
                    workspace.left_out.push(Gap { span: file.beginning(), why });
                }
                (Ok(Read::Manifest(it)), _) => {
                    let root = names::root_of_manifest(file.path()).unwrap_or_default();
                    workspace.manifests.insert(root.into(), it);
                }
                (Ok(Read::Body(body)), FileKind::Variables) => {
                    workspace.variables.insert(file.path().clone(), body);
                }
                (Ok(Read::Body(body)), FileKind::Lock) => {
                    workspace.locks.insert(file.folder().into(), Lock::new(&body));
                }
                (Ok(Read::Body(body)), kind) => {
                    let is_override = kind == FileKind::Configuration { is_override: true };
                    let bodies = folders.entry(file.folder().into()).or_default();
                    bodies[usize::from(is_override)].push(body);
                }
            }
            workspace.files.push(file);
        }
        let module = |(folder, [bodies, overrides]): (Arc<str>, [Vec<Body>; 2])| {
            let place = |it: Span| workspace.place(it).map(|it| it.to_string()).unwrap_or_default();
            let mut faults = Faults { found: Vec::new(), place: &place };
            let module = Module::new(folder.clone(), bodies, overrides, &mut faults);
            ((folder, module), faults.found)
        };
        let (modules, faults): (BTreeMap<_, _>, Vec<_>) = match threads() {
            Some(pool) => pool
                .install(|| folders.into_par_iter().map(module).collect::<Vec<_>>())
                .into_iter()
                .unzip(),
            None => folders.into_iter().map(module).unzip(),
        };
        workspace.modules = modules;
        workspace.faults.extend(faults.into_iter().flatten());
        workspace.faults.sort_by_key(|it| it.span);
        workspace
    }

    /// The files, in the order of their paths.
    #[must_use]
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// What is wrong with files: those that can't be read, and what Terraform refuses of several
    /// together, as a name that is declared twice. In the order of their paths and places.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The files that are recognised but not looked into, in the order of their paths.
    #[must_use]
    pub fn left_out(&self) -> &[Gap] {
        &self.left_out
    }

    /// What the lock file of the root module in a folder says; `None` if there is none.
    #[must_use]
    pub fn lock(&self, folder: &str) -> Option<&Lock> {
        self.locks.get(folder)
    }

    /// The file that a span lies in; `None` for a span of another workspace.
    #[must_use]
    pub fn file(&self, span: Span) -> Option<&File> {
        self.files.get(span.file.0 as usize)
    }

    /// The place at which a span begins; `None` for a span of another workspace.
    #[must_use]
    pub fn place(&self, span: Span) -> Option<Place> {
        self.file(span).map(|it| it.place(span.start))
    }

    /// A variable file by its path.
    pub(crate) fn variables(&self, path: &str) -> Option<&Body> {
        self.variables.get(path)
    }

    /// The variable files of a folder that Terraform loads by itself, the later before the earlier.
    pub(crate) fn automatic_variables(&self, folder: &str) -> Vec<&Body> {
        let of = |name: &str| match folder {
            "" => name.to_owned(),
            _ => format!("{folder}/{name}"),
        };
        let named = ["terraform.tfvars", "terraform.tfvars.json"];
        let mut out: Vec<&Body> = named.iter().filter_map(|it| self.variables(&of(it))).collect();
        let of: Arc<str> = of("").into();
        let below = self.variables.range(of.clone()..);
        out.extend(below.take_while(|(path, _)| path.starts_with(&*of)).filter_map(
            |(path, body)| {
                let name = &path[of.len()..];
                let is_first = matches!(name, "terraform.tfvars" | "terraform.tfvars.json");
                (!name.contains('/') && !is_first && is_loaded(name)).then_some(body)
            },
        ));
        out
    }

    /// The module that a call calls. `root` is the folder of the root module, and `path` the names of
    /// the calls from there to this one: `vpc.subnets`.
    pub(crate) fn called(&self, root: &str, path: &str, by: &Module, call: &Block) -> Called<'_> {
        match self.folder_of(root, path, by, call) {
            Some(folder) => match self.module(&folder) {
                Some(it) => Called::Module(it),
                None => Called::Unseen(format!("calls a module in {folder}, which was not read")),
            },
            None => Called::Unseen(
                "calls a module from elsewhere, which is not in .terraform/modules".to_owned(),
            ),
        }
    }

    /// The folder of the module that a call calls, if it is here. `root` is the folder of the root
    /// module, and `path` the names of the calls from there to this one: `vpc.subnets`.
    #[must_use]
    pub fn folder_of(&self, root: &str, path: &str, by: &Module, call: &Block) -> Option<String> {
        by.local_source(call).or_else(|| self.manifests.get(root)?.get(path).cloned())
    }

    /// The module of a folder.
    #[must_use]
    pub fn module(&self, folder: &str) -> Option<&Module> {
        self.modules.get(folder)
    }

    /// The folders that modules call though nothing of them was read.
    #[must_use]
    pub fn unread_folders(&self) -> BTreeSet<String> {
        let mut out: BTreeSet<String> =
            self.modules.values().flat_map(|it| self.called_by(it)).collect();
        for (root, manifest) in &self.manifests {
            if let Some(module) = self.module(root) {
                self.remote(module, manifest, &mut out);
            }
        }
        out.retain(|it| !self.modules.contains_key(&**it));
        out
    }

    /// The folders of remote modules that are called from a root module, itself or through others.
    fn remote(&self, root: &Module, manifest: &Manifest, out: &mut BTreeSet<String>) {
        let mut open = vec![(root, String::new())];
        // Each entry of the manifest is one call, so that the walk has an end but for local rings.
        let mut left = 10_000;
        while let Some((module, prefix)) = open.pop() {
            for (name, call) in &module.calls {
                left -= 1;
                if left == 0 {
                    return;
                }
                let path = format!("{prefix}{name}");
                let folder = module.local_source(call).or_else(|| manifest.get(&path).cloned());
                let Some(folder) = folder else { continue };
                if let Some(it) = self.module(&folder)
                    && manifest.contains_key(&path)
                {
                    open.push((it, format!("{path}.")));
                }
                out.insert(folder);
            }
        }
    }

    fn called_by<'a>(&self, module: &'a Module) -> impl Iterator<Item = String> + use<'a> {
        module.calls.values().filter_map(|it| module.local_source(it))
    }
}

/// The threads that parse, started once.
fn threads() -> Option<&'static rayon::ThreadPool> {
    static THREADS: OnceLock<Option<rayon::ThreadPool>> = OnceLock::new();
    let start = || rayon::ThreadPoolBuilder::new().stack_size(STACK).build().ok();
    THREADS.get_or_init(start).as_ref()
}

fn kind(file: &File) -> FileKind {
    if file.is_variables() { FileKind::Variables } else { names::kind(file.path()) }
}

fn parsed(file: &File, names: &mut Names) -> Result<Read, Fault> {
    let (id, text) = (file.id(), file.text());
    let is_json = file.path().ends_with(".json");
    match kind(file) {
        FileKind::Terragrunt => {
            Ok(Read::LeftOut("is written for Terragrunt, which is not looked into".to_owned()))
        }
        FileKind::Manifest => {
            let root = names::root_of_manifest(file.path()).unwrap_or_default();
            manifest::read(id, text, root).map(Read::Manifest)
        }
        FileKind::Variables if is_json => syntax::parse_json_values(id, text).map(Read::Body),
        FileKind::Configuration { .. } if is_json => syntax::parse_json(id, text).map(Read::Body),
        kind => {
            let body = syntax::parse(id, text, names)?;
            match body.blocks.first().filter(|_| kind == FileKind::Variables) {
                Some(it) => {
                    let message = format!("holds values of variables, and no {} block", it.kind);
                    Err(Fault { span: it.head, message })
                }
                None => Ok(Read::Body(body)),
            }
        }
    }
}
