//! Patterns in Go's syntax (RE2), brought into that of the `regex` crate.
//!
//! The two agree in most, but not in what classes like `\d` hold, in what may stand in brackets, in
//! which braces are literal, in names of groups, and in what is refused; so each pattern is read
//! by Go's rules and written anew.

use super::class;

/// A pattern that Go accepts.
#[derive(Debug)]
pub(super) struct Pattern {
    /// The same in the other syntax; its groups have no names.
    pub(super) translated: String,
    /// The groups in order: their names, or nothing.
    pub(super) groups: Vec<Option<String>>,
}

/// What Go says is wrong with a pattern: the kind of mistake, and the part that has it.
#[derive(Debug, PartialEq)]
pub(super) struct Mistake {
    pub(super) code: &'static str,
    pub(super) part: String,
}

/// How often something may be repeated, all repetitions around each other multiplied.
const MOST_REPEATED: u64 = 1000;
/// How deep groups may lie in each other.
const DEEPEST: usize = 1000;

pub(super) fn mistake(code: &'static str, part: &str) -> Mistake {
    Mistake { code, part: part.to_owned() }
}

/// Reads a pattern.
///
/// # Errors
/// What Go refuses.
pub(super) fn translate(pattern: &str) -> Result<Pattern, Mistake> {
    let mut reader = Reader {
        whole: pattern,
        rest: pattern,
        out: String::new(),
        groups: Vec::new(),
        open: Vec::new(),
        last: None,
        most: 1,
        repeated: None,
    };
    while !reader.rest.is_empty() {
        reader.step()?;
    }
    if reader.open.is_empty() {
        Ok(Pattern { translated: reader.out, groups: reader.groups })
    } else {
        Err(mistake("missing closing )", pattern))
    }
}

struct Reader<'a> {
    whole: &'a str,
    rest: &'a str,
    out: String,
    groups: Vec<Option<String>>,
    /// Of each open group, how often what came before in it is repeated at most.
    open: Vec<u64>,
    /// What a repetition operator would apply to: how often it repeats its own parts.
    last: Option<u64>,
    /// The most that anything in the group at hand is repeated.
    most: u64,
    /// Where the repetition operator stood that was just read.
    repeated: Option<&'a str>,
}

impl<'a> Reader<'a> {
    fn step(&mut self) -> Result<(), Mistake> {
        let repeated = self.repeated.take();
        let from = self.rest;
        let Some(first) = from.chars().next() else { return Ok(()) };
        match first {
            '(' => return self.group(),
            ')' => {
                let Some(before) = self.open.pop() else {
                    return Err(mistake("unexpected )", self.whole));
                };
                self.emit(")", 1);
                self.last = Some(self.most);
                self.most = self.most.max(before);
            }
            '|' => {
                self.emit("|", 1);
                self.last = None;
            }
            '^' | '$' | '.' => {
                self.emit(&from[..1], 1);
                self.last = Some(1);
            }
            '[' => {
                let (class, rest) = class::bracketed(from)?;
                self.item(&class, rest);
            }
            '*' | '+' | '?' => return self.repeat(repeated, None, &from[1..]),
            '{' => match braces(from) {
                None => self.literal('{', &from[1..]),
                Some((min, max, rest)) => {
                    let too_many = |it: u64| it > MOST_REPEATED;
                    if too_many(min) || max.is_some_and(|max| too_many(max) || min > max) {
                        let part = &from[..from.len() - rest.len()];
                        return Err(mistake("invalid repeat count", part));
                    }
                    return self.repeat(repeated, Some((min, max)), rest);
                }
            },
            '\\' => return self.escape(),
            it => self.literal(it, &from[it.len_utf8()..]),
        }
        Ok(())
    }

