//! A provider as Terraform asks it.

mod arrivals;
mod ephemerals;
mod functions;
mod resources;
mod settings;
mod sources;
mod stored;

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use jiff::Timestamp;
use stanchion_cty::{Path, Problem, Problems};
use stanchion_tfplugin::tfplugin6::{self as tf, provider_server};
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};

use crate::plugin::{self, Session, catch};
use crate::{
    AnyDataSource, AnyEphemeral, AnyFunction, AnyManaged, Clock, Context, Environment, Private,
    Provider, wire,
};

/// A provider as Terraform asks it: each question is answered, also when the answer is that it
/// can't be, and a panic in one leaves the others alone.
pub struct Service<P: Provider> {
    provider: P,
    resources: BTreeMap<&'static str, AnyManaged<P>>,
    sources: BTreeMap<&'static str, AnyDataSource<P>>,
    ephemerals: BTreeMap<&'static str, AnyEphemeral<P>>,
    functions: BTreeMap<&'static str, AnyFunction>,
    client: RwLock<Option<Arc<P::Client>>>,
    session: Session,
    clock: Clock,
    environment: Environment,
}

impl<P: Provider> Service<P> {
    /// The provider, with the clock and the environment of this process.
    #[must_use]
    pub fn new(provider: P, session: Session) -> Self {
        Self::with(
            provider,
            session,
            Arc::new(Timestamp::now),
            Arc::new(|name| std::env::var(name).ok().filter(|it| !it.is_empty())),
        )
    }

    /// The provider with a given clock and environment.
    #[must_use]
    pub fn with(provider: P, session: Session, clock: Clock, environment: Environment) -> Self {
        Self {
            resources: provider.resources().into_iter().map(|it| (it.0.name(), it)).collect(),
            sources: provider.data_sources().into_iter().map(|it| (it.0.name(), it)).collect(),
            ephemerals: provider.ephemerals().into_iter().map(|it| (it.0.name(), it)).collect(),
            functions: provider.functions().into_iter().map(|it| (it.0.name(), it)).collect(),
            client: RwLock::new(None),
            provider,
            session,
            clock,
            environment,
        }
    }

    /// What a deed is given. `private` is what Terraform stored for the provider.
    fn context(&self, private: &[u8]) -> Result<(Context<P>, CancellationToken), Problems> {
        let client = self.client.read().unwrap_or_else(PoisonError::into_inner).clone();
        let client = client.ok_or_else(|| {
            Problem::error(Path::root(), "was used before the provider was configured")
        })?;
        let private = Private::decode(private).ok_or_else(|| {
            let message = "has private data in the state that this provider did not write";
            Problem::error(Path::root(), message)
        })?;
        let stop = self.session.stop.token().child_token();
        Ok((Context::new(client, Arc::clone(&self.clock), stop.clone(), private), stop))
    }

    /// Answers one question. A panic becomes a diagnostic in the answer that `failed` makes.
    async fn answer<T>(
        &self,
        question: &'static str,
        subject: &str,
        answer: impl Future<Output = T>,
        failed: impl FnOnce(Vec<tf::Diagnostic>) -> T,
    ) -> Result<Response<T>, Status> {
        let field = plugin::log::Field::public(subject);
        self.session.log.trace(question, &[("subject", field)]);
        let answer = catch(answer).await.unwrap_or_else(|panicked| {
            let problem = Problem::error(
                Path::root(),
                format!("met a defect of the provider: panic: {panicked}"),
            )
            .cure("please report this to the provider's developers, with this whole message");
            failed(vec![wire::diagnostic(subject, problem)])
        });
        Ok(Response::new(answer))
    }
}

/// The types of a list, `None` for a name that is not in it.
fn find<'a, T>(
    list: &'a BTreeMap<&'static str, T>,
    name: &str,
    kind: &str,
) -> Result<&'a T, Problems> {
    list.get(name).ok_or_else(|| {
        Problem::error(Path::root(), format!("is no {kind} of this provider")).into()
    })
}

/// Ends a deed whose time is up: first by asking it to stop, then by leaving it.
async fn within<T>(
    limit: Duration,
    grace: Duration,
    stop: CancellationToken,
    deed: impl Future<Output = T>,
) -> Result<T, Problem> {
    let mut deed = std::pin::pin!(deed);
    tokio::select! {
        biased;
        done = &mut deed => return Ok(done),
        () = tokio::time::sleep(limit) => stop.cancel(),
    }
    tokio::time::timeout(grace, deed).await.map_err(|_| {
        let message = format!("did not finish within {limit:?}, nor stop when asked to");
        Problem::error(Path::root(), message)
            .cure("give it more time in the attribute `timeouts`, and look at what it left behind")
    })
}

