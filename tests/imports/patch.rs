//! What `unmanaged` says, put into what was rendered.

use stanchion_cty::spanned::{Data, Entry, Node, Span};
use stanchion_cty::yaml::{Dialect, parse};

/// One step of a path in `unmanaged`.
enum Step {
    Key(String),
    Index(usize),
}

/// Puts a line at its path into a document. A line without a value says that nothing is there.
pub(crate) fn apply(node: &mut Node, path: &str, line: &str) {
    let value = (line != "# absent").then(|| parse(line, Dialect::Core).unwrap());
    put(node, &steps(path), value);
}

fn put(node: &mut Node, steps: &[Step], value: Option<Node>) {
    let Some((step, rest)) = steps.split_first() else {
        *node = value.unwrap();
        return;
    };
    match (step, &mut node.data) {
        (Step::Key(key), Data::Map(entries)) => {
            let at = entries.iter().position(|it| *it.key == **key);
            match (at, value) {
                (Some(at), None) if rest.is_empty() => drop(entries.remove(at)),
                (Some(at), value) => put(&mut entries[at].value, rest, value),
                (None, Some(value)) if rest.is_empty() => {
                    let key = key.as_str().into();
                    entries.push(Entry { key, key_span: Span::default(), value });
                }
                (None, _) => panic!("there is no {key}"),
            }
        }
        (Step::Index(at), Data::List(items)) => put(&mut items[*at], rest, value),
        _ => panic!("a path leads nowhere"),
    }
}

/// Takes a path apart: `jobs.a.steps[0]["a key"]`.
fn steps(path: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix("[\"") {
            let (key, after) = quoted.split_once("\"]").unwrap();
            steps.push(Step::Key(key.to_owned()));
            rest = after;
        } else if let Some(number) = rest.strip_prefix('[') {
            let (number, after) = number.split_once(']').unwrap();
            steps.push(Step::Index(number.parse().unwrap()));
            rest = after;
        } else {
            let word = rest.strip_prefix('.').unwrap_or(rest);
            let end = word.find(['.', '[']).unwrap_or(word.len());
            steps.push(Step::Key(word[..end].to_owned()));
            rest = &word[end..];
        }
    }
    steps
}
