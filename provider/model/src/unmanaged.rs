//! What stands in a found document and is not what the model would write.

use std::collections::BTreeMap;

use stanchion_cty::spanned::{Data, Node};

use crate::normal::one_line;
use crate::pipeline::expression::joined;

/// What is said of a part that should be there and is not: a line of YAML that holds nothing.
const ABSENT: &str = "# absent";

/// The parts of `found` that `rendered` lacks or has otherwise, each as path → one line of YAML.
/// Parts that only `rendered` has are named too.
pub(crate) fn unmanaged(found: &Node, rendered: &Node) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    compare(found, rendered, "", &mut out);
    out
}

fn compare(found: &Node, rendered: &Node, path: &str, out: &mut BTreeMap<String, String>) {
    match (&found.data, &rendered.data) {
        (Data::Map(there), Data::Map(_)) => {
            for entry in there {
                let path = below(path, &entry.key);
                match rendered.get(&entry.key) {
                    Some(it) => compare(&entry.value, it, &path, out),
                    None => {
                        out.insert(path, one_line(&entry.value));
                    }
                }
            }
            for entry in rendered.entries().iter().filter(|it| found.get(&it.key).is_none()) {
                out.insert(below(path, &entry.key), ABSENT.to_owned());
            }
        }
        (Data::List(there), Data::List(ours)) if there.len() == ours.len() => {
            for (i, (there, ours)) in there.iter().zip(ours).enumerate() {
                compare(there, ours, &format!("{path}[{i}]"), out);
            }
        }
        _ => {
            let line = one_line(found);
            if line != one_line(rendered) && !are_one_expression(found, rendered) {
                out.insert(path.to_owned(), line);
            }
        }
    }
}

/// Whether two texts come to the same expression.
fn are_one_expression(found: &Node, rendered: &Node) -> bool {
    let expression = |it: &Node| it.as_str().and_then(joined);
    expression(found).is_some_and(|it| expression(rendered) == Some(it))
}

fn below(path: &str, key: &str) -> String {
    let is_plain = key.chars().all(|it| it.is_alphanumeric() || matches!(it, '-' | '_'));
    match (path.is_empty(), is_plain && !key.is_empty()) {
        (true, true) => key.to_owned(),
        (false, true) => format!("{path}.{key}"),
        (_, false) => format!("{path}[{key:?}]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stanchion_cty::yaml::{Dialect, parse};

    fn lines(found: &str, rendered: &str) -> Vec<String> {
        let node = |text| parse(text, Dialect::Core).unwrap();
        unmanaged(&node(found), &node(rendered))
            .into_iter()
            .map(|(path, line)| format!("{path}: {line}"))
            .collect()
    }

    #[test]
    fn what_is_added_changed_or_taken_away_is_named() {
        let rendered = "jobs:\n  a:\n    steps: [{run: x}]\n    needs: [b]\n";
        let found = "env: {A: '1'}\njobs:\n  a:\n    steps: [{run: y}]\n";
        assert_eq!(
            lines(found, rendered),
            ["env: {\"A\": \"1\"}", "jobs.a.needs: # absent", "jobs.a.steps[0].run: \"y\""]
        );
    }

    #[test]
    fn the_same_in_another_spelling_is_nothing() {
        assert!(lines("b: [1]\na: 'x' # why\n", "a: x\nb:\n- 1\n").is_empty());
        let written = "a: a-${{github.sha}}\n";
        assert!(lines(written, "a: ${{ format('a-{0}', github.sha) }}\n").is_empty());
        assert!(!lines(written, "a: ${{ format('b-{0}', github.sha) }}\n").is_empty());
    }
}
