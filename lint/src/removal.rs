//! What goes with something that is taken out of a text, so that the rest stands as if it had never
//! been there: a comma, blanks, its line. No comment goes with it.

use std::ops::Range;

/// The stretch to take out for the entry of a list; `entries` are all of the list, in order. `None`
/// where a comment stands between the entry and its comma.
pub(crate) fn of_entry(text: &str, entries: &[Range<usize>], at: usize) -> Option<Range<usize>> {
    let entry = entries.get(at)?.clone();
    let rest = text.get(entry.end..)?;
    if let Some(comma) = rest.find(|it: char| !it.is_whitespace())
        && rest[comma..].starts_with(',')
    {
        let end = entry.end + comma + 1;
        return Some(match line(text, entry.start, end) {
            Some(line) => line,
            None => entry.start..end + blanks(&text[end..]),
        });
    }
    if at + 1 < entries.len() {
        return None;
    }
    match at.checked_sub(1).and_then(|it| entries.get(it)) {
        Some(before) if text.get(before.end..entry.start)?.trim() == "," => {
            Some(before.end..entry.end)
        }
        _ => Some(line(text, entry.start, entry.end).unwrap_or(entry)),
    }
}

/// The stretch to take out for a whole comment.
pub(crate) fn of_comment(text: &str, comment: Range<usize>) -> Range<usize> {
    if let Some(line) = line(text, comment.start, comment.end) {
        return line;
    }
    let rest = text.get(comment.end..).unwrap_or_default();
    let ends_line = rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n') || rest.is_empty();
    if !ends_line {
        // Something follows on the line, so that the blanks before the comment go on parting.
        return comment.start..comment.end + blanks(rest);
    }
    let before = text.get(..comment.start).unwrap_or_default();
    before.trim_end_matches([' ', '\t']).len()..comment.end + blanks(rest)
}

/// The whole lines from one byte to another, if nothing else stands on them.
fn line(text: &str, from: usize, to: usize) -> Option<Range<usize>> {
    let start = text.get(..from)?.rfind('\n').map_or(0, |it| it + 1);
    let rest = text.get(to..)?;
    let end = rest.find('\n').map_or(rest.len(), |it| it + 1);
    let is_alone = text[start..from].trim().is_empty() && rest[..end].trim().is_empty();
    is_alone.then_some(start..to + end)
}

fn blanks(rest: &str) -> usize {
    rest.len() - rest.trim_start_matches([' ', '\t']).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A list with the entry `x` taken out of it.
    fn without(text: &str) -> Option<String> {
        let is_name = |it: char| it.is_alphanumeric() || it == '.';
        let mut entries = Vec::new();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let code = line.split(['#', '/']).next().unwrap_or_default();
            let mut from = 0;
            for word in code.split(|it| !is_name(it)) {
                if !word.is_empty() {
                    entries.push(at + from..at + from + word.len());
                }
                from += word.len() + 1;
            }
            at += line.len();
        }
        let number = entries.iter().position(|it| &text[it.clone()] == "x").expect("an x");
        let cut = of_entry(text, &entries, number)?;
        Some(format!("{}{}", &text[..cut.start], &text[cut.end..]))
    }

    #[test]
    fn an_entry_goes_with_its_comma_and_leaves_comments() {
        for (text, expected) in [
            ("[x]", "[]"),
            ("[ x ]", "[  ]"),
            ("[x, a]", "[a]"),
            ("[a, x, b]", "[a, b]"),
            ("[a, x]", "[a]"),
            ("[a, x,]", "[a, ]"),
            ("[\n  x,\n  a,\n]", "[\n  a,\n]"),
            ("[\r\n  a,\r\n  x,\r\n]", "[\r\n  a,\r\n]"),
            ("[\n  a,\n  x\n]", "[\n  a\n]"),
            ("[\n  x\n]", "[\n]"),
            ("[\n  x, # why\n  a\n]", "[\n  # why\n  a\n]"),
            ("[\n  a, # of a\n  x\n]", "[\n  a, # of a\n]"),
            ("[\n  a,\n  # why\n  x,\n]", "[\n  a,\n  # why\n]"),
        ] {
            assert_eq!(without(text).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(without("[x // why\n, a]"), None, "the comma belongs to what is left");
    }

    #[test]
    fn a_comment_goes_with_its_line_or_the_blanks_before_it() {
        for (text, expected) in [
            ("a = 1\n  # c\nb = 2\n", "a = 1\nb = 2\n"),
            ("a = 1   # c\nb = 2\n", "a = 1\nb = 2\n"),
            ("a = 1 # c\r\nb = 2\r\n", "a = 1\r\nb = 2\r\n"),
            ("a = 1\r\n# c\r\nb = 2\r\n", "a = 1\r\nb = 2\r\n"),
            ("a = 1\n# c", "a = 1\n"),
            ("# c\na = 1", "a = 1"),
        ] {
            let start = text.find('#').expect("a comment");
            let cut = of_comment(text, start..start + 3);
            let left = format!("{}{}", &text[..cut.start], &text[cut.end..]);
            assert_eq!(left, expected, "{text}");
        }
        assert_eq!(of_comment("a = /* c */ 1", 4..11), 4..12);
    }
}
