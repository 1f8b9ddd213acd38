//! Which kinds of argument each function was asked with, and which pairs of types each operator.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::answers::Answer;
use crate::calls::{Literal, call};
use crate::expressions::{BINARY, Operation, TYPES, UNARY};
use crate::signatures::{Signature, Takes};

/// The kinds of argument, which are the table's columns.
const KINDS: [&str; 8] =
    ["known", "null", "wrong type", "edge", "unicode", "empty", "unknown", "sensitive"];

/// The table, and what it lacks.
pub(crate) struct Table {
    /// One line for each function or operator.
    pub(crate) text: String,
    /// A clause for each cell that is empty.
    pub(crate) missing: Vec<String>,
}

/// How many calls of each function there are with each kind of argument, and how many expressions
/// with a call of it come to something and how many are refused.
pub(crate) fn of_functions(
    signatures: &[Signature],
    asked: &[(&str, &Answer)],
    at_least: usize,
) -> Table {
    let mut table = Table { text: String::new(), missing: Vec::new() };
    let title = KINDS.map(|it| format!("{it:>11}")).concat();
    let _ = writeln!(table.text, "{:17}{title}{:>10}{:>9}", "", "evaluates", "refused");
    let mut calls = BTreeMap::<String, Vec<(Vec<String>, &Answer)>>::new();
    for (text, answer) in asked {
        let Some((name, arguments)) = call(text) else { continue };
        // What asks for the marks of a call asks for the call.
        if let ("issensitive", [inner]) = (&*name, arguments.as_slice())
            && let Some((name, arguments)) = call(inner)
        {
            calls.entry(name).or_default().push((arguments, answer));
        }
        calls.entry(name).or_default().push((arguments, answer));
    }
    for signature in signatures {
        let name = &signature.name;
        let of = calls.get(name).map_or(&[][..], Vec::as_slice);
        let counts = counts(signature, of);
        let _ = write!(table.text, "{name:17}");
        for (kind, count) in KINDS.iter().zip(counts) {
            if count == Some(0) {
                table.missing.push(format!("{name} with an argument: {kind}"));
            }
            let shown = count.map_or_else(|| "–".to_owned(), |it| it.to_string());
            let _ = write!(table.text, "{shown:>11}");
        }
        let begin = format!("{name}(");
        let (mut good, mut bad) = (0, 0);
        for (_, answer) in asked.iter().filter(|(text, _)| has_word(text, &begin)) {
            match answer {
                Answer::Value { .. } => good += 1,
                Answer::Refused { .. } => bad += 1,
            }
        }
        if good < at_least {
            table.missing.push(format!("{name}: only {good} expressions evaluate"));
        }
        let _ = writeln!(table.text, "{good:>10}{bad:>9}");
    }
    table
}

/// Whether the text has the word where no longer word ends with it.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(|it: char| it.is_ascii_alphanumeric() || it == '_' || it == ':')
    })
}

/// The counts of the columns; `None` where the parameters leave no such argument.
fn counts(signature: &Signature, calls: &[(Vec<String>, &Answer)]) -> [Option<usize>; KINDS.len()] {
    let takes: Vec<Takes> = signature.all().collect();
    let with = |is: &dyn Fn(&str) -> bool| {
        Some(calls.iter().filter(|(it, _)| it.iter().any(|it| is(it))).count())
    };
    let known = calls.iter().filter(|(arguments, answer)| {
        let is_plain = |it: &String| it != "null" && !it.contains("local.unknown");
        arguments.iter().all(is_plain) && matches!(answer, Answer::Value { .. })
    });
    let known = Some(known.count());
    if takes.is_empty() {
        return [known, None, None, None, None, None, None, None];
    }
    let only_if = |may_be: fn(Takes) -> bool, count| {
        if takes.iter().any(|it| may_be(*it)) { count } else { None }
    };
    [
        known,
        with(&|it| it == "null"),
        wrong(signature, calls),
        with(&is_edge),
        only_if(Takes::may_have_letters, with(&|it| !it.is_ascii() || it.contains("\\u"))),
        only_if(Takes::may_be_empty, with(&is_empty)),
        with(&|it| it.contains("local.unknown")),
        with(&|it| it.contains("sensitive(")),
    ]
}

