//! Resources and their content, evaluated where someone looks.

use std::sync::Arc;

use stanchion_cty::Value;

use super::{Evaluation, Scope};
use crate::Span;
use crate::syntax::{Block, Body};

/// An instance of a managed resource.
#[derive(Clone, Debug)]
pub struct Resource<'w> {
    /// The address: `module.a["x"].aws_lambda_function.b[0]`. `[*]` stands for all instances where
    /// it is not known how many there are.
    pub address: String,
    /// The type: `aws_lambda_function`.
    pub ty: &'w str,
    block: &'w Block,
    scope: Scope,
}

/// A block's content: attributes and nested blocks.
#[derive(Clone, Debug)]
pub struct View<'e, 'w> {
    evaluation: &'e Evaluation<'w>,
    body: &'w Body,
    /// Where the block's head is written.
    pub head: Span,
    scope: Scope,
}

/// An attribute that is written.
#[derive(Clone, Debug)]
pub struct Found {
    /// What it evaluates to.
    pub value: Value,
    /// Where its expression is written.
    pub span: Span,
}

impl<'w> Evaluation<'w> {
    /// The instances of all managed resources, module by module. Those with `count = 0` or an
    /// empty `for_each` are not there.
    #[must_use]
    pub fn resources(&self) -> Vec<Resource<'w>> {
        let mut out = Vec::new();
        let mut at = 0;
        while let Some(instance) = self.instance(at) {
            for block in &instance.module.resources {
                let [ty, name] = block.labels.as_slice() else { continue };
                for (key, scope) in self.expand(block, &Scope::of(at)) {
                    let address = format!("{}{ty}.{name}{key}", instance.prefix);
                    out.push(Resource { address, ty, block, scope });
                }
            }
            at += 1;
        }
        out
    }

    /// What a resource says.
    #[must_use]
    pub fn view(&self, resource: &Resource<'w>) -> View<'_, 'w> {
        View {
            evaluation: self,
            body: &resource.block.body,
            head: resource.block.head,
            scope: resource.scope.clone(),
        }
    }
}

impl<'e, 'w> View<'e, 'w> {
    /// An attribute; `None` if it is not written.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<Found> {
        let attribute = self.body.attribute(name)?;
        let value = self.evaluation.eval(&attribute.value, &self.scope);
        Some(Found { value, span: attribute.value.span })
    }

    /// The nested blocks of a kind, those of `dynamic` blocks among them. Of a dynamic block for
    /// which it is not known how many there are, one stands for all.
    #[must_use]
    pub fn blocks(&self, kind: &str) -> Vec<Self> {
        let mut out = Vec::new();
        for block in &self.body.blocks {
            if &*block.kind == kind {
                out.push(self.inner(block, block.head, self.scope.clone()));
            } else if &*block.kind == "dynamic"
                && block.labels.first().is_some_and(|it| &**it == kind)
            {
                self.dynamic(block, kind, &mut out);
            }
        }
        out
    }

    fn dynamic(&self, block: &'w Block, kind: &str, out: &mut Vec<Self>) {
        let Some(content) = block.body.blocks.iter().find(|it| &*it.kind == "content") else {
            return;
        };
        let name: Arc<str> = match block.body.attribute("iterator").map(|it| &it.value.kind) {
            Some(crate::syntax::ExprKind::Variable(it)) => it.clone(),
            _ => kind.into(),
        };
        let cx = self.evaluation;
        let elements = block
            .body
            .attribute("for_each")
            .and_then(|over| cx.elements_of(&over.value, &self.scope))
            .unwrap_or_else(|| {
                let all = |part: &str| cx.of_all(&format!("{name}.{part}"));
                vec![(all("key"), all("value"))]
            });
        for (key, value) in elements {
            let scope = self.scope.with(&name, cx.pair(key, value));
            out.push(self.inner(content, block.head, scope));
        }
    }

    fn inner(&self, block: &'w Block, head: Span, scope: Scope) -> Self {
        Self { evaluation: self.evaluation, body: &block.body, head, scope }
    }
}
