//! Digests of strings and files, and what is made of chance.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use stanchion_cty::{Type, Value};

use super::arguments::{text, text_function};
use super::{Context, Function, Parameter, Refused, Run, Ty, files};

const STR: &[Parameter] = &[Parameter::new("str", Ty::String)];
const PATH: &[Parameter] = &[Parameter::new("path", Ty::String)];

pub(super) const FUNCTIONS: &[Function] = &[
    of("base64sha256", |_, args, _| Ok(base64_of::<Sha256>(text(args, 0).as_bytes()))),
    of("base64sha512", |_, args, _| Ok(base64_of::<Sha512>(text(args, 0).as_bytes()))),
    of("md5", |_, args, _| Ok(hex_of::<Md5>(text(args, 0).as_bytes()))),
    of("sha1", |_, args, _| Ok(hex_of::<Sha1>(text(args, 0).as_bytes()))),
    of("sha256", |_, args, _| Ok(hex_of::<Sha256>(text(args, 0).as_bytes()))),
    of("sha512", |_, args, _| Ok(hex_of::<Sha512>(text(args, 0).as_bytes()))),
    of_file("filebase64sha256", |cx, args, _| {
        files::content(cx, args).map(|it| base64_of::<Sha256>(&it))
    }),
    of_file("filebase64sha512", |cx, args, _| {
        files::content(cx, args).map(|it| base64_of::<Sha512>(&it))
    }),
    of_file("filemd5", |cx, args, _| files::content(cx, args).map(|it| hex_of::<Md5>(&it))),
    of_file("filesha1", |cx, args, _| files::content(cx, args).map(|it| hex_of::<Sha1>(&it))),
    of_file("filesha256", |cx, args, _| files::content(cx, args).map(|it| hex_of::<Sha256>(&it))),
    of_file("filesha512", |cx, args, _| files::content(cx, args).map(|it| hex_of::<Sha512>(&it))),
    Function {
        variadic: Some(Parameter::new("cost", Ty::Number)),
        ..text_function("bcrypt", STR, of_chance)
    },
    text_function("uuid", &[], of_chance),
    text_function(
        "uuidv5",
        &[Parameter::new("namespace", Ty::String), Parameter::new("name", Ty::String)],
        uuidv5,
    ),
];

const fn of(name: &'static str, run: Run) -> Function {
    text_function(name, STR, run)
}

const fn of_file(name: &'static str, run: Run) -> Function {
    text_function(name, PATH, run)
}

fn of_chance(_: &Context<'_>, _: &[Value], ty: &Type) -> Result<Value, Refused> {
    Ok(Value::unknown(ty.clone()))
}

fn hex_of<D: Digest>(content: &[u8]) -> Value {
    Value::from(hex(&D::digest(content)))
}

fn base64_of<D: Digest>(content: &[u8]) -> Value {
    Value::from(STANDARD.encode(D::digest(content)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

/// RFC 4122, 4.3: the first half of the SHA-1 of namespace and name, with version and variant.
fn uuidv5(_: &Context<'_>, args: &[Value], _: &Type) -> Result<Value, Refused> {
    let given = text(args, 0);
    // The namespaces of RFC 4122, appendix C, differ in one digit only.
    let well_known = match given {
        "dns" => Some("0"),
        "url" => Some("1"),
        "oid" => Some("2"),
        "x500" => Some("4"),
        _ => None,
    };
    let namespace = match well_known {
        Some(digit) => uuid(&format!("6ba7b81{digit}-9dad-11d1-80b4-00c04fd430c8")),
        None => uuid(given),
    };
    let namespace =
        namespace.map_err(|why| format!("uuidv5() doesn't support namespace {given} ({why})"))?;
    let digest = Sha1::new().chain_update(namespace).chain_update(text(args, 1)).finalize();
    let mut it = digest.to_vec();
    it.truncate(16);
    for (at, kept, set) in [(6, 0x0f, 0x50), (8, 0x3f, 0x80)] {
        if let Some(byte) = it.get_mut(at) {
            *byte = *byte & kept | set;
        }
    }
    let mut out = hex(&it);
    for at in [20, 16, 12, 8] {
        out.insert(at, '-');
    }
    Ok(Value::from(out))
}

/// A UUID's bytes, from the ways of writing it that Terraform reads.
fn uuid(given: &str) -> Result<[u8; 16], String> {
    let format = || "invalid UUID format".to_owned();
    let inside = match given.len() {
        36 | 32 => given,
        45 => match given.get(..9) {
            Some(urn) if urn.eq_ignore_ascii_case("urn:uuid:") => {
                given.get(9..).unwrap_or_default()
            }
            prefix => return Err(format!("invalid urn prefix: {:?}", prefix.unwrap_or_default())),
        },
        38 => given.get(1..37).ok_or_else(format)?,
        length => return Err(format!("invalid UUID length: {length}")),
    };
    let is_dashed = inside.len() == 36;
    let dashes = [8, 13, 18, 23];
    if is_dashed && !dashes.iter().all(|at| inside.as_bytes().get(*at) == Some(&b'-')) {
        return Err(format());
    }
    let digits: Vec<u32> = inside
        .char_indices()
        .filter(|(at, _)| !(is_dashed && dashes.contains(at)))
        .map(|(_, it)| it.to_digit(16).ok_or_else(format))
        .collect::<Result<_, _>>()?;
    let mut out = [0; 16];
    for (byte, pair) in out.iter_mut().zip(digits.chunks(2)) {
        *byte = pair.iter().fold(0, |sum, digit| sum << 4 | *digit as u8);
    }
    Ok(out)
}
