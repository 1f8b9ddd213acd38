//! What was stored of a resource earlier, brought into today's form.

use stanchion_cty::{Path, Problem, Problems};
use stanchion_tfplugin::tfplugin6 as tf;

use super::Service;
use super::resources::encode;
use crate::plan::settle;
use crate::{Provider, identity, upgrade, wire};

impl<P: Provider> Service<P> {
    pub(super) fn upgrade_state(
        &self,
        request: &tf::upgrade_resource_state::Request,
    ) -> tf::upgrade_resource_state::Response {
        match self.try_upgrade(request) {
            Ok(state) => tf::upgrade_resource_state::Response {
                upgraded_state: Some(state),
                ..Default::default()
            },
            Err(problems) => tf::upgrade_resource_state::Response {
                diagnostics: wire::diagnostics(&request.type_name, problems),
                ..Default::default()
            },
        }
    }

    fn try_upgrade(
        &self,
        request: &tf::upgrade_resource_state::Request,
    ) -> Result<tf::DynamicValue, Problems> {
        let resource = self.resource(&request.type_name)?;
        let (ty, current, stored) = (resource.ty(), resource.version(), request.version);
        let raw = request.raw_state.as_ref().filter(|it| !it.json.is_empty()).ok_or_else(|| {
            let message = "has a stored state in the form of Terraform 0.11 or older";
            Problem::error(Path::root(), message)
                .cure("apply once with Terraform 0.12 to 1.7 and an older provider first")
        })?;
        let own = |state| resource.upgrade(stored, state);
        let state = upgrade::upgrade("state", &ty, current, stored, &raw.json, own)?;
        // What is write-only now may have been stored before it was.
        encode(&settle(&resource.object(), None, state), &ty)
    }

    pub(super) fn upgrade_identity(
        &self,
        request: &tf::upgrade_resource_identity::Request,
    ) -> tf::upgrade_resource_identity::Response {
        match self.try_upgrade_identity(request) {
            Ok(upgraded_identity) => {
                tf::upgrade_resource_identity::Response { upgraded_identity, ..Default::default() }
            }
            Err(problems) => tf::upgrade_resource_identity::Response {
                diagnostics: wire::diagnostics(&request.type_name, problems),
                ..Default::default()
            },
        }
    }

    fn try_upgrade_identity(
        &self,
        request: &tf::upgrade_resource_identity::Request,
    ) -> Result<Option<tf::ResourceIdentityData>, Problems> {
        let resource = self.resource(&request.type_name)?;
        let object = resource.object();
        let raw = request.raw_identity.as_ref().filter(|it| !it.json.is_empty());
        let Some((raw, ty)) = raw.zip(identity::ty(&object)) else { return Ok(None) };
        let (current, stored) = (resource.identity_version(), request.version);
        let own = |identity| resource.upgrade_identity(stored, identity);
        let identity = upgrade::upgrade("identity", &ty, current, stored, &raw.json, own)?;
        Ok(identity::encode(Some(&identity), &object)?)
    }
}
