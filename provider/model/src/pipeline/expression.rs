//! GitHub's expressions, which configurations write without `${{ }}`.
//!
//! The grammar is that of <https://docs.github.com/actions/reference/workflows-and-actions/expressions>.

use stanchion_cty::schema::Check;
use stanchion_cty::{Kind, Value};

/// What a text of the user's that is not an expression must not contain.
pub(super) const MARK: &str = "${{";

/// What an expression names: `matrix.python` is `["matrix", "python"]`, and a call of a function is
/// `["join()"]`.
pub(super) type Reference = Vec<String>;

/// An expression as it stands in a workflow.
pub(super) fn marked(expression: &str) -> String {
    format!("${{{{ {expression} }}}}")
}

/// The expression in a text that is nothing but one: what [`marked`] wrote.
pub(super) fn unmarked(text: &str) -> Option<&str> {
    let inner = text.strip_prefix(MARK)?.strip_suffix("}}")?.trim();
    references(inner).is_some().then_some(inner)
}

/// The expression that a text with expressions in it comes to, as GitHub makes it: of `a-${{ b }}` it is
/// `format('a-{0}', b)`. `None` if there is none in it, or one line can't say it.
pub(crate) fn joined(text: &str) -> Option<String> {
    let (mut literals, mut arguments) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(MARK) {
        let (expression, after) = after.split_once("}}")?;
        references(expression.trim())?;
        literals += &format!("{}{{{}}}", escaped(before), arguments.len());
        arguments.push(expression.trim());
        rest = after;
    }
    if let ([one], "", "{0}") = (arguments.as_slice(), rest, literals.as_str()) {
        return Some((*one).to_owned());
    }
    let format = quoted(&(literals + &escaped(rest)));
    let said = format!("format({format}, {})", arguments.join(", "));
    (!arguments.is_empty() && references(&said).is_some()).then_some(said)
}

/// A text as it stands in the first argument of `format`.
fn escaped(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

/// A text as a string in an expression.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// That strings, and the keys of maps, hold no expression that GitHub would evaluate.
pub(super) fn plain() -> Check {
    let says = "must not contain `${{`, which is never typed here: say the expression in `env_from` \
                and use the variable";
    Check::new(says, |it| !any_text(it, &|text| text.contains(MARK)))
}

/// That strings, and the keys of maps, are of one line.
pub(super) fn one_line() -> Check {
    Check::new("must be of one line", |it| !any_text(it, &|text| text.contains(char::is_control)))
}

/// That texts say something, and neither begin nor end with a blank, which some readers take away.
pub(super) fn trimmed() -> Check {
    let says = "must have no text in it that is empty, or begins or ends with a blank";
    Check::new(says, |it| !any_text(it, &|text| text.is_empty() || text.trim() != text))
}

/// That strings are expressions.
pub(super) fn expressions() -> Check {
    let says = "must be an expression of GitHub's, without `${{ }}`, such as \"github.sha\"";
    Check::new(says, |it| match it.kind() {
        Kind::String(text) => references(text).is_some(),
        _ => it.parts().all(|it| it.as_str().is_none_or(|it| references(it).is_some())),
    })
}

/// Whether a text may be the name of a job, a step, a service or a value, which expressions refer to.
pub(super) fn is_identifier(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
        && text.chars().all(|it| it.is_ascii_alphanumeric() || "_-".contains(it))
}

/// That the keys of a map are names that expressions can refer to.
pub(super) fn identifiers() -> Check {
    Check::new("must have names of letters, digits, `_` and `-` as keys", |it| match it.kind() {
        Kind::Map(_, entries) => entries.keys().all(|it| is_identifier(it)),
        _ => true,
    })
}

/// That the keys of a map are names of environment variables.
pub(super) fn variables() -> Check {
    let says = "must have names of environment variables as keys: letters, digits and `_`";
    Check::new(says, |it| match it.kind() {
        Kind::Map(_, entries) => entries.keys().all(|it| is_name(it)),
        _ => true,
    })
}

fn is_name(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
        && text.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
}

fn any_text(value: &Value, holds: &dyn Fn(&str) -> bool) -> bool {
    match value.kind() {
        Kind::String(text) => holds(text),
        Kind::Map(_, entries) => entries.iter().any(|(key, it)| holds(key) || any_text(it, holds)),
        _ => value.parts().any(|it| any_text(it, holds)),
    }
}

/// What an expression refers to; `None` if the text is no expression.
pub(super) fn references(text: &str) -> Option<Vec<Reference>> {
    // GitHub ends an expression at the first `}}`, and a line feed has no meaning in one.
    if text.contains("}}") || text.contains(char::is_control) || text.trim() != text {
        return None;
    }
    let mut reader = Reader { rest: text, depth: 0, found: Vec::new() };
    reader.either()?;
    reader.skip();
    reader.rest.is_empty().then_some(reader.found)
}

/// How deep brackets may stand in each other: GitHub's own limit is of this order.
const MAX_DEPTH: usize = 50;

/// The contexts that there are: <https://docs.github.com/actions/reference/workflows-and-actions/contexts>.
const CONTEXTS: &[&str] = &[
    "github", "env", "vars", "job", "jobs", "steps", "runner", "secrets", "strategy", "matrix",
    "needs", "inputs",
];

/// The functions that there are, with the least and the largest number of arguments.
const FUNCTIONS: &[(&str, usize, usize)] = &[
    ("contains", 2, 2),
    ("startswith", 2, 2),
    ("endswith", 2, 2),
    ("format", 1, 255),
    ("join", 1, 2),
    ("tojson", 1, 1),
    ("fromjson", 1, 1),
    ("hashfiles", 1, 255),
    ("case", 3, 255),
    ("success", 0, 0),
    ("always", 0, 0),
    ("cancelled", 0, 0),
    ("failure", 0, 0),
];

/// Goes through an expression by descent; each step gives `None` where the grammar does.
struct Reader<'a> {
    rest: &'a str,
    depth: usize,
    found: Vec<Reference>,
}

