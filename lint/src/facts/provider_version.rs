//! Which versions of the providers a root module takes.

use std::collections::BTreeMap;
use std::sync::Arc;

use stanchion_lang::syntax::{Block, Expr, ExprKind};
use stanchion_lang::{Mode, Module, Span, Workspace};

use super::{Fact, Facts};

/// A provider that a root module which is applied as it stands uses, itself or in what it calls.
#[derive(Clone, Debug)]
pub struct ProviderVersion {
    /// Where it is declared, else where it is first used.
    pub span: Span,
    /// The root module's folder; empty for the working directory.
    pub folder: Arc<str>,
    /// Its local name there: `aws`.
    pub name: Arc<str>,
    /// Whether it stands in `required_providers` there.
    pub is_declared: bool,
    /// Whether some constraint ends before some version.
    pub is_bounded: bool,
    /// Whether the lock file beside the root module has its version.
    pub is_locked: bool,
    /// The version in a lock file that git ignores, so that it pins nothing for others.
    pub ignored_lock: Option<Arc<str>>,
    /// The version constraint that the root module's `required_providers` has, and where.
    pub constraint: Option<(Arc<str>, Span)>,
    /// Whether modules are called that were not read, and may have a constraint too.
    pub is_unread: bool,
}

/// What is built into Terraform has no version of its own.
const BUILT_IN: &str = "terraform";

impl Fact for ProviderVersion {
    const NOUNS: [&'static str; 2] = ["provider", "providers"];

    fn in_root(facts: &Facts<'_>) -> Vec<Self> {
        let evaluation = facts.evaluation();
        of_root(evaluation.workspace(), evaluation.root())
    }

    fn span(&self) -> Span {
        self.span
    }
}

fn of_root(workspace: &Workspace, root: &Module) -> Vec<ProviderVersion> {
    if !workspace.is_applied(root) {
        return Vec::new();
    }
    let mut found = BTreeMap::new();
    let mut modules = vec![root];
    let mut is_unread = false;
    let mut at = 0;
    while let Some(module) = modules.get(at).copied() {
        at += 1;
        of_module(module, &mut found);
        for call in module.calls.values() {
            match module.local_source(call).and_then(|it| workspace.module(&it)) {
                Some(it) if modules.iter().any(|known| known.folder == it.folder) => {}
                Some(it) => modules.push(it),
                None => is_unread = true,
            }
        }
    }
    let lock = workspace.lock(&root.folder);
    for (source, it) in &mut found {
        let is_it = |locked: &str| identity(locked) == *source;
        let mut entries = lock.iter().flat_map(|it| &it.providers).filter(|it| is_it(it.0));
        let locked = entries.find_map(|it| it.1.version.clone());
        let is_ignored =
            |span: Span| workspace.file(span).is_some_and(stanchion_lang::File::is_ignored);
        match locked {
            Some((version, span)) if is_ignored(span) => it.ignored_lock = Some(version),
            locked => it.is_locked = locked.is_some(),
        }
        let own = root.required_providers().find(|own| own.name == &it.name);
        it.constraint = own.and_then(|it| it.version);
        it.is_unread = is_unread;
        it.folder.clone_from(&root.folder);
    }
    found.into_values().collect()
}

/// Adds the providers that one module declares and uses, by what tells them from each other.
fn of_module(module: &Module, found: &mut BTreeMap<String, ProviderVersion>) {
    let mut sources = BTreeMap::new();
    for it in module.required_providers() {
        let source = it.source.clone().unwrap_or_else(|| it.name.clone());
        sources.insert(it.name.clone(), identity(&source));
        let bounded = it.version.as_ref().is_some_and(|(text, _)| is_bounded(text));
        let span = it.version.as_ref().map_or(it.name_span, |it| it.1);
        let new = provider(it.name, span, true);
        let of = found.entry(identity(&source)).or_insert(new);
        if !of.is_declared {
            (of.span, of.name, of.is_declared) = (span, it.name.clone(), true);
        }
        of.is_bounded |= bounded;
    }
    let configured = module.providers().map(|it| (it.name.clone(), it.block));
    let modes = [Mode::Managed, Mode::Data, Mode::Ephemeral];
    let blocks = modes.into_iter().flat_map(|it| module.resources_of(it)).map(|it| it.1);
    let used = blocks.filter_map(|it| Some((local_name(it)?, it)));
    for (name, block) in configured.chain(used) {
        let source = sources.get(&name).cloned().unwrap_or_else(|| identity(&name));
        let new = provider(&name, block.head, false);
        let of = found.entry(source).or_insert(new);
        // Until Terraform 0.12 the constraint stood in the provider's block.
        if let Some(Expr { kind: ExprKind::String(text), .. }) = block
            .body
            .attribute("version")
            .map(|it| &it.value)
            .filter(|_| &*block.kind == "provider")
        {
            of.is_bounded |= is_bounded(text);
        }
    }
    found.retain(|it, _| it != &format!("builtin/{BUILT_IN}") && it != &identity(BUILT_IN));
}

fn provider(name: &Arc<str>, span: Span, is_declared: bool) -> ProviderVersion {
    let (is_bounded, is_locked, is_unread) = (false, false, false);
    ProviderVersion {
        span,
        folder: Arc::default(),
        name: name.clone(),
        is_declared,
        is_bounded,
        is_locked,
        ignored_lock: None,
        constraint: None,
        is_unread,
    }
}

/// The local name of a resource's provider: what it says, else what its type begins with.
fn local_name(block: &Block) -> Option<Arc<str>> {
    let mut said = block.body.attribute("provider").map(|it| &it.value);
    while let Some(expr) = said {
        match &expr.kind {
            ExprKind::Variable(name) => return Some(name.clone()),
            // So it stands in JSON and in old configurations.
            ExprKind::String(it) => return it.split('.').next().map(Into::into),
            ExprKind::Attribute(of, _) | ExprKind::Index(of, _) => said = Some(&**of),
            _ => return None,
        }
    }
    block.labels.first()?.split('_').next().map(Into::into)
}

/// A source without its host, which another registry may stand for: `hashicorp/aws` of `aws` too.
fn identity(source: &str) -> String {
    let source = source.to_ascii_lowercase();
    let mut parts = source.rsplit('/');
    let name = parts.next().unwrap_or_default();
    format!("{}/{name}", parts.next().unwrap_or("hashicorp"))
}

/// Whether a version constraint ends before some version.
/// The operators are those of Terraform's page on version constraints.
fn is_bounded(constraint: &str) -> bool {
    constraint.split(',').map(str::trim).any(|it| {
        let is_open = it.is_empty() || it.starts_with('>') || it.starts_with("!=");
        !is_open
    })
}

#[cfg(test)]
mod tests {
    use super::{identity, is_bounded};

    #[test]
    fn a_constraint_is_bounded_if_some_part_of_it_ends() {
        for it in ["5.1.0", "= 5.1.0", "~> 5.0", "< 6", "<= 6.0", ">= 5.0, < 6.0", ">=5,!=5.2,<6"] {
            assert!(is_bounded(it), "{it}");
        }
        for it in ["", ">= 5.0", "> 4", "!= 5.2", ">= 5.0, != 5.2"] {
            assert!(!is_bounded(it), "{it}");
        }
    }

    #[test]
    fn a_provider_is_the_same_on_each_registry() {
        for it in ["aws", "hashicorp/aws", "registry.opentofu.org/hashicorp/aws", "Hashicorp/AWS"] {
            assert_eq!(identity(it), "hashicorp/aws");
        }
        assert_eq!(identity("registry.terraform.io/grafana/grafana"), "grafana/grafana");
    }
}
