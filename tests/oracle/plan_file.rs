//! A plan's file, of which the types of its outputs are read: the plan in JSON tells no type where
//! anything is unknown.
//!
//! It is a zip archive with an entry `tfplan`, a message of Protocol Buffers, whose field 4 is one
//! output each: 1 its name, 2 its change, of which field 2 holds the values before and after, of which
//! field 1 is MessagePack: an array of a type in JSON and the value. The numbers are those of
//! Terraform's `planproto`.

use std::collections::BTreeMap;
use std::io::Read as _;

use serde_json::Value as Json;

/// The types of a plan's outputs, as Terraform writes types in JSON, by their names.
pub(crate) fn types_of_outputs(archive: &[u8]) -> BTreeMap<String, Json> {
    let plan = entry(archive, "tfplan").unwrap();
    let mut out = BTreeMap::new();
    for output in fields(&plan, 4) {
        let name = fields(output, 1).next().unwrap();
        let change = fields(output, 2).next().unwrap();
        // Of something that is made there is one value, the one after.
        let after = fields(change, 2).next_back().unwrap();
        let bytes = fields(after, 1).next().unwrap();
        let name = String::from_utf8(name.to_vec()).unwrap();
        out.insert(name, serde_json::from_slice(ty(bytes)).unwrap());
    }
    out
}

/// The first of the two parts of an array.
fn ty(bytes: &[u8]) -> &[u8] {
    let (length, begin) = match bytes {
        [0x92, 0xc4, length, ..] => (usize::from(*length), 3),
        [0x92, 0xc5, a, b, ..] => (usize::from(u16::from_be_bytes([*a, *b])), 4),
        [0x92, 0xc6, 0, a, b, c, ..] => {
            (usize::try_from(u32::from_be_bytes([0, *a, *b, *c])).unwrap(), 6)
        }
        other => panic!("no type in {:?}", &other[..other.len().min(8)]),
    };
    &bytes[begin..begin + length]
}

/// The content of a zip archive's entry.
fn entry(archive: &[u8], wanted: &str) -> Option<Vec<u8>> {
    let number = |at: usize, length: usize| -> usize {
        archive[at..at + length].iter().rev().fold(0, |all, it| all << 8 | usize::from(*it))
    };
    // The directory lies at the end, behind the entries, and its own end behind it.
    let end = archive.windows(4).rposition(|it| it == b"PK\x05\x06")?;
    let mut at = number(end + 16, 4);
    for _ in 0..number(end + 10, 2) {
        let (method, packed) = (number(at + 10, 2), number(at + 20, 4));
        let (name, extra, comment) = (number(at + 28, 2), number(at + 30, 2), number(at + 32, 2));
        if &archive[at + 46..at + 46 + name] == wanted.as_bytes() {
            let head = number(at + 42, 4);
            let begin = head + 30 + number(head + 26, 2) + number(head + 28, 2);
            let content = &archive[begin..begin + packed];
            let mut out = Vec::new();
            match method {
                0 => out.extend_from_slice(content),
                _ => drop(flate2::read::DeflateDecoder::new(content).read_to_end(&mut out).ok()?),
            }
            return Some(out);
        }
        at += 46 + name + extra + comment;
    }
    None
}

/// The contents of a message's fields of that number, each of which has a length.
fn fields(message: &[u8], wanted: u64) -> impl DoubleEndedIterator<Item = &[u8]> {
    let mut out = Vec::new();
    let mut rest = message;
    while !rest.is_empty() {
        let key = varint(&mut rest);
        match key & 7 {
            0 => drop(varint(&mut rest)),
            2 => {
                let length = usize::try_from(varint(&mut rest)).unwrap();
                let (content, behind) = rest.split_at(length);
                rest = behind;
                if key >> 3 == wanted {
                    out.push(content);
                }
            }
            1 => rest = &rest[8..],
            5 => rest = &rest[4..],
            other => panic!("a field of the wire type {other}"),
        }
    }
    out.into_iter()
}

fn varint(rest: &mut &[u8]) -> u64 {
    let mut out = 0;
    for shift in (0..).step_by(7) {
        let (byte, behind) = rest.split_first().unwrap();
        *rest = behind;
        out |= u64::from(byte & 127) << shift;
        if byte & 128 == 0 {
            break;
        }
    }
    out
}
