//! The expressions: those that are written in files, and those that are made of them.

use std::fs;
use std::path::Path;

use stanchion_tests::repository;

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

/// Each argument of the calls replaced by values of other kinds.
pub(crate) fn variations(written: &[String]) -> Vec<String> {
    const OTHERS: &[&str] = &[
        "null",
        "local.unknown_string",
        "local.unknown_any",
        "local.unknown_list",
        "[local.unknown_string]",
        "true",
        "\"\"",
        "{}",
        "[]",
    ];
    let mut out = Vec::new();
    let mut seen = std::collections::BTreeMap::<(String, usize, usize), usize>::new();
    for text in written {
        let Some((name, arguments)) = call(text) else { continue };
        for at in 0..arguments.len() {
            // One call of each number of arguments is varied.
            let count = seen.entry((name.clone(), arguments.len(), at)).or_default();
            if *count > 0 {
                continue;
            }
            *count += 1;
            for other in OTHERS {
                let mut changed = arguments.clone();
                changed[at] = (*other).to_owned();
                let changed = format!("{name}({})", changed.join(", "));
                // It would list the files that the test itself writes.
                if changed != "fileset(\"\", \"*\")" {
                    out.push(changed);
                }
            }
            let mut secret = arguments.clone();
            secret[at] = format!("sensitive({})", secret[at]);
            out.push(format!("issensitive({name}({}))", secret.join(", ")));
        }
    }
    out
}

/// A call's name and its arguments' texts; nothing else than one whole call is one.
fn call(text: &str) -> Option<(String, Vec<String>)> {
    let (name, rest) = text.split_once('(')?;
    if name.is_empty() || !name.chars().all(|it| it.is_alphanumeric() || it == '_' || it == ':') {
        return None;
    }
    let mut arguments = Vec::new();
    let mut current = String::new();
    let mut depth = 0_usize;
    let mut chars = rest.chars();
    let mut in_quotes = false;
    while let Some(it) = chars.next() {
        match it {
            '\\' if in_quotes => {
                current.push(it);
                current.extend(chars.next());
                continue;
            }
            '"' => in_quotes = !in_quotes,
            // An interpolation has quotes of its own; such a call is not taken apart.
            '$' | '%' if in_quotes && chars.as_str().starts_with('{') => return None,
            '(' | '[' | '{' if !in_quotes => depth += 1,
            ')' if !in_quotes && depth == 0 => {
                if !current.trim().is_empty() {
                    arguments.push(current.trim().to_owned());
                }
                let is_whole = chars.as_str().trim().is_empty();
                let is_spread = arguments.last().is_some_and(|it| it.ends_with("..."));
                return (is_whole && !is_spread).then_some((name.to_owned(), arguments));
            }
            ')' | ']' | '}' if !in_quotes => depth = depth.checked_sub(1)?,
            ',' if !in_quotes && depth == 0 => {
                arguments.push(current.trim().to_owned());
                current.clear();
                continue;
            }
            _ => {}
        }
        current.push(it);
    }
    None
}

/// Each operator with each pair of types.
pub(crate) fn operators() -> Vec<String> {
    const OPERANDS: &[&str] = &[
        "null",
        "true",
        "\"true\"",
        "\"a\"",
        "\"12\"",
        "12",
        "[1, \"a\"]",
        "tolist([1, 2])",
        "toset([\"a\"])",
        "{ a = 1 }",
        "tomap({ a = 1 })",
        "local.unknown_string",
        "local.unknown_number",
        "local.unknown_bool",
        "local.unknown_list",
        "local.unknown_any",
    ];
    const OPERATORS: &[&str] =
        &["==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "&&", "||"];
    let mut out = Vec::new();
    for a in OPERANDS {
        out.push(format!("!{a}"));
        out.push(format!("-{a}"));
        for b in OPERANDS {
            out.extend(OPERATORS.iter().map(|it| format!("{a} {it} {b}")));
            out.push(format!("true ? {a} : {b}"));
            out.push(format!("local.unknown_bool ? {a} : {b}"));
            out.push(format!("try({a}[0], {b})"));
        }
        for key in ["0", "\"a\"", "1.5", "-1", "null", "local.unknown_number", "local.unknown_any"]
        {
            out.push(format!("({a})[{key}]"));
        }
        out.push(format!("({a}).a"));
        out.push(format!("({a})[*]"));
        out.push(format!("({a})[*].a"));
        out.push(format!("({a}).*.a"));
        out.push(format!("\"x${{{a}}}y\""));
        out.push(format!("\"${{{a}}}\""));
        out.push(format!("[for it in {a} : it]"));
        out.push(format!("{{ for k, v in {a} : k => v }}"));
        out.push(format!("[for k, v in {a} : k if v]"));
        out.push(format!("{{ for it in {a} : it => it... }}"));
        out.push(format!("{{ (({a})) = 1 }}"));
        out.push(format!("\"%{{ if {a} }}y%{{ else }}n%{{ endif }}\""));
        out.push(format!("\"%{{ for it in {a} }}${{it}},%{{ endfor }}\""));
        out.push(format!("try({a}, 1)"));
        out.push(format!("can({a})"));
        out.push(format!("can(({a}).a)"));
    }
    out
}
