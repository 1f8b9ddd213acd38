//! Who is let in: the one host whose certificate the plugin was started with.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod plugin_support;

use std::sync::Arc;

use plugin_support::host::{Host, connect};
use plugin_support::{Plugin, call};

fn plugin_of(host: &Host) -> Plugin {
    Plugin::start(&[("PLUGIN_CLIENT_CERT", &host.pem()), ("TF_LOG", "WARN")])
}

/// Whether `host` gets an answer; a refusal may come with the first call only.
async fn is_served(plugin: &Plugin, host: Option<&Host>) -> bool {
    match connect(plugin, host).await {
        Ok(channel) => call(&channel, "other").await.is_ok(),
        Err(_) => false,
    }
}

#[tokio::test]
async fn the_host_with_its_p521_key_is_served() {
    let host = Host::p521(1);
    let plugin = plugin_of(&host);
    assert!(is_served(&plugin, Some(&host)).await, "{}", plugin.stderr());
}

#[tokio::test]
async fn a_host_with_a_p256_key_is_served() {
    let host = Host::p256();
    let plugin = plugin_of(&host);
    assert!(is_served(&plugin, Some(&host)).await, "{}", plugin.stderr());
}

#[tokio::test]
async fn a_client_without_a_certificate_is_refused_and_logged() {
    let host = Host::p521(1);
    let plugin = plugin_of(&host);
    assert!(!is_served(&plugin, None).await);
    let log = plugin.stderr_with("refused a connection");
    assert!(log.contains("\"@level\":\"warn\"") && log.contains("certificate"), "{log}");
    assert!(is_served(&plugin, Some(&host)).await, "the host is refused with it");
}

#[tokio::test]
async fn a_client_with_a_foreign_certificate_is_refused() {
    let host = Host::p521(1);
    let plugin = plugin_of(&host);
    assert!(!is_served(&plugin, Some(&Host::p521(2))).await);
    assert!(!is_served(&plugin, Some(&Host::p256())).await);
    assert!(is_served(&plugin, Some(&host)).await, "the host is refused with it");
}

#[tokio::test]
async fn the_right_certificate_without_its_key_is_refused() {
    let host = Host::p521(1);
    let plugin = plugin_of(&host);
    let thief = Host { key: Host::p521(2).key, ..host.clone() };
    assert!(!is_served(&plugin, Some(&thief)).await);
    // Nor does a key of another curve pass for it.
    let thief = Host { key: Arc::clone(&Host::p256().key), ..host.clone() };
    assert!(!is_served(&plugin, Some(&thief)).await);
    assert!(is_served(&plugin, Some(&host)).await, "the host is refused with it");
}

#[tokio::test]
async fn who_speaks_no_tls_is_refused() {
    let host = Host::p521(1);
    let plugin = plugin_of(&host);
    let channel = plugin.connect().await;
    assert!(call(&channel, "other").await.is_err());
}

#[tokio::test]
async fn without_a_hosts_certificate_there_is_no_tls() {
    let plugin = Plugin::start(&[]);
    assert_eq!(plugin.handshake[5], "");
    let channel = plugin.connect().await;
    assert_eq!(call(&channel, "other").await.unwrap(), "no such function");
}
