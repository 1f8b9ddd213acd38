//! Where the comments of a file stand, and for what each of them holds.

use std::ops::{Range, RangeInclusive};

/// What is not code in a file, and which brackets belong together.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) comments: Vec<Comment>,
    is_json: bool,
    /// Where brackets open and close, in the order of their ends.
    pairs: Vec<Range<usize>>,
}

/// A comment, from its sign to its end.
#[derive(Debug)]
pub(super) struct Comment {
    pub(super) span: Range<usize>,
}

/// What the reader is in the midst of.
enum Within {
    /// Code; of an interpolation, with the number of brackets that were open before it.
    Code(usize),
    Quoted,
    /// A text that ends with a line of this word alone.
    Heredoc(String),
}

/// Reads a file in Terraform's own syntax. What is broken ends somewhere.
pub(super) fn read(text: &str) -> Read {
    let bytes = text.as_bytes();
    let mut out = Read::default();
    let mut open: Vec<usize> = Vec::new();
    let mut within = vec![Within::Code(0)];
    let mut heredoc = None;
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        match within.last() {
            None => break,
            Some(Within::Quoted) => match rest {
                [b'\\', _, ..] => at += 1,
                [b'$' | b'%', b'{', ..] if !is_escaped(bytes, at) => {
                    within.push(Within::Code(open.len()));
                    at += 1;
                }
                [b'"' | b'\n', ..] => drop(within.pop()),
                _ => {}
            },
            Some(Within::Heredoc(word)) => {
                let is_start = at == 0 || bytes[at - 1] == b'\n';
                if is_start && line(text, at).trim() == word {
                    at += line(text, at).len();
                    within.pop();
                    continue;
                }
                if matches!(rest, [b'$' | b'%', b'{', ..]) && !is_escaped(bytes, at) {
                    within.push(Within::Code(open.len()));
                    at += 1;
                }
            }
            Some(Within::Code(before)) => match rest {
                [b'#', ..] | [b'/', b'/', ..] => {
                    let end = at + line(text, at).trim_end().len();
                    out.comments.push(Comment { span: at..end });
                    at = end;
                    continue;
                }
                [b'/', b'*', ..] => {
                    let end = text[at + 2..].find("*/").map_or(text.len(), |it| at + it + 4);
                    out.comments.push(Comment { span: at..end });
                    at = end;
                    continue;
                }
                [b'"', ..] => within.push(Within::Quoted),
                [b'<', b'<', ..] => {
                    let word = line(text, at)[2..].trim_start_matches('-').trim();
                    let is_word = |it: char| it.is_alphanumeric() || "_-.".contains(it);
                    if !word.is_empty() && word.chars().all(is_word) {
                        heredoc = Some(word.to_owned());
                    }
                    at += 1;
                }
                [b'\n', ..] => {
                    if let Some(word) = heredoc.take() {
                        within.push(Within::Heredoc(word));
                    }
                }
                [b'}', ..] if within.len() > 1 && open.len() <= *before => drop(within.pop()),
                [b'{' | b'[' | b'(', ..] => open.push(at),
                [b'}' | b']' | b')', ..] => {
                    if let Some(start) = open.pop() {
                        out.pairs.push(start..at + 1);
                    }
                }
                _ => {}
            },
        }
        at += 1;
    }
    out
}

/// Reads a file in JSON, where the text of a property `//` is a comment about the object that it is
/// in.
pub(super) fn read_json(text: &str) -> Read {
    let bytes = text.as_bytes();
    let mut out = Read { is_json: true, ..Read::default() };
    let mut open = Vec::new();
    let mut key: Option<&str> = None;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                let start = at + 1;
                at += 1;
                while at < bytes.len() && bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                let end = at.min(text.len());
                if key == Some("//") && text.is_char_boundary(end) {
                    out.comments.push(Comment { span: start..end });
                }
                key = text.get(start..end);
            }
            b'{' | b'[' => {
                open.push(at);
                key = None;
            }
            b'}' | b']' => {
                if let Some(start) = open.pop() {
                    out.pairs.push(start..at + 1);
                }
                key = None;
            }
            b',' => key = None,
            _ => {}
        }
        at += 1;
    }
    out
}

