//! Functions between text and bytes: base64, gzip, character sets and the escapes of URLs.

use std::io::{Read, Write};

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use stanchion_cty::{Mark, Value};

use super::arguments::{limit, text, text_function};
use super::charset::Charset;
use super::{Function, Parameter, Refused, Ty};

const STR: Parameter = Parameter::new("str", Ty::String);
const ENCODING: Parameter = Parameter::new("encoding", Ty::String);

/// Bits that are left over at the end say nothing, whatever they are.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

pub(super) const FUNCTIONS: &[Function] = &[
    text_function("base64decode", &[STR.unknown().marked()], |_, args, _| {
        decoded(&args[0], |bytes| {
            let why = "the result of decoding the provided string is not valid UTF-8";
            String::from_utf8(bytes).map_err(|_| why.into())
        })
    }),
    text_function("base64encode", &[STR], |_, args, _| encoded(text(args, 0).as_bytes())),
    text_function("base64gunzip", &[STR.marked()], |_, args, _| decoded(&args[0], gunzip)),
    text_function("base64gzip", &[STR], |_, args, _| {
        let mut out = GzEncoder::new(Vec::new(), Compression::default());
        let written = out.write_all(text(args, 0).as_bytes()).and_then(|()| out.finish());
        encoded(&written.map_err(|it| format!("failed to write gzip raw data: {it}"))?)
    }),
    text_function(
        "textdecodebase64",
        &[Parameter::new("source", Ty::String), ENCODING],
        |_, args, _| textdecodebase64(args),
    ),
    text_function(
        "textencodebase64",
        &[Parameter::new("string", Ty::String), ENCODING],
        |_, args, _| textencodebase64(args),
    ),
    text_function("urldecode", &[STR], |_, args, _| urldecode(text(args, 0))),
    text_function("urlencode", &[STR], |_, args, _| urlencode(text(args, 0))),
];

fn encoded(bytes: &[u8]) -> Result<Value, Refused> {
    limit(bytes.len().saturating_mul(4) / 3)?;
    Ok(Value::from(BASE64.encode(bytes)))
}

/// What a string in base64 says; an unknown one is still of its marks.
fn decoded(value: &Value, read: fn(Vec<u8>) -> Result<String, Refused>) -> Result<Value, Refused> {
    let marks = value.marks();
    let Some(text) = value.as_str() else {
        return Ok(Value::unknown(stanchion_cty::Type::String).mark(marks));
    };
    let bytes = from_base64(text).map_err(|_| {
        let shown = match (marks.has(Mark::Ephemeral), marks.has(Mark::Sensitive)) {
            (true, _) => "(ephemeral value)".to_owned(),
            (_, true) => "(sensitive value)".to_owned(),
            _ => format!("{text:?}"),
        };
        format!("failed to decode base64 data {shown}")
    })?;
    Ok(Value::from(read(bytes)?).mark(marks))
}

/// Line ends may stand anywhere. An error is the place of the symbol that is wrong.
fn from_base64(text: &str) -> Result<Vec<u8>, usize> {
    let plain: String = text.chars().filter(|it| !matches!(it, '\r' | '\n')).collect();
    BASE64.decode(&plain).map_err(|it| match it {
        base64::DecodeError::InvalidByte(at, _) | base64::DecodeError::InvalidLastSymbol(at, _) => {
            at
        }
        base64::DecodeError::InvalidLength(_) | base64::DecodeError::InvalidPadding => plain.len(),
    })
}

fn gunzip(bytes: Vec<u8>) -> Result<String, Refused> {
    let refused = |it: std::io::Error| Refused::from(format!("failed to gunzip bytestream: {it}"));
    let mut out = Vec::new();
    let mut buffer = [0; 8192];
    let mut reader = MultiGzDecoder::new(&bytes[..]);
    loop {
        let read = reader.read(&mut buffer).map_err(refused)?;
        if read == 0 {
            break;
        }
        out.extend(&buffer[..read]);
        limit(out.len())?;
    }
    Ok(shown(&out))
}

fn charset(args: &[Value]) -> Result<Charset, Refused> {
    let name = text(args, 1);
    Charset::find(name).ok_or_else(|| {
        let why = "is not a supported IANA encoding name or alias in this Terraform version";
        Refused::Argument(1, format!("{name:?} {why}"))
    })
}

fn textencodebase64(args: &[Value]) -> Result<Value, Refused> {
    let charset = charset(args)?;
    let bytes = charset.encode(text(args, 0)).ok_or_else(|| {
        let why = "the given string contains characters that cannot be represented in";
        Refused::Argument(0, format!("{why} {}", charset.name))
    })?;
    encoded(&bytes)
}

fn textdecodebase64(args: &[Value]) -> Result<Value, Refused> {
    let charset = charset(args)?;
    let bytes = from_base64(text(args, 0)).map_err(|at| {
        let why = format!("the given value has an invalid base64 symbol at offset {at}");
        Refused::Argument(0, why)
    })?;
    let text = charset.decode(&bytes).ok_or_else(|| {
        let why = "the given string contains symbols that are not defined for";
        Refused::Argument(0, format!("{why} {}", charset.name))
    })?;
    Ok(Value::from(text))
}

fn urlencode(text: &str) -> Result<Value, Refused> {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            _ => {
                out.push('%');
                out.push(char::from(DIGITS[usize::from(byte >> 4)]));
                out.push(char::from(DIGITS[usize::from(byte & 15)]));
            }
        }
    }
    limit(out.len())?;
    Ok(Value::from(out))
}

/// Bytes as a plan shows them: each that belongs to no letter in UTF-8 stands for itself as U+FFFD.
fn shown(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    out
}

fn urldecode(text: &str) -> Result<Value, Refused> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        rest = behind;
        match (first, behind) {
            (b'+', _) => out.push(b' '),
            (b'%', _) => {
                let digits = behind.get(..2).and_then(|it| std::str::from_utf8(it).ok());
                let byte = digits.filter(|it| it.bytes().all(|it| it.is_ascii_hexdigit()));
                let Some(byte) = byte.and_then(|it| u8::from_str_radix(it, 16).ok()) else {
                    let shown: String = String::from_utf8_lossy(rest).chars().take(2).collect();
                    let why = format!("invalid URL escape \"%{shown}\"");
                    return Err(format!("failed to decode URL: {why}").into());
                };
                out.push(byte);
                rest = &behind[2..];
            }
            _ => out.push(*first),
        }
    }
    Ok(Value::from(shown(&out)))
}
