//! The indent that all lines of a `<<-` heredoc share.

use std::borrow::Cow;

use super::template::Piece;
use crate::functions::graphemes;

/// Takes from each line as much white space as all have at their beginning. A line begins with the
/// text behind a line's end; one of white space alone does not count, and what begins with a
/// template sequence has none.
pub(super) fn flush(pieces: &mut [Piece<'_>]) {
    let mut least = usize::MAX;
    let mut lines = Vec::new();
    let mut at_line = true;
    for (at, piece) in pieces.iter().enumerate() {
        let text = match piece {
            Piece::Text(it) => Some(&**it),
            _ => None,
        };
        if std::mem::take(&mut at_line) {
            let spaces = text.map_or(0, |it| {
                let space = &it[..it.len() - it.trim_start().len()];
                if space.len() == it.len() && it.ends_with('\n') {
                    return usize::MAX;
                }
                lines.push(at);
                graphemes::count(space)
            });
            least = least.min(spaces);
        }
        at_line = text.is_some_and(|it| it.ends_with('\n'));
    }
    for at in lines {
        if let Piece::Text(text) = &mut pieces[at] {
            let taken = length(text, least);
            *text = match std::mem::take(text) {
                Cow::Borrowed(it) => Cow::Borrowed(&it[taken..]),
                Cow::Owned(it) => Cow::Owned(it[taken..].to_owned()),
            };
        }
    }
}

/// The length in bytes of the first characters of a text.
fn length(text: &str, characters: usize) -> usize {
    let is_plain = |it: &u8| matches!(it, b' ' | b'\t');
    match text.as_bytes().get(..characters) {
        // What follows may yet combine with the last of them.
        Some(it)
            if it.iter().all(is_plain)
                && text[characters..].starts_with(|it: char| it.is_ascii()) =>
        {
            characters
        }
        _ => graphemes::clusters(text).take(characters).map(str::len).sum(),
    }
}
