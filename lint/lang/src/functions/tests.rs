//! What no comparison with Terraform shows: bounds of cost, and files that must not be looked at.

use std::sync::Arc;
use std::time::{Duration, Instant};

use stanchion_cty::{Mark, Refinement, Type, Value};

use super::{CallError, Context, Files, Refused, Tfvars, Unread, call, find};

/// Files none of which may be looked at.
struct Hidden;

impl Tfvars for Hidden {
    fn decode(&self, _: &str) -> Result<Value, Refused> {
        Err("nobody evaluates here".into())
    }
}

impl Files for Hidden {
    fn read(&self, _: &str) -> Result<Arc<[u8]>, Unread> {
        Err(Unread::NotLookedAt("it lies outside".to_owned()))
    }

    fn below(&self, _: &str) -> Result<Vec<String>, Unread> {
        Err(Unread::NotLookedAt("it lies outside".to_owned()))
    }

    fn absolute(&self, path: &str) -> String {
        path.to_owned()
    }

    fn home(&self) -> Option<String> {
        None
    }
}

fn called(name: &str, arguments: &[Value]) -> Result<Value, CallError> {
    let Some(function) = find(name) else { return Err(CallError::Call(format!("no {name}"))) };
    call(&Context { files: &Hidden, tfvars: &Hidden, plan_time: None }, function, arguments)
}

fn text(it: &str) -> Value {
    Value::from(it)
}

#[test]
fn a_file_that_must_not_be_looked_at_makes_the_result_unknown_and_says_why() {
    let unknown = |ty: &Type| Value::refined(ty.clone(), Refinement::not_null());
    let files = Type::set(Type::String);
    for (name, arguments, ty) in [
        ("file", vec![text("a")], Type::String),
        ("filemd5", vec![text("a")], Type::String),
        ("fileexists", vec![text("a")], Type::Bool),
        ("fileset", vec![text("a"), text("*")], files),
    ] {
        let expected = CallError::NotLookedAt(unknown(&ty), "it lies outside".to_owned());
        assert_eq!(called(name, &arguments), Err(expected), "{name}");
    }
    let secret = called("file", &[text("a").mark(Mark::Sensitive)]);
    let kept = unknown(&Type::String).mark(Mark::Sensitive);
    assert_eq!(secret, Err(CallError::NotLookedAt(kept, "it lies outside".to_owned())));
    let homeless = called("pathexpand", &[text("~/a")]);
    assert_eq!(homeless, Err(CallError::Call("there is no home folder".to_owned())));
}

#[test]
fn what_would_be_enormous_is_refused_at_once() {
    let long = "x".repeat(1 << 20);
    let start = Instant::now();
    for (name, arguments) in [
        ("format", vec![text("%1000000000s"), text("a")]),
        ("format", vec![text("%99999999999999999999s"), text("a")]),
        ("indent", vec![Value::number(1_000_000_000), text("a\nb")]),
        ("replace", vec![text(&long), text(""), text(&long)]),
        ("replace", vec![text(&long), text("/x/"), text("0123456789012345678901234567890")]),
        ("join", vec![text(&long), Value::list(Type::String, vec![text("a"); 1000])]),
        ("formatlist", vec![text("%1000000s"), Value::tuple(vec![text("a"); 1000])]),
    ] {
        let refused = called(name, &arguments);
        let said = matches!(&refused, Err(CallError::Call(why)) if why.contains("would make"));
        assert!(said, "{name} {:?}", refused.map(|_| "made"));
    }
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn patterns_that_would_be_enormous_are_refused() {
    let repeated = called("regex", &[text("((a{1000}){1000}){1000}"), text("a")]);
    assert!(matches!(repeated, Err(CallError::Argument(0, ..))), "{repeated:?}");
    let deep = format!("{}a{}", "(?:".repeat(1001), ")".repeat(1001));
    assert!(called("regex", &[text(&deep), text("a")]).is_err());
    let starred = "*a".repeat(60);
    let _ = called("fileset", &[text("a"), text(&starred)]);
}

#[test]
fn no_pattern_layout_or_verb_panics_wherever_it_is_cut() {
    let all = "%-+# 05.3[2]d é[[:alpha:]a-z\\x{10FFFF}\\pL\\p{Greek}](?P<n>a){2,3}\\Q.\\E'o''c'YYYY\
               -----BEGIN RSA KEY-----\nAAAA\n-----END RSA KEY-----";
    let cuts: Vec<usize> = (0..=all.len()).filter(|at| all.is_char_boundary(*at)).collect();
    for from in &cuts {
        for to in cuts.iter().filter(|to| from <= to) {
            let part = text(&all[*from..*to]);
            let _ = called("format", &[part.clone(), Value::number(1), Value::number(2)]);
            let _ = called("formatdate", &[part.clone(), text("2018-01-02T12:00:00Z")]);
            let _ = called("timeadd", &[text("2018-01-02T12:00:00Z"), part.clone()]);
        }
        let rest = text(&all[*from..]);
        let _ = called("regexall", &[rest.clone(), text("aé.")]);
        let _ = called("rsadecrypt", &[text("AAAA"), rest.clone()]);
        let _ = called("timecmp", &[rest, text("2018")]);
    }
    let found = called("regexall", &[text("é|a"), text("aéb")]);
    assert_eq!(found, Ok(Value::list(Type::String, [text("a"), text("é")])));
}
