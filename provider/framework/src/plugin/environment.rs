//! What the host says to a plugin in its environment, read once at the door.

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

use super::Identity;
use super::log::Level;

/// The major version of the protocol that we speak.
pub(super) const PROTOCOL: u32 = 6;

/// Every Terraform and OpenTofu sets this, so that a plugin can tell them from
/// a person at a terminal. It is no secret.
const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// A variable of the environment, by name.
pub(super) type Variable<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// What the host wishes of the process.
#[derive(Debug)]
pub(super) struct Environment {
    /// The only certificate that a client may show; none means no TLS.
    pub(super) client_certificate: Option<CertificateDer<'static>>,
    /// Whether the host asks if we multiplex several services on a connection.
    pub(super) asks_multiplex: bool,
    /// Where the socket is made.
    #[cfg_attr(windows, expect(dead_code, reason = "a port is bound there"))]
    pub(super) socket_folder: PathBuf,
    /// The ports to choose from where there is no Unix socket.
    pub(super) ports: RangeInclusive<u16>,
    /// The least level that is logged; none logs nothing.
    pub(super) log_level: Option<Level>,
}

impl Environment {
    /// Reads what Terraform sets. A `Fault` is why we can't serve it.
    pub(super) fn read(identity: &Identity, variable: Variable<'_>) -> Result<Self, Fault> {
        let text = |name: &str| variable(name).and_then(|it| it.into_string().ok());
        if text(COOKIE.0).as_deref() != Some(COOKIE.1) {
            return Err(Fault::NoHost);
        }
        // A host from before negotiation names no versions, and speaks 4.
        let offered = text("PLUGIN_PROTOCOL_VERSIONS").unwrap_or_default();
        if !offered.split(',').any(|it| it.trim().parse() == Ok(PROTOCOL)) {
            return Err(Fault::Protocol { provider: identity.name, offered });
        }
        let client_certificate = text("PLUGIN_CLIENT_CERT")
            .filter(|it| !it.is_empty())
            .map(|pem| CertificateDer::from_pem_slice(pem.as_bytes()))
            .transpose()
            .map_err(|_| Fault::ClientCertificate)?;
        let port = |name: &'static str| match text(name).filter(|it| !it.is_empty()) {
            None => Ok(0),
            Some(it) => it.trim().parse().map_err(|_| Fault::Port { name, value: it }),
        };
        // PLUGIN_UNIX_SOCKET_GROUP is for hosts that run plugins as another
        // user. No Terraform sets it, and the socket stays its owner's alone.
        Ok(Self {
            client_certificate,
            asks_multiplex: variable("PLUGIN_MULTIPLEX_GRPC").is_some_and(|it| !it.is_empty()),
            ports: port("PLUGIN_MIN_PORT")?..=port("PLUGIN_MAX_PORT")?,
            log_level: Level::wanted(identity.type_name(), variable),
            ..Self::by_hand(variable)
        })
    }

    /// What holds for a process that no host has started: no certificate, any
    /// port, and errors and warnings in the log.
    pub(super) fn by_hand(variable: Variable<'_>) -> Self {
        let folder = |name| variable(name).filter(|it| !it.is_empty()).map(PathBuf::from);
        Self {
            client_certificate: None,
            asks_multiplex: false,
            socket_folder: folder("PLUGIN_UNIX_SOCKET_DIR")
                .or_else(|| folder("TMPDIR"))
                .unwrap_or_else(|| PathBuf::from("/tmp")),
            ports: 0..=0,
            log_level: Some(Level::Warn),
        }
    }
}

