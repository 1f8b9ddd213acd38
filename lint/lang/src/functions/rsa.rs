//! `rsadecrypt`: RSA with the padding of PKCS #1 1.5, by keys of the usual formats.
//!
//! It computes in no constant time. Whoever lints a configuration has its key, so that there is
//! nobody to hide it from.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use num_bigint::BigUint;
use pkcs1::RsaPrivateKey;
use pkcs8::{ObjectIdentifier, PrivateKeyInfo};
use stanchion_cty::{Type, Value};

use super::arguments::{text, text_function};
use super::{Context, Function, Parameter, Refused, Ty};

pub(super) const FUNCTIONS: &[Function] = &[text_function(
    "rsadecrypt",
    &[Parameter::new("ciphertext", Ty::String), Parameter::new("privatekey", Ty::String)],
    rsadecrypt,
)];

/// The least and the most bits of a modulus: Go's own limit, and what is not too costly.
const BITS: std::ops::RangeInclusive<u64> = 1024..=16_384;

fn rsadecrypt(_: &Context<'_>, args: &[Value], _: &Type) -> Result<Value, Refused> {
    let given: String = text(args, 0).chars().filter(|it| !matches!(it, '\r' | '\n')).collect();
    let ciphertext = STANDARD.decode(given).map_err(|_| {
        Refused::Argument(0, "failed to decode input: cipher text must be base64-encoded".into())
    })?;
    let key = Key::read(text(args, 1)).map_err(|why| Refused::Argument(1, why))?;
    let failed = |why: &str| Refused::Call(format!("failed to decrypt: crypto/rsa: {why}"));
    let bits = key.modulus.bits();
    if !BITS.contains(&bits) {
        return Err(failed(&format!("{bits}-bit keys are insecure or too large")));
    }
    let plain = key.decrypt(&ciphertext).ok_or_else(|| failed("decryption error"))?;
    Ok(Value::from(String::from_utf8_lossy(&plain).into_owned()))
}

/// `rsaEncryption` of RFC 8017, appendix A.1.
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

struct Key {
    modulus: BigUint,
    exponent: BigUint,
}

impl Key {
    fn read(text: &str) -> Result<Self, String> {
        let invalid = |why: &str| format!("invalid private key: {why}");
        let no_structure = || "invalid ASN1 data in the given private key".to_owned();
        let Some((label, content)) = block(text) else {
            return Err(invalid("ssh: no key found"));
        };
        let content =
            content.ok_or_else(|| invalid("ssh: this private key is passphrase protected"))?;
        match &*label {
            "RSA PRIVATE KEY" => Self::pkcs1(&content).ok_or_else(no_structure),
            "PRIVATE KEY" => {
                let info = PrivateKeyInfo::try_from(&*content).map_err(|_| no_structure())?;
                if info.algorithm.oid != RSA {
                    return Err("invalid private key type: it is no RSA key".to_owned());
                }
                Self::pkcs1(info.private_key).ok_or_else(no_structure)
            }
            "OPENSSH PRIVATE KEY" => Self::openssh(&content),
            "EC PRIVATE KEY" | "DSA PRIVATE KEY" => {
                Err("invalid private key type: it is no RSA key".to_owned())
            }
            label => Err(invalid(&format!("ssh: unsupported key type {label:?}"))),
        }
    }

    fn pkcs1(content: &[u8]) -> Option<Self> {
        let key = RsaPrivateKey::try_from(content).ok()?;
        Some(Self {
            modulus: BigUint::from_bytes_be(key.modulus.as_bytes()),
            exponent: BigUint::from_bytes_be(key.private_exponent.as_bytes()),
        })
    }

    /// The format of OpenSSH's `PROTOCOL.key`.
    fn openssh(content: &[u8]) -> Result<Self, String> {
        let malformed = || "invalid private key: ssh: malformed OpenSSH key".to_owned();
        let rest = content.strip_prefix(b"openssh-key-v1\0").ok_or_else(malformed)?;
        let mut outer = Fields { rest };
        let (cipher, _, _) = (outer.next(), outer.next(), outer.next());
        if cipher.ok_or_else(malformed)? != b"none" {
            return Err("invalid private key: ssh: this private key is passphrase protected".into());
        }
        if outer.count() != Some(1) {
            return Err("invalid private key: ssh: multi-key files are not supported".into());
        }
        let (_, private) = (outer.next(), outer.next());
        let mut inner = Fields { rest: private.ok_or_else(malformed)? };
        if inner.count().ok_or_else(malformed)? != inner.count().ok_or_else(malformed)? {
            return Err(malformed());
        }
        if inner.next().ok_or_else(malformed)? != b"ssh-rsa" {
            return Err("invalid private key type: it is no RSA key".into());
        }
        let (modulus, _, exponent) = (inner.next(), inner.next(), inner.next());
        Ok(Self {
            modulus: BigUint::from_bytes_be(modulus.ok_or_else(malformed)?),
            exponent: BigUint::from_bytes_be(exponent.ok_or_else(malformed)?),
        })
    }

    /// What stands behind the padding: 0, 2, at least eight bytes that are not 0, and 0.
    fn decrypt(&self, ciphertext: &[u8]) -> Option<Vec<u8>> {
        let length = usize::try_from(self.modulus.bits().div_ceil(8)).ok()?;
        let number = BigUint::from_bytes_be(ciphertext);
        if ciphertext.len() > length || number >= self.modulus {
            return None;
        }
        let padded = number.modpow(&self.exponent, &self.modulus).to_bytes_be();
        let rest = padded.strip_prefix(&[2]).filter(|_| padded.len() + 1 == length)?;
        let end = rest.iter().position(|it| *it == 0).filter(|end| *end >= 8)?;
        rest.get(end + 1..).map(<[u8]>::to_vec)
    }
}

/// The first block in PEM: its label, and its content unless that is encrypted.
fn block(text: &str) -> Option<(String, Option<Vec<u8>>)> {
    let mut rest = text;
    loop {
        let start = rest.find("-----BEGIN ")?;
        let is_at_line = start == 0 || rest.as_bytes().get(start - 1) == Some(&b'\n');
        rest = rest.get(start + "-----BEGIN ".len()..)?;
        let Some((label, body)) = rest.split_once("-----").filter(|_| is_at_line) else {
            continue;
        };
        let Some((body, _)) = body.split_once(&format!("\n-----END {label}-----")) else {
            continue;
        };
        let is_header = |line: &&str| line.contains(':');
        if body.lines().filter(is_header).any(|line| line.starts_with("DEK-Info")) {
            return Some((label.to_owned(), None));
        }
        let digits: String = body
            .lines()
            .filter(|line| !is_header(line))
            .flat_map(|line| line.chars().filter(|it| !it.is_ascii_whitespace()))
            .collect();
        if let Ok(content) = STANDARD.decode(digits) {
            return Some((label.to_owned(), Some(content)));
        }
    }
}

/// Fields that begin with their length in 32 bits.
struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    fn count(&mut self) -> Option<u32> {
        let (length, rest) = self.rest.split_first_chunk::<4>()?;
        self.rest = rest;
        Some(u32::from_be_bytes(*length))
    }

    fn next(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.count()?).ok()?;
        let (field, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(field)
    }
}
