//! What go-plugin asks of every plugin: its end, its output, its health.

use std::pin::Pin;
use std::task::{Context, Poll};

use stanchion_tfplugin::go_plugin::grpc_broker_server::GrpcBroker;
use stanchion_tfplugin::go_plugin::grpc_controller_server::GrpcController;
use stanchion_tfplugin::go_plugin::grpc_stdio_server::GrpcStdio;
use stanchion_tfplugin::go_plugin::{ConnInfo, Empty, StdioData};
use stanchion_tfplugin::health::health_check_response::ServingStatus;
use stanchion_tfplugin::health::health_server::Health;
use stanchion_tfplugin::health::{HealthCheckRequest, HealthCheckResponse};
use tokio_stream::Stream;
use tokio_util::sync::CancellationToken;
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status, Streaming, async_trait};

/// go-plugin's name for the plugin as a whole.
const PLUGIN: &str = "plugin";

/// All four services; they share nothing but the process's end.
#[derive(Clone)]
pub(super) struct Services {
    /// Cancelled when the process is to end.
    pub(super) end: CancellationToken,
    /// Whether the host decides on the end; under `-debug` a person does.
    pub(super) host_ends: bool,
}

#[async_trait]
impl GrpcController for Services {
    async fn shutdown(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        if self.host_ends {
            self.end.cancel();
        }
        Ok(Response::new(Empty {}))
    }
}

#[async_trait]
impl GrpcBroker for Services {
    async fn start_stream(
        &self,
        inbound: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<BoxStream<ConnInfo>>, Status> {
        let mut inbound = inbound.into_inner();
        let end = self.end.clone();
        // The host's half is kept open with ours: were it dropped now, the
        // connection would not count as done when our half ends.
        Ok(Response::new(OpenUntil::stream(None, async move {
            let until_host_ends = async { while let Ok(Some(_)) = inbound.message().await {} };
            end.run_until_cancelled(until_host_ends).await;
        })))
    }
}

#[async_trait]
impl GrpcStdio for Services {
    async fn stream_stdio(&self, _: Request<()>) -> Result<Response<BoxStream<StdioData>>, Status> {
        // Our output is the log, which the host reads from stderr.
        Ok(Response::new(OpenUntil::stream(None, self.end.clone().cancelled_owned())))
    }
}

#[async_trait]
impl Health for Services {
    async fn check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        match request.get_ref().service.as_str() {
            "" | PLUGIN => Ok(Response::new(health(ServingStatus::Serving))),
            _ => Err(Status::not_found("unknown service")),
        }
    }

    async fn watch(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<BoxStream<HealthCheckResponse>>, Status> {
        let status = match request.get_ref().service.as_str() {
            "" | PLUGIN => ServingStatus::Serving,
            _ => ServingStatus::ServiceUnknown,
        };
        Ok(Response::new(OpenUntil::stream(
            Some(health(status)),
            self.end.clone().cancelled_owned(),
        )))
    }
}

fn health(status: ServingStatus) -> HealthCheckResponse {
    HealthCheckResponse { status: status.into() }
}

/// Gives at most one message, then stays open until `end` is over.
///
/// An open stream would keep the server from ending in order, until the host
/// kills it.
struct OpenUntil<T> {
    message: Option<T>,
    end: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl<T: Send + Unpin + 'static> OpenUntil<T> {
    fn stream(message: Option<T>, end: impl Future<Output = ()> + Send + 'static) -> BoxStream<T> {
        Box::pin(Self { message, end: Box::pin(end) })
    }
}

impl<T: Unpin> Stream for OpenUntil<T> {
    type Item = Result<T, Status>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.message.take() {
            Some(it) => Poll::Ready(Some(Ok(it))),
            None => self.end.as_mut().poll(context).map(|()| None),
        }
    }
}