/// Why the process can't serve.
#[derive(Debug)]
pub(super) enum Fault {
    /// No Terraform has started us.
    NoHost,
    /// The host speaks other major versions.
    Protocol { provider: &'static str, offered: String },
    /// The host's certificate isn't one.
    ClientCertificate,
    /// A bound of the range of ports isn't a port.
    Port { name: &'static str, value: String },
    /// No certificate of our own could be made.
    OwnCertificate(String),
    /// The socket couldn't be made.
    Socket { place: String, source: io::Error },
    /// The asynchronous runtime couldn't be started.
    Runtime(io::Error),
    /// The handshake couldn't be written.
    Stdout(io::Error),
    /// The connection's server failed.
    Server(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoHost => write!(f, "was not started by Terraform or OpenTofu"),
            Self::Protocol { provider, offered } => {
                let offered = match offered.as_str() {
                    "" => "an older one".to_owned(),
                    it => in_line(it),
                };
                write!(
                    f,
                    "{provider} speaks plugin protocol {PROTOCOL}, the program that started it \
                     speaks {offered}: use Terraform 1.0 or later, or OpenTofu"
                )
            }
            Self::ClientCertificate => {
                write!(f, "PLUGIN_CLIENT_CERT holds no certificate in PEM form")
            }
            Self::Port { name, value } => {
                write!(f, "{name} is \"{}\", which is no port", in_line(value))
            }
            Self::OwnCertificate(why) => write!(f, "can't make a certificate: {why}"),
            Self::Socket { place, source } => {
                write!(f, "can't listen at {place}: {source}; TMPDIR says where sockets are made")
            }
            Self::Runtime(source) => write!(f, "can't start threads: {source}"),
            Self::Stdout(source) => write!(f, "can't write the handshake: {source}"),
            Self::Server(why) => write!(f, "can't go on serving: {why}"),
        }
    }
}

/// What the host has set, so that it fits into our one line: the host reads no more than that, and
/// takes a line with a `|` for a handshake.
fn in_line(text: &str) -> String {
    const LENGTH: usize = 60;
    let mut out: String = text.chars().take(LENGTH).flat_map(char::escape_debug).collect();
    if text.chars().nth(LENGTH).is_some() {
        out.push('…');
    }
    out.replace('|', "\\u{7c}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDENTITY: Identity = Identity {
        address: "example/example",
        name: "terraform-provider-example",
        version: "1.2.3",
    };

    fn read(set: &[(&str, &str)]) -> Result<Environment, Fault> {
        let variable = |name: &str| {
            let cookie = (name == COOKIE.0).then_some(COOKIE.1);
            set.iter().find(|it| it.0 == name).map(|it| it.1).or(cookie).map(OsString::from)
        };
        Environment::read(&IDENTITY, &variable)
    }

    #[test]
    fn another_cookie_is_no_host() {
        let fault = read(&[(COOKIE.0, "biscuit"), ("PLUGIN_PROTOCOL_VERSIONS", "5,6")]);
        assert!(matches!(fault, Err(Fault::NoHost)));
    }

    #[test]
    fn six_must_be_among_the_versions() {
        assert!(read(&[("PLUGIN_PROTOCOL_VERSIONS", "5,6")]).is_ok());
        assert!(read(&[("PLUGIN_PROTOCOL_VERSIONS", "6")]).is_ok());
        for set in [&[("PLUGIN_PROTOCOL_VERSIONS", "4,5,16")][..], &[]] {
            let Err(fault) = read(set) else { panic!("accepted {set:?}") };
            let text = fault.to_string();
            assert!(text.contains("protocol 6") && text.contains("Terraform 1.0"), "{text}");
            // A `|` would make Terraform read it as a broken handshake.
            assert!(!text.contains('|'), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_certificate_is_said() {
        let set = [("PLUGIN_PROTOCOL_VERSIONS", "6"), ("PLUGIN_CLIENT_CERT", "nonsense")];
        assert!(matches!(read(&set), Err(Fault::ClientCertificate)));
    }

    #[test]
    fn no_certificate_means_no_tls() {
        let set = [("PLUGIN_PROTOCOL_VERSIONS", "6"), ("PLUGIN_CLIENT_CERT", "")];
        assert!(read(&set).is_ok_and(|it| it.client_certificate.is_none()));
    }

    #[test]
    fn ports_are_a_range_and_a_bad_one_is_named() {
        let versions = ("PLUGIN_PROTOCOL_VERSIONS", "6");
        let set = [versions, ("PLUGIN_MIN_PORT", "10000"), ("PLUGIN_MAX_PORT", "25000")];
        assert_eq!(read(&set).map(|it| it.ports).ok(), Some(10_000..=25_000));
        let Err(fault) = read(&[versions, ("PLUGIN_MAX_PORT", "70000")]) else {
            panic!("accepted port 70000")
        };
        assert_eq!(fault.to_string(), "PLUGIN_MAX_PORT is \"70000\", which is no port");
    }

    #[test]
    fn what_the_host_has_set_is_told_in_one_short_line_without_a_bar() {
        let long = "9".repeat(5000);
        let versions = ("PLUGIN_PROTOCOL_VERSIONS", "6");
        for (set, told) in [
            (
                &[("PLUGIN_PROTOCOL_VERSIONS", "1|4|unix\n5")][..],
                "speaks 1\\u{7c}4\\u{7c}unix\\n5:",
            ),
            (&[("PLUGIN_PROTOCOL_VERSIONS", &long)], "9…:"),
            (&[versions, ("PLUGIN_MIN_PORT", "a|\"b\"\r")], r#"is "a\u{7c}\"b\"\r", which"#),
            (&[versions, ("PLUGIN_MAX_PORT", &long)], "9…\", which"),
        ] {
            let Err(fault) = read(set) else { panic!("accepted {set:?}") };
            let text = fault.to_string();
            assert!(text.contains(told) && text.len() < 300, "{text}");
            assert!(!text.contains('|') && !text.contains(char::is_control), "{text}");
        }
    }

    #[test]
    fn the_hosts_folder_is_before_the_systems() {
        let versions = ("PLUGIN_PROTOCOL_VERSIONS", "6");
        let folder = |set: &[(&str, &str)]| read(set).map(|it| it.socket_folder).ok();
        assert_eq!(folder(&[versions]), Some("/tmp".into()));
        assert_eq!(folder(&[versions, ("TMPDIR", "/t")]), Some("/t".into()));
        let both = [versions, ("TMPDIR", "/t"), ("PLUGIN_UNIX_SOCKET_DIR", "/p")];
        assert_eq!(folder(&both), Some("/p".into()));
    }
}
