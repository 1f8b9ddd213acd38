//! The one line by which a plugin tells its host where to find it.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use tokio_rustls::rustls::pki_types::CertificateDer;

use super::environment::PROTOCOL;

/// The version of go-plugin's handshake itself.
const HANDSHAKE: u32 = 1;

/// Where the server listens, in go-plugin's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// `unix` or `tcp`.
    pub(super) network: &'static str,
    /// A path, or an address and a port.
    pub(super) place: String,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.network, self.place)
    }
}

/// The line, without its end. `certificate` is the server's, which the host
/// then trusts alone. A host that asks about multiplexing hears that we don't;
/// others must not see the field.
pub(super) fn line(
    address: &Address,
    certificate: Option<&CertificateDer<'_>>,
    asks_multiplex: bool,
) -> String {
    let Address { network, place } = address;
    let certificate = certificate.map_or_else(String::new, |it| STANDARD_NO_PAD.encode(it));
    let multiplex = if asks_multiplex { "|false" } else { "" };
    format!("{HANDSHAKE}|{PROTOCOL}|{network}|{place}|grpc|{certificate}{multiplex}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_as_go_plugin_reads_it() {
        let unix = Address { network: "unix", place: "/tmp/plugin-1".into() };
        let certificate = CertificateDer::from(vec![0xfb, 0xff, 0xfe, 0x00]);
        assert_eq!(line(&unix, Some(&certificate), false), "1|6|unix|/tmp/plugin-1|grpc|+//+AA");
        assert_eq!(line(&unix, None, true), "1|6|unix|/tmp/plugin-1|grpc||false");
        let tcp = Address { network: "tcp", place: "127.0.0.1:10000".into() };
        assert_eq!(line(&tcp, None, false), "1|6|tcp|127.0.0.1:10000|grpc|");
    }
}
