//! Character sets of several bytes a character.
//!
//! Terraform reads them as browsers do, but without the characters for private use, and writes what
//! it reads: of several ways to write a character the first, in Big5 the last. Browsers write fewer
//! characters.

use std::collections::HashMap;
use std::sync::LazyLock;

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, SHIFT_JIS};

/// A character set of several bytes a character.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Wide {
    Big5,
    EucJp,
    EucKr,
    Gb18030,
    Gbk,
    ShiftJis,
}

/// The bytes of each character that has more than one byte.
type Codes = HashMap<char, Vec<u8>>;

impl Wide {
    /// The bytes of a text; `None` if a character is not in the set.
    pub(super) fn encode(self, text: &str) -> Option<Vec<u8>> {
        let mut out = Vec::with_capacity(text.len());
        for it in text.chars() {
            out.extend(self.code(it)?);
        }
        Some(out)
    }

    /// The bytes of one character.
    pub(super) fn code(self, it: char) -> Option<Vec<u8>> {
        if it.is_ascii() {
            return u8::try_from(it).ok().map(|it| vec![it]);
        }
        let codes: &LazyLock<Codes> = match self {
            Self::Big5 => {
                static CODES: LazyLock<Codes> = LazyLock::new(|| pairs(Wide::Big5));
                &CODES
            }
            Self::EucJp => {
                static CODES: LazyLock<Codes> = LazyLock::new(|| {
                    let mut codes = pairs(Wide::EucJp);
                    add(&mut codes, Wide::EucJp, |row, cell| vec![0x8f, row, cell]);
                    codes
                });
                &CODES
            }
            Self::EucKr => {
                static CODES: LazyLock<Codes> = LazyLock::new(|| pairs(Wide::EucKr));
                &CODES
            }
            Self::ShiftJis => {
                static CODES: LazyLock<Codes> = LazyLock::new(|| {
                    let mut codes = pairs(Wide::ShiftJis);
                    for byte in 0xa1..=0xdf {
                        if let Some(it) = only(Wide::ShiftJis, &[byte]) {
                            codes.entry(it).or_insert_with(|| vec![byte]);
                        }
                    }
                    codes
                });
                &CODES
            }
            Self::Gbk | Self::Gb18030 => return self.gb(it),
        };
        codes.get(&it).cloned()
    }

    fn gb(self, it: char) -> Option<Vec<u8>> {
        let newer = newer(it);
        if newer.is_some() || is_private(it) {
            return newer.filter(|_| self == Self::Gb18030).map(Vec::from);
        }
        let mut buffer = [0; 4];
        let (bytes, _, has_errors) = self.encoding().encode(it.encode_utf8(&mut buffer));
        (!has_errors).then(|| bytes.into_owned())
    }

    /// The text of bytes; `None` if they stand for no characters of the set.
    pub(super) fn decode(self, mut bytes: &[u8]) -> Option<String> {
        if !matches!(self, Self::Gbk | Self::Gb18030) {
            let text = text(self.encoding(), bytes)?;
            return (!text.contains(is_private)).then_some(text);
        }
        let mut out = String::new();
        while let [first, behind @ ..] = bytes {
            let length = match (first, behind) {
                (..=0x80, _) => 1,
                (_, [b'0'..=b'9', ..]) => 4,
                _ => 2,
            };
            let (code, rest) = bytes.split_at_checked(length)?;
            bytes = rest;
            match NEWER
                .iter()
                .flat_map(|(first, last, _)| *first..=*last)
                .find(|it| length == 4 && newer(*it).is_some_and(|it| it == code))
            {
                Some(it) => out.push(it),
                None => {
                    let text = text(self.encoding(), code)?;
                    if text.contains(|it| is_private(it) || newer(it).is_some()) {
                        return None;
                    }
                    out.push_str(&text);
                }
            }
        }
        Some(out)
    }

    fn encoding(self) -> &'static Encoding {
        match self {
            Self::Big5 => BIG5,
            Self::EucJp => EUC_JP,
            Self::EucKr => EUC_KR,
            Self::Gb18030 => GB18030,
            Self::Gbk => GBK,
            Self::ShiftJis => SHIFT_JIS,
        }
    }
}

/// Characters that came into Unicode after the tables that Terraform has: it knows them only by
/// the four bytes that GB 18030 counts off, of which these are the first's.
const NEWER: &[(char, char, [u8; 4])] = &[
    ('\u{1e3f}', '\u{1e3f}', [0x81, 0x35, 0xf4, 0x37]),
    ('\u{9fb4}', '\u{9fbb}', [0x82, 0x35, 0x90, 0x37]),
    ('\u{fe10}', '\u{fe19}', [0x84, 0x31, 0x82, 0x36]),
];

fn newer(it: char) -> Option<[u8; 4]> {
    let (first, _, [a, b, c, d]) = NEWER.iter().find(|(a, b, _)| (*a..=*b).contains(&it))?;
    // The last byte counts from 0x30 to 0x39, and carries into the one before it.
    let at = u8::try_from(u32::from(it) - u32::from(*first)).ok()? + (d - 0x30);
    Some([*a, *b, c + at / 10, 0x30 + at % 10])
}

fn is_private(it: char) -> bool {
    ('\u{e000}'..='\u{f8ff}').contains(&it)
}

fn pairs(wide: Wide) -> Codes {
    let mut codes = Codes::new();
    add(&mut codes, wide, |first, second| vec![first, second]);
    codes
}

fn add(codes: &mut Codes, wide: Wide, code: fn(u8, u8) -> Vec<u8>) {
    for first in 0x81..=0xfe {
        for second in 0x40..=0xfe {
            let code = code(first, second);
            match only(wide, &code) {
                Some(it) if wide == Wide::Big5 => drop(codes.insert(it, code)),
                Some(it) => drop(codes.entry(it).or_insert(code)),
                None => {}
            }
        }
    }
}

/// The one character that bytes stand for.
fn only(wide: Wide, bytes: &[u8]) -> Option<char> {
    let text = wide.decode(bytes)?;
    let mut characters = text.chars();
    let first = characters.next()?;
    characters.next().is_none().then_some(first)
}

fn text(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    let (text, has_errors) = encoding.decode_without_bom_handling(bytes);
    (!has_errors).then(|| text.into_owned())
}