/// How long a deed whose time is up may go on, to undo or to tell what exists.
const GRACE: Duration = Duration::from_secs(10);

#[tonic::async_trait]
impl<P: Provider> provider_server::Provider for Service<P> {
    async fn get_metadata(
        &self,
        _: Request<tf::get_metadata::Request>,
    ) -> Result<Response<tf::get_metadata::Response>, Status> {
        let answer = async { self.metadata() };
        self.answer("GetMetadata", "the provider", answer, |diagnostics| {
            tf::get_metadata::Response { diagnostics, ..Default::default() }
        })
        .await
    }

    async fn get_provider_schema(
        &self,
        _: Request<tf::get_provider_schema::Request>,
    ) -> Result<Response<tf::get_provider_schema::Response>, Status> {
        let answer = async { self.schema() };
        self.answer("GetProviderSchema", "the provider", answer, |diagnostics| {
            tf::get_provider_schema::Response { diagnostics, ..Default::default() }
        })
        .await
    }

    async fn get_resource_identity_schemas(
        &self,
        _: Request<tf::get_resource_identity_schemas::Request>,
    ) -> Result<Response<tf::get_resource_identity_schemas::Response>, Status> {
        let identity_schemas = self.identity_schemas();
        let response =
            tf::get_resource_identity_schemas::Response { identity_schemas, ..Default::default() };
        Ok(Response::new(response))
    }

    async fn validate_provider_config(
        &self,
        request: Request<tf::validate_provider_config::Request>,
    ) -> Result<Response<tf::validate_provider_config::Response>, Status> {
        let request = request.into_inner();
        let answer = async { self.validate_settings(&request) };
        self.answer("ValidateProviderConfig", "the provider", answer, |diagnostics| {
            tf::validate_provider_config::Response { diagnostics }
        })
        .await
    }

    async fn configure_provider(
        &self,
        request: Request<tf::configure_provider::Request>,
    ) -> Result<Response<tf::configure_provider::Response>, Status> {
        let request = request.into_inner();
        let answer = async { self.configure(&request) };
        self.answer("ConfigureProvider", "the provider", answer, |diagnostics| {
            tf::configure_provider::Response { diagnostics }
        })
        .await
    }

    async fn stop_provider(
        &self,
        _: Request<tf::stop_provider::Request>,
    ) -> Result<Response<tf::stop_provider::Response>, Status> {
        self.session.stop.trip();
        Ok(Response::new(tf::stop_provider::Response::default()))
    }

    async fn validate_resource_config(
        &self,
        request: Request<tf::validate_resource_config::Request>,
    ) -> Result<Response<tf::validate_resource_config::Response>, Status> {
        let request = request.into_inner();
        let answer = async { self.validate_resource(&request) };
        self.answer("ValidateResourceConfig", &request.type_name, answer, |diagnostics| {
            tf::validate_resource_config::Response { diagnostics }
        })
        .await
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<tf::upgrade_resource_state::Request>,
    ) -> Result<Response<tf::upgrade_resource_state::Response>, Status> {
        let request = request.into_inner();
        let answer = async { self.upgrade_state(&request) };
        self.answer("UpgradeResourceState", &request.type_name, answer, |diagnostics| {
            tf::upgrade_resource_state::Response { diagnostics, ..Default::default() }
        })
        .await
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<tf::upgrade_resource_identity::Request>,
    ) -> Result<Response<tf::upgrade_resource_identity::Response>, Status> {
        let request = request.into_inner();
        let answer = async { self.upgrade_identity(&request) };
        self.answer("UpgradeResourceIdentity", &request.type_name, answer, |diagnostics| {
            tf::upgrade_resource_identity::Response { diagnostics, ..Default::default() }
        })
        .await
    }

    async fn read_resource(
        &self,
        request: Request<tf::read_resource::Request>,
    ) -> Result<Response<tf::read_resource::Response>, Status> {
        let request = request.into_inner();
        let answer = self.read_resource(&request);
        self.answer("ReadResource", &request.type_name, answer, |diagnostics| {
            resources::unread(&request, diagnostics)
        })
        .await
    }

    async fn plan_resource_change(
        &self,
        request: Request<tf::plan_resource_change::Request>,
    ) -> Result<Response<tf::plan_resource_change::Response>, Status> {
        let request = request.into_inner();
        let answer = self.plan_resource(&request);
        self.answer("PlanResourceChange", &request.type_name, answer, |diagnostics| {
            resources::unplanned(&request, diagnostics)
        })
        .await
    }

