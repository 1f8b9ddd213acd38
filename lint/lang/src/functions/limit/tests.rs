//! What no Terraform can be asked: limits, and unknown values that become known.

use stanchion_cty::{Mark, Number, Refinement, Type, Value};

use super::super::{CallError, Context, NoFiles, Refused, Tfvars, call, find};

struct Nothing;

impl Tfvars for Nothing {
    fn decode(&self, _: &str) -> Result<Value, Refused> {
        Err("nobody evaluates here".into())
    }
}

fn called(name: &str, arguments: impl IntoIterator<Item = Value>) -> Result<Value, CallError> {
    let function = find(name).unwrap();
    call(
        &Context { files: &NoFiles, tfvars: &Nothing, plan_time: None },
        function,
        &arguments.into_iter().collect::<Vec<_>>(),
    )
}

fn numbers(count: usize) -> Value {
    Value::list(Type::Number, (0..count).map(Value::number))
}

#[test]
fn what_would_be_enormous_is_refused_and_what_is_large_is_not() {
    let refused = |count: usize| {
        let why = format!("would make {count} elements, and 1000000 are the most");
        Err(CallError::Call(why))
    };
    let thousand = numbers(1000);
    let sets = [thousand.clone(), thousand.clone(), thousand];
    assert_eq!(called("setproduct", sets), refused(3_000_000_000));
    let half = numbers(500_001);
    assert_eq!(called("concat", [half.clone(), half]), refused(1_000_002));
    let all = called("concat", [numbers(50_000), numbers(50_000)]).unwrap();
    assert_eq!(all.parts().count(), 100_000);
    assert_eq!(called("distinct", [all]).unwrap().parts().count(), 50_000);
    let long = Value::from("\u{1}".repeat(3 << 20));
    let why = "would make a string of 18874370 bytes, more than 16777216";
    assert_eq!(called("jsonencode", [long]), Err(CallError::Call(why.to_owned())));
}

#[test]
fn an_unknown_result_is_known_where_only_one_value_is_left() {
    let unknown = Value::unknown(Type::String);
    let list = Value::tuple([unknown.clone(), Value::from("b")]);
    let two = Value::list(Type::String, [unknown.clone(), unknown.clone()]);
    assert_eq!(called("sort", [list]), Ok(two));
    let set = Value::set(Type::String, [unknown]);
    assert_eq!(called("length", [set]), Ok(Value::number(1)));
    let list = Value::unknown(Type::list(Type::String));
    let few = Refinement { max_length: Some(3), ..Refinement::default() };
    let few = Value::refined(Type::list(Type::String), few);
    let product = called("setproduct", [Value::tuple([]), few]).unwrap();
    assert!(product.is_known() && product.parts().next().is_none(), "{product:?}");
    assert!(!called("length", [list]).unwrap().is_known());
}

#[test]
fn marks_stay_where_they_are_or_go_to_the_result() {
    let secret = Value::from("a").mark(Mark::Sensitive);
    let list = Value::list(Type::String, [secret.clone(), Value::from("b")]);
    let marks = |it: &Value| it.parts().map(|it| it.marks().has(Mark::Sensitive)).collect();
    let reversed = called("reverse", [list.clone()]).unwrap();
    let found: Vec<bool> = marks(&reversed);
    assert_eq!((found, reversed.marks().is_empty()), (vec![false, true], true));
    assert!(called("length", [list.clone()]).unwrap().marks().is_empty());
    assert!(called("sort", [list]).unwrap().marks().has(Mark::Sensitive));
    let ephemeral = Value::object([("a", Value::from("x").mark(Mark::Ephemeral)), ("b", secret)]);
    let kept = called("ephemeralasnull", [ephemeral]).unwrap();
    assert!(kept.get("a").unwrap().is_null() && kept.get("b").unwrap().as_str() == Some("a"));
    assert!(kept.get("b").unwrap().marks().has(Mark::Sensitive));
}

#[test]
fn numbers_beyond_all_addresses_are_refused() {
    let number = |text: &str| Value::from(Number::parse(text).unwrap());
    let host = |it: &str| called("cidrhost", [Value::from("fd00::/64"), number(it)]);
    assert_eq!(host("18446744073709551616").unwrap().as_str(), Some("fd00:0:0:1::"));
    let too_large = CallError::Call("the number is too large for an address".to_owned());
    assert_eq!(host("1e400"), Err(too_large));
}
