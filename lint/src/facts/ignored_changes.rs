//! What resources tell Terraform not to look at.

use std::sync::Arc;

use stanchion_lang::syntax::{Attribute, Expr, ExprKind};
use stanchion_lang::{Evaluation, Mode, Resource, Span};

use super::{Fact, Facts};

/// An entry of a resource instance's `ignore_changes`.
#[derive(Clone, Debug)]
pub struct IgnoredChanges {
    /// The resource's address.
    pub address: Arc<str>,
    /// Where the entry is written.
    pub span: Span,
    /// The way to what is ignored, without indices: `ingress`, `metadata.annotations`; `None` where
    /// it is all.
    pub way: Option<String>,
    /// Where the entries of its list are written, itself among them, in order; it alone where it
    /// stands in no list.
    pub list: Arc<[Span]>,
}

impl Fact for IgnoredChanges {
    const NOUNS: [&'static str; 2] = ["ignored attribute", "ignored attributes"];

    fn in_root(facts: &Facts<'_>) -> Vec<Self> {
        let evaluation = facts.evaluation();
        let resources = evaluation.all(Mode::Managed);
        resources.iter().flat_map(|it| of_resource(evaluation, it)).collect()
    }

    fn span(&self) -> Span {
        self.span
    }

    fn address(&self) -> Option<&str> {
        Some(&self.address)
    }
}

/// As Terraform, this reads names and evaluates nothing.
fn of_resource<'w>(evaluation: &Evaluation<'w>, resource: &Resource<'w>) -> Vec<IgnoredChanges> {
    let view = evaluation.view(resource);
    let settings = view.body().blocks.iter().filter(|it| &*it.kind == "lifecycle");
    let said = settings.filter_map(|it| it.body.attribute("ignore_changes"));
    let of_list = |it: &Attribute| {
        let entries = match &it.value.kind {
            ExprKind::Tuple(entries) => entries.as_slice(),
            _ => std::slice::from_ref(&it.value),
        };
        let list: Arc<[Span]> = entries.iter().map(|it| it.span).collect();
        let one = |it: &Expr| {
            let way = way(it)?;
            let is_all = way == "all" || way == "*";
            let way = (!is_all).then_some(way);
            let (address, list) = (resource.address.clone(), list.clone());
            Some(IgnoredChanges { address, span: it.span, way, list })
        };
        entries.iter().filter_map(one).collect::<Vec<_>>()
    };
    said.flat_map(of_list).collect()
}

/// The way that an entry names, without indices.
fn way(entry: &Expr) -> Option<String> {
    match &entry.kind {
        ExprKind::Variable(name) => Some(name.to_string()),
        ExprKind::Attribute(of, name) => Some(format!("{}.{name}", way(of)?)),
        ExprKind::Index(of, _) => way(of),
        // So it stands in JSON and in old configurations.
        ExprKind::String(text) => {
            let names = text.split('.').map(|it| it.split('[').next().unwrap_or_default());
            let is_name =
                |it: &&str| !it.is_empty() && !it.starts_with(|it: char| it.is_ascii_digit());
            Some(names.filter(is_name).collect::<Vec<_>>().join("."))
        }
        _ => None,
    }
}