/// How many calls are refused that have an argument of a type which the parameter does not take. A
/// function that takes everything everywhere has no such column, if it was tried with everything.
fn wrong(signature: &Signature, calls: &[(Vec<String>, &Answer)]) -> Option<usize> {
    let mut tried = BTreeSet::new();
    let mut count = 0;
    for (arguments, answer) in calls {
        let is_refused = matches!(answer, Answer::Refused { .. });
        let literals = arguments.iter().enumerate().filter_map(|(at, it)| {
            let literal = Literal::of(it)?;
            tried.insert((at, literal));
            Some(signature.takes(at)?.refuses(literal).unwrap_or(is_refused))
        });
        // All are looked at, so that all are known to have been tried.
        count += usize::from(literals.filter(|it| *it).count() > 0 && is_refused);
    }
    let places = signature.all().count();
    let is_tried = |at| Literal::ALL.iter().all(|(it, _)| tried.contains(&(at, *it)));
    let takes_all = count == 0 && (0..places).all(is_tried);
    (!takes_all).then_some(count)
}

fn is_empty(argument: &str) -> bool {
    matches!(argument, "\"\"" | "[]" | "{}" | "tolist([])" | "toset([])" | "tomap({})")
}

/// A number that is none, less than none, broken or large; a text with an escape, with a space at an
/// end, or long; a collection with something empty or null in it.
fn is_edge(argument: &str) -> bool {
    match Literal::of(argument) {
        Some(Literal::Number) => {
            let number: f64 = argument.parse().unwrap();
            number <= 0.0 || number.fract() != 0.0 || number.abs() >= 2_147_483_648.0
        }
        Some(Literal::Text) => {
            let inner = &argument[1..argument.len() - 1];
            inner.contains('\\') || inner.trim() != inner || inner.len() > 60
        }
        Some(Literal::Row | Literal::Named) => {
            let inner = &argument[1..argument.len() - 1];
            ["null", "[]", "{}", "\"\""].iter().any(|it| inner.contains(it))
        }
        Some(Literal::Bool) | None => false,
    }
}

/// For each operator how many pairs of types it was tried with, and what came of that; with `is_whole`
/// each pair.
pub(crate) fn of_operators(
    operations: &[Operation],
    answers: &BTreeMap<&str, &Answer>,
    is_whole: bool,
) -> Table {
    let mut table = Table { text: String::new(), missing: Vec::new() };
    let pairs = BINARY.iter().map(|it| (it.0, true)).chain(UNARY.iter().map(|it| (it.0, false)));
    for (operator, is_pair) in pairs {
        let mut cells = BTreeMap::<[&str; 2], [usize; 2]>::new();
        for it in operations.iter().filter(|it| it.operator == operator) {
            if let Some(answer) = answers.get(&*it.text) {
                let is_refused = matches!(answer, Answer::Refused { .. });
                cells.entry(it.types).or_default()[usize::from(is_refused)] += 1;
            }
        }
        let sum = |at: usize| cells.values().map(|it| it[at]).sum::<usize>();
        let what = if is_pair { "pairs of types" } else { "types" };
        let _ = writeln!(
            table.text,
            "{operator:13}{:>4} {what:14}{:>6} evaluate{:>6} refused",
            cells.len(),
            sum(0),
            sum(1)
        );
        for left in TYPES {
            let rights = if is_pair { TYPES } else { std::slice::from_ref(left) };
            let mut line = format!("  {left:8}");
            for right in rights {
                let [good, bad] = cells.get(&[*left, *right]).copied().unwrap_or_default();
                if good + bad == 0 {
                    table.missing.push(format!("{operator} with {left} and {right}"));
                }
                let _ = write!(line, " {:>8}", format!("{good}/{bad}"));
            }
            if is_whole {
                let _ = writeln!(table.text, "{line}");
            }
        }
    }
    table
}
