//! Expressions that somebody asks for, and the addresses of parts of modules among them.

use std::rc::Rc;
use std::sync::Arc;

use stanchion_cty::{Type, Value, convert};

use super::instances::InstanceKey;
use super::modules::{Children, ModuleInstance};
use super::{Evaluation, Scope};
use crate::refusal::Refusal;
use crate::source::FileId;
use crate::syntax::{self, Expr, ExprKind};

/// What came of an expression.
#[derive(Clone, Debug)]
pub struct Evaluated {
    /// Its value; unknown as a whole or in part if something was refused.
    pub value: Value,
    /// What Terraform would refuse about it, or about what it depends on.
    pub refusals: Vec<Refusal>,
}

impl<'w> Evaluation<'w> {
    /// Evaluates an expression in the root module, as `terraform console` does. Beside what stands
    /// in expressions, an address may lead into modules:
    /// `module.a["x"].aws_iam_policy.p.policy`, `module.a.local.b`.
    #[must_use]
    pub fn evaluate(&self, text: &str) -> Evaluated {
        // A heredoc ends with its line.
        let wrapped = text.contains("<<").then(|| format!("({text}\n)"));
        let text = wrapped.as_deref().unwrap_or(text);
        let file = self.add_text("<expression>", text);
        let expr = match syntax::expression(file, text) {
            Ok(it) => it,
            Err(fault) => {
                let detail = format!("The expression {}.", fault.message);
                let refusal = Refusal::new(fault.span, "Invalid expression", detail);
                return Evaluated { value: Value::unknown(Type::Dynamic), refusals: vec![refusal] };
            }
        };
        let mark = self.mark_refusals();
        let value = match self.instance(0) {
            Some(root) => self.at_address(root, file, expr),
            None => Value::unknown(Type::Dynamic),
        };
        let mut refusals = self.take_refusals(mark);
        refusals.dedup();
        Evaluated { value, refusals }
    }

    fn at_address(&self, root: Rc<ModuleInstance<'w>>, file: FileId, expr: Expr) -> Value {
        let mut steps = Vec::new();
        if !flatten(&expr, &mut steps) {
            return self.eval(&expr, &Scope::of(root));
        }
        let mut module = root;
        let mut rest = steps.as_slice();
        while let [Step::Name("module"), Step::Name(name), after @ ..] = rest {
            let Some(Children::Of(children)) = self.children(&module, name) else { break };
            let (key, after) = match after {
                [Step::Index(key), after @ ..] => {
                    (Some(self.eval(key, &Scope::of(module.clone()))), after)
                }
                after => (None, after),
            };
            let child = children.iter().find(|(it, _)| is_key(it, key.as_ref()));
            let child = child.and_then(|(_, at)| self.instance(*at));
            match (child, after) {
                (Some(child), [Step::Name(first), ..]) if leads_into(&child, first) => {
                    module = child;
                    rest = after;
                }
                _ => break,
            }
        }
        if rest.len() == steps.len() {
            return self.eval(&expr, &Scope::of(module));
        }
        match rebuilt(rest, file, &expr) {
            Some(it) => self.eval(&it, &Scope::of(module)),
            None => self.eval(&expr, &Scope::of(module)),
        }
    }
}

enum Step<'a> {
    Name(&'a str),
    Index(&'a Expr),
}

/// The steps of a reference from the left; `false` if it is none.
fn flatten<'a>(expr: &'a Expr, out: &mut Vec<Step<'a>>) -> bool {
    match &expr.kind {
        ExprKind::Variable(name) => {
            out.push(Step::Name(name));
            true
        }
        ExprKind::Attribute(of, name) => {
            let is_reference = flatten(of, out);
            out.push(Step::Name(name));
            is_reference
        }
        ExprKind::Index(of, key) => {
            let is_reference = flatten(of, out);
            out.push(Step::Index(key));
            is_reference
        }
        _ => false,
    }
}

/// Whether a name leads into a module rather than to one of its outputs.
fn leads_into(module: &ModuleInstance<'_>, name: &str) -> bool {
    !module.module.outputs.contains_key(name)
}

fn is_key(of: &InstanceKey, key: Option<&Value>) -> bool {
    match (of, key) {
        (InstanceKey::Single, None) | (InstanceKey::Any, _) => true,
        (InstanceKey::Index(at), Some(key)) => {
            let number = convert(key, &Type::Number).ok();
            number.and_then(|it| it.as_number()?.to_u64()) == Some(*at as u64)
        }
        (InstanceKey::Key(it), Some(key)) => {
            convert(key, &Type::String).is_ok_and(|key| key.as_str() == Some(it))
        }
        _ => false,
    }
}

/// The reference that remains. Its indexes must be literal.
fn rebuilt(steps: &[Step<'_>], file: FileId, whole: &Expr) -> Option<Expr> {
    let (Step::Name(first), rest) = steps.split_first()? else { return None };
    let span = crate::Span { file, ..whole.span };
    let mut expr = Expr { kind: ExprKind::Variable(Arc::from(*first)), span };
    for step in rest {
        let kind = match step {
            Step::Name(name) => ExprKind::Attribute(Box::new(expr), Arc::from(*name)),
            Step::Index(key) => {
                let kind = match &key.kind {
                    ExprKind::Number(it) => ExprKind::Number(it.clone()),
                    ExprKind::String(it) => ExprKind::String(it.clone()),
                    _ => return None,
                };
                ExprKind::Index(Box::new(expr), Box::new(Expr { kind, span: key.span }))
            }
        };
        expr = Expr { kind, span };
    }
    Some(expr)
}
