//! Which modules are root modules, and which variable files belong to them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::names::{is_fetched, is_loaded};
use super::{Workspace, names};
use crate::module::Module;
use crate::source::File;

impl Workspace {
    /// The modules that no other module calls, and those that have a backend, values for their
    /// variables or a lock file, in the order of their folders. Of modules that call each other in a
    /// ring, the first is one too, so that nothing is left out. What Terraform fetched is none.
    #[must_use]
    pub fn roots(&self) -> Vec<&Module> {
        let own = |it: &Module, folder: &str| *folder == *it.folder;
        let mut called: BTreeSet<String> = self
            .modules
            .values()
            .flat_map(|it| self.called_by(it).filter(move |folder| !own(it, folder)))
            .collect();
        called.extend(self.manifests.values().flat_map(BTreeMap::values).cloned());
        let mut seen = BTreeSet::new();
        let mut roots = Vec::new();
        let is_first = |it: &&Module| {
            !called.contains(&*it.folder) || !is_fetched(&it.folder) && self.has_own_state(it)
        };
        let (first, others): (Vec<_>, Vec<_>) = self.modules.values().partition(is_first);
        for root in &first {
            roots.push(*root);
            self.reach(root, &mut seen);
        }
        for root in others {
            if !seen.contains(&*root.folder) {
                roots.push(root);
                self.reach(root, &mut seen);
            }
        }
        roots.sort_by(|a, b| a.folder.cmp(&b.folder));
        roots
    }

    /// Whether a module is applied as it stands: it has a backend, configures a provider, or has
    /// values for its variables or a lock file beside it. A module for others to call has none of
    /// these, whether it is called here or not.
    #[must_use]
    pub fn is_applied(&self, module: &Module) -> bool {
        // In old modules, an empty block says that the caller hands in a provider.
        let is_told = |name: &str| !matches!(name, "alias" | "version");
        let mut configured = module.providers().map(|it| &it.block.body);
        self.has_own_state(module)
            || configured
                .any(|it| !it.blocks.is_empty() || it.attributes.iter().any(|it| is_told(&it.name)))
    }

    /// Whether a module is applied as it stands though another may call it. That it configures a
    /// provider doesn't tell: old modules do, and are called.
    fn has_own_state(&self, module: &Module) -> bool {
        module.backend().is_some()
            || self.lock(&module.folder).is_some()
            || self.files_of(&module.folder).any(|it| is_variables(it.path()))
    }

    /// The paths of the variable files that belong to a root module and that Terraform does not load
    /// by itself: those of its folder, and those of folders below that have no configuration of
    /// their own, as `envs/prod.tfvars`. In their order.
    #[must_use]
    pub fn variable_files(&self, root: &Module) -> Vec<Arc<str>> {
        let all = self.named_variables.get_or_init(|| {
            let mut all: BTreeMap<Arc<str>, Vec<Arc<str>>> = BTreeMap::new();
            for path in self.variables.keys().filter(|it| !is_fetched(it)) {
                let folder = path.rsplit_once('/').map_or("", |it| it.0);
                match self.above(folder) {
                    Some(own) if own == folder && is_loaded(path) => {}
                    Some(module) => all.entry(module.into()).or_default().push(path.clone()),
                    None => {}
                }
            }
            all
        });
        all.get(&root.folder).cloned().unwrap_or_default()
    }

    /// The folder of the nearest module above one that has none.
    fn above<'a>(&'a self, folder: &'a str) -> Option<&'a str> {
        let mut at = folder;
        while !self.modules.contains_key(at) {
            at = match at.rsplit_once('/') {
                Some((above, name)) if name != ".." && !above.is_empty() => above,
                None if !matches!(at, "" | "..") => "",
                _ => return None,
            };
        }
        Some(at)
    }

    /// The files of a folder, in the order of their paths.
    fn files_of<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a File> {
        let of = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let start = self.files.partition_point(|it| **it.path() < *of);
        let below = self.files[start..].iter().take_while(move |it| it.path().starts_with(&*of));
        below.filter(move |it| it.folder() == folder)
    }

    fn reach<'a>(&'a self, from: &'a Module, seen: &mut BTreeSet<&'a str>) {
        let mut open = vec![from];
        let remote = self.manifests.get(&from.folder).into_iter().flat_map(BTreeMap::values);
        open.extend(remote.filter_map(|it| self.module(it)));
        while let Some(module) = open.pop() {
            if seen.insert(&module.folder) {
                open.extend(self.called_by(module).filter_map(|it| self.module(&it)));
            }
        }
    }
}

fn is_variables(path: &str) -> bool {
    names::kind(path) == names::FileKind::Variables
}
