//! Strings that are known in part.

use unicode_segmentation::UnicodeSegmentation as _;

/// The part of a beginning that stays what it is whatever follows it: without the last character
/// that a person sees, if something combining could still come behind it.
pub(super) fn safe_prefix(text: &str) -> &str {
    let Some((at, last)) = text.grapheme_indices(true).next_back() else { return text };
    // Behind these, nothing combines: they end a syllable, a word or a path by themselves.
    let is_final = matches!(
        last,
        "-" | "_" | ":" | ";" | "/" | "\\" | "," | "." | "(" | ")" | "{" | "}" | "|" | "?" | "!"
            | "~" | " " | "\t" | "@" | "#" | "$" | "%" | "^" | "&" | "*" | "+" | "\"" | "'"
    );
    if is_final { text } else { &text[..at] }
}
