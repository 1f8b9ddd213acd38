//! The expressions: those that are written in files, and those that are made of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use stanchion_tests::repository;

use crate::calls::call;
use crate::signatures::Signature;

/// The lines of `tests/oracle/expressions/*.txt`.
pub(crate) fn written() -> Vec<String> {
    let folder = repository().join("tests/oracle/expressions");
    let mut out = Vec::new();
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    files.sort();
    for file in files {
        out.extend(lines(&file));
    }
    out
}

/// What only OpenTofu has.
pub(crate) fn of_opentofu() -> Vec<String> {
    lines(&repository().join("tests/oracle/opentofu.txt"))
}

fn lines(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap();
    let lines = text.lines().map(str::trim);
    lines.filter(|it| !it.is_empty() && !it.starts_with('#')).map(str::to_owned).collect()
}

/// Each argument of a call of each function replaced by what its parameter makes interesting: null,
/// unknown, sensitive, empty, letters beyond ASCII, edges, and what it does not take.
///
/// Of a function's calls with one number of arguments, the first that comes to something is varied.
pub(crate) fn variations(
    written: &[String],
    signatures: &[Signature],
    comes_to_something: &dyn Fn(&str) -> bool,
) -> Vec<String> {
    let mut out = Vec::new();
    for signature in signatures {
        let mut of_length = BTreeMap::<usize, Vec<String>>::new();
        for text in written {
            let Some((name, arguments)) = call(text) else { continue };
            let is_new = name == signature.name && !of_length.contains_key(&arguments.len());
            if is_new && comes_to_something(text) {
                of_length.insert(arguments.len(), arguments);
            }
        }
        for arguments in of_length.values() {
            for (at, old) in arguments.iter().enumerate() {
                let Some(takes) = signature.takes(at) else { continue };
                let call = |new: &str| {
                    let mut changed = arguments.clone();
                    changed[at] = new.to_owned();
                    format!("{}({})", signature.name, changed.join(", "))
                };
                out.extend(takes.others().iter().map(|it| call(it)));
                out.push(call(&format!("sensitive({old})")));
                out.push(format!("issensitive({})", call(&format!("sensitive({old})"))));
            }
        }
    }
    // It would list the files that the test itself writes.
    out.retain(|it| it != "fileset(\"\", \"*\")");
    out
}

/// An operator with operands of two types.
pub(crate) struct Operation {
    /// The expression.
    pub(crate) text: String,
    /// The operator.
    pub(crate) operator: &'static str,
    /// The types of its operands; twice the same for one operand.
    pub(crate) types: [&'static str; 2],
}

/// The types of operands.
pub(crate) const TYPES: &[&str] =
    &["null", "bool", "string", "number", "tuple", "list", "set", "object", "map", "unknown"];

/// Operands by their types.
const OPERANDS: &[(&str, &str)] = &[
    ("null", "null"),
    ("bool", "true"),
    ("string", "\"true\""),
    ("string", "\"a\""),
    ("string", "\"12\""),
    ("number", "12"),
    ("tuple", "[1, \"a\"]"),
    ("list", "tolist([1, 2])"),
    ("set", "toset([\"a\"])"),
    ("object", "{ a = 1 }"),
    ("map", "tomap({ a = 1 })"),
    ("unknown", "local.unknown_string"),
    ("unknown", "local.unknown_number"),
    ("unknown", "local.unknown_bool"),
    ("unknown", "local.unknown_list"),
    ("unknown", "local.unknown_any"),
];

/// The operators between two operands, with where these stand.
pub(crate) const BINARY: &[(&str, &str)] = &[
    ("==", "A == B"),
    ("!=", "A != B"),
    ("<", "A < B"),
    ("<=", "A <= B"),
    (">", "A > B"),
    (">=", "A >= B"),
    ("+", "A + B"),
    ("-", "A - B"),
    ("*", "A * B"),
    ("/", "A / B"),
    ("%", "A % B"),
    ("&&", "A && B"),
    ("||", "A || B"),
    ("? :", "true ? A : B"),
    ("unknown ? :", "local.unknown_bool ? A : B"),
    ("A ? :", "A ? 1 : B"),
    ("[ ]", "(A)[B]"),
    ("try([0], B)", "try(A[0], B)"),
];

/// The operators with one operand, and what else is made of one.
pub(crate) const UNARY: &[(&str, &str)] = &[
    ("!", "!A"),
    ("-A", "-A"),
    (".a", "(A).a"),
    ("[*]", "(A)[*]"),
    ("[*].a", "(A)[*].a"),
    (".*.a", "(A).*.a"),
    ("[0]", "(A)[0]"),
    ("[\"a\"]", "(A)[\"a\"]"),
    ("[1.5]", "(A)[1.5]"),
    ("[-1]", "(A)[-1]"),
    ("[null]", "(A)[null]"),
    ("\"x${A}y\"", "\"x${A}y\""),
    ("\"${A}\"", "\"${A}\""),
    ("[for v]", "[for it in A : it]"),
    ("{for k, v}", "{ for k, v in A : k => v }"),
    ("[for if]", "[for k, v in A : k if v]"),
    ("{for ...}", "{ for it in A : it => it... }"),
    ("{(A) = 1}", "{ (A) = 1 }"),
    ("%{if A}", "\"%{ if A }y%{ else }n%{ endif }\""),
    ("%{for A}", "\"%{ for it in A }${it},%{ endfor }\""),
    ("try(A)", "try(A, 1)"),
    ("can(A)", "can(A)"),
    ("can(A.a)", "can((A).a)"),
    ("f(A...)", "max(1, A...)"),
];

/// Each operator with each pair of operands.
pub(crate) fn operations() -> Vec<Operation> {
    let mut out = Vec::new();
    for (left, a) in OPERANDS {
        for (operator, template) in UNARY {
            // An operand that is itself a template's text is put in its place as it is.
            let text = template.replace('A', a);
            out.push(Operation { text, operator, types: [left, left] });
        }
        for (right, b) in OPERANDS {
            for (operator, template) in BINARY {
                let text = template.replace('B', "\u{1}").replace('A', a).replace('\u{1}', b);
                out.push(Operation { text, operator, types: [left, right] });
            }
        }
    }
    out
}
