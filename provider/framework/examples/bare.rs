//! The least that Terraform takes for a provider: an empty schema.
//!
//! It serves the transport's own tests too: a few functions, which Terraform is
//! not told of, give them something to call.

#![allow(clippy::panic, reason = "the tests ask what becomes of a panic")]

use std::process::ExitCode;
use std::time::Duration;

use stanchion_framework::plugin::{self, Identity, Session};
use stanchion_tfplugin::tfplugin6::provider_server::Provider;
use stanchion_tfplugin::tfplugin6::{
    DynamicValue, FunctionError, Schema, ServerCapabilities, call_function, configure_provider,
    get_provider_schema, schema, stop_provider, validate_provider_config,
};
use tonic::{Request, Response, Status, async_trait};

fn main() -> ExitCode {
    plugin::serve(&IDENTITY, |session| Bare { session })
}

const IDENTITY: Identity = Identity {
    address: "example/bare",
    name: "terraform-provider-bare",
    version: env!("CARGO_PKG_VERSION"),
};

struct Bare {
    session: Session,
}

#[async_trait]
impl Provider for Bare {
    async fn get_provider_schema(
        &self,
        _: Request<get_provider_schema::Request>,
    ) -> Result<Response<get_provider_schema::Response>, Status> {
        let empty = Schema { version: 0, block: Some(schema::Block::default()) };
        Ok(Response::new(get_provider_schema::Response {
            provider: Some(empty),
            server_capabilities: Some(ServerCapabilities {
                get_provider_schema_optional: true,
                ..Default::default()
            }),
            ..Default::default()
        }))
    }

    async fn validate_provider_config(
        &self,
        _: Request<validate_provider_config::Request>,
    ) -> Result<Response<validate_provider_config::Response>, Status> {
        Ok(Response::new(Default::default()))
    }

    async fn configure_provider(
        &self,
        _: Request<configure_provider::Request>,
    ) -> Result<Response<configure_provider::Response>, Status> {
        self.session.log.info("configured", &[]);
        Ok(Response::new(Default::default()))
    }

    async fn call_function(
        &self,
        request: Request<call_function::Request>,
    ) -> Result<Response<call_function::Response>, Status> {
        let request = request.into_inner();
        let stop = self.session.stop.token();
        let answer = plugin::catch(async {
            match request.name.as_str() {
                "panic" => panic!("the argument was {}", request.arguments.len()),
                // Long work that ends early when it is asked to.
                "wait" => tokio::select! {
                    () = stop.cancelled() => Ok("stopped"),
                    () = tokio::time::sleep(Duration::from_secs(60)) => Ok("waited"),
                },
                // Long work that doesn't.
                "hang" => {
                    tokio::time::sleep(Duration::from_secs(60)).await;
                    Ok("waited")
                }
                "panic_in_task" => {
                    let _ = tokio::spawn(async { panic!("nobody catches this") }).await;
                    Ok("survived")
                }
                "echo" => Err(request.arguments.into_iter().next()),
                _ => Ok("no such function"),
            }
        })
        .await;
        Ok(Response::new(match answer {
            Ok(Ok(text)) => value(text.into()),
            Ok(Err(result)) => call_function::Response { result, error: None },
            Err(panicked) => call_function::Response {
                result: None,
                error: Some(FunctionError { text: panicked.to_string(), function_argument: None }),
            },
        }))
    }

    async fn stop_provider(
        &self,
        _: Request<stop_provider::Request>,
    ) -> Result<Response<stop_provider::Response>, Status> {
        self.session.stop.trip();
        Ok(Response::new(Default::default()))
    }
}

fn value(msgpack: Vec<u8>) -> call_function::Response {
    let result = DynamicValue { msgpack: msgpack.into(), ..Default::default() };
    call_function::Response { result: Some(result), error: None }
}
