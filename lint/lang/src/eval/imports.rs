//! `import` blocks: which objects are there already.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use stanchion_cty::{Kind, Value};

use super::{Evaluation, Scope};
use crate::module::{Called, Mode};
use crate::refusal::Refusal;
use crate::syntax::{Expr, ExprKind};
use crate::{Module, Span};

/// The identities of what is imported, by addresses.
pub(super) type Imported = Rc<HashMap<Arc<str>, Value>>;

/// A step of the address that something is imported to.
enum Step<'a> {
    Name(&'a str),
    Index(&'a Expr),
}

impl<'w> Evaluation<'w> {
    /// The identity under which the resource of that address is imported.
    pub(super) fn imported(&self, address: &str) -> Option<Value> {
        self.imports().get(address).cloned()
    }

    /// What is imported, computed once. Who asks meanwhile finds nothing: that is a cycle.
    fn imports(&self) -> Imported {
        let known = self.imported.borrow().clone();
        if let Some(it) = known {
            return it;
        }
        *self.imported.borrow_mut() = Some(Rc::default());
        let mark = self.mark_refusals();
        let mut all = HashMap::new();
        self.each_import(&mut |address, id, _| drop(all.insert(address, id)));
        self.take_refusals(mark);
        let all: Imported = Rc::new(all);
        *self.imported.borrow_mut() = Some(all.clone());
        all
    }

    /// Refuses imports to what is not declared, and of an identity that is not known.
    pub(super) fn check_imports(&self) {
        for block in self.root.others_of("import") {
            let Some(to) = block.body.attribute("to") else { continue };
            let mut steps = Vec::new();
            if flatten(&to.value, &mut steps) && self.is_missing(&steps) {
                let detail = "The configuration for the given import target does not exist. It can \
                              be written by hand, or by terraform plan -generate-config-out=FILE.";
                let summary = "Configuration for import target does not exist";
                self.refuse(Refusal::new(to.value.span, summary, detail).before_evaluation());
            }
        }
        self.each_import(&mut |_, id, span| {
            let why = match id.kind() {
                Kind::Unknown(_) => {
                    "depends on resource attributes that cannot be determined until apply"
                }
                Kind::Null(_) => "must not be null",
                Kind::String(it) if it.is_empty() => "must not be empty",
                _ => return,
            };
            let detail = format!("The import block \"id\" argument {why}.");
            self.refused(span, "Invalid import id argument", detail);
        });
    }

    /// Tells each import with its address, its identity and where that is written.
    fn each_import(&self, tell: &mut dyn FnMut(Arc<str>, Value, Span)) {
        let Some(root) = self.instance(0) else { return };
        let scope = Scope::of(root);
        for block in self.root.others_of("import") {
            let (Some(to), Some(id)) = (block.body.attribute("to"), block.body.attribute("id"))
            else {
                continue;
            };
            let mut steps = Vec::new();
            if !flatten(&to.value, &mut steps) {
                continue;
            }
            for (_, scope) in self.expand(block, &scope) {
                let Some(address) = self.address(&steps, &scope) else { continue };
                let mark = self.mark_refusals();
                let value = self.eval(&id.value, &scope);
                if !self.is_refused_since(mark) {
                    tell(address.into(), value, id.value.span);
                }
            }
        }
    }

    /// The address in one text; `None` if a part of it is unknown.
    fn address(&self, steps: &[Step<'_>], scope: &Scope<'w>) -> Option<String> {
        let mut out = String::new();
        for step in steps {
            match step {
                Step::Name(name) if out.is_empty() => out.push_str(name),
                Step::Name(name) => out.push_str(&format!(".{name}")),
                Step::Index(key) => match self.eval(key, scope).kind() {
                    Kind::String(key) => out.push_str(&format!("[{key:?}]")),
                    Kind::Number(key) => out.push_str(&format!("[{key}]")),
                    _ => return None,
                },
            }
        }
        Some(out)
    }

    /// Whether the modules on the way are there and what they lead to is not.
    fn is_missing(&self, steps: &[Step<'_>]) -> bool {
        let mut module: &Module = self.root;
        let mut path = Vec::new();
        let names: Vec<&str> = steps
            .iter()
            .filter_map(|it| match it {
                Step::Name(name) => Some(*name),
                Step::Index(_) => None,
            })
            .collect();
        let mut rest = names.as_slice();
        while let ["module", name, after @ ..] = rest {
            path.push(*name);
            let Some(call) = module.calls.get(*name) else { return true };
            match self.workspace.called(&self.root.folder, &path.join("."), module, call) {
                Called::Module(it) => module = it,
                Called::Unseen(_) => return false,
            }
            rest = after;
        }
        match rest {
            ["resource", ty, name] | [ty, name] => {
                module.resource(Mode::Managed, ty, name).is_none()
            }
            _ => false,
        }
    }
}

/// The steps of an address from the left; `false` if it is none.
fn flatten<'a>(expr: &'a Expr, out: &mut Vec<Step<'a>>) -> bool {
    let (of, step) = match &expr.kind {
        ExprKind::Variable(name) => {
            out.push(Step::Name(name));
            return true;
        }
        ExprKind::Attribute(of, name) => (of, Step::Name(name)),
        ExprKind::Index(of, key) => (of, Step::Index(key)),
        _ => return false,
    };
    let is_address = flatten(of, out);
    out.push(step);
    is_address
}
