//! References: names, and the way from them to a part of what they stand for.

use std::rc::Rc;
use std::sync::Arc;

use smallvec::SmallVec;
use stanchion_cty::{Mark, Type, Value};

use super::instances::{InstanceKey, at_key};
use super::modules::ModuleInstance;
use super::{Evaluation, Scope};
use crate::Span;
use crate::module::Mode;
use crate::refusal::Refusal;
use crate::syntax::{Expr, ExprKind};

/// A step from a value to a part of it.
enum Step<'a> {
    Attribute(&'a Arc<str>, Span),
    Index(&'a Expr, Span),
}

impl<'w> Evaluation<'w> {
    /// A variable, attribute or index expression.
    pub(super) fn reference(&self, expr: &Expr, scope: &Scope<'w>) -> Value {
        let mut steps = SmallVec::<[Step<'_>; 6]>::new();
        let mut at = expr;
        let root = loop {
            match &at.kind {
                ExprKind::Attribute(of, name) => {
                    steps.push(Step::Attribute(name, at.span));
                    at = of;
                }
                ExprKind::Index(of, key) => {
                    steps.push(Step::Index(key, at.span));
                    at = of;
                }
                ExprKind::Variable(name) => break Some(name),
                _ => break None,
            }
        };
        steps.reverse();
        let Some(root) = root else {
            let from = self.eval(at, scope);
            return self.follow(from, &steps, scope);
        };
        if let Some(bound) = scope.find(root) {
            if let [Step::Attribute(name, _), rest @ ..] = steps.as_slice()
                && let Some(part) = bound.part(name)
            {
                return self.follow(part.clone(), rest, scope);
            }
            return self.follow(bound.value(), &steps, scope);
        }
        let Some(module) = &scope.module else {
            let detail = "Variables may not be used here.";
            let refusal = Refusal::new(expr.span, "Variables not allowed", detail);
            return self.refuse(refusal);
        };
        let (value, rest) = self.stands_for(module, root, at.span, &steps, scope);
        let value = self.follow(value, rest, scope);
        self.provenance.through(value, expr.span)
    }

    /// What a name of the module stands for, and the steps that are left.
    fn stands_for<'s, 'a>(
        &self,
        module: &Rc<ModuleInstance<'w>>,
        root: &str,
        span: Span,
        steps: &'s [Step<'a>],
        scope: &Scope<'w>,
    ) -> (Value, &'s [Step<'a>]) {
        let invalid = |detail: String| {
            let refusal = Refusal::new(span, "Invalid reference", detail);
            (self.refuse(refusal.before_evaluation()), &[] as &[Step<'a>])
        };
        match (root, steps) {
            ("var", [Step::Attribute(name, at), rest @ ..]) => {
                (self.variable(module, name, *at), rest)
            }
            ("local", [Step::Attribute(name, at), rest @ ..]) => {
                (self.local(module, name, *at), rest)
            }
            ("module", [Step::Attribute(name, at), rest @ ..]) => {
                self.module_part(module, name, *at, rest, scope)
            }
            ("path", [Step::Attribute(name, at), rest @ ..]) => (self.path(module, name, *at), rest),
            ("terraform" | "tofu", [Step::Attribute(name, at), rest @ ..]) => {
                (self.terraform(name, *at), rest)
            }
            ("var" | "local" | "module" | "path" | "terraform", _) => invalid(format!(
                "The {root:?} object cannot be accessed directly. Instead, access one of its attributes."
            )),
            ("each", _) => self.misplaced(span, "Reference to \"each\" in context without for_each", "The \"each\" object can be used only in \"module\" or \"resource\" blocks, and only when the \"for_each\" argument is set."),
            ("count", _) => self.misplaced(span, "Reference to \"count\" in non-counted context", "The \"count\" object can only be used in \"module\", \"resource\", and \"data\" blocks, and only when the \"count\" argument is set."),
            ("self", _) => self.misplaced(span, "Invalid \"self\" reference", "The \"self\" object is not available in this context. This object can be used only in resource provisioner, connection, and postcondition blocks."),
            ("data" | "ephemeral", [Step::Attribute(ty, _), Step::Attribute(name, at), rest @ ..]) => {
                let mode = if root == "data" { Mode::Data } else { Mode::Ephemeral };
                self.resource_part(module, mode, [ty, name], *at, rest, scope)
            }
            ("data" | "ephemeral", _) => invalid(format!(
                "The {root:?} object must be followed by two attribute names: the type and the resource name."
            )),
            ("resource", [Step::Attribute(ty, _), Step::Attribute(name, at), rest @ ..]) => {
                self.resource_part(module, Mode::Managed, [ty, name], *at, rest, scope)
            }
            ("template" | "lazy" | "arg", _) => invalid(format!("The symbol name {root:?} is reserved for use in a future Terraform version.")),
            (ty, [Step::Attribute(name, at), rest @ ..]) => {
                self.resource_part(module, Mode::Managed, [ty, name], *at, rest, scope)
            }
            _ => invalid("A reference to a resource type must be followed by at least one attribute access, specifying the resource name.".to_owned()),
        }
    }

    fn misplaced<'s, 'a>(
        &self,
        span: Span,
        summary: &'static str,
        detail: &str,
    ) -> (Value, &'s [Step<'a>]) {
        (self.refuse(Refusal::new(span, summary, detail).before_evaluation()), &[])
    }

    fn path(&self, module: &Rc<ModuleInstance<'w>>, name: &str, span: Span) -> Value {
        match name {
            "module" => {
                let root = self.instance(0).map(|it| it.module.folder.clone()).unwrap_or_default();
                Value::string(relative(&root, &module.module.folder))
            }
            "root" => Value::from("."),
            "cwd" => Value::string(self.files.absolute(".")),
            _ => {
                let detail =
                    format!("The \"path\" object does not have an attribute named {name:?}.");
                let refusal = Refusal::new(span, "Invalid \"path\" attribute", detail);
                self.refuse(refusal.before_evaluation())
            }
        }
    }

    fn terraform(&self, name: &str, span: Span) -> Value {
        match name {
            "workspace" => Value::string(self.workspace_name.clone()),
            "applying" => Value::from(false).mark(Mark::Ephemeral),
            _ => {
                let detail =
                    format!("The \"terraform\" object does not have an attribute named {name:?}.");
                let refusal = Refusal::new(span, "Invalid \"terraform\" attribute", detail);
                self.refuse(refusal.before_evaluation())
            }
        }
    }

    /// `type.name`, and perhaps an index: then only that instance is asked for.
    fn resource_part<'s, 'a>(
        &self,
        module: &Rc<ModuleInstance<'w>>,
        mode: Mode,
        [ty, name]: [&str; 2],
        span: Span,
        steps: &'s [Step<'a>],
        scope: &Scope<'w>,
    ) -> (Value, &'s [Step<'a>]) {
        if let [Step::Index(key, _), rest @ ..] = steps
            && let Some((at, block)) = module.module.resource(mode, ty, name)
        {
            let instances = self.instances_of(module, mode, at, block);
            let is_one =
                |key: &InstanceKey| matches!(key, InstanceKey::Index(_) | InstanceKey::Key(_));
            if instances.first().is_some_and(|(key, _)| is_one(key)) {
                let mark = self.mark_refusals();
                let key = self.eval(key, scope);
                if self.is_refused_since(mark) {
                    return (self.because(Type::Dynamic, &key), &[]);
                }
                if key.marks().is_empty()
                    && let Some(at) = at_key(&instances, &key)
                {
                    return (self.resource_value(at), rest);
                }
            }
        }
        (self.resource(module, mode, ty, name, span), steps)
    }

    /// `module.name`, perhaps an index, then an output: only that output is computed.
    fn module_part<'s, 'a>(
        &self,
        module: &Rc<ModuleInstance<'w>>,
        name: &str,
        span: Span,
        steps: &'s [Step<'a>],
        scope: &Scope<'w>,
    ) -> (Value, &'s [Step<'a>]) {
        let children = match self.module_children(module, name, span) {
            Ok(it) => it,
            Err(value) => return (value, steps),
        };
        let first = children.first().map(|(key, _)| key);
        let (child, rest) = match (first, steps) {
            (Some(InstanceKey::Single), rest) => (children.first().map(|it| it.1), rest),
            (Some(InstanceKey::Any), [Step::Index(key, _), rest @ ..]) => {
                self.eval(key, scope);
                (children.first().map(|it| it.1), rest)
            }
            (_, [Step::Index(key, _), rest @ ..]) => {
                let key = self.eval(key, scope);
                let is_plain = key.marks().is_empty();
                (is_plain.then(|| at_key(&children, &key)).flatten(), rest)
            }
            _ => return (self.module_value(module, name, span), steps),
        };
        match (child, rest) {
            (Some(at), [Step::Attribute(output, at_span), rest @ ..]) => {
                let value = self.instance(at).and_then(|it| self.output(&it, output, *at_span));
                let value = value.unwrap_or_else(|| {
                    let detail =
                        format!("This object does not have an attribute named {output:?}.");
                    self.refused(*at_span, "Unsupported attribute", detail)
                });
                (value, rest)
            }
            _ => (self.module_value(module, name, span), steps),
        }
    }

    fn follow(&self, from: Value, steps: &[Step<'_>], scope: &Scope<'w>) -> Value {
        let mut value = from;
        for step in steps {
            value = match step {
                Step::Attribute(name, span) => self.attribute_of(value, name, *span),
                Step::Index(key, span) => {
                    let mark = self.mark_refusals();
                    let key = self.eval(key, scope);
                    if self.is_refused_since(mark) {
                        return self.because(Type::Dynamic, &key);
                    }
                    self.index_of(value, &key, *span)
                }
            };
        }
        value
    }
}

/// The way from one folder to another, as `path.module` gives it.
fn relative(root: &str, folder: &str) -> String {
    if root == folder {
        return ".".to_owned();
    }
    let parts = |it: &'_ str| -> Vec<String> {
        it.split('/').filter(|it| !it.is_empty() && *it != ".").map(str::to_owned).collect()
    };
    let (root, folder) = (parts(root), parts(folder));
    let common = root.iter().zip(&folder).take_while(|(a, b)| a == b).count();
    let mut way = vec!["..".to_owned(); root.len() - common];
    way.extend_from_slice(&folder[common..]);
    way.join("/")
}
