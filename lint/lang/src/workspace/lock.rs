//! `.terraform.lock.hcl`: which versions of the providers were chosen.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::Span;
use crate::syntax::{Body, Expr, ExprKind};

/// What a root module's lock file says.
#[derive(Debug, Default)]
pub struct Lock {
    /// The providers by their sources with host: `registry.terraform.io/hashicorp/aws`.
    pub providers: BTreeMap<Arc<str>, Locked>,
}

/// A provider in a lock file.
#[derive(Debug)]
pub struct Locked {
    /// Where its entry begins.
    pub head: Span,
    /// The chosen version and where it is written; `None` if there is none.
    pub version: Option<(Arc<str>, Span)>,
    /// The constraints of that time; `None` if there were none.
    pub constraints: Option<Arc<str>>,
    /// The checksums of the provider's packages: `h1:…` of an unpacked one, `zh:…` of a zip.
    pub hashes: Vec<(Arc<str>, Span)>,
}

impl Lock {
    pub(super) fn new(body: &Body) -> Self {
        let blocks = body.blocks.iter().filter(|it| &*it.kind == "provider");
        let providers = blocks.filter_map(|block| {
            let value = |name: &str| Some(&block.body.attribute(name)?.value);
            let text = |name: &str| value(name).and_then(string);
            let hashes = match value("hashes").map(|it| &it.kind) {
                Some(ExprKind::Tuple(it)) => it.iter().filter_map(string).collect(),
                _ => Vec::new(),
            };
            let locked = Locked {
                head: block.head,
                version: text("version"),
                constraints: text("constraints").map(|it| it.0),
                hashes,
            };
            Some((block.labels.first()?.clone(), locked))
        });
        Self { providers: providers.collect() }
    }
}

fn string(expr: &Expr) -> Option<(Arc<str>, Span)> {
    match &expr.kind {
        ExprKind::String(it) => Some((it.clone(), expr.span)),
        _ => None,
    }
}
