//! Type constraints as `variable` blocks write them, with the defaults of optional attributes.

use std::collections::BTreeMap;
use std::sync::Arc;

use stanchion_cty::{Kind, ObjectType, Type, Value, convert};

use super::{Evaluation, Scope};
use crate::Span;
use crate::syntax::{Expr, ExprKind};

/// A type, and what optional attributes within it are if they are left out.
#[derive(Clone, Debug)]
pub(super) struct Constraint {
    pub(super) ty: Type,
    pub(super) defaults: Defaults,
}

/// The defaults of a type: those of an object's attributes, and those within its parts.
#[derive(Clone, Debug, Default)]
pub(super) struct Defaults {
    values: BTreeMap<Arc<str>, Value>,
    /// By the name of an attribute, the number of a tuple's element, or `""` for all elements.
    parts: BTreeMap<Arc<str>, Self>,
}

/// What is wrong with a type constraint.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) span: Span,
    pub(super) why: String,
}

impl Constraint {
    fn plain(ty: Type) -> Self {
        Self { ty, defaults: Defaults::default() }
    }

    /// A collection of such elements.
    fn elements(self, of: impl FnOnce(Type) -> Type) -> Self {
        let mut defaults = Defaults::default();
        if !self.defaults.is_empty() {
            defaults.parts.insert("".into(), self.defaults);
        }
        Self { ty: of(self.ty), defaults }
    }
}

impl<'w> Evaluation<'w> {
    /// Reads a type constraint.
    pub(super) fn constraint(&self, expr: &Expr) -> Result<Constraint, Wrong> {
        let wrong = |why: &str| Wrong { span: expr.span, why: why.to_owned() };
        match &expr.kind {
            ExprKind::Variable(name) => match &**name {
                "string" => Ok(Constraint::plain(Type::String)),
                "number" => Ok(Constraint::plain(Type::Number)),
                "bool" => Ok(Constraint::plain(Type::Bool)),
                "any" => Ok(Constraint::plain(Type::Dynamic)),
                "list" | "set" | "map" => Err(wrong(&format!(
                    "the {name} type constructor requires one argument specifying the element type"
                ))),
                "object" => Err(wrong(
                    "the object type constructor requires one argument specifying the attribute types and values as a map",
                )),
                "tuple" => Err(wrong(
                    "the tuple type constructor requires one argument specifying the element types as a list",
                )),
                _ => Err(wrong(&format!("the keyword {name:?} is not a valid type specification"))),
            },
            ExprKind::Call(it) if !it.spread => {
                self.constructed(&it.name, &it.arguments, expr.span)
            }
            _ => Err(wrong(
                "a type specification is either a primitive type keyword (bool, number, string) or a complex type constructor call, like list(string)",
            )),
        }
    }

    fn constructed(&self, name: &str, arguments: &[Expr], span: Span) -> Result<Constraint, Wrong> {
        let wrong = |why: String| Wrong { span, why };
        match (name, arguments) {
            ("list", [of]) => Ok(self.constraint(of)?.elements(Type::list)),
            ("set", [of]) => Ok(self.constraint(of)?.elements(Type::set)),
            ("map", [of]) => Ok(self.constraint(of)?.elements(Type::map)),
            ("object", [Expr { kind: ExprKind::Object(entries), .. }]) => self.object_type(entries),
            ("tuple", [Expr { kind: ExprKind::Tuple(of), .. }]) => {
                let mut defaults = Defaults::default();
                let mut types = Vec::with_capacity(of.len());
                for (at, it) in of.iter().enumerate() {
                    let Constraint { ty, defaults: inner } = self.constraint(it)?;
                    types.push(ty);
                    if !inner.is_empty() {
                        defaults.parts.insert(at.to_string().into(), inner);
                    }
                }
                Ok(Constraint { ty: Type::tuple(types), defaults })
            }
            ("bool" | "string" | "number" | "any", _) => {
                Err(wrong(format!("primitive type keyword {name:?} does not expect arguments")))
            }
            ("list" | "set" | "map", _) => Err(wrong(format!(
                "the {name} type constructor requires one argument specifying the element type"
            ))),
            ("object" | "tuple", _) => Err(wrong(format!(
                "the {name} type constructor requires one argument specifying its parts"
            ))),
            ("optional", _) => Err(wrong(
                "keyword \"optional\" is valid only as a modifier for object type attributes"
                    .to_owned(),
            )),
            _ => Err(wrong(format!("keyword {name:?} is not a valid type constructor"))),
        }
    }