    async fn apply_resource_change(
        &self,
        request: Request<tf::apply_resource_change::Request>,
    ) -> Result<Response<tf::apply_resource_change::Response>, Status> {
        let request = request.into_inner();
        let answer = self.apply_resource(&request);
        self.answer("ApplyResourceChange", &request.type_name, answer, |diagnostics| {
            resources::unapplied(&request, diagnostics)
        })
        .await
    }

    async fn import_resource_state(
        &self,
        request: Request<tf::import_resource_state::Request>,
    ) -> Result<Response<tf::import_resource_state::Response>, Status> {
        let request = request.into_inner();
        let answer = self.import_resource(&request);
        self.answer("ImportResourceState", &request.type_name, answer, |diagnostics| {
            tf::import_resource_state::Response { diagnostics, ..Default::default() }
        })
        .await
    }

    async fn move_resource_state(
        &self,
        request: Request<tf::move_resource_state::Request>,
    ) -> Result<Response<tf::move_resource_state::Response>, Status> {
        let request = request.into_inner();
        let answer = async { self.move_resource(&request) };
        self.answer("MoveResourceState", &request.target_type_name, answer, |diagnostics| {
            tf::move_resource_state::Response { diagnostics, ..Default::default() }
        })
        .await
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<tf::validate_data_resource_config::Request>,
    ) -> Result<Response<tf::validate_data_resource_config::Response>, Status> {
        let request = request.into_inner();
        let answer = async { self.validate_source(&request) };
        self.answer("ValidateDataResourceConfig", &request.type_name, answer, |diagnostics| {
            tf::validate_data_resource_config::Response { diagnostics }
        })
        .await
    }

    async fn read_data_source(
        &self,
        request: Request<tf::read_data_source::Request>,
    ) -> Result<Response<tf::read_data_source::Response>, Status> {
        let request = request.into_inner();
        let answer = self.read_source(&request);
        self.answer("ReadDataSource", &request.type_name, answer, |diagnostics| {
            tf::read_data_source::Response { diagnostics, ..Default::default() }
        })
        .await
    }

    async fn validate_ephemeral_resource_config(
        &self,
        request: Request<tf::validate_ephemeral_resource_config::Request>,
    ) -> Result<Response<tf::validate_ephemeral_resource_config::Response>, Status> {
        let request = request.into_inner();
        let answer = async { self.validate_ephemeral(&request) };
        self.answer("ValidateEphemeralResourceConfig", &request.type_name, answer, |diagnostics| {
            tf::validate_ephemeral_resource_config::Response { diagnostics }
        })
        .await
    }

    async fn open_ephemeral_resource(
        &self,
        request: Request<tf::open_ephemeral_resource::Request>,
    ) -> Result<Response<tf::open_ephemeral_resource::Response>, Status> {
        let request = request.into_inner();
        let answer = self.open_ephemeral(&request);
        self.answer("OpenEphemeralResource", &request.type_name, answer, |diagnostics| {
            tf::open_ephemeral_resource::Response { diagnostics, ..Default::default() }
        })
        .await
    }

    async fn renew_ephemeral_resource(
        &self,
        request: Request<tf::renew_ephemeral_resource::Request>,
    ) -> Result<Response<tf::renew_ephemeral_resource::Response>, Status> {
        let request = request.into_inner();
        let answer = self.renew_ephemeral(&request);
        self.answer("RenewEphemeralResource", &request.type_name, answer, |diagnostics| {
            ephemerals::unrenewed(&request, diagnostics)
        })
        .await
    }

    async fn close_ephemeral_resource(
        &self,
        request: Request<tf::close_ephemeral_resource::Request>,
    ) -> Result<Response<tf::close_ephemeral_resource::Response>, Status> {
        let request = request.into_inner();
        let answer = self.close_ephemeral(&request);
        self.answer("CloseEphemeralResource", &request.type_name, answer, |diagnostics| {
            tf::close_ephemeral_resource::Response { diagnostics }
        })
        .await
    }

    async fn get_functions(
        &self,
        _: Request<tf::get_functions::Request>,
    ) -> Result<Response<tf::get_functions::Response>, Status> {
        let functions = self.signatures();
        Ok(Response::new(tf::get_functions::Response { functions, ..Default::default() }))
    }

    async fn call_function(
        &self,
        request: Request<tf::call_function::Request>,
    ) -> Result<Response<tf::call_function::Response>, Status> {
        let request = request.into_inner();
        let answer = async { self.call(&request) };
        self.answer("CallFunction", &request.name, answer, functions::failed).await
    }
}