impl Reader<'_> {
    fn either(&mut self) -> Option<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        self.operand()?;
        // What binds stronger makes no difference to whether it is an expression.
        while ["||", "&&", "==", "!=", "<=", ">=", "<", ">"].iter().any(|it| self.take(it)) {
            self.operand()?;
        }
        self.depth -= 1;
        Some(())
    }

    fn operand(&mut self) -> Option<()> {
        while self.take("!") {}
        self.skip();
        if self.take("(") {
            self.either()?;
            self.take(")").then_some(())?;
            return self.members(None);
        }
        match self.rest.chars().next()? {
            '\'' => self.string().map(drop),
            it if it.is_ascii_digit() || "+-.".contains(it) => self.number(),
            _ => self.named(),
        }
    }

    fn named(&mut self) -> Option<()> {
        let name = self.name()?.to_owned();
        if ["true", "false", "null", "NaN", "Infinity"].contains(&name.as_str()) {
            return Some(());
        }
        if self.take("(") {
            let count = self.arguments()?;
            let name = name.to_ascii_lowercase();
            let (_, least, most) = FUNCTIONS.iter().find(|(it, _, _)| *it == name)?;
            (*least..=*most).contains(&count).then_some(())?;
            self.found.push(vec![format!("{name}()")]);
            return self.members(None);
        }
        let name = name.to_ascii_lowercase();
        CONTEXTS.contains(&name.as_str()).then_some(())?;
        self.members(Some(vec![name]))
    }

    fn arguments(&mut self) -> Option<usize> {
        if self.take(")") {
            return Some(0);
        }
        for count in 1.. {
            self.either()?;
            if self.take(")") {
                return Some(count);
            }
            self.take(",").then_some(())?;
        }
        None
    }

    /// What stands behind a value: `.name`, `.*`, `['name']`.
    fn members(&mut self, mut reference: Option<Reference>) -> Option<()> {
        loop {
            let step = if self.take(".") {
                if self.take("*") { "*".to_owned() } else { self.name()?.to_owned() }
            } else if self.take("[") {
                self.skip();
                let step = if self.take("*") {
                    "*".to_owned()
                } else if self.rest.starts_with('\'') {
                    self.string()?
                } else {
                    self.either()?;
                    "*".to_owned()
                };
                self.take("]").then_some(())?;
                step
            } else {
                self.found.extend(reference);
                return Some(());
            };
            if let Some(reference) = &mut reference {
                reference.push(step);
            }
        }
    }

    fn string(&mut self) -> Option<String> {
        let mut text = String::new();
        self.rest = self.rest.strip_prefix('\'')?;
        loop {
            let (part, rest) = self.rest.split_once('\'')?;
            text.push_str(part);
            self.rest = rest;
            match rest.strip_prefix('\'') {
                Some(rest) => {
                    text.push('\'');
                    self.rest = rest;
                }
                None => return Some(text),
            }
        }
    }

    fn number(&mut self) -> Option<()> {
        let is_part = |it: char| it.is_ascii_alphanumeric() || "+-.".contains(it);
        let end = self.rest.find(|it| !is_part(it)).unwrap_or(self.rest.len());
        let (number, rest) = self.rest.split_at(end);
        self.rest = rest;
        let is_hex = number
            .strip_prefix("0x")
            .is_some_and(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_hexdigit()));
        let ends_well = number.ends_with(|it: char| it.is_ascii_digit());
        (is_hex || (ends_well && number.parse::<f64>().is_ok())).then_some(())
    }

    fn name(&mut self) -> Option<&str> {
        self.skip();
        let end = self
            .rest
            .find(|it: char| !it.is_ascii_alphanumeric() && !"_-".contains(it))
            .unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        let begins = name.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_');
        self.rest = rest;
        begins.then_some(name)
    }

    fn take(&mut self, word: &str) -> bool {
        self.skip();
        match self.rest.strip_prefix(word) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn skip(&mut self) {
        self.rest = self.rest.trim_start_matches(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_says_what_it_refers_to() {
        for (text, expected) in [
            ("github.sha", vec!["github.sha"]),
            ("matrix['python']", vec!["matrix.python"]),
            ("needs.*.result", vec!["needs.*.result"]),
            ("inputs.environment || 'staging'", vec!["inputs.environment"]),
            ("(github.event.pull_request.head.sha)", vec!["github.event.pull_request.head.sha"]),
            (
                "!cancelled() && contains(github.ref, 'it''s')",
                vec!["cancelled()", "github.ref", "contains()"],
            ),
            ("fromJSON(vars.SIZES)[0] >= 0x1f", vec!["vars.SIZES", "fromjson()"]),
            ("1.5 == 2e3 || true", vec![]),
        ] {
            let found = references(text).unwrap_or_else(|| panic!("{text} is an expression"));
            let found: Vec<String> = found.iter().map(|it| it.join(".")).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for text in [
            "",
            " ",
            "github.sha }}",
            "'}}'",
            "github.",
            "github sha",
            "githubb.sha",
            "nosuch()",
            "contains('a')",
            "'open",
            "\"double\"",
            "a\nb",
            "github.sha)",
            "(github.sha",
            "1x",
            "+",
            "${{ github.sha }}",
            " github.sha",
            "github.sha\u{a0}== 'a'",
            "github.sha; rm",
            "`id`",
            "$(id)",
            "0x",
            "!",
            "a &&",
        ] {
            assert_eq!(references(text), None, "{text:?}");
        }
        let deep = format!("{}1{}", "(".repeat(100_000), ")".repeat(100_000));
        assert_eq!(references(&deep), None);
    }

    #[test]
    fn a_text_with_expressions_in_it_is_an_expression() {
        for (text, expected) in [
            ("${{ github.sha }}", Some("github.sha")),
            (
                "${{runner.os}}-it's-${{ github.ref }}",
                Some("format('{0}-it''s-{1}', runner.os, github.ref)"),
            ),
            ("a {b ${{ github.sha }}", Some("format('a {{b {0}', github.sha)")),
            // A `}}` would end the expression, and a line feed has no meaning in one.
            ("a} ${{ github.sha }}", None),
            ("a\n${{ github.sha }}", None),
            ("${{ nosuch }}-a", None),
            ("${{ github.sha", None),
            ("no expression", None),
            ("", None),
        ] {
            assert_eq!(joined(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_marked_is_unmarked() {
        assert_eq!(unmarked(&marked("github.sha")), Some("github.sha"));
        assert_eq!(unmarked("${{ github.sha }} and ${{ github.ref }}"), None);
        assert_eq!(unmarked("a ${{ github.sha }}"), None);
    }
}
