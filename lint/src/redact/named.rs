//! What stands beside a name that says password, in any text: also in a file that can't be read, and
//! where no rule knows what the name is of.

use std::ops::Range;

/// The ends of names that hold a credential, in small letters with `_` between their words.
const NAMES: &[&str] = &[
    "access_key",
    "accesskey",
    "account_key",
    "api_key",
    "apikey",
    "auth_key",
    "client_key",
    "credentials",
    "master_key",
    "passphrase",
    "passwd",
    "password",
    "private_key",
    "privatekey",
    "pwd",
    "secret",
    "secret_key",
    "secret_string",
    "secret_value",
    "secretkey",
    "shared_key",
    "signing_key",
    "token",
];

/// The stretches of a text that are given to such names: what is between quotes, which a mistake may
/// have left open, and the lines of a here document.
pub(super) fn values(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    for (at, sign) in text.match_indices(['=', ':', '"']) {
        let before = &text[..at];
        // The sign between them may have been forgotten.
        let is_forgotten = sign == "\"" && before.ends_with([' ', '\t']);
        if is_forgotten && is_credential(before) {
            out.extend(value(text, at));
        } else if sign != "\"" && is_credential(unquoted(before)) {
            out.extend(value(text, at + 1));
        }
    }
    out
}

/// A text without the quote at its end, and blanks behind it.
fn unquoted(before: &str) -> &str {
    before.trim_end_matches([' ', '\t']).trim_end_matches(['"', '\\', '\''])
}

/// Whether a text ends with such a name and blanks.
pub(crate) fn is_credential(before: &str) -> bool {
    let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-');
    let before = before.trim_end_matches([' ', '\t']);
    let name = before.rsplit(|it| !is_part(it)).next().unwrap_or_default();
    let name = name.to_ascii_lowercase().replace('-', "_");
    let name = name.strip_suffix("_wo").unwrap_or(&name);
    let name = name.trim_end_matches(|it: char| it.is_ascii_digit());
    NAMES.iter().any(|it| name.ends_with(it))
}

/// The written value that begins behind a byte, without its quotes.
fn value(text: &str, from: usize) -> Option<Range<usize>> {
    let rest = text.get(from..)?;
    let start = from + (rest.len() - rest.trim_start_matches([' ', '\t']).len());
    let rest = text.get(start..)?;
    let line = rest.lines().next().unwrap_or_default();
    if let Some(word) = rest.strip_prefix("<<") {
        let word = word.lines().next().unwrap_or_default().trim_start_matches('-').trim();
        let begin = start + line.len();
        let body = text.get(begin..)?;
        let mut end = begin;
        for line in body.split_inclusive('\n') {
            if line.trim() == word && !word.is_empty() {
                break;
            }
            end += line.len();
        }
        return Some(begin..end);
    }
    let quote = ["\\\"", "\"", "'"].into_iter().find(|it| line.starts_with(it))?;
    let inner = line.get(quote.len()..)?;
    let is_end = |at: &usize| {
        let before = inner.get(..*at).unwrap_or_default();
        quote.len() > 1 || (before.len() - before.trim_end_matches('\\').len()).is_multiple_of(2)
    };
    let end = inner.match_indices(quote).map(|(at, _)| at).find(is_end).unwrap_or(inner.len());
    let value = inner.get(..end)?;
    // A reference is none, and says where the value comes from.
    let is_reference = value.starts_with("${") && value.ends_with('}') && !value.contains('"');
    let begin = start + quote.len();
    (!is_reference).then(|| begin..begin + end)
}

#[cfg(test)]
mod tests {
    use super::values;

    #[test]
    fn what_is_given_to_a_name_of_a_credential_is_found_in_any_text() {
        for (text, expected) in [
            ("password = \"a b\"", &["a b"][..]),
            ("{ \"secret_key\": \"x\", \"port\": \"1\" }", &["x"]),
            ("\"{\\\"token\\\":\\\"x\\\"}\"", &["x"]),
            ("db-password2=\"open", &["open"]),
            ("apiKey: 'x'", &["x"]),
            ("password = \"a\\\"b\"", &["a\\\"b"]),
            ("password_wo = <<-EOT\n  one\n  two\n  EOT\n}", &["\n  one\n  two\n"]),
            ("password = <<EOT\none\n", &["\none\n"]),
            ("password = \"${var.password}\"", &[]),
            ("password = var.password", &[]),
            ("password_length = \"20\"\nname = \"token\"", &[]),
            ("密password = \"密\"", &["密"]),
            ("password \"x\"", &["x"]),
            ("data \"a_secret\" \"name\" {", &[]),
            ("password =", &[]),
        ] {
            let found: Vec<_> = values(text).into_iter().map(|it| &text[it]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
