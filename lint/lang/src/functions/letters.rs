//! Letters' cases, as Go maps them: one character to one character, by Unicode 15.

/// The text in capitals.
pub(super) fn upper(text: &str) -> String {
    text.chars().map(upper_char).collect()
}

/// The text in small letters.
pub(super) fn lower(text: &str) -> String {
    text.chars().map(lower_char).collect()
}

/// The first letter of each word as a capital. A word begins after a space or after what is no
/// letter, digit or underscore of ASCII.
pub(super) fn title(text: &str) -> String {
    let mut before = ' ';
    let titled = text.chars().map(|it| {
        let first = is_separator(before);
        before = it;
        if first { title_char(it) } else { it }
    });
    titled.collect()
}

fn is_separator(it: char) -> bool {
    if it.is_ascii() { !it.is_ascii_alphanumeric() && it != '_' } else { it.is_whitespace() }
}

fn upper_char(it: char) -> char {
    let mut all = it.to_uppercase();
    match (all.next(), all.next()) {
        (Some(one), None) if !is_young(it, one) => one,
        (Some(_), Some(_)) => with_iota(it),
        _ => it,
    }
}

fn lower_char(it: char) -> char {
    let mut all = it.to_lowercase();
    match (all.next(), all.next()) {
        (Some(one), None) if !is_young(it, one) => one,
        // A dot above, which follows in full mappings only.
        (Some(one), Some(_)) => one,
        _ => it,
    }
}

fn title_char(it: char) -> char {
    match it {
        'Ǆ'..='ǆ' => 'ǅ',
        'Ǉ'..='ǉ' => 'ǈ',
        'Ǌ'..='ǌ' => 'ǋ',
        'Ǳ'..='ǳ' => 'ǲ',
        // Georgian has capitals for whole words only.
        '\u{10d0}'..='\u{10ff}' => it,
        _ => upper_char(it),
    }
}

/// Greek letters with an iota below have a capital that is one character; all others whose
/// capitals are several characters stay as they are.
fn with_iota(it: char) -> char {
    let capital = match it {
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => {
            u32::from(it) + 8
        }
        '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => u32::from(it) + 9,
        _ => return it,
    };
    char::from_u32(capital).unwrap_or(it)
}

/// Pairs of letters that came after Unicode 15.
fn is_young(a: char, b: char) -> bool {
    let young = |it: char| {
        matches!(it,
            '\u{a7cb}'..='\u{a7cf}' | '\u{a7d2}' | '\u{a7d4}' | '\u{a7da}'..='\u{a7dc}'
            | '\u{10d50}'..='\u{10d8f}' | '\u{16ea0}'..='\u{16edf}')
    };
    a != b && (young(a) || young(b))
}
