//! Objects that come under management otherwise than by being made: imported, or moved.

use stanchion_cty::{Path, Problem, Problems};
use stanchion_tfplugin::tfplugin6 as tf;

use super::resources::encode;
use super::{GRACE, Service, within};
use crate::plan::{forget_unknown, settle};
use crate::{MovedFrom, ObjectIdentity, Private, Provider, RawState, identity, wire};

impl<P: Provider> Service<P> {
    pub(super) async fn import_resource(
        &self,
        request: &tf::import_resource_state::Request,
    ) -> tf::import_resource_state::Response {
        let mut problems = Problems::new();
        let imported = match self.try_import(request, &mut problems).await {
            Ok(imported) => vec![imported],
            Err(found) => {
                problems.extend(found);
                Vec::new()
            }
        };
        tf::import_resource_state::Response {
            imported_resources: imported,
            diagnostics: wire::diagnostics(&request.type_name, problems),
            ..Default::default()
        }
    }

    async fn try_import(
        &self,
        request: &tf::import_resource_state::Request,
        warnings: &mut Problems,
    ) -> Result<tf::import_resource_state::ImportedResource, Problems> {
        let resource = self.resource(&request.type_name)?;
        let object = resource.object();
        let asked = identity::decode(request.identity.as_ref(), &object)?.map(ObjectIdentity);
        let (mut cx, stop) = self.context(&[])?;
        let deed = match &asked {
            Some(identity) => resource.import_by_identity(identity, &mut cx),
            None => resource.import(&request.id, &mut cx),
        };
        let done = within(resource.timeouts().read, GRACE, stop, deed).await;
        warnings.extend(cx.take_problems());
        let state = forget_unknown(&object, settle(&object, None, done??));
        let asked = asked.map(|it| it.0);
        if let Some(problem) = identity::contradicted(asked.as_ref(), &state) {
            return Err(problem.into());
        }
        let identity = identity::of(&object, &state).or(asked);
        Ok(tf::import_resource_state::ImportedResource {
            type_name: request.type_name.clone(),
            state: Some(encode(&state, &resource.ty())?),
            private: cx.private.encode().into(),
            identity: identity::encode(identity.as_ref(), &object)?,
        })
    }

    pub(super) fn move_resource(
        &self,
        request: &tf::move_resource_state::Request,
    ) -> tf::move_resource_state::Response {
        self.try_move(request).unwrap_or_else(|problems| tf::move_resource_state::Response {
            diagnostics: wire::diagnostics(&request.target_type_name, problems),
            ..Default::default()
        })
    }

    fn try_move(
        &self,
        request: &tf::move_resource_state::Request,
    ) -> Result<tf::move_resource_state::Response, Problems> {
        let resource = self.resource(&request.target_type_name)?;
        let object = resource.object();
        let from = MovedFrom {
            provider: &request.source_provider_address,
            resource: &request.source_type_name,
            version: request.source_schema_version,
            state: raw("state", request.source_state.as_ref())?.unwrap_or_default(),
            // Another provider's private data is nothing that could be read.
            private: Private::decode(&request.source_private).unwrap_or_default(),
            identity: raw("identity", request.source_identity.as_ref())?,
            identity_version: request.source_identity_schema_version,
        };
        let mut private = Private::default();
        let state = resource.moved(from, &mut private)?;
        let state = forget_unknown(&object, settle(&object, None, state));
        let identity = identity::of(&object, &state);
        Ok(tf::move_resource_state::Response {
            target_state: Some(encode(&state, &resource.ty())?),
            target_private: private.encode().into(),
            target_identity: identity::encode(identity.as_ref(), &object)?,
            ..Default::default()
        })
    }
}

/// What another type stored, as it stands there; nothing stored is none.
fn raw(what: &str, stored: Option<&tf::RawState>) -> Result<Option<RawState>, Problem> {
    let Some(stored) = stored.filter(|it| !it.json.is_empty()) else { return Ok(None) };
    serde_json::from_slice(&stored.json).map_err(|error| {
        let message = format!("is moved from a {what} that can't be read: {error}");
        Problem::error(Path::root(), message)
    })
}
