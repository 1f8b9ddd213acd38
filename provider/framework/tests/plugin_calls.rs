//! Calls: one that panics, large ones, unknown ones, and what they log.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod plugin_support;

use plugin_support::{Plugin, call, call_with};
use stanchion_framework::plugin::MESSAGE_LIMIT;
use stanchion_tfplugin::tfplugin6::provider_client::ProviderClient;
use stanchion_tfplugin::tfplugin6::{
    configure_provider, get_provider_schema, read_resource, stop_provider,
};
use tonic::Code;

const MIB: usize = 1024 * 1024;

#[tokio::test]
async fn a_panic_is_its_own_calls_answer_and_others_go_on() {
    let mut plugin = Plugin::start(&[]);
    let channel = plugin.connect().await;
    let sibling = {
        let channel = channel.clone();
        tokio::spawn(async move { call(&channel, "wait").await })
    };
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    let text = call(&channel, "panic").await.unwrap();
    assert!(text.starts_with("the argument was 1 at "), "{text}");
    assert!(text.contains("bare.rs:"), "{text}");
    assert!(!sibling.is_finished(), "the sibling's call was cut off");
    ProviderClient::new(channel.clone()).stop_provider(stop_provider::Request {}).await.unwrap();
    assert_eq!(sibling.await.unwrap().unwrap(), "stopped");
    // Terraform would say that the plugin has crashed.
    plugin.signal(rustix::process::Signal::TERM);
    plugin.wait();
    assert!(!plugin.stderr().contains("panic: "), "{}", plugin.stderr());
}

#[tokio::test]
async fn a_panic_that_nothing_catches_says_itself_on_stderr() {
    let plugin = Plugin::start(&[]);
    let channel = plugin.connect().await;
    assert_eq!(call(&channel, "panic_in_task").await.unwrap(), "survived");
    let text = plugin.stderr_with("panic: ");
    assert!(text.starts_with("panic: nobody catches this at "), "{text}");
    assert!(text.contains("bare.rs:"), "{text}");
}

#[tokio::test]
async fn what_is_not_served_answers_so() {
    let plugin = Plugin::start(&[]);
    let mut provider = ProviderClient::new(plugin.connect().await);
    let status = provider.read_resource(read_resource::Request::default()).await.unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented);
}

#[tokio::test]
async fn the_capabilities_come_with_the_schema() {
    let plugin = Plugin::start(&[]);
    let mut provider = ProviderClient::new(plugin.connect().await);
    let answer = provider.get_provider_schema(get_provider_schema::Request {}).await.unwrap();
    let answer = answer.into_inner();
    assert!(answer.server_capabilities.unwrap().get_provider_schema_optional);
    assert!(answer.provider.unwrap().block.unwrap().attributes.is_empty());
}

#[tokio::test]
async fn a_large_value_comes_back_whole_and_costs_a_few_times_its_size() {
    let plugin = Plugin::start(&[]);
    let channel = plugin.connect().await;
    let bytes: Vec<u8> = (0..40 * MIB).map(|it| ((it * 31) >> 7) as u8).collect();
    let answer = call_with(&channel, "echo", bytes.clone()).await.unwrap();
    assert!(answer.result.unwrap().msgpack == bytes, "the bytes differ");
    if cfg!(target_os = "linux") {
        let status = format!("/proc/{}/status", plugin.child.id());
        let status = std::fs::read_to_string(status).unwrap();
        let peak = status.lines().find_map(|it| it.strip_prefix("VmHWM:")).unwrap();
        let peak: usize = peak.trim().trim_end_matches(" kB").parse().unwrap();
        assert!(peak / 1024 < 40 * 4, "{} MiB", peak / 1024);
    }
}

#[tokio::test]
async fn a_message_is_taken_up_to_the_limit_and_refused_above_it() {
    let plugin = Plugin::start(&[]);
    let channel = plugin.connect().await;
    // The message holds its function's name and the lengths of its parts too.
    let below = call_with(&channel, "other", vec![0; MESSAGE_LIMIT - 64]).await.unwrap();
    assert_eq!(below.result.unwrap().msgpack, b"no such function".as_slice());
    let status = call_with(&channel, "other", vec![0; MESSAGE_LIMIT]).await.unwrap_err();
    assert_eq!(status.code(), Code::OutOfRange, "{status}");
    assert_eq!(call(&channel, "other").await.unwrap(), "no such function");
}

#[tokio::test]
async fn the_log_is_silent_unless_it_is_asked_for() {
    for (set, is_written) in [
        (&[][..], false),
        (&[("TF_LOG", "info")], true),
        (&[("TF_LOG", "debug"), ("TF_LOG_PROVIDER_BARE", "error")], false),
    ] {
        let mut plugin = Plugin::start(set);
        let mut provider = ProviderClient::new(plugin.connect().await);
        provider.configure_provider(configure_provider::Request::default()).await.unwrap();
        plugin.signal(rustix::process::Signal::TERM);
        plugin.wait();
        if is_written {
            let log = plugin.stderr_with("configured");
            let line: serde_json::Value =
                serde_json::from_str(log.lines().next().unwrap()).unwrap();
            assert_eq!(line["@level"], "info");
            assert_eq!(line["@module"], "provider.bare");
        } else {
            assert_eq!(plugin.stderr(), "", "{set:?}");
        }
    }
}
