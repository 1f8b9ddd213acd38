//! Text in other character sets than Unicode's own, by the names that IANA registers.

mod names;
mod stateful;
mod tables;
mod wide;

use wide::Wide;

/// A character set: its own name, and how its bytes are read.
#[derive(Clone, Copy)]
pub(super) struct Charset {
    pub(super) name: &'static str,
    form: Form,
}

/// How the bytes of a character set are read.
#[derive(Clone, Copy)]
enum Form {
    Ascii,
    Utf8,
    /// Big-endian unless the text begins with a mark that says otherwise; written with the mark.
    Utf16,
    Utf16Be,
    Utf16Le,
    /// One byte a character: a table of those from 0x80 on, or of all.
    Table(&'static str),
    /// Several bytes a character.
    Wide(Wide),
    /// Characters of JIS between escape sequences.
    Iso2022Jp,
    /// Characters of GB 2312 between `~{` and `~}`.
    Hz,
}

impl Charset {
    /// The character set of that name, in whichever letters.
    pub(super) fn find(name: &str) -> Option<Self> {
        let is_name = |it: &str| it.eq_ignore_ascii_case(name.trim());
        let row = names::CHARSETS
            .iter()
            .find(|(own, others, _)| is_name(own) || others.split_whitespace().any(is_name));
        row.map(|(name, _, form)| Self { name, form: *form })
    }

    /// The bytes of a text; `None` if a character is not in the set.
    pub(super) fn encode(self, text: &str) -> Option<Vec<u8>> {
        match self.form {
            Form::Ascii => text.is_ascii().then(|| text.into()),
            Form::Utf8 => Some(text.into()),
            Form::Utf16 => Some(utf16('\u{feff}', text, u16::to_be_bytes)),
            Form::Utf16Be => Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
            Form::Utf16Le => Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            Form::Table(table) => text.chars().map(|it| byte_of(table, it)).collect(),
            Form::Wide(it) => it.encode(text),
            Form::Iso2022Jp => stateful::to_iso_2022_jp(text),
            Form::Hz => stateful::to_hz(text),
        }
    }

    /// The text of bytes; `None` if they stand for no characters of the set.
    pub(super) fn decode(self, bytes: &[u8]) -> Option<String> {
        let text = match self.form {
            Form::Ascii => {
                bytes.is_ascii().then(|| bytes.iter().map(|it| char::from(*it)).collect())
            }
            Form::Utf8 => String::from_utf8(bytes.to_vec()).ok(),
            Form::Utf16 => match bytes {
                [0xff, 0xfe, rest @ ..] => from_utf16(rest, u16::from_le_bytes),
                [0xfe, 0xff, rest @ ..] | rest => from_utf16(rest, u16::from_be_bytes),
            },
            Form::Utf16Be => from_utf16(bytes, u16::from_be_bytes),
            Form::Utf16Le => from_utf16(bytes, u16::from_le_bytes),
            Form::Table(table) => Some(from_table(table, bytes)),
            Form::Wide(it) => it.decode(bytes),
            Form::Iso2022Jp => stateful::from_iso_2022_jp(bytes),
            Form::Hz => stateful::from_hz(bytes),
        };
        // A replacement character means that something was replaced, even if it was written so.
        text.filter(|it| !it.contains(char::REPLACEMENT_CHARACTER))
    }
}

fn utf16(mark: char, text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let mark = (!text.is_empty()).then_some(mark);
    let mut units = [0; 2];
    mark.into_iter()
        .chain(text.chars())
        .flat_map(|it| it.encode_utf16(&mut units).to_vec())
        .flat_map(bytes)
        .collect()
}

fn from_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks();
    let units: Vec<u16> = pairs.iter().map(|it| unit(*it)).collect();
    String::from_utf16(&units).ok().filter(|_| rest.is_empty())
}

/// Tables of half the bytes are those of sets that begin with ASCII.
fn byte_of(table: &str, character: char) -> Option<u8> {
    if table.chars().count() == 256 {
        return u8::try_from(table.chars().position(|it| it == character)?).ok();
    }
    if character.is_ascii() {
        return u8::try_from(character).ok();
    }
    u8::try_from(0x80 + table.chars().position(|it| it == character)?).ok()
}

fn from_table(table: &str, bytes: &[u8]) -> String {
    let table: Vec<char> = table.chars().collect();
    let from = 256 - table.len();
    bytes
        .iter()
        .map(|it| match usize::from(*it).checked_sub(from) {
            Some(at) => table.get(at).copied().unwrap_or(char::REPLACEMENT_CHARACTER),
            None => char::from(*it),
        })
        .collect()
}
