//! The life of the process, from its first thread to its last call.

use std::io::Write;
use std::time::Duration;

use jiff::Timestamp;
use stanchion_tfplugin::go_plugin::grpc_broker_server::GrpcBrokerServer;
use stanchion_tfplugin::go_plugin::grpc_controller_server::GrpcControllerServer;
use stanchion_tfplugin::go_plugin::grpc_stdio_server::GrpcStdioServer;
use stanchion_tfplugin::health::health_server::HealthServer;
use stanchion_tfplugin::tfplugin6::provider_server::{Provider, ProviderServer};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::transport::Server;

use super::calls::Calls;
use super::environment::{Environment, Fault};
use super::listener::{self, Listener};
use super::log::{Field, Log};
use super::services::Services;
use super::{
    Identity, MESSAGE_LIMIT, Session, Stop, debug as reattach, handshake, orphan, signals, tls,
};

/// How long calls may go on once the process is to end. The host kills it
/// after two seconds.
const GRACE: Duration = Duration::from_millis(1500);

/// How long the last answers and the ends of streams may take to be sent, once no call runs. A
/// host that keeps its half of a stream open would hold the connection, and so us, for longer.
const LAST_WORDS: Duration = Duration::from_millis(250);

/// Serves the host that has started us, until it or a signal ends it.
///
/// # Errors
///
/// A `Fault` when the process can't start to serve, or can't go on.
pub(super) fn plugin<P: Provider>(
    identity: &Identity,
    environment: &Environment,
    make: impl FnOnce(Session) -> P,
) -> Result<(), Fault> {
    in_runtime(async {
        let (tls, certificate) = match environment.client_certificate.clone() {
            Some(client) => {
                tls::acceptor(client, Timestamp::now()).map(|it| (Some(it.0), Some(it.1)))?
            }
            None => (None, None),
        };
        let listener = Listener::bind(environment).await?;
        let terminated = signals::termination().map_err(Fault::Runtime)?;
        // The socket takes connections already: they wait until we accept.
        let line =
            handshake::line(&listener.address, certificate.as_ref(), environment.asks_multiplex);
        write_line(&line)?;
        let process = Process { identity, environment, listener, tls, host_ends: true };
        process.serve(make, terminated).await
    })
}

/// Serves any Terraform that is pointed at us, until Ctrl-C.
///
/// # Errors
///
/// As [`plugin`].
pub(super) fn debug<P: Provider>(
    identity: &Identity,
    environment: &Environment,
    make: impl FnOnce(Session) -> P,
) -> Result<(), Fault> {
    in_runtime(async {
        let listener = Listener::bind(environment).await?;
        let interrupted = signals::interruption().map_err(Fault::Runtime)?;
        write_line(&reattach::instructions(identity, &listener.address, std::process::id()))?;
        let process = Process { identity, environment, listener, tls: None, host_ends: false };
        process.serve(make, interrupted).await
    })
}

/// What is settled before the first connection.
struct Process<'a> {
    identity: &'a Identity,
    environment: &'a Environment,
    listener: Listener,
    tls: Option<TlsAcceptor>,
    host_ends: bool,
}

impl Process<'_> {
    async fn serve<P: Provider>(
        self,
        make: impl FnOnce(Session) -> P,
        ended_by_signal: impl Future<Output = ()>,
    ) -> Result<(), Fault> {
        let Self { identity, environment, listener, tls, host_ends } = self;
        let log = Log::stderr(environment.log_level, identity.type_name());
        let session = Session { stop: Stop::default(), log: log.clone() };
        let stop = session.stop.clone();
        let end = CancellationToken::new();
        let services = Services { end: end.clone(), host_ends };

        let provider = ProviderServer::new(make(session))
            .max_decoding_message_size(MESSAGE_LIMIT)
            .max_encoding_message_size(MESSAGE_LIMIT);
        let (admitted, connections) = mpsc::channel(1);
        let calls = Calls::default();
        let server = Server::builder()
            .layer(calls.clone())
            .add_service(provider)
            .add_service(GrpcControllerServer::new(services.clone()))
            .add_service(GrpcBrokerServer::new(services.clone()))
            .add_service(GrpcStdioServer::new(services.clone()))
            .add_service(HealthServer::new(services))
            .serve_with_incoming_shutdown(
                ReceiverStream::new(connections),
                end.clone().cancelled_owned(),
            );
        log.debug(
            "serving",
            &[
                ("version", identity.version.into()),
                ("network", listener.address.network.into()),
                ("tls", tls.is_some().into()),
            ],
        );

        let open = TaskTracker::new();
        let host_dies = async {
            if !host_ends {
                return std::future::pending().await;
            }
            orphan::orphaned(&open).await;
            log.warn("the host is gone", &[]);
        };
        let watch = async {
            tokio::select! {
                () = ended_by_signal => end.cancel(),
                () = host_dies => end.cancel(),
                () = end.cancelled() => {}
            }
            // What still runs hears of it, and has a moment to leave things
            // in order.
            stop.trip();
            let in_order = async {
                calls.done().await;
                tokio::time::sleep(LAST_WORDS).await;
            };
            tokio::time::timeout(GRACE, in_order).await.is_ok()
        };
        let admit =
            listener::admit(&listener, tls, log.clone(), admitted, open.clone(), end.clone());
        let serve_and_admit = async { tokio::join!(server, admit).0 };
        tokio::select! {
            served = serve_and_admit => {
                served.map_err(|it| Fault::Server(it.to_string()))?;
                log.debug("ended in order", &[]);
            }
            in_order = watch => if in_order {
                log.debug("ended with streams still open", &[]);
            } else {
                log.warn("ended with calls still running", &[("grace", Field::from(GRACE))]);
            },
        }
        Ok(())
    }
}

/// Runs to the end, and leaves behind what blocks: the process ends anyway.
fn in_runtime(process: impl Future<Output = Result<(), Fault>>) -> Result<(), Fault> {
    let runtime = runtime().map_err(Fault::Runtime)?;
    let outcome = runtime.block_on(process);
    runtime.shutdown_background();
    outcome
}

/// A call waits for disks and servers far more than it computes, so two threads
/// do, on any machine: each costs time before the handshake, and so does asking
/// how many processors there are. Terraform has five of these processes at a time.
fn runtime() -> std::io::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()
}

/// Writes to stdout, which belongs to the host up to this line.
fn write_line(line: &str) -> Result<(), Fault> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}").and_then(|()| stdout.flush()).map_err(Fault::Stdout)
}
