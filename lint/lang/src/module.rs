//! Files of one folder put together as Terraform does.

mod overrides;
mod settings;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::hash::HashMap;
use crate::source::{Fault, Span};
use crate::syntax::{Attribute, Block, Body, Expr, ExprKind};

pub use settings::{ProviderBlock, RequiredProvider};

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
    /// All other blocks: `provider`, `terraform`, `moved`, `import`, `removed`, `check`, `action`,
    /// `list`, and what is younger than this program. [`Module::others_of`] and its neighbours read
    /// them.
    pub others: Vec<Block>,
    /// `resource`, `data` and `ephemeral` blocks, in the order in which they are written.
    resources: Vec<(Mode, Block)>,
    /// Which of them have a name: mostly one.
    by_name: HashMap<Arc<str>, Vec<usize>>,
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

/// What a module call calls.
#[derive(Debug)]
pub(crate) enum Called<'w> {
    Module(&'w Module),
    /// Nothing that can be looked into: a clause that tells why.
    Unseen(String),
}

/// What is wrong with the files of a folder together; a place is told in words.
pub(crate) struct Faults<'a> {
    pub(crate) found: Vec<Fault>,
    pub(crate) place: &'a dyn Fn(Span) -> String,
}

impl Faults<'_> {
    fn twice(&mut self, what: &str, span: Span, first: Span) {
        let message = format!("declares {what} again, after {}", (self.place)(first));
        self.found.push(Fault { span, message });
    }

    fn tell(&mut self, span: Span, message: String) {
        self.found.push(Fault { span, message });
    }
}

impl Module {
    /// Puts bodies together; those of override files are merged into what the others declare. Of two
    /// declarations with one name the first holds, and the second is a fault; of resources, both are
    /// kept.
    pub(crate) fn new(
        folder: Arc<str>,
        bodies: Vec<Body>,
        overrides: Vec<Body>,
        faults: &mut Faults<'_>,
    ) -> Self {
        let mut module = Self { folder, ..Self::default() };
        for it in bodies.iter().chain(&overrides).flat_map(|it| &it.attributes) {
            let name = &it.name;
            let message = format!(
                "gives {name} a value outside of any block; a local stands in a locals block, the value \
                 of a variable in a .tfvars file"
            );
            faults.tell(it.name_span, message);
        }
        for block in bodies.into_iter().flat_map(|it| it.blocks) {
            module.add(block, faults);
        }
        for block in overrides.into_iter().flat_map(|it| it.blocks) {
            module.merge(block, faults);
        }
        module
    }

    /// The folder of the module that a call's `source` names, if it is a path.
    #[must_use]
    pub fn local_source(&self, call: &Block) -> Option<String> {
        match &call.body.attribute("source")?.value {
            Expr { kind: ExprKind::String(it), .. }
                if it.starts_with("./") || it.starts_with("../") || matches!(&**it, "." | "..") =>
            {
                Some(join(&self.folder, it))
            }
            _ => None,
        }
    }

    /// A resource of that mode, type and name, and its number.
    #[must_use]
    pub fn resource(&self, mode: Mode, ty: &str, name: &str) -> Option<(usize, &Block)> {
        let named = self.by_name.get(name)?.iter();
        let mut found = named.filter_map(|at| Some((*at, self.resources.get(*at)?)));
        let (at, (_, block)) = found.find(|(_, it)| it.0 == mode && *it.1.labels[0] == *ty)?;
        Some((at, block))
    }

    /// The resources of a mode with their numbers, in the order in which they are written.
    pub fn resources_of(&self, mode: Mode) -> impl Iterator<Item = (usize, &Block)> {
        let all = self.resources.iter().enumerate();
        all.filter(move |(_, it)| it.0 == mode).map(|(at, it)| (at, &it.1))
    }

    fn add(&mut self, block: Block, faults: &mut Faults<'_>) {
        settings::check_labels(&block, faults);
        if let (Some(mode), [ty, name]) = (Mode::of(&block.kind), block.labels.as_slice()) {
            if let Some((_, first)) = self.resource(mode, ty, name) {
                let what = format!("{}{ty}.{name}", mode.prefix());
                faults.twice(&what, block.head, first.head);
            }
            self.by_name.entry(name.clone()).or_default().push(self.resources.len());
            self.resources.push((mode, block));
            return;
        }
        let name = block.labels.first().cloned();
        let (title, named) = match (&*block.kind, name) {
            ("variable", Some(name)) => ("var.", self.variables.entry(name)),
            ("output", Some(name)) => ("output ", self.outputs.entry(name)),
            ("module", Some(name)) => ("module.", self.calls.entry(name)),
            ("locals", _) => {
                for it in block.body.attributes {
                    self.add_local(it, faults);
                }
                return;
            }
            _ => {
                self.check_other(&block, faults);
                self.others.push(block);
                return;
            }
        };
        match named {
            std::collections::btree_map::Entry::Vacant(it) => drop(it.insert(block)),
            std::collections::btree_map::Entry::Occupied(it) => {
                let title = format!("{title}{}", it.key());
                faults.twice(&title, block.head, it.get().head);
            }
        }
    }

    fn add_local(&mut self, local: Attribute, faults: &mut Faults<'_>) {
        match self.locals.get(&local.name) {
            Some(first) => {
                let title = format!("local.{}", local.name);
                faults.twice(&title, local.name_span, first.name_span);
            }
            None => drop(self.locals.insert(local.name.clone(), local)),
        }
    }
}

/// `path` seen from `folder`, without `.` and as few `..` as possible.
pub(crate) fn join(folder: &str, path: &str) -> String {
    let folder = if path.starts_with('/') { "/" } else { folder };
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
        assert_eq!(join("x", "/srv/y"), "/srv/y");
    }
}
