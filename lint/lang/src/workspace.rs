//! All files below the paths that a user names, read and put together by folder.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::module::Module;
use crate::source::{Fault, File, FileId, Place, Source, Span};
use crate::syntax;

/// Configurations, as they are written. A file that can't be read is a [`Fault`]; the others go on.
#[derive(Debug, Default)]
pub struct Workspace {
    files: Vec<File>,
    faults: Vec<Fault>,
    modules: BTreeMap<Arc<str>, Module>,
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
            let bodies = folders.entry(file.folder().into()).or_default();
            let read = match broken {
                Some((at, message)) => Err(Fault { span: Span::at(id, at), message }),
                None => syntax::parse(id, file.text()),
            };
            match read {
                Ok(body) => bodies[usize::from(is_override(file.path()))].push(body),
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

    /// The module of a folder.
    #[must_use]
    pub fn module(&self, folder: &str) -> Option<&Module> {
        self.modules.get(folder)
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

/// Files with such names are merged into the others.
fn is_override(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.strip_suffix(".tf").or_else(|| name.strip_suffix(".tofu")).unwrap_or(name);
    stem == "override" || stem.ends_with("_override")
}
