//! What ends the process, what doesn't, and what becomes of running calls.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod plugin_support;

use std::process::Command;
use std::time::{Duration, Instant};

use plugin_support::{COOKIE, Plugin, call, command, connect_unix};
use rustix::process::Signal;
use stanchion_tfplugin::go_plugin::grpc_broker_client::GrpcBrokerClient;
use stanchion_tfplugin::go_plugin::grpc_controller_client::GrpcControllerClient;
use stanchion_tfplugin::go_plugin::grpc_stdio_client::GrpcStdioClient;
use stanchion_tfplugin::go_plugin::{ConnInfo, Empty};
use stanchion_tfplugin::health::HealthCheckRequest;
use stanchion_tfplugin::health::health_client::HealthClient;
use stanchion_tfplugin::tfplugin6::provider_client::ProviderClient;
use stanchion_tfplugin::tfplugin6::stop_provider;
use tokio::task::JoinHandle;
use tonic::transport::Channel;

/// The host kills a plugin that takes longer.
const HOSTS_PATIENCE: Duration = Duration::from_secs(2);

/// A call that is under way when this returns.
async fn start_call(channel: &Channel, name: &'static str) -> JoinHandle<Result<String, String>> {
    let own = channel.clone();
    let running = tokio::spawn(async move { call(&own, name).await.map_err(|it| it.to_string()) });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!running.is_finished());
    running
}

async fn shut_down(channel: &Channel) {
    GrpcControllerClient::new(channel.clone()).shutdown(Empty {}).await.unwrap();
}

#[tokio::test]
async fn open_streams_end_when_the_host_shuts_down() {
    let mut plugin = Plugin::start(&[]);
    let channel = plugin.connect().await;
    let mut stdio =
        GrpcStdioClient::new(channel.clone()).stream_stdio(()).await.unwrap().into_inner();
    let never = tokio_stream::pending::<ConnInfo>();
    let mut broker =
        GrpcBrokerClient::new(channel.clone()).start_stream(never).await.unwrap().into_inner();
    let asked = HealthCheckRequest { service: "plugin".into() };
    let mut health = HealthClient::new(channel.clone()).watch(asked).await.unwrap().into_inner();
    assert_eq!(health.message().await.unwrap().map(|it| it.status), Some(1));
    let waiting = tokio::time::timeout(Duration::from_millis(100), stdio.message());
    assert!(waiting.await.is_err(), "the stream ended before the process did");

    shut_down(&channel).await;
    assert_eq!(stdio.message().await.unwrap(), None);
    assert_eq!(broker.message().await.unwrap(), None);
    assert_eq!(health.message().await.unwrap(), None);
    let (status, took) = plugin.wait();
    assert!(status.success());
    assert!(took < Duration::from_millis(500), "{took:?}");
    assert!(!plugin.socket().exists());
}

#[tokio::test]
async fn a_running_call_is_asked_to_stop_and_still_answers() {
    let mut plugin = Plugin::start(&[]);
    let channel = plugin.connect().await;
    let running = start_call(&channel, "wait").await;
    plugin.signal(Signal::TERM);
    assert_eq!(running.await.unwrap(), Ok("stopped".to_owned()));
    let (status, took) = plugin.wait();
    assert!(status.success() && took < HOSTS_PATIENCE, "{status} after {took:?}");
    assert!(!plugin.socket().exists());
}

#[tokio::test]
async fn a_call_that_does_not_stop_is_cut_off_before_the_host_kills() {
    let mut plugin = Plugin::start(&[("TF_LOG", "WARN")]);
    let channel = plugin.connect().await;
    let running = start_call(&channel, "hang").await;
    shut_down(&channel).await;
    let (status, took) = plugin.wait();
    assert!(status.success());
    assert!(took > Duration::from_millis(1000) && took < HOSTS_PATIENCE, "{took:?}");
    assert!(running.await.unwrap().is_err());
    plugin.stderr_with("ended with calls still running");
    assert!(!plugin.socket().exists());
}

