//! All files below the paths that a user names, read and put together by folder.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::module::{Called, Module};
use crate::source::{Fault, File, FileId, Place, Source, Span};
use crate::syntax::{self, Block, Body};

/// Configurations, as they are written. A file that can't be read is a [`Fault`]; the others go on.
#[derive(Debug, Default)]
pub struct Workspace {
    files: Vec<File>,
    faults: Vec<Fault>,
    modules: BTreeMap<Arc<str>, Module>,
    /// Variable files by their paths.
    variables: BTreeMap<Arc<str>, Body>,
}

impl Workspace {
    /// Reads the sources; their order does not matter. Files of one folder are one module.
    ///
    /// A `.tofu` file stands for the `.tf` file of the same name, as in OpenTofu.
    #[must_use]
    pub fn new(sources: impl IntoIterator<Item = Source>) -> Self {
        let mut sources: Vec<Source> = sources.into_iter().collect();
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        sources.dedup_by(|a, b| a.path == b.path);
        let tofu: BTreeSet<String> = sources
            .iter()
            .filter_map(|it| it.path.strip_suffix(".tofu").map(|stem| format!("{stem}.tf")))
            .collect();
        let mut workspace = Self::default();
        let mut folders: BTreeMap<Arc<str>, [Vec<syntax::Body>; 2]> = BTreeMap::new();
        for source in sources.into_iter().filter(|it| !tofu.contains(&it.path)) {
            let id = FileId(u32::try_from(workspace.files.len()).unwrap_or(u32::MAX));
            let broken = source.broken.clone();
            let file = File::new(id, source);
            let read = match broken {
                Some((at, message)) => Err(Fault { span: Span::at(id, at), message }),
                None => read(&file),
            };
            match read {
                Ok(body) if is_variables(file.path()) => {
                    workspace.variables.insert(file.path().clone(), body);
                }
                Ok(body) => {
                    let bodies = folders.entry(file.folder().into()).or_default();
                    bodies[usize::from(is_override(file.path()))].push(body);
                }
                Err(fault) => workspace.faults.push(fault),
            }
            workspace.files.push(file);
        }
        for (folder, [bodies, overrides]) in folders {
            workspace.modules.insert(folder.clone(), Module::new(folder, bodies, overrides));
        }
        workspace
    }

    /// The files, in the order of their paths.
    #[must_use]
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// The files that can't be read, in the order of their paths.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
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
        let of = |name: &str| {
            if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
        };
        let named = ["terraform.tfvars", "terraform.tfvars.json"];
        let mut out: Vec<&Body> = named.iter().filter_map(|it| self.variables(&of(it))).collect();
        out.extend(self.variables.iter().filter_map(|(path, body)| {
            let (of, name) = path.rsplit_once('/').unwrap_or(("", path));
            let automatic = name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json");
            (of == folder && automatic).then_some(body)
        }));
        out
    }

    /// The module that a call calls.
    pub(crate) fn called(&self, by: &Module, call: &Block) -> Called<'_> {
        match by.local_source(call) {
            Some(folder) => match self.module(&folder) {
                Some(it) => Called::Module(it),
                None => Called::Unseen(format!("calls a module in {folder}, which was not read")),
            },
            None => Called::Unseen("calls a module from elsewhere, which was not read".to_owned()),
        }
    }

    /// The module of a folder.
    #[must_use]
    pub fn module(&self, folder: &str) -> Option<&Module> {
        self.modules.get(folder)
    }

    /// The folders that modules call though nothing of them was read.
    #[must_use]
    pub fn unread_folders(&self) -> BTreeSet<String> {
        let called = self.modules.values().flat_map(|it| self.called_by(it));
        called.filter(|it| !self.modules.contains_key(&**it)).collect()
    }

    /// The modules that no other module calls, in the order of their folders. Of modules that
    /// call each other in a ring, the first is one too, so that nothing is left out.
    #[must_use]
    pub fn roots(&self) -> Vec<&Module> {
        let called: BTreeSet<String> = self
            .modules
            .values()
            .flat_map(|it| self.called_by(it).filter(|folder| **folder != *it.folder))
            .collect();
        let mut seen = BTreeSet::new();
        let mut roots = Vec::new();
        let first = self.modules.values().filter(|it| !called.contains(&*it.folder));
        for root in first.chain(self.modules.values()) {
            if !seen.contains(&*root.folder) {
                roots.push(root);
                self.reach(root, &mut seen);
            }
        }
        roots.sort_by(|a, b| a.folder.cmp(&b.folder));
        roots
    }

    fn reach<'a>(&'a self, from: &'a Module, seen: &mut BTreeSet<&'a str>) {
        let mut open = vec![from];
        while let Some(module) = open.pop() {
            if seen.insert(&module.folder) {
                open.extend(self.called_by(module).filter_map(|it| self.module(&it)));
            }
        }
    }

    fn called_by<'a>(&self, module: &'a Module) -> impl Iterator<Item = String> + use<'a> {
        module.calls.values().filter_map(|it| module.local_source(it))
    }
}

fn read(file: &File) -> Result<Body, Fault> {
    match (file.path().ends_with(".json"), is_variables(file.path())) {
        (false, _) => syntax::parse(file.id(), file.text()),
        (true, false) => syntax::parse_json(file.id(), file.text()),
        (true, true) => syntax::parse_json_values(file.id(), file.text()),
    }
}

/// Files with such names give values to variables.
fn is_variables(path: &str) -> bool {
    path.ends_with(".tfvars") || path.ends_with(".tfvars.json")
}

/// Files with such names are merged into the others.
fn is_override(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.strip_suffix(".tf").or_else(|| name.strip_suffix(".tofu")).unwrap_or(name);
    stem == "override" || stem.ends_with("_override")
}
