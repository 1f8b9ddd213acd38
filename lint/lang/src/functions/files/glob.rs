//! Patterns of file names, part by part: `**` is any number of folders.

/// A pattern that can't be read.
#[derive(Debug, PartialEq)]
pub(super) struct BadPattern;

/// A pattern relative to a folder.
pub(super) struct Glob<'a> {
    parts: Vec<&'a str>,
}

/// Stands where a brace stood: as in Terraform's, something of the name must be left there. No
/// name has it in it.
const BRACE: char = '\0';

/// The most alternatives that one part may have.
const MOST_ALTERNATIVES: usize = 10_000;

/// A pattern as the folder that it begins with and the rest, in which something is not fixed or
/// which is a file's name.
pub(super) fn fixed(pattern: &str) -> (&str, &str) {
    let mut end = 0;
    for (at, _) in pattern.match_indices('/') {
        let part = pattern.get(end..at).unwrap_or_default();
        if part.contains(['*', '?', '[', '{', '\\']) {
            break;
        }
        end = at + 1;
    }
    let (folder, rest) = pattern.split_at(end);
    let folder = if folder == "/" { folder } else { folder.trim_end_matches('/') };
    (folder, rest)
}

impl<'a> Glob<'a> {
    pub(super) fn new(pattern: &'a str) -> Self {
        let mut parts: Vec<&str> = pattern.split('/').collect();
        parts.dedup_by(|a, b| *a == "**" && *b == "**");
        Self { parts }
    }

    /// Whether a file's path matches.
    ///
    /// # Errors
    /// The pattern can't be read as far as it is needed.
    pub(super) fn matches(&self, path: &str) -> Result<bool, BadPattern> {
        let names: Vec<&str> = path.split('/').collect();
        // Which beginnings of the pattern match the names so far.
        let mut open = vec![false; self.parts.len() + 1];
        open[0] = true;
        self.skip_folders(&mut open);
        for (at, name) in names.iter().enumerate() {
            let is_file = at + 1 == names.len();
            let mut next = vec![false; open.len()];
            for (part, pattern) in self.parts.iter().enumerate().filter(|(part, _)| open[*part]) {
                if *pattern == "**" {
                    next[part] |= !is_file;
                    next[part + 1] |= is_file && part + 1 == self.parts.len();
                } else if matches_name(pattern, name)? {
                    next[part + 1] = true;
                }
            }
            open = next;
            if !is_file {
                self.skip_folders(&mut open);
            }
        }
        Ok(open[self.parts.len()])
    }

    /// `**` may stand for no folder at all.
    fn skip_folders(&self, open: &mut [bool]) {
        for (part, pattern) in self.parts.iter().enumerate() {
            if *pattern == "**" && part + 1 < self.parts.len() && open[part] {
                open[part + 1] = true;
            }
        }
    }
}

/// Whether one part of a pattern matches one name.
fn matches_name(pattern: &str, name: &str) -> Result<bool, BadPattern> {
    let name: Vec<char> = name.chars().collect();
    for alternative in alternatives(pattern)? {
        if matches_tokens(&tokens(&alternative), &name)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The pattern with each choice in braces made. A brace ends at the next closing one, whatever
/// opens in between.
fn alternatives(pattern: &str) -> Result<Vec<String>, BadPattern> {
    let mut done = Vec::new();
    let mut open = vec![pattern.to_owned()];
    while let Some(it) = open.pop() {
        let choice = unescaped(&it, '{').and_then(|start| {
            let inside = it.get(start + 1..)?;
            Some((start, unescaped(inside, '}')?, inside))
        });
        let Some((start, end, inside)) = choice else {
            done.push(it);
            continue;
        };
        if open.len() + done.len() > MOST_ALTERNATIVES {
            return Err(BadPattern);
        }
        let (before, after) = (&it[..start], &inside[end + 1..]);
        let mut rest = &inside[..end];
        let mut choices = Vec::new();
        while let Some(comma) = unescaped(rest, ',') {
            choices.push(&rest[..comma]);
            rest = &rest[comma + 1..];
        }
        choices.push(rest);
        let made: Vec<String> =
            choices.iter().rev().map(|it| format!("{before}{BRACE}{it}{after}")).collect();
        open.extend(made);
    }
    Ok(done)
}

fn unescaped(it: &str, wanted: char) -> Option<usize> {
    let mut chars = it.char_indices();
    while let Some((at, found)) = chars.next() {
        match found {
            '\\' => drop(chars.next()),
            _ if found == wanted => return Some(at),
            _ => {}
        }
    }
    None
}

enum Token {
    Any,
    One,
    Char(char),
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
    /// Where something of the name must be left.
    NotAtEnd,
    /// What can't be read. It is refused only where a name comes so far.
    Bad,
}

fn tokens(pattern: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut chars = pattern.chars();
    while let Some(it) = chars.next() {
        out.push(match it {
            '*' => Token::Any,
            '?' => Token::One,
            '{' => Token::Bad,
            BRACE => Token::NotAtEnd,
            '\\' => chars.next().map_or(Token::Bad, Token::Char),
            '[' => match unescaped(chars.as_str(), ']') {
                None => Token::Bad,
                Some(end) => {
                    let (inside, after) = chars.as_str().split_at(end);
                    chars = after[1..].chars();
                    class(inside).unwrap_or(Token::Bad)
                }
            },
            it => Token::Char(it),
        });
    }
    out
}

fn class(inside: &str) -> Option<Token> {
    let (negated, inside) = match inside.strip_prefix('^') {
        Some(inside) => (true, inside),
        None => (false, inside),
    };
    let mut chars = inside.chars().peekable();
    let mut ranges = Vec::new();
    while let Some(low) = chars.next() {
        let low = match low {
            '-' => return None,
            '\\' => chars.next()?,
            it => it,
        };
        let mut high = low;
        if chars.next_if_eq(&'-').is_some() {
            high = match chars.next()? {
                '-' => return None,
                '\\' => chars.next()?,
                it => it,
            };
        }
        ranges.push((low, high));
    }
    (!ranges.is_empty()).then_some(Token::Class { negated, ranges })
}

/// Of all `*` only the last one that was met has to be tried again. Behind one, what can't be read
/// only matches nothing.
fn matches_tokens(tokens: &[Token], name: &[char]) -> Result<bool, BadPattern> {
    let (mut token, mut at) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while at < name.len() {
        match tokens.get(token) {
            Some(Token::Any) => {
                star = Some((token, at));
                token += 1;
                continue;
            }
            Some(Token::NotAtEnd) => {
                token += 1;
                continue;
            }
            Some(Token::Bad) if star.is_none() => return Err(BadPattern),
            Some(it) if name.get(at).is_some_and(|found| it.fits(*found)) => {
                token += 1;
                at += 1;
                continue;
            }
            _ => {}
        }
        let Some((last, from)) = star else { return Ok(false) };
        star = Some((last, from + 1));
        (token, at) = (last + 1, from + 1);
    }
    Ok(tokens.iter().skip(token).all(|it| matches!(it, Token::Any)))
}

impl Token {
    fn fits(&self, found: char) -> bool {
        match self {
            Self::Any | Self::One => true,
            Self::Char(it) => *it == found,
            Self::Class { negated, ranges } => {
                ranges.iter().any(|(low, high)| (*low..=*high).contains(&found)) != *negated
            }
            Self::NotAtEnd | Self::Bad => false,
        }
    }
}
