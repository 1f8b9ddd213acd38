//! What Terraform counts as the characters of a string: grapheme clusters.

use unicode_segmentation::UnicodeSegmentation;

/// The grapheme clusters of a text, in order.
pub(crate) fn clusters(text: &str) -> impl Iterator<Item = &str> {
    text.graphemes(true)
}

/// The number of grapheme clusters.
pub(crate) fn count(text: &str) -> usize {
    if text.is_ascii() && !text.contains('\r') { text.len() } else { clusters(text).count() }
}

/// What a string will begin with if the text comes first and unknown text follows: the last
/// character may become another one with what follows, unless it is a separator.
pub(crate) fn known_prefix(text: &str) -> &str {
    const SEPARATORS: &str = "-_:;/\\,.(){}[]|?!~ \t@#$%^&*+\"'";
    let Some((at, last)) = text.grapheme_indices(true).next_back() else { return text };
    let is_separator = last.len() == 1 && SEPARATORS.contains(last);
    if is_separator { text } else { text.get(..at).unwrap_or_default() }
}
