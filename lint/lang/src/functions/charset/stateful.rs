//! Character sets in which escape sequences say how the next bytes are read.

use super::wide::Wide;

/// What the next bytes of ISO-2022-JP are.
#[derive(Clone, Copy, PartialEq)]
enum Jis {
    Ascii,
    Katakana,
    Kanji,
    /// The supplementary characters of JIS X 0212, which are only read.
    More,
}

impl Jis {
    const ALL: [(Self, &'static [u8]); 4] = [
        (Self::Ascii, b"\x1b(B"),
        (Self::Katakana, b"\x1b(I"),
        (Self::Kanji, b"\x1b$B"),
        (Self::More, b"\x1b$(D"),
    ];

    fn escape(self) -> &'static [u8] {
        Self::ALL.iter().find(|(it, _)| *it == self).map_or(&[], |(_, it)| it)
    }
}

/// The bytes of ISO-2022-JP, which end in ASCII; `None` if a character is not in the set.
pub(super) fn to_iso_2022_jp(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut state = Jis::Ascii;
    let mut switch = |out: &mut Vec<u8>, to: Jis| {
        if state != to {
            out.extend(to.escape());
            state = to;
        }
    };
    for it in text.chars() {
        match Wide::EucJp.code(it)?[..] {
            [byte] if it.is_ascii() => {
                switch(&mut out, Jis::Ascii);
                out.push(byte);
            }
            [0x8e, byte] => {
                switch(&mut out, Jis::Katakana);
                out.push(byte & 0x7f);
            }
            [row, cell] => {
                switch(&mut out, Jis::Kanji);
                out.extend([row & 0x7f, cell & 0x7f]);
            }
            _ => return None,
        }
    }
    switch(&mut out, Jis::Ascii);
    Some(out)
}

/// The text of ISO-2022-JP; `None` if bytes stand for no character.
pub(super) fn from_iso_2022_jp(mut bytes: &[u8]) -> Option<String> {
    let mut out = String::new();
    let mut state = Jis::Ascii;
    while let [first, behind @ ..] = bytes {
        let escapes = Jis::ALL
            .into_iter()
            .chain([(Jis::Ascii, b"\x1b(J".as_slice()), (Jis::Kanji, b"\x1b$@".as_slice())]);
        if let Some((to, escape)) = escapes.into_iter().find(|(_, it)| bytes.starts_with(it)) {
            state = to;
            bytes = &bytes[escape.len()..];
            continue;
        }
        if !first.is_ascii() || *first == 0x1b {
            return None;
        }
        match (state, behind) {
            (Jis::Ascii, _) => {
                out.push(char::from(*first));
                bytes = behind;
            }
            (Jis::Katakana, _) => {
                out.push_str(&Wide::EucJp.decode(&[0x8e, first | 0x80])?);
                bytes = behind;
            }
            // A new line begins in ASCII again.
            (Jis::Kanji | Jis::More, _) if *first == b'\n' => {
                state = Jis::Ascii;
                out.push('\n');
                bytes = behind;
            }
            (Jis::Kanji, [cell, rest @ ..]) => {
                out.push_str(&Wide::EucJp.decode(&[first | 0x80, cell | 0x80])?);
                bytes = rest;
            }
            (Jis::More, [cell, rest @ ..]) => {
                out.push_str(&Wide::EucJp.decode(&[0x8f, first | 0x80, cell | 0x80])?);
                bytes = rest;
            }
            (Jis::Kanji | Jis::More, []) => return None,
        }
    }
    Some(out)
}

/// The bytes of HZ; `None` if a character is not in GB 2312. Terraform's does not go back to ASCII
/// at the end.
pub(super) fn to_hz(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut is_ascii = true;
    for it in text.chars() {
        if it == '~' {
            out.extend(b"~~");
        } else if it.is_ascii() {
            if !is_ascii {
                out.extend(b"~}");
                is_ascii = true;
            }
            out.push(u8::try_from(it).ok()?);
        } else {
            let [row @ 0xa1..=0xfd, cell @ 0xa1..=0xfe] = gb_2312(it)?[..] else { return None };
            if is_ascii {
                out.extend(b"~{");
                is_ascii = false;
            }
            out.extend([row & 0x7f, cell & 0x7f]);
        }
    }
    Some(out)
}

/// The text of HZ; `None` if bytes stand for no character.
pub(super) fn from_hz(mut bytes: &[u8]) -> Option<String> {
    let mut out = String::new();
    let mut is_ascii = true;
    while !bytes.is_empty() {
        bytes = match bytes {
            [b'~', b'{', rest @ ..] => {
                is_ascii = false;
                rest
            }
            [b'~', b'}', rest @ ..] => {
                is_ascii = true;
                rest
            }
            [b'~', b'~', rest @ ..] => {
                out.push('~');
                rest
            }
            [b'~', b'\n', rest @ ..] => rest,
            [b'~' | 0x80.., ..] => return None,
            [first, rest @ ..] if is_ascii => {
                out.push(char::from(*first));
                rest
            }
            [row @ 0x21..=0x7d, cell @ 0x21..=0x7e, rest @ ..] => {
                out.push_str(&Wide::Gbk.decode(&[row | 0x80, cell | 0x80])?);
                rest
            }
            _ => return None,
        };
    }
    Some(out)
}

/// The two bytes of a character; the sign of the euro has one in GBK.
fn gb_2312(it: char) -> Option<Vec<u8>> {
    if it == '€' { Some(vec![0xa2, 0xe3]) } else { Wide::Gbk.code(it) }
}
