//! Lists of which it is unknown how many elements they have, but not what each of them is.

use std::sync::Arc;

use stanchion_cty::{Type, Value};

use super::Evaluation;
use crate::why::Why;

/// Functions whose results have the elements of their argument.
const SAME: &[&str] = &["distinct", "reverse", "sort", "tolist", "toset", "values"];

impl Evaluation<'_> {
    /// What a list stands for that has `one` of each element of a value; `None` if nothing is known
    /// of the elements. Terraform doesn't look at them yet, so that nothing is refused here.
    pub(super) fn each_of(&self, of: &Value, one: impl FnOnce(Value) -> Value) -> Option<Why> {
        let element = self.any_element(of)?;
        let mark = self.mark_refusals();
        let one = one(element);
        self.take_refusals(mark).is_empty().then(|| Why::Each(Arc::new((of.clone(), one))))
    }

    /// What stands for every element of an unknown value.
    fn any_element(&self, of: &Value) -> Option<Value> {
        match self.why(of)? {
            Why::Resource(address) => {
                Some(self.resource_instance_of(&address, "[*]").mark(of.marks()))
            }
            Why::Each(of) => Some(of.1.clone()),
            Why::Call(name, arguments) if SAME.contains(&&*name) => {
                self.any_element(arguments.first()?)
            }
            _ => None,
        }
    }

    /// What `one` of such a list stands for, and what was written before there was `one`: `join`
    /// with nothing between, and the first `element` with something behind. It is an element, or
    /// nothing.
    pub(super) fn one_of_each(&self, name: &str, arguments: &[Value]) -> Option<Why> {
        let list = match (name, arguments) {
            ("one", [list]) => list.clone(),
            ("join", [between, list]) if between.as_str() == Some("") => list.clone(),
            ("element", [list, at]) if *at == Value::number(0) => match self.why(list)? {
                Why::Call(name, lists) if &*name == "concat" => lists.first()?.clone(),
                _ => list.clone(),
            },
            _ => return None,
        };
        let Some(Why::Each(of)) = self.why(&list) else { return None };
        let nothing = Value::null(Type::Dynamic);
        Some(Why::Choice(Arc::new([list, of.1.clone(), nothing])))
    }
}
