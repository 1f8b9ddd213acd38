//! What is at fault in modules that Terraform fetched is told at the call that one owns.

use std::collections::{BTreeSet, VecDeque};

use stanchion_lang::{File, Module, Span, Workspace, is_fetched};

use super::Root;
use crate::finding::{Finding, Location, Step};
use crate::module_address::step;

/// The call through which fetched code is reached.
pub(super) struct Owner {
    /// Where the call's head is written.
    pub(super) call: Span,
    /// The names of the calls from the root module to the fetched one: `vpc.subnets`.
    module: String,
}

/// How many calls are followed for one file.
const MOST_CALLS: usize = 10_000;

/// The owner of what is in a file, in a resource of that address if there is one; `None` if the file
/// is one's own, or nobody here calls its module. Without a root module, all are looked through.
pub(super) fn of(
    workspace: &Workspace,
    roots: &[Root<'_>],
    root: Option<&Module>,
    address: Option<&str>,
    file: &File,
) -> Option<Owner> {
    if !is_fetched(file.path()) {
        return None;
    }
    match (root, address) {
        (Some(root), Some(address)) => by_address(workspace, root, address),
        (Some(root), None) => by_folder(workspace, root, file.folder()),
        (None, _) => roots.iter().find_map(|it| by_folder(workspace, it.module, file.folder())),
    }
}

fn by_address(workspace: &Workspace, root: &Module, address: &str) -> Option<Owner> {
    let mut at = Way::new(root);
    let mut rest = address;
    while let Some((name, after)) = step(rest) {
        at = at.through(workspace, root, name)?;
        rest = after;
    }
    at.owner()
}

/// The first call of a root module, level by level, by which a folder is reached.
fn by_folder(workspace: &Workspace, root: &Module, folder: &str) -> Option<Owner> {
    let mut open = VecDeque::from([Way::new(root)]);
    let mut seen = BTreeSet::new();
    for _ in 0..MOST_CALLS {
        let at = open.pop_front()?;
        if *at.module.folder == *folder {
            return at.owner();
        }
        let names = at.module.calls.keys();
        let next = names.filter_map(|it| at.through(workspace, root, it));
        let next: Vec<_> = next.filter(|it| seen.insert(&*it.module.folder)).collect();
        open.extend(next);
    }
    None
}

/// A module that is reached from a root module.
struct Way<'w> {
    module: &'w Module,
    path: String,
    entered: Option<Span>,
}

impl<'w> Way<'w> {
    fn new(root: &'w Module) -> Self {
        Self { module: root, path: String::new(), entered: None }
    }

    fn through(&self, workspace: &'w Workspace, root: &Module, name: &str) -> Option<Self> {
        let call = self.module.calls.get(name)?;
        let dot = if self.path.is_empty() { "" } else { "." };
        let path = format!("{}{dot}{name}", self.path);
        let folder = workspace.folder_of(&root.folder, &path, self.module, call)?;
        let entered = self.entered.or_else(|| is_fetched(&folder).then_some(call.head));
        Some(Self { module: workspace.module(&folder)?, path, entered })
    }

    fn owner(self) -> Option<Owner> {
        Some(Owner { call: self.entered?, module: self.path })
    }
}

/// A finding in fetched code as it is told: at the call, with the place of the fault in its message
/// and first on its chain, so that the text at fault goes on telling it from others. Nobody mends
/// what the next `terraform init` writes anew.
pub(super) fn reported(workspace: &Workspace, found: Finding, owner: Option<&Owner>) -> Finding {
    let Some((owner, call)) = owner.and_then(|it| Some((it, Location::of(workspace, it.call)?)))
    else {
        return found;
    };
    let (path, line) = (&found.place.start.path, found.place.start.line);
    let message = format!("{}, in the module {} at {path}:{line}", found.message, owner.module);
    let what = format!("the fault is here, in the module {}", owner.module);
    let fault = Step { place: found.place, what, is_origin: true };
    let chain = std::iter::once(fault).chain(found.chain).collect();
    Finding { message, place: call, chain, fix: None, ..found }
}