    fn object_type(&self, entries: &[(Expr, Expr)]) -> Result<Constraint, Wrong> {
        let mut attributes = Vec::with_capacity(entries.len());
        let mut defaults = Defaults::default();
        for (key, of) in entries {
            let ExprKind::String(name) = &key.kind else {
                let why = "object constructor map keys must be attribute names".to_owned();
                return Err(Wrong { span: key.span, why });
            };
            let (of, optional, default) = match &of.kind {
                ExprKind::Call(it) if &*it.name == "optional" && !it.spread => {
                    match it.arguments.as_slice() {
                        [of] => (of, true, None),
                        [of, default] => (of, true, Some(default)),
                        _ => {
                            let why = "optional attribute modifier requires the attribute type as its first argument, and expects at most two arguments".to_owned();
                            return Err(Wrong { span: of.span, why });
                        }
                    }
                }
                _ => (of, false, None),
            };
            let Constraint { ty, defaults: inner } = self.constraint(of)?;
            if let Some(default) = default {
                let mark = self.mark_refusals();
                let value = self.eval(default, &Scope::empty());
                if let Some(it) = self.take_refusals(mark).into_iter().next() {
                    return Err(Wrong { span: it.span, why: it.detail });
                }
                let value = convert(&value, &ty).map_err(|it| Wrong {
                    span: default.span,
                    why: format!("this default value is not compatible with the attribute's type constraint: {}", it.message),
                })?;
                if !value.is_null() {
                    defaults.values.insert(name.clone(), value);
                }
            }
            if !inner.is_empty() {
                defaults.parts.insert(name.clone(), inner);
            }
            attributes.push((name.clone(), ty, optional));
        }
        let ty = Type::Object(Arc::new(ObjectType::new(attributes)));
        Ok(Constraint { ty, defaults })
    }
}

impl Defaults {
    fn is_empty(&self) -> bool {
        self.values.is_empty() && self.parts.is_empty()
    }

    /// The value with the defaults where attributes are left out or null. What the value is made
    /// of is converted to its type afterwards.
    pub(super) fn fill(&self, value: Value) -> Value {
        if self.is_empty() {
            return value;
        }
        let (marks, origin) = (value.marks(), value.origin());
        let filled = match value.kind() {
            Kind::List(_, it) | Kind::Set(_, it) | Kind::Tuple(it) => {
                let filled = it.iter().enumerate().map(|(at, it)| {
                    let of = self.parts.get("").or_else(|| self.parts.get(&*at.to_string()));
                    of.map_or_else(|| it.clone(), |of| of.fill(it.clone()))
                });
                Value::tuple(filled)
            }
            Kind::Map(_, it) | Kind::Object(it) => {
                let mut filled: BTreeMap<Arc<str>, Value> = it
                    .iter()
                    .map(|(name, it)| {
                        let of = self.parts.get(name).or_else(|| self.parts.get(""));
                        (name.clone(), of.map_or_else(|| it.clone(), |of| of.fill(it.clone())))
                    })
                    .collect();
                for (name, default) in &self.values {
                    if filled.get(name).is_none_or(Value::is_null) {
                        let of = self.parts.get(name);
                        let default = default.clone();
                        filled.insert(
                            name.clone(),
                            of.map_or_else(|| default.clone(), |of| of.fill(default.clone())),
                        );
                    }
                }
                Value::object(filled)
            }
            _ => return value,
        };
        filled.mark(marks).with_origin(origin)
    }
}