#[tokio::test]
async fn ctrl_c_is_the_hosts_matter() {
    let mut plugin = Plugin::start(&[]);
    let channel = plugin.connect().await;
    let running = start_call(&channel, "wait").await;
    for _ in 0..3 {
        plugin.signal(Signal::INT);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(!running.is_finished());
    assert_eq!(plugin.child.try_wait().unwrap(), None);
    assert_eq!(call(&channel, "other").await.unwrap(), "no such function");
}

#[tokio::test]
async fn it_ends_when_its_host_was_killed_and_no_connection_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let own = command(folder.path());
    // A shell in the place of the host: killed, it can ask nobody to end.
    let mut host = Command::new("sh");
    host.args(["-c", "\"$0\" & wait"]).arg(own.get_program()).env_clear();
    host.envs(own.get_envs().filter_map(|(name, it)| Some((name, it?))));
    host.env(COOKIE.0, COOKIE.1).env("PLUGIN_PROTOCOL_VERSIONS", "6");
    let mut plugin = Plugin::spawn(folder, host);
    plugin.handshake = plugin.stdout_line().trim_end().split('|').map(str::to_owned).collect();
    let channel = plugin.connect().await;
    assert_eq!(call(&channel, "other").await.unwrap(), "no such function");

    plugin.signal(Signal::KILL);
    plugin.wait();
    tokio::time::sleep(Duration::from_millis(1200)).await;
    assert_eq!(call(&channel, "other").await.unwrap(), "no such function", "someone still asks");
    drop(channel);
    let until = Instant::now() + Duration::from_secs(5);
    while plugin.socket().exists() {
        assert!(Instant::now() < until, "it goes on: {}", plugin.stderr());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn stop_provider_reaches_running_calls_and_not_later_ones() {
    let plugin = Plugin::start(&[]);
    let channel = plugin.connect().await;
    let running = start_call(&channel, "wait").await;
    let mut provider = ProviderClient::new(channel.clone());
    provider.stop_provider(stop_provider::Request {}).await.unwrap();
    assert_eq!(running.await.unwrap(), Ok("stopped".to_owned()));
    let later = start_call(&channel, "wait").await;
    provider.stop_provider(stop_provider::Request {}).await.unwrap();
    assert_eq!(later.await.unwrap(), Ok("stopped".to_owned()));
}

#[tokio::test]
async fn under_debug_it_serves_host_after_host_until_ctrl_c() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = command(folder.path());
    command.arg("-debug");
    let mut plugin = Plugin::spawn(folder, command);
    let line = std::iter::from_fn(|| Some(plugin.stdout_line()))
        .find(|it| it.contains("TF_REATTACH_PROVIDERS="))
        .unwrap();
    let value = line.trim().strip_prefix("export TF_REATTACH_PROVIDERS='").unwrap();
    let value: serde_json::Value = serde_json::from_str(value.strip_suffix('\'').unwrap()).unwrap();
    let it = &value["example/bare"];
    assert_eq!(it["Protocol"], "grpc");
    assert_eq!(it["ProtocolVersion"], 6);
    assert_eq!(it["Pid"], plugin.child.id());
    assert_eq!(it["Test"], true);
    assert_eq!(it["Addr"]["Network"], "unix");
    let socket = std::path::PathBuf::from(it["Addr"]["String"].as_str().unwrap());

    for _ in 0..2 {
        let channel = connect_unix(socket.clone()).await;
        assert_eq!(call(&channel, "other").await.unwrap(), "no such function");
        shut_down(&channel).await;
    }
    let _open = connect_unix(socket.clone()).await;
    plugin.signal(Signal::INT);
    let (status, took) = plugin.wait();
    assert!(status.success() && took < HOSTS_PATIENCE, "{status} after {took:?}");
    assert!(!socket.exists());
}
