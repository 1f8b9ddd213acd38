//! Files of one folder put together as Terraform does.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::syntax::{Attribute, Block, Body, Expr, ExprKind};

/// What the files of one folder declare together.
#[derive(Debug, Default)]
pub struct Module {
    /// The folder, as in the paths that were handed in; empty for files without a folder.
    pub folder: Arc<str>,
    /// `variable` blocks by name.
    pub variables: BTreeMap<Arc<str>, Block>,
    /// The attributes of all `locals` blocks by name.
    pub locals: BTreeMap<Arc<str>, Attribute>,
    /// `output` blocks by name.
    pub outputs: BTreeMap<Arc<str>, Block>,
    /// `module` blocks by name.
    pub calls: BTreeMap<Arc<str>, Block>,
    /// All other blocks: `provider`, `terraform`, `check`, and what is younger than this program.
    pub others: Vec<Block>,
    /// `resource`, `data` and `ephemeral` blocks, in the order in which they are written.
    resources: Vec<(Mode, Block)>,
    /// Which of them has a type and a name.
    by_name: HashMap<(Mode, Arc<str>, Arc<str>), usize>,
}

/// What kind of block declares something that a provider knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mode {
    /// `resource`.
    Managed,
    /// `data`.
    Data,
    /// `ephemeral`.
    Ephemeral,
}

/// What a module call calls.
#[derive(Debug)]
pub(crate) enum Called<'w> {
    Module(&'w Module),
    /// Nothing that can be looked into: a clause that tells why.
    Unseen(String),
}

impl Mode {
    /// What stands before the type in an address.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Managed => "",
            Self::Data => "data.",
            Self::Ephemeral => "ephemeral.",
        }
    }

    fn of(kind: &str) -> Option<Self> {
        match kind {
            "resource" => Some(Self::Managed),
            "data" => Some(Self::Data),
            "ephemeral" => Some(Self::Ephemeral),
            _ => None,
        }
    }
}

impl Module {
    /// Puts bodies together; those of override files are merged into what the others declare.
    /// Of two declarations with one name the first holds, but both resources are kept.
    pub(crate) fn new(folder: Arc<str>, bodies: Vec<Body>, overrides: Vec<Body>) -> Self {
        let mut module = Self { folder, ..Self::default() };
        for block in bodies.into_iter().flat_map(|it| it.blocks) {
            module.add(block);
        }
        for block in overrides.into_iter().flat_map(|it| it.blocks) {
            module.merge(block);
        }
        module
    }

    /// The folder of the module that a call's `source` names, if it is a path.
    #[must_use]
    pub fn local_source(&self, call: &Block) -> Option<String> {
        match &call.body.attribute("source")?.value {
            Expr { kind: ExprKind::String(it), .. }
                if it.starts_with("./") || it.starts_with("../") || &**it == ".." =>
            {
                Some(join(&self.folder, it))
            }
            _ => None,
        }
    }

    /// A resource of that mode, type and name, and its number.
    #[must_use]
    pub fn resource(&self, mode: Mode, ty: &str, name: &str) -> Option<(usize, &Block)> {
        let at = *self.by_name.get(&(mode, ty.into(), name.into()))?;
        Some((at, &self.resources.get(at)?.1))
    }

    /// The resources of a mode with their numbers, in the order in which they are written.
    pub fn resources_of(&self, mode: Mode) -> impl Iterator<Item = (usize, &Block)> {
        let all = self.resources.iter().enumerate();
        all.filter(move |(_, it)| it.0 == mode).map(|(at, it)| (at, &it.1))
    }

    fn add(&mut self, block: Block) {
        let name = block.labels.first().cloned();
        if let (Some(mode), [ty, name]) = (Mode::of(&block.kind), block.labels.as_slice()) {
            let key = (mode, ty.clone(), name.clone());
            self.by_name.entry(key).or_insert(self.resources.len());
            self.resources.push((mode, block));
            return;
        }
        match (&*block.kind, name) {
            ("variable", Some(name)) => drop(self.variables.entry(name).or_insert(block)),
            ("output", Some(name)) => drop(self.outputs.entry(name).or_insert(block)),
            ("module", Some(name)) => drop(self.calls.entry(name).or_insert(block)),
            ("locals", _) => {
                for it in block.body.attributes {
                    self.locals.entry(it.name.clone()).or_insert(it);
                }
            }
            _ => self.others.push(block),
        }
    }

    fn merge(&mut self, block: Block) {
        let existing = match (&*block.kind, block.labels.first()) {
            ("variable", Some(name)) => self.variables.get_mut(name),
            ("output", Some(name)) => self.outputs.get_mut(name),
            ("module", Some(name)) => self.calls.get_mut(name),
            ("resource" | "data" | "ephemeral", _) => {
                let mut all = self.resources.iter_mut().map(|(_, it)| it);
                all.find(|it| it.kind == block.kind && it.labels == block.labels)
            }
            ("locals", _) => {
                for it in block.body.attributes {
                    self.locals.insert(it.name.clone(), it);
                }
                return;
            }
            _ => {
                self.others.iter_mut().find(|it| it.kind == block.kind && it.labels == block.labels)
            }
        };
        match existing {
            Some(existing) => merge_body(&mut existing.body, block.body),
            None => self.add(block),
        }
    }
}

/// An attribute replaces the one of its name; nested blocks replace all of their kind.
fn merge_body(body: &mut Body, over: Body) {
    for it in over.attributes {
        body.attributes.retain(|old| old.name != it.name);
        body.attributes.push(it);
    }
    body.blocks.retain(|old| !over.blocks.iter().any(|it| it.kind == old.kind));
    body.blocks.extend(over.blocks);
}

/// `path` seen from `folder`, without `.` and as few `..` as possible.
fn join(folder: &str, path: &str) -> String {
    let rooted = folder.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|it| *it != "..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("{}{}", if rooted { "/" } else { "" }, parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn a_source_is_seen_from_the_folder_of_the_call() {
        assert_eq!(join("", "./a"), "a");
        assert_eq!(join("x/y", "../z"), "x/z");
        assert_eq!(join("x", ".."), "");
        assert_eq!(join("../x", "../../y"), "../../y");
        assert_eq!(join("/srv/x", "../y/"), "/srv/y");
    }
}