impl Read {
    /// For what a comment holds: for the line that it ends; for the lines of a bracket that opens
    /// there; for the line below it and a bracket that opens there; and at the head of a file, with
    /// an empty line behind it, for the whole file. In JSON it is for the object that it is in.
    pub(super) fn scope(&self, text: &str, comment: &Comment) -> Range<usize> {
        if self.is_json {
            let around = self.pairs.iter().filter(|it| it.contains(&comment.span.start));
            return around.min_by_key(|it| it.len()).unwrap_or(&comment.span).clone();
        }
        let start = text[..comment.span.start].rfind('\n').map_or(0, |it| it + 1);
        if !text[start..comment.span.start].trim_start_matches('\u{feff}').trim().is_empty() {
            return self.lines(text, start);
        }
        let next = self.below(text, comment);
        match next {
            Some(next) => self.lines(text, next),
            None if self.is_head(text, comment.span.start) => 0..text.len() + 1,
            None => comment.span.clone(),
        }
    }

    /// The outermost bracket around a comment with all of its first and last line; the comment alone
    /// where there is none.
    pub(super) fn enclosing(&self, text: &str, comment: &Comment) -> Range<usize> {
        let around = self.pairs.iter().filter(|it| it.contains(&comment.span.start));
        match around.max_by_key(|it| it.len()) {
            Some(it) => self.lines(text, text[..it.start].rfind('\n').map_or(0, |it| it + 1)),
            None => comment.span.clone(),
        }
    }

    /// The lines, from 1, of the heads of all brackets around a byte, of the lines in the outermost
    /// one that tell how many instances there are, and of all of a bracket that opens on the byte's
    /// line behind it.
    pub(super) fn heads(&self, text: &str, at: usize) -> Vec<RangeInclusive<u32>> {
        let number = |byte: usize| {
            let lines = text[..byte.min(text.len())].matches('\n').count();
            u32::try_from(lines + 1).unwrap_or(u32::MAX)
        };
        let mut out = Vec::new();
        let around: Vec<_> = self.pairs.iter().filter(|it| it.contains(&at)).collect();
        out.extend(around.iter().map(|it| number(it.start)..=number(it.start)));
        if let Some(outer) = around.iter().max_by_key(|it| it.len()) {
            let first = number(outer.start);
            for (line, it) in text[outer.start..outer.end].lines().enumerate() {
                let word = it.split('=').next().unwrap_or_default().trim().trim_matches('"');
                if matches!(word, "count" | "for_each") {
                    let line = first + u32::try_from(line).unwrap_or(0);
                    out.push(line..=line);
                }
            }
        }
        let end = at + line(text, at).len();
        let own = self.pairs.iter().filter(|it| (at..end).contains(&it.start));
        if let Some(own) = own.max_by_key(|it| it.len()).filter(|_| around.is_empty()) {
            out.push(number(own.start)..=number(own.end));
        }
        out
    }

    /// The line that begins there, with all of the brackets that open on it.
    fn lines(&self, text: &str, start: usize) -> Range<usize> {
        let mut end = start + line(text, start).len();
        let opening = self.pairs.iter().filter(|it| (start..end).contains(&it.start));
        if let Some(last) = opening.map(|it| it.end).max() {
            end = end.max(last);
        }
        // What is at the end of the last line lies on it.
        start..end + 1
    }

