//! The environment in which a host starts a plugin: lines `NAME=VALUE`, each ended by a zero byte as
//! the system keeps them.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use stanchion_framework::plugin::{self, Identity};

const IDENTITY: Identity =
    Identity { address: "example/example", name: "terraform-provider-example", version: "1.2.3" };

/// What every host sets, in words: a fuzzer need not find the digest.
const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

pub(crate) fn judge(bytes: &[u8]) {
    let mut set: HashMap<&[u8], &[u8]> = HashMap::new();
    for line in bytes.split(|it| *it == 0) {
        let middle = line.iter().position(|it| *it == b'=').unwrap_or(line.len());
        let (name, value) = line.split_at(middle);
        set.insert(name, value.get(1..).unwrap_or_default());
    }
    set.entry(COOKIE.0.as_bytes()).or_insert(COOKIE.1.as_bytes());
    let variable = |name: &str| -> Option<OsString> {
        set.get(name.as_bytes()).map(|it| OsStr::from_bytes(it).to_owned())
    };
    let refusal = plugin::refusal(&IDENTITY, &variable);

    let text = |name: &str| {
        let text = set.get(name.as_bytes()).copied().unwrap_or_default();
        std::str::from_utf8(text).unwrap_or_default()
    };
    // A port that is empty was not set.
    let is_port = |name| match text(name) {
        "" => true,
        it => it.trim().parse::<u16>().is_ok(),
    };
    let speaks_six =
        text("PLUGIN_PROTOCOL_VERSIONS").split(',').any(|it| it.trim().parse() == Ok(6));
    let serves = text(COOKIE.0) == COOKIE.1
        && speaks_six
        && is_port("PLUGIN_MIN_PORT")
        && is_port("PLUGIN_MAX_PORT");
    let certificate = text("PLUGIN_CLIENT_CERT");
    match refusal {
        None => {
            assert!(serves);
            // To drop a certificate would be to talk to anyone, in plain text.
            let is_one = certificate.contains("-----BEGIN CERTIFICATE-----");
            assert!(certificate.is_empty() || is_one, "{certificate:?}");
        }
        Some(why) => {
            assert!(!serves || !certificate.is_empty(), "{why}");
            // The host reads one line, and takes one with such a bar for a handshake.
            assert!(!why.is_empty() && !why.contains(['|', '\n', '\r']), "{why:?}");
            assert!(!why.chars().any(char::is_control), "{why:?}");
            assert!(why.len() < 1000, "{} bytes", why.len());
        }
    }
}
