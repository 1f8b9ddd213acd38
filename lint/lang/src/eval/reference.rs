//! References: names, and the way from them to a part of what they stand for.

use std::fmt::Write as _;
use std::sync::Arc;

use stanchion_cty::{Kind, Mark, Type, Value};

use super::expand::InstanceKey;
use super::expr::truth;
use super::{Children, Evaluation, Scope, Space};
use crate::Why;
use crate::syntax::{Expr, ExprKind};

/// A step from a value to a part of it, and the words for it.
enum Step<'w> {
    Attribute(&'w Arc<str>),
    Index(Value),
}

impl<'w> Evaluation<'w> {
    /// A variable, attribute or index expression.
    pub(super) fn reference(&self, expr: &'w Expr, scope: &Scope) -> Value {
        let mut steps = Vec::new();
        let mut at = expr;
        let root = loop {
            match &at.kind {
                ExprKind::Attribute(of, name) => {
                    steps.push(Step::Attribute(name));
                    at = of;
                }
                ExprKind::Index(of, key) => {
                    steps.push(Step::Index(self.eval(key, scope)));
                    at = of;
                }
                ExprKind::Variable(name) => break Some(name),
                _ => break None,
            }
        };
        steps.reverse();
        let Some(root) = root else { return self.follow(self.eval(at, scope), &steps) };
        if let Some(value) = scope.find(root) {
            return self.follow(value.clone(), &steps);
        }
        match (&**root, steps.as_slice()) {
            ("var", [Step::Attribute(name), rest @ ..]) => {
                self.follow(self.variable(scope.module, name), rest)
            }
            ("local", [Step::Attribute(name), rest @ ..]) => {
                self.follow(self.local(scope.module, name), rest)
            }
            ("module", [Step::Attribute(name), rest @ ..]) => {
                self.module(scope.module, name, rest, &written(root, &steps))
            }
            ("path" | "terraform", [Step::Attribute(_), ..]) => {
                self.unknown(Type::String, Why::NotEvaluated(written(root, &steps).into()))
            }
            ("each" | "count" | "self", _) => self.refused(format!("{root} means nothing here")),
            _ => self.unknown(Type::Dynamic, Why::Resource(written(root, &steps).into())),
        }
    }

    /// The value of a name that a `for`, a splat or a block gives.
    pub(super) fn name(&self, scope: &Scope, name: &str) -> Value {
        scope.find(name).cloned().unwrap_or_else(|| self.refused(format!("{name} is not defined")))
    }

    /// A variable: the call's argument, or its default.
    pub(super) fn variable(&self, module: usize, name: &str) -> Value {
        let value = self.value(module, Space::Variable, name, |instance| {
            let block = instance.module.variables.get(name)?;
            let argument = instance.call.as_ref().and_then(|(call, scope)| {
                Some(self.eval(&call.body.attribute(name)?.value, scope))
            });
            let nullable = !is(block.body.attribute("nullable").map(|it| &it.value), false);
            let default = block.body.attribute("default").map(|it| &it.value);
            let value = match (argument, default) {
                (Some(it), Some(default)) if it.is_null() && !nullable => {
                    self.eval(default, &Scope::of(module))
                }
                (Some(it), _) => it,
                (None, Some(default)) => self.eval(default, &Scope::of(module)),
                (None, None) => self.unknown(Type::Dynamic, Why::Variable(name.into())),
            };
            let value = match block.body.attribute("type").map(|it| &it.value.kind) {
                Some(ExprKind::Variable(ty)) => primitive(value, ty),
                _ => value,
            };
            let body = &block.body;
            let has = |name| is(body.attribute(name).map(|it| &it.value), true);
            let value = if has("sensitive") { value.mark(Mark::Sensitive) } else { value };
            Some(if has("ephemeral") { value.mark(Mark::Ephemeral) } else { value })
        });
        value.unwrap_or_else(|| self.refused(format!("var.{name} is not declared")))
    }

    fn local(&self, module: usize, name: &str) -> Value {
        let value = self.value(module, Space::Local, name, |instance| {
            let local = instance.module.locals.get(name)?;
            Some(self.eval(&local.value, &Scope::of(module)))
        });
        value.unwrap_or_else(|| self.refused(format!("local.{name} is not declared")))
    }

    fn output(&self, module: usize, name: &str) -> Value {
        let value = self.value(module, Space::Output, name, |instance| {
            let block = instance.module.outputs.get(name)?;
            let value = self.eval(&block.body.attribute("value")?.value, &Scope::of(module));
            let sensitive = is(block.body.attribute("sensitive").map(|it| &it.value), true);
            Some(if sensitive { value.mark(Mark::Sensitive) } else { value })
        });
        value.unwrap_or_else(|| self.refused(format!("the module has no output {name}")))
    }