    /// Writes something and goes on behind as many bytes.
    fn emit(&mut self, text: &str, bytes: usize) {
        self.out.push_str(text);
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    /// Writes something that can be repeated.
    fn item(&mut self, text: &str, rest: &'a str) {
        self.out.push_str(text);
        self.rest = rest;
        self.last = Some(1);
    }

    fn literal(&mut self, it: char, rest: &'a str) {
        self.item(&class::literal(it), rest);
    }

    fn repeat(
        &mut self,
        before: Option<&str>,
        counts: Option<(u64, Option<u64>)>,
        after: &'a str,
    ) -> Result<(), Mistake> {
        let from = self.rest;
        let rest = after.strip_prefix('?').unwrap_or(after);
        if let Some(before) = before {
            let part = &before[..before.len() - rest.len()];
            return Err(mistake("invalid nested repetition operator", part));
        }
        let part = &from[..from.len() - rest.len()];
        let Some(inner) = self.last else {
            return Err(mistake("missing argument to repetition operator", part));
        };
        let times = counts.map_or(1, |(min, max)| max.unwrap_or(min));
        let times = inner.saturating_mul(times.max(1));
        if times > MOST_REPEATED {
            return Err(mistake("invalid repeat count", part));
        }
        self.last = Some(times);
        self.most = self.most.max(times);
        self.out.push_str(part);
        self.repeated = Some(from);
        self.rest = rest;
        Ok(())
    }

    fn group(&mut self) -> Result<(), Mistake> {
        let from = self.rest;
        if let Some(rest) = from.strip_prefix("(?P<").or_else(|| from.strip_prefix("(?<")) {
            let Some(end) = rest.find('>') else {
                return Err(mistake("invalid named capture", from));
            };
            let name = &rest[..end];
            let is_word = |it: char| it.is_ascii_alphanumeric() || it == '_';
            if name.is_empty() || !name.chars().all(is_word) {
                let part = &from[..from.len() - rest.len() + end + 1];
                return Err(mistake("invalid named capture", part));
            }
            self.groups.push(Some(name.to_owned()));
            self.out.push('(');
            self.rest = &rest[end + 1..];
            return self.enter();
        }
        let Some(flags) = from.strip_prefix("(?") else {
            self.groups.push(None);
            self.emit("(", 1);
            return self.enter();
        };
        let (mut negated, mut seen) = (false, false);
        for (at, it) in flags.char_indices() {
            match it {
                'i' | 'm' | 's' | 'U' => seen = true,
                '-' if !negated => (negated, seen) = (true, false),
                ':' | ')' if seen || !negated => {
                    let flags = &flags[..at];
                    self.rest = &from[2 + at + 1..];
                    if it == ':' {
                        self.out.push_str(&format!("(?{flags}:"));
                        return self.enter();
                    }
                    if !flags.is_empty() {
                        self.out.push_str(&format!("(?{flags})"));
                    }
                    return Ok(());
                }
                _ => {
                    let part = &from[..2 + at + it.len_utf8()];
                    return Err(mistake("invalid or unsupported Perl syntax", part));
                }
            }
        }
        Err(mistake("invalid or unsupported Perl syntax", from))
    }

    fn enter(&mut self) -> Result<(), Mistake> {
        if self.open.len() >= DEEPEST {
            return Err(mistake("expression nests too deeply", self.whole));
        }
        self.open.push(self.most);
        self.most = 1;
        self.last = None;
        Ok(())
    }

    fn escape(&mut self) -> Result<(), Mistake> {
        let from = self.rest;
        let boundary = match from.as_bytes().get(1) {
            Some(b'A') => "\\A",
            Some(b'z') => "\\z",
            Some(b'b') => "(?-u:\\b)",
            Some(b'B') => "(?-u:\\B)",
            Some(b'C') => return Err(mistake("invalid escape sequence", "\\C")),
            Some(b'Q') => {
                let (text, rest) = from[2..].split_once("\\E").unwrap_or((&from[2..], ""));
                for it in text.chars() {
                    self.literal(it, rest);
                }
                self.rest = rest;
                return Ok(());
            }
            _ => "",
        };
        if !boundary.is_empty() {
            self.item(boundary, &from[2..]);
            return Ok(());
        }
        if let Some((class, rest)) = class::named(from)? {
            self.item(&format!("[{class}]"), rest);
            return Ok(());
        }
        let (it, rest) = class::escaped(from)?;
        self.item(&class::rune(it), rest);
        Ok(())
    }
}

/// `{n}`, `{n,}` or `{n,m}`; anything else is no repetition.
fn braces(from: &str) -> Option<(u64, Option<u64>, &str)> {
    let (inside, rest) = from.strip_prefix('{')?.split_once('}')?;
    let count = |digits: &str| {
        let is_number = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
        let is_plain = digits.len() == 1 || !digits.starts_with('0');
        (is_number && is_plain).then(|| digits.parse().unwrap_or(u64::MAX))
    };
    let (min, max) = match inside.split_once(',') {
        None => (count(inside)?, Some(count(inside)?)),
        Some((min, "")) => (count(min)?, None),
        Some((min, max)) => (count(min)?, Some(count(max)?)),
    };
    Some((min, max, rest))
}
