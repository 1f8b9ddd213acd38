//! Resources and their content, evaluated where someone looks.

use std::rc::Rc;
use std::sync::Arc;

use stanchion_cty::{Type, Value};

use super::instances::InstanceKey;
use super::resources::Instance;
use super::scope::Bound;
use super::sequence::pairs;
use super::{Evaluation, Scope};
use crate::Span;
use crate::module::Mode;
use crate::syntax::{Block, Body, Content};

/// An instance of a resource, a data source or an ephemeral resource.
#[derive(Clone, Debug)]
pub struct Resource<'w> {
    /// The address: `module.a["x"].aws_lambda_function.b[0]`. `[*]` stands for all instances where
    /// it is not known how many there are.
    pub address: Arc<str>,
    /// The type: `aws_lambda_function`.
    pub ty: &'w str,
    /// What kind of block declares it.
    pub mode: Mode,
    /// Whether it is not known how many instances there are, so that there may be none.
    pub is_maybe: bool,
    instance: Rc<Instance<'w>>,
}

/// A block's content: attributes and nested blocks.
#[derive(Clone, Debug)]
pub struct View<'e, 'w> {
    evaluation: &'e Evaluation<'w>,
    body: &'w Body,
    /// Where the block's head is written.
    pub head: Span,
    /// What a dynamic block goes over, if it is not known how many blocks it makes and this one
    /// stands for all of them: there may be none.
    pub over: Option<Value>,
    /// The address of the resource whose content it is; `None` for a block in it.
    address: Option<Arc<str>>,
    scope: Scope<'w>,
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
        self.all(Mode::Managed)
    }

    /// The instances of all resources of one mode.
    #[must_use]
    pub fn all(&self, mode: Mode) -> Vec<Resource<'w>> {
        self.make_modules();
        let mut out = Vec::new();
        let mut at = 0;
        while let Some(module) = self.instance(at) {
            for (number, block) in module.module.resources_of(mode) {
                for (_, at) in &*self.instances_of(&module, mode, number, block) {
                    let Some(instance) = self.resource_at(*at) else { continue };
                    out.push(Resource {
                        address: instance.address.clone(),
                        ty: &block.labels[0],
                        mode,
                        is_maybe: instance.key == InstanceKey::Any,
                        instance,
                    });
                }
            }
            at += 1;
        }
        out
    }

    /// A resource as other expressions see it: unknown, but for what Terraform itself declares.
    #[must_use]
    pub fn value_of(&self, resource: &Resource<'w>) -> Value {
        let at = self.by_address.borrow().get(&resource.address).copied();
        at.map_or_else(|| Value::unknown(Type::Dynamic), |at| self.resource_value(at))
    }

    /// The outputs of the root module.
    #[must_use]
    pub fn outputs(&self) -> Vec<(Arc<str>, Value)> {
        let Some(root) = self.instance(0) else { return Vec::new() };
        let outputs = root.module.outputs.iter();
        outputs
            .filter_map(|(name, block)| Some((name.clone(), self.output(&root, name, block.head)?)))
            .collect()
    }

    /// What a resource says.
    #[must_use]
    pub fn view(&self, resource: &Resource<'w>) -> View<'_, 'w> {
        self.view_of(&resource.instance)
    }

    pub(super) fn view_of(&self, instance: &Instance<'w>) -> View<'_, 'w> {
        let address = Some(instance.address.clone());
        View { address, ..self.view_in(instance.block, instance.scope.clone()) }
    }

    /// What a block says that is no resource.
    pub(super) fn view_in(&self, block: &'w Block, scope: Scope<'w>) -> View<'_, 'w> {
        let (body, head) = (&block.body, block.head);
        View { evaluation: self, body, head, over: None, address: None, scope }
    }
}

impl<'e, 'w> View<'e, 'w> {
    /// What evaluates it.
    #[must_use]
    pub fn evaluation(&self) -> &'e Evaluation<'w> {
        self.evaluation
    }

    /// What is written between the braces, for what Terraform reads and doesn't evaluate.
    #[must_use]
    pub fn body(&self) -> &'w Body {
        self.body
    }

    /// An attribute; `None` if it is not written.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<Found> {
        let attribute = self.body.attribute(name)?;
        let value = self.evaluation.eval(&attribute.value, &self.scope);
        let value = match &self.address {
            Some(it) => self.evaluation.or_planned(it, name, Some(value.clone())).unwrap_or(value),
            None => value,
        };
        let value = self.evaluation.provenance.through(value, attribute.value.span);
        Some(Found { value, span: attribute.value.span })
    }

    /// The nested blocks of a kind, those of `dynamic` blocks among them. Of a dynamic block for
    /// which it is not known how many there are, one stands for all.
    #[must_use]
    pub fn blocks(&self, kind: &str) -> Vec<Self> {
        let mut out = Vec::new();
        for content in self.body.blocks_of(kind) {
            match content {
                Content::Block(block) => {
                    out.push(self.inner(block, block.head, self.scope.clone()));
                }
                Content::Dynamic(block) => self.dynamic(block, kind, &mut out),
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
        let over = block.body.attribute("for_each").map(|it| cx.eval(&it.value, &self.scope));
        let elements = match &over {
            Some(it) if it.is_known() && !it.is_null() => {
                let marks = it.marks();
                pairs(it).into_iter().map(|(k, v)| (k.mark(marks), v.mark(marks))).collect()
            }
            _ => {
                let all = |part: &str, ty| cx.of_all(&format!("{name}.{part}"), ty);
                vec![(all("key", Type::Dynamic), all("value", Type::Dynamic))]
            }
        };
        for (key, value) in elements {
            let scope = self.scope.bind(&name, Bound::Pair(key, value));
            let over = over.clone().filter(|it| !it.is_known());
            out.push(Self { over, ..self.inner(content, block.head, scope) });
        }
    }

    fn inner(&self, block: &'w Block, head: Span, scope: Scope<'w>) -> Self {
        Self {
            evaluation: self.evaluation,
            body: &block.body,
            head,
            over: None,
            address: None,
            scope,
        }
    }
}