    /// `module.name`, then perhaps an index, then an output, then the way on.
    fn module(&self, module: usize, name: &str, steps: &[Step<'w>], written: &str) -> Value {
        let Children::Of(children) = self.children(module, name) else {
            return self.unknown(Type::Dynamic, Why::Resource(written.into()));
        };
        let (key, rest) = match steps {
            [Step::Index(key), rest @ ..] => (Some(key), rest),
            rest => (None, rest),
        };
        let child = children.iter().find(|(it, _)| match (it, key) {
            (InstanceKey::Single | InstanceKey::Any, _) => true,
            (InstanceKey::Index(i), Some(key)) => {
                key.as_number().and_then(|it| it.to_i64()) == i64::try_from(*i).ok()
            }
            (InstanceKey::Key(it), Some(key)) => key.as_str() == Some(it),
            (InstanceKey::Index(_) | InstanceKey::Key(_), None) => false,
        });
        match (child, rest) {
            (Some((_, child)), [Step::Attribute(output), rest @ ..]) => {
                self.follow(self.output(*child, output), rest)
            }
            _ => self.unknown(Type::Dynamic, Why::NotEvaluated(written.into())),
        }
    }

    fn follow(&self, from: Value, steps: &[Step<'w>]) -> Value {
        steps.iter().fold(from, |value, step| {
            let part = match (value.kind(), step) {
                (Kind::Unknown(_), Step::Attribute(name)) => return self.below(&value, name),
                (Kind::Unknown(_), Step::Index(_)) => return self.depends_on("it", value),
                (_, Step::Attribute(name)) => value.get(name),
                (_, Step::Index(key)) if !key.is_known() => {
                    return self.depends_on("the index", key.clone());
                }
                (Kind::List(_, it) | Kind::Tuple(it), Step::Index(key)) => {
                    let number = match key.kind() {
                        Kind::Number(number) => number.to_i64(),
                        Kind::String(text) => text.parse().ok(),
                        _ => None,
                    };
                    number.and_then(|at| usize::try_from(at).ok()).and_then(|at| it.get(at))
                }
                (_, Step::Index(key)) => self.text(key).and_then(|name| value.get(&name)),
            };
            match part {
                Some(it) => it.clone().mark(value.marks()),
                None => self.refused(format!("there is no {}", written("", [step]))),
            }
        })
    }

    /// An attribute of an unknown value: a resource's part has a longer name, all else the same
    /// reason.
    fn below(&self, value: &Value, name: &str) -> Value {
        match self.why(value) {
            Some(Why::Resource(it)) => {
                self.unknown(Type::Dynamic, Why::Resource(format!("{it}.{name}").into()))
            }
            Some(why) => self.unknown(Type::Dynamic, why),
            None => Value::unknown(Type::Dynamic),
        }
        .mark(value.marks())
    }
}

/// Whether an attribute is there and says so literally.
fn is(expr: Option<&Expr>, what: bool) -> bool {
    matches!(expr, Some(Expr { kind: ExprKind::Bool(it), .. }) if *it == what)
}

/// A value as an argument of a primitive type; what can't be converted is left as it is.
fn primitive(value: Value, ty: &str) -> Value {
    let converted = match (ty, value.kind()) {
        ("string", Kind::Bool(it)) => Value::string(it.to_string()),
        ("string", Kind::Number(it)) => Value::string(it.to_string()),
        ("number", Kind::String(it)) => match it.parse::<stanchion_cty::Number>() {
            Ok(it) => Value::number(it),
            Err(_) => return value,
        },
        ("bool", Kind::String(_)) => match truth(&value) {
            Some(it) => Value::from(it),
            None => return value,
        },
        _ => return value,
    };
    converted.mark(value.marks()).with_origin(value.origin())
}

/// The reference as users write it.
fn written<'s, 'w: 's>(root: &str, steps: impl IntoIterator<Item = &'s Step<'w>>) -> String {
    let mut out = root.to_owned();
    for step in steps {
        match step {
            Step::Attribute(name) if out.is_empty() => out.push_str(name),
            Step::Attribute(name) => {
                out.push('.');
                out.push_str(name);
            }
            Step::Index(key) => match key.kind() {
                Kind::Number(it) => drop(write!(out, "[{it}]")),
                Kind::String(it) if key.marks().is_empty() => drop(write!(out, "[{it:?}]")),
                _ => out.push_str("[…]"),
            },
        }
    }
    out
}
