//! What Terraform asks of an ephemeral resource.

use jiff::Timestamp;
use stanchion_cty::{Problem, Problems};
use stanchion_tfplugin::tfplugin6 as tf;

use super::{GRACE, Service, find, within};
use crate::plan::{left_unknown, settle, with_defaults};
use crate::{Opened, Provider, Renewed, Timeouts, wire};

impl<P: Provider> Service<P> {
    pub(super) fn validate_ephemeral(
        &self,
        request: &tf::validate_ephemeral_resource_config::Request,
    ) -> tf::validate_ephemeral_resource_config::Response {
        let found = find(&self.ephemerals, &request.type_name, KIND).and_then(|ephemeral| {
            let config = wire::decode(request.config.as_ref(), &ephemeral.0.ty());
            Ok(ephemeral.0.validate(&config?))
        });
        tf::validate_ephemeral_resource_config::Response {
            diagnostics: wire::diagnostics(&request.type_name, found.unwrap_or_else(|it| it)),
        }
    }

    pub(super) async fn open_ephemeral(
        &self,
        request: &tf::open_ephemeral_resource::Request,
    ) -> tf::open_ephemeral_resource::Response {
        let mut problems = Problems::new();
        let mut response = match self.try_open(request, &mut problems).await {
            Ok(response) => response,
            Err(found) => {
                problems.extend(found);
                tf::open_ephemeral_resource::Response::default()
            }
        };
        response.diagnostics = wire::diagnostics(&request.type_name, problems);
        response
    }

    async fn try_open(
        &self,
        request: &tf::open_ephemeral_resource::Request,
        warnings: &mut Problems,
    ) -> Result<tf::open_ephemeral_resource::Response, Problems> {
        let ephemeral = find(&self.ephemerals, &request.type_name, KIND)?;
        let (object, ty) = (ephemeral.0.object(), ephemeral.0.ty());
        let config = wire::decode(request.config.as_ref(), &ty)?;
        let config = with_defaults(&object, &config);
        let (mut cx, stop) = self.context(&[])?;
        let limit = Timeouts::DEFAULT.said_by(&config).create;
        let done = within(limit, GRACE, stop, ephemeral.0.open(&config, &mut cx)).await;
        warnings.extend(cx.take_problems());
        let Opened { result, renew_at, private } = done??;
        if let Some(path) = left_unknown(&result).into_iter().next() {
            return Err(Problem::error(path, "is still unknown after opening").into());
        }
        let result = settle(&object, Some(&config), result);
        Ok(tf::open_ephemeral_resource::Response {
            result: Some(wire::encode(&result, &ty)?),
            renew_at: renew_at.map(timestamp),
            private: Some(private.encode().into()),
            ..Default::default()
        })
    }

    pub(super) async fn renew_ephemeral(
        &self,
        request: &tf::renew_ephemeral_resource::Request,
    ) -> tf::renew_ephemeral_resource::Response {
        let mut problems = Problems::new();
        let mut response = match self.try_renew(request, &mut problems).await {
            Ok(Renewed { renew_at, private }) => tf::renew_ephemeral_resource::Response {
                renew_at: renew_at.map(timestamp),
                private: Some(private.encode().into()),
                ..Default::default()
            },
            Err(found) => {
                problems.extend(found);
                unrenewed(request, Vec::new())
            }
        };
        response.diagnostics = wire::diagnostics(&request.type_name, problems);
        response
    }

    async fn try_renew(
        &self,
        request: &tf::renew_ephemeral_resource::Request,
        warnings: &mut Problems,
    ) -> Result<Renewed, Problems> {
        let ephemeral = find(&self.ephemerals, &request.type_name, KIND)?;
        let private = request.private.as_deref().unwrap_or_default();
        let (mut cx, stop) = self.context(private)?;
        let private = std::mem::take(&mut cx.private);
        let limit = Timeouts::DEFAULT.update;
        let done = within(limit, GRACE, stop, ephemeral.0.renew(private, &mut cx)).await;
        warnings.extend(cx.take_problems());
        done?
    }

    pub(super) async fn close_ephemeral(
        &self,
        request: &tf::close_ephemeral_resource::Request,
    ) -> tf::close_ephemeral_resource::Response {
        let mut problems = Problems::new();
        if let Err(found) = self.try_close(request, &mut problems).await {
            problems.extend(found);
        }
        tf::close_ephemeral_resource::Response {
            diagnostics: wire::diagnostics(&request.type_name, problems),
        }
    }

    async fn try_close(
        &self,
        request: &tf::close_ephemeral_resource::Request,
        warnings: &mut Problems,
    ) -> Result<(), Problems> {
        let ephemeral = find(&self.ephemerals, &request.type_name, KIND)?;
        let private = request.private.as_deref().unwrap_or_default();
        let (mut cx, stop) = self.context(private)?;
        let private = std::mem::take(&mut cx.private);
        let limit = Timeouts::DEFAULT.delete;
        let done = within(limit, GRACE, stop, ephemeral.0.close(private, &mut cx)).await;
        warnings.extend(cx.take_problems());
        done?
    }
}

/// The answer to a renewal that failed. What is to be closed is told by the private data, and
/// OpenTofu takes that of every answer.
pub(super) fn unrenewed(
    request: &tf::renew_ephemeral_resource::Request,
    diagnostics: Vec<tf::Diagnostic>,
) -> tf::renew_ephemeral_resource::Response {
    let private = request.private.clone();
    tf::renew_ephemeral_resource::Response { diagnostics, private, ..Default::default() }
}

const KIND: &str = "ephemeral resource";

fn timestamp(at: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp { seconds: at.as_second(), nanos: at.subsec_nanosecond() }
}
