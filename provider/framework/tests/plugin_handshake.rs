//! How a plugin greets the host that has started it, and whom else it greets.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod plugin_support;

use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use plugin_support::host::Host;
use plugin_support::{COOKIE, Plugin, command};
use stanchion_tfplugin::health::HealthCheckRequest;
use stanchion_tfplugin::health::health_client::HealthClient;
use tokio_rustls::rustls::pki_types::CertificateDer;

#[test]
fn the_first_line_is_the_handshake_and_nothing_follows() {
    let host = Host::p521(1);
    let mut plugin = Plugin::start(&[("PLUGIN_CLIENT_CERT", &host.pem()), ("TF_LOG", "TRACE")]);
    let line: Vec<&str> = plugin.handshake.iter().map(String::as_str).collect();
    let [core, protocol, "unix", path, "grpc", certificate] = line[..] else { panic!("{line:?}") };
    assert_eq!((core, protocol), ("1", "6"));
    assert!(path.starts_with(plugin.folder.path().to_str().unwrap()), "{path}");
    // go-plugin takes a field for a certificate only if it is longer.
    assert!(certificate.len() > 50 && !certificate.ends_with('='), "{certificate}");
    plugin.signal(rustix::process::Signal::TERM);
    assert_eq!(plugin.stdout_rest(), "");
}

#[test]
fn a_host_that_multiplexes_hears_that_we_do_not() {
    let plugin = Plugin::start(&[("PLUGIN_MULTIPLEX_GRPC", "true")]);
    assert_eq!(plugin.handshake[4..], ["grpc", "", "false"]);
}

#[test]
fn the_certificate_is_the_hosts_root_for_localhost() {
    let plugin = Plugin::start(&[("PLUGIN_CLIENT_CERT", &Host::p521(1).pem())]);
    let der = base64::Engine::decode(
        &base64::engine::general_purpose::STANDARD_NO_PAD,
        &plugin.handshake[5],
    )
    .unwrap();
    let has = |bytes: &[u8]| der.windows(bytes.len()).any(|it| it == bytes);
    // Subject alternative name: one DNS name.
    assert!(has(b"\x55\x1d\x11\x04\x0d\x30\x0b\x82\x09localhost"));
    // Extended key usage: server authentication.
    assert!(has(b"\x55\x1d\x25\x04\x0c\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01"));
    // Basic constraints, critical: an authority.
    assert!(has(b"\x55\x1d\x13\x01\x01\xff\x04\x05\x30\x03\x01\x01\xff"));
    let root = tokio_rustls::rustls::RootCertStore::empty().add(CertificateDer::from(der));
    root.unwrap();
}

#[test]
fn the_socket_is_its_owners_alone_and_goes_with_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let set = [
        ("PLUGIN_UNIX_SOCKET_DIR", folder.path().to_str().unwrap()),
        ("PLUGIN_UNIX_SOCKET_GROUP", "no-such-group"),
    ];
    let mut plugin = Plugin::start(&set);
    let socket = plugin.socket();
    assert_eq!(socket.parent(), Some(folder.path()));
    let metadata = socket.metadata().unwrap();
    assert!(metadata.file_type().is_socket());
    assert_eq!(metadata.permissions().mode() & 0o777, 0o700);
    plugin.signal(rustix::process::Signal::TERM);
    assert!(plugin.wait().0.success());
    assert!(!socket.exists());
}

#[tokio::test]
async fn a_path_that_is_too_long_gives_a_port_of_the_hosts_range() {
    let folder = tempfile::tempdir().unwrap();
    let long = folder.path().join("long".repeat(30));
    std::fs::create_dir(&long).unwrap();
    let set = [
        ("TMPDIR", long.to_str().unwrap()),
        ("PLUGIN_MIN_PORT", "42000"),
        ("PLUGIN_MAX_PORT", "42999"),
    ];
    let (first, second) = (Plugin::start(&set), Plugin::start(&set));
    let port = |plugin: &Plugin| {
        assert_eq!(plugin.handshake[2], "tcp");
        plugin.handshake[3].strip_prefix("127.0.0.1:").unwrap().parse::<u16>().unwrap()
    };
    assert!((42000..=42999).contains(&port(&first)));
    assert!((42000..=42999).contains(&port(&second)));
    assert_ne!(port(&first), port(&second));
    let mut health = HealthClient::new(
        tonic::transport::Endpoint::from_shared(format!("http://{}", first.handshake[3]))
            .unwrap()
            .connect()
            .await
            .unwrap(),
    );
    let asked = health.check(HealthCheckRequest { service: "plugin".into() }).await.unwrap();
    assert_eq!(asked.into_inner().status, 1);
}

/// The whole output of a process that doesn't serve; one that does is killed.
fn output(set: &[(&str, &str)], arguments: &[&str]) -> (Output, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut command = command(folder.path());
    command.envs(set.iter().copied()).args(arguments);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(10);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > until {
            child.kill().unwrap();
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let output = child.wait_with_output().unwrap();
    let text = |it: &[u8]| String::from_utf8(it.to_vec()).unwrap();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    (output, stdout, stderr)
}

#[test]
fn run_by_hand_it_says_what_it_is_and_fails() {
    let (output, stdout, stderr) = output(&[], &[]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout, "");
    assert!(stderr.contains("is a provider for Terraform and OpenTofu"), "{stderr}");
    assert!(stderr.contains("source = \"example/bare\""), "{stderr}");
}

#[test]
fn what_is_asked_for_by_argument_succeeds_on_stdout() {
    let (version, stdout, _) = output(&[], &["--version"]);
    assert!(version.status.success());
    assert_eq!(stdout, format!("terraform-provider-bare {}\n", env!("CARGO_PKG_VERSION")));
    let (help, stdout, _) = output(&[], &["--help"]);
    assert!(help.status.success());
    assert!(stdout.contains("-debug"), "{stdout}");
    let (other, stdout, stderr) = output(&[], &["--sevre"]);
    assert_eq!(other.status.code(), Some(1));
    assert_eq!(stdout, "");
    assert!(stderr.starts_with("--sevre: no such argument"), "{stderr}");
}

#[test]
fn an_older_host_is_told_which_terraform_it_takes() {
    let (output, stdout, stderr) = output(&[COOKIE, ("PLUGIN_PROTOCOL_VERSIONS", "4,5")], &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr.contains("speaks plugin protocol 6"), "{stderr}");
    assert!(stderr.contains("speaks 4,5: use Terraform 1.0 or later"), "{stderr}");
    // Terraform repeats a first line that isn't a handshake.
    assert_eq!(stdout, stderr);
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let set =
        [COOKIE, ("PLUGIN_PROTOCOL_VERSIONS", "6"), ("PLUGIN_UNIX_SOCKET_DIR", "/no/such/folder")];
    let (output, _, stderr) = output(&set, &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr.starts_with("can't listen at /no/such/folder/plugin-"), "{stderr}");
    assert!(stderr.contains("TMPDIR"), "{stderr}");
}
