//! What a module says about providers, its state and its objects' pasts.

use std::sync::Arc;

use super::{Faults, Module};
use crate::Span;
use crate::syntax::{Block, Expr, ExprKind, is_identifier};

/// A `provider` block.
#[derive(Clone, Debug)]
pub struct ProviderBlock<'m> {
    /// The provider's local name: `aws`.
    pub name: &'m Arc<str>,
    /// The alias, if it has one.
    pub alias: Option<Arc<str>>,
    /// The block.
    pub block: &'m Block,
}

/// An entry of `required_providers`.
#[derive(Clone, Debug)]
pub struct RequiredProvider<'m> {
    /// The local name: `aws`.
    pub name: &'m Arc<str>,
    /// Where the name is written.
    pub name_span: Span,
    /// The source as it is written: `hashicorp/aws`; `None` if there is none.
    pub source: Option<Arc<str>>,
    /// The version constraint and where it is written; `None` if there is none.
    pub version: Option<(Arc<str>, Span)>,
    /// The whole entry.
    pub value: &'m Expr,
}

impl Module {
    /// The other blocks of a kind (`moved`, `import`, `removed`, `check`, `action`, `list`), in the
    /// order in which they are written.
    pub fn others_of<'m, 'k>(
        &'m self,
        kind: &'k str,
    ) -> impl Iterator<Item = &'m Block> + use<'m, 'k> {
        self.others.iter().filter(move |it| &*it.kind == kind)
    }

    /// The `provider` blocks, in the order in which they are written.
    pub fn providers(&self) -> impl Iterator<Item = ProviderBlock<'_>> {
        self.others_of("provider").filter_map(|block| {
            let name = block.labels.first()?;
            Some(ProviderBlock { name, alias: text(block, "alias"), block })
        })
    }

    /// The entries of `required_providers`, in the order in which they are written.
    pub fn required_providers(&self) -> impl Iterator<Item = RequiredProvider<'_>> {
        let blocks = self.within_settings("required_providers");
        blocks.flat_map(|it| &it.body.attributes).map(|it| {
            let of = |key: &str| match &it.value.kind {
                ExprKind::Object(entries) => {
                    let found =
                        entries.iter().find(|(name, _)| string(name).as_deref() == Some(key));
                    found.and_then(|(_, value)| Some((string(value)?, value.span)))
                }
                // In old configurations, the version alone stands there.
                ExprKind::String(text) if key == "version" => Some((text.clone(), it.value.span)),
                _ => None,
            };
            RequiredProvider {
                name: &it.name,
                name_span: it.name_span,
                source: of("source").map(|it| it.0),
                version: of("version"),
                value: &it.value,
            }
        })
    }

    /// The values of `required_version`, all of which must hold.
    pub fn required_versions(&self) -> impl Iterator<Item = &Expr> {
        let settings = self.others_of("terraform");
        settings.filter_map(|it| Some(&it.body.attribute("required_version")?.value))
    }

    /// The block that says where the state is: `backend` with its type as a label, or `cloud`.
    /// `None` for a file beside the configuration.
    #[must_use]
    pub fn backend(&self) -> Option<&Block> {
        let cloud = self.within_settings("cloud");
        self.within_settings("backend").chain(cloud).next()
    }

    /// Blocks within `terraform` blocks.
    fn within_settings<'m, 'k>(
        &'m self,
        kind: &'k str,
    ) -> impl Iterator<Item = &'m Block> + use<'m, 'k> {
        let all = self.others.iter().filter(|it| &*it.kind == "terraform");
        all.flat_map(|it| &it.body.blocks).filter(move |it| &*it.kind == kind)
    }

    /// Tells what a block says again that an earlier one said.
    pub(super) fn check_other(&self, block: &Block, faults: &mut Faults<'_>) {
        match &*block.kind {
            "provider" | "check" => {
                if let Some(first) = self.same(block) {
                    let what = title(block);
                    faults.twice(&what, block.head, first.head);
                }
            }
            "terraform" => {
                let is_place = |it: &Block| matches!(&*it.kind, "backend" | "cloud");
                let mut place = self.backend();
                let mut required = self.within_settings("required_providers").next();
                for it in &block.body.blocks {
                    if is_place(it) {
                        match place {
                            Some(first) => faults.twice("where the state is", it.head, first.head),
                            None => place = Some(it),
                        }
                    } else if &*it.kind == "required_providers" {
                        match required {
                            Some(first) => {
                                faults.twice("the required providers", it.head, first.head);
                            }
                            None => required = Some(it),
                        }
                    }
                }
            }
            _ => {}
        }
    }

    /// The first block of the same kind, labels and alias.
    pub(super) fn same(&self, block: &Block) -> Option<&Block> {
        self.others.iter().find(|it| is_same(it, block))
    }
}

/// Tells labels that a block lacks or has too many of, and names that are none.
pub(super) fn check_labels(block: &Block, faults: &mut Faults<'_>) {
    let wanted = match &*block.kind {
        "resource" | "data" | "ephemeral" => ["a type", "a name"].as_slice(),
        "variable" | "output" | "module" | "check" => &["a name"],
        "provider" => &["a name"],
        _ => return,
    };
    let labels = &block.labels;
    if labels.len() != wanted.len() {
        let message = format!(
            "has {} labels behind {}, which takes {}",
            labels.len(),
            block.kind,
            wanted.join(" and ")
        );
        faults.tell(block.head, message);
    } else if let Some(name) = labels.iter().find(|it| !is_identifier(it)) {
        let message = format!(
            "names {} {name:?}: a name begins with a letter or an underscore, and has letters, digits, \
             underscores and dashes",
            block.kind
        );
        faults.tell(block.head, message);
    } else if let ("variable", [name]) = (&*block.kind, labels.as_slice())
        && RESERVED.contains(&&**name)
    {
        let message =
            format!("names a variable {name}, which means something else in module blocks");
        faults.tell(block.head, message);
    }
}

/// What means something of its own where a module is called.
const RESERVED: &[&str] =
    &["source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"];

/// Whether two blocks are of the same kind, labels and alias.
pub(super) fn is_same(a: &Block, b: &Block) -> bool {
    a.kind == b.kind && a.labels == b.labels && text(a, "alias") == text(b, "alias")
}

/// What a block declares, in words.
pub(super) fn title(block: &Block) -> String {
    let labels = block.labels.join(".");
    match (&*block.kind, text(block, "alias")) {
        ("provider", Some(alias)) => format!("provider {labels}.{alias}"),
        ("resource", _) => labels,
        ("data" | "ephemeral" | "module", _) => format!("{}.{labels}", block.kind),
        ("variable", _) => format!("var.{labels}"),
        (kind, _) => format!("{kind} {labels}").trim_end().to_owned(),
    }
}

fn text(block: &Block, name: &str) -> Option<Arc<str>> {
    string(&block.body.attribute(name)?.value)
}

fn string(expr: &Expr) -> Option<Arc<str>> {
    match &expr.kind {
        ExprKind::String(it) => Some(it.clone()),
        _ => None,
    }
}