    /// The line of code right below a comment; other comments may stand between.
    fn below(&self, text: &str, comment: &Comment) -> Option<usize> {
        let mut at = comment.span.end;
        loop {
            let next = at + text[at..].find('\n')? + 1;
            let here = line(text, next);
            if here.trim().is_empty() {
                return None;
            }
            let first = next + (here.len() - here.trim_start().len());
            match self.comments.iter().find(|it| it.span.start == first) {
                Some(other) => at = other.span.end,
                None => return Some(next),
            }
        }
    }

    /// Whether nothing but comments stands before a byte.
    fn is_head(&self, text: &str, before: usize) -> bool {
        let mut at = 0;
        for comment in self.comments.iter().filter(|it| it.span.start < before) {
            if !text[at..comment.span.start].trim_start_matches('\u{feff}').trim().is_empty() {
                return false;
            }
            at = comment.span.end;
        }
        text[at..before].trim_start_matches('\u{feff}').trim().is_empty()
    }
}

/// The rest of the line from a byte on, without its end.
fn line(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or_default();
    rest.split('\n').next().unwrap_or_default()
}

/// Whether the sign there is doubled, so that no interpolation follows.
fn is_escaped(bytes: &[u8], at: usize) -> bool {
    at > 0 && bytes[at - 1] == bytes[at]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines, from 1, for which the one comment with `@` holds.
    fn lines(text: &str) -> Vec<usize> {
        let read = read(text);
        let comment = read.comments.iter().find(|it| text[it.span.clone()].contains('@'));
        let scope = read.scope(text, comment.expect("a comment"));
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
        let numbered = starts.zip(1..).filter(|(at, _)| *at < text.len());
        numbered.filter(|(at, _)| scope.contains(at)).map(|(_, number)| number).collect()
    }

    #[test]
    fn a_comment_holds_for_its_line_its_block_or_its_file() {
        assert_eq!(lines("a = 1\nb = 2 # @\nc = 3\n"), [2]);
        assert_eq!(lines("a = 1\n# @\nb = 2\nc = 3\n"), [3]);
        assert_eq!(lines("a = 1\n# @\n// more\n/* and\nmore */\nb = 2\nc = 3\n"), [6]);
        assert_eq!(lines("a = 1\nb { # @\n  c = 2\n}\nd = 3\n"), [2, 3, 4]);
        assert_eq!(lines("a = 1\n# @\nb {\n  c = [\n  ]\n}\nd = 3\n"), [3, 4, 5, 6]);
        assert_eq!(lines("# @\n\na = 1\nb = 2\n"), [1, 2, 3, 4]);
        assert_eq!(lines("# licence\n# @\n# more\n\na = 1\n"), [1, 2, 3, 4, 5]);
        assert_eq!(lines("# @\na = 1\nb = 2\n"), [2]);
        assert_eq!(lines("a = 1\n# @\n\nb = 2\n"), [2], "for nothing but itself");
    }

    #[test]
    fn what_stands_in_a_text_is_no_comment() {
        let count = |text: &str| read(text).comments.len();
        assert_eq!(count("a = \"# no\" // yes"), 1);
        assert_eq!(count("a = \"${b[\"}#\"]} # no\" # yes"), 1);
        assert_eq!(count("a = \"$${ # no\"\nb = \"\\\" # no\""), 0);
        assert_eq!(count("a = <<EOT\n# no\n${b /* yes */}\nEOT\n# yes\n"), 2);
        assert_eq!(count("a = <<-EOT\n  # no\n  EOT\n/* yes\n# the same */ b = 1"), 1);
        assert_eq!(count("a = b / c\nd = e << f\n"), 0);
        assert_eq!(count("a = \"never closed # no\n# yes"), 1);
    }

    #[test]
    fn in_json_a_property_is_the_comment() {
        let text = "{\"a\": {\"//\": \"@ x\", \"b\": \"\\\"//\\\"\"}, \"c\": \"//\", \"d\": 1}";
        let read = read_json(text);
        assert_eq!(read.comments.len(), 1);
        let comment = &read.comments[0];
        assert_eq!(&text[comment.span.clone()], "@ x");
    }
}
