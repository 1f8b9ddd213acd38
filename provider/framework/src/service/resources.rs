//! What Terraform asks of a resource.

use stanchion_cty::schema::{AttributeKind, Object};
use stanchion_cty::{Kind, Path, Problem, Problems, Type, Value};
use stanchion_tfplugin::tfplugin6 as tf;

use super::{GRACE, Service, find, within};
use crate::managed::{Erased, Failure};
use crate::plan::{forget_unknown, left_unknown, plan, replace_paths, settle, settle_plan};
use crate::{Provider, identity, timeouts, wire};

/// A change that is to be made.
struct Change<'a> {
    prior: Option<&'a Value>,
    planned: Option<&'a Value>,
    config: &'a Value,
}

impl<P: Provider> Service<P> {
    pub(super) fn validate_resource(
        &self,
        request: &tf::validate_resource_config::Request,
    ) -> tf::validate_resource_config::Response {
        let problems = self.resource_problems(request).unwrap_or_else(|it| it);
        tf::validate_resource_config::Response {
            diagnostics: wire::diagnostics(&request.type_name, problems),
        }
    }

    fn resource_problems(
        &self,
        request: &tf::validate_resource_config::Request,
    ) -> Result<Problems, Problems> {
        let resource = self.resource(&request.type_name)?;
        let object = resource.object();
        let config = decode(request.config.as_ref(), &resource.ty())?;
        let mut problems = resource.validate(&config);
        problems.extend(timeouts::problems(&config));
        let can_write_only =
            request.client_capabilities.as_ref().is_some_and(|it| it.write_only_attributes_allowed);
        if !can_write_only {
            refuse_write_only(&object, &config, &Path::root(), &mut problems);
        }
        Ok(problems)
    }

    pub(super) async fn read_resource(
        &self,
        request: &tf::read_resource::Request,
    ) -> tf::read_resource::Response {
        let mut warnings = Problems::new();
        match self.try_read(request, &mut warnings).await {
            Ok(response) => tf::read_resource::Response {
                diagnostics: wire::diagnostics(&request.type_name, warnings),
                ..response
            },
            Err(problems) => {
                warnings.extend(problems);
                unread(request, wire::diagnostics(&request.type_name, warnings))
            }
        }
    }

    async fn try_read(
        &self,
        request: &tf::read_resource::Request,
        warnings: &mut Problems,
    ) -> Result<tf::read_resource::Response, Problems> {
        let resource = self.resource(&request.type_name)?;
        let (object, ty) = (resource.object(), resource.ty());
        let state = decode(request.current_state.as_ref(), &ty)?;
        if state.is_null() {
            return Ok(unread(request, Vec::new()));
        }
        let known = identity::decode(request.current_identity.as_ref(), &object)?;
        let (mut cx, stop) = self.context(&request.private)?;
        let limit = resource.timeouts().said_by(&state).read;
        let done = within(limit, GRACE, stop, resource.read(&state, &mut cx)).await;
        warnings.extend(cx.take_problems());
        let found = done??;
        let state = match found {
            Some(found) => forget_unknown(&object, settle(&object, Some(&state), found)),
            None => Value::null(ty.clone()),
        };
        if let Some(problem) = identity::changed(known.as_ref(), &state) {
            return Err(problem.into());
        }
        let identity = identity::of(&object, &state).or(known).filter(|_| !state.is_null());
        Ok(tf::read_resource::Response {
            new_state: Some(encode(&state, &ty)?),
            private: cx.private.encode().into(),
            new_identity: identity::encode(identity.as_ref(), &object)?,
            ..Default::default()
        })
    }

    pub(super) async fn plan_resource(
        &self,
        request: &tf::plan_resource_change::Request,
    ) -> tf::plan_resource_change::Response {
        let mut warnings = Problems::new();
        let mut response = match self.try_plan(request, &mut warnings).await {
            Ok(response) => response,
            Err(problems) => {
                warnings.extend(problems);
                unplanned(request, Vec::new())
            }
        };
        response.diagnostics = wire::diagnostics(&request.type_name, warnings);
        response
    }

    async fn try_plan(
        &self,
        request: &tf::plan_resource_change::Request,
        warnings: &mut Problems,
    ) -> Result<tf::plan_resource_change::Response, Problems> {
        let resource = self.resource(&request.type_name)?;
        let (object, ty) = (resource.object(), resource.ty());
        let proposed = decode(request.proposed_new_state.as_ref(), &ty)?;
        if proposed.is_null() {
            return Ok(tf::plan_resource_change::Response {
                planned_state: request.proposed_new_state.clone(),
                planned_private: request.prior_private.clone(),
                planned_identity: request.prior_identity.clone(),
                ..Default::default()
            });
        }
        let prior = decode(request.prior_state.as_ref(), &ty)?;
        let prior = (!prior.is_null()).then_some(prior);
        let config = decode(request.config.as_ref(), &ty)?;
        let worked_out = plan(&object, &config, prior.as_ref()).state;
        let (mut cx, stop) = self.context(&request.prior_private)?;
        let limit = resource.timeouts().said_by(&config).read;
        let deed = resource.plan(prior.as_ref(), &worked_out, &config, &mut cx);
        let done = within(limit, GRACE, stop, deed).await;
        warnings.extend(cx.take_problems());
        let planned = done??;
        // A configured value that went through a Rust type comes back as it was written.
        let planned = settle(&object, Some(&worked_out), planned);
        let planned = settle_plan(&object, prior.as_ref(), planned);
        let replace = match &prior {
            Some(prior) => replace_paths(&object, prior, &planned),
            None => Vec::new(),
        };
        let stays = prior.as_ref().filter(|_| replace.is_empty());
        let before = match identity::decode(request.prior_identity.as_ref(), &object)? {
            Some(before) => stays.map(|_| before),
            None => stays.and_then(|it| identity::of(&object, it)),
        };
        if let Some(problem) = identity::changed(before.as_ref(), &planned) {
            return Err(problem.into());
        }
        let identity = identity::of(&object, &planned).or(before);
        Ok(tf::plan_resource_change::Response {
            planned_identity: identity::encode(identity.as_ref(), &object)?,
            planned_state: Some(encode(&planned, &ty)?),
            requires_replace: replace.iter().filter_map(wire::attribute_path).collect(),
            planned_private: cx.private.encode().into(),
            ..Default::default()
        })
    }

    pub(super) async fn apply_resource(
        &self,
        request: &tf::apply_resource_change::Request,
    ) -> tf::apply_resource_change::Response {
        let mut problems = Problems::new();
        let mut response = match self.try_apply(request, &mut problems).await {
            Ok(response) => response,
            Err(found) => {
                problems.extend(found);
                unapplied(request, Vec::new())
            }
        };
        response.diagnostics = wire::diagnostics(&request.type_name, problems);
        response
    }

    /// Makes the change. `Err` is before anything was done; what goes wrong afterwards is in
    /// `problems`, beside the state as it is then.
    async fn try_apply(
        &self,
        request: &tf::apply_resource_change::Request,
        problems: &mut Problems,
    ) -> Result<tf::apply_resource_change::Response, Problems> {
        let resource = self.resource(&request.type_name)?;
        let (object, ty) = (resource.object(), resource.ty());
        let value = |it: Option<&tf::DynamicValue>| decode(it, &ty);
        let prior = Some(value(request.prior_state.as_ref())?).filter(|it| !it.is_null());
        let planned = Some(value(request.planned_state.as_ref())?).filter(|it| !it.is_null());
        let config = value(request.config.as_ref())?;
        let (mut cx, stop) = self.context(&request.planned_private)?;
        let known = identity::decode(request.planned_identity.as_ref(), &object)?;
        let before = prior.as_ref().and_then(|it| known.or_else(|| identity::of(&object, it)));
        let timeouts = resource.timeouts();
        let change = Change { prior: prior.as_ref(), planned: planned.as_ref(), config: &config };
        let limit = match (change.prior, change.planned) {
            (_, None) => timeouts.said_by(prior.as_ref().unwrap_or(&config)).delete,
            (None, Some(planned)) => timeouts.said_by(planned).create,
            (Some(_), Some(planned)) => timeouts.said_by(planned).update,
        };
        let deed = change.make(resource, &mut cx);
        let done = within(limit, GRACE, stop, deed).await;
        problems.extend(cx.take_problems());
        let outcome = done.unwrap_or_else(|it| Err(Problems::from(it).into()));
        let settled = |state: Option<Value>| Some(settle(&object, planned.as_ref(), state?));
        let state = match outcome {
            Ok(state) => settled(state),
            Err(Failure { state, problems: found }) => {
                problems.extend(found);
                let state = settled(state).or_else(|| prior.clone());
                state.map(|it| forget_unknown(&object, it))
            }
        };
        let state = state.unwrap_or_else(|| Value::null(ty.clone()));
        let identity = identity_after(&object, before, &state, problems);
        for path in left_unknown(&state) {
            let problem = Problem::error(path, "is still unknown after the change");
            problems.push(problem.cure("please report this to the provider's developers"));
        }
        let is_failed = problems.has_error();
        let private = if is_failed && state.is_null() { Vec::new() } else { cx.private.encode() };
        let forget = |it| forget_unknown(&object, it);
        let instead = planned.or(prior).map_or_else(|| Value::null(ty.clone()), forget);
        let (state, refused) = wire::encode_or(&forget(state), &instead, &ty);
        problems.extend(refused);
        Ok(tf::apply_resource_change::Response {
            new_state: Some(state),
            private: private.into(),
            new_identity: identity,
            ..Default::default()
        })
    }

    pub(super) fn resource(&self, name: &str) -> Result<&dyn Erased<P>, Problems> {
        find(&self.resources, name, "resource").map(|it| &*it.0)
    }
}

impl Change<'_> {
    /// The state after the change; `None` if the object is gone.
    async fn make<P: Provider>(
        &self,
        resource: &dyn Erased<P>,
        cx: &mut crate::Context<P>,
    ) -> Result<Option<Value>, Failure<Value>> {
        match (self.prior, self.planned) {
            (None, None) => Ok(None),
            (Some(prior), None) => {
                resource.delete(prior, cx).await.map(|()| None).map_err(Failure::from)
            }
            (None, Some(planned)) => resource.create(planned, self.config, cx).await.map(Some),
            (Some(prior), Some(planned)) => {
                resource.update(prior, planned, self.config, cx).await.map(Some)
            }
        }
    }
}

/// The identity after a change. One that changed is told, and stays what it was.
fn identity_after(
    object: &Object,
    before: Option<Value>,
    state: &Value,
    problems: &mut Problems,
) -> Option<tf::ResourceIdentityData> {
    let changed = if problems.has_error() {
        identity::contradicted(before.as_ref(), state)
    } else {
        identity::changed(before.as_ref(), state)
    };
    let identity = if changed.is_some() { before } else { identity::of(object, state).or(before) };
    let identity = identity.filter(|_| !state.is_null());
    problems.extend(changed);
    identity::encode(identity.as_ref(), object).unwrap_or_else(|problem| {
        problems.push(problem);
        None
    })
}

/// The answer to a reading that failed: the state as it was, since nothing is known of the object.
pub(super) fn unread(
    request: &tf::read_resource::Request,
    diagnostics: Vec<tf::Diagnostic>,
) -> tf::read_resource::Response {
    tf::read_resource::Response {
        new_state: request.current_state.clone(),
        private: request.private.clone(),
        new_identity: request.current_identity.clone(),
        diagnostics,
        ..Default::default()
    }
}

/// The answer to a planning that failed.
pub(super) fn unplanned(
    request: &tf::plan_resource_change::Request,
    diagnostics: Vec<tf::Diagnostic>,
) -> tf::plan_resource_change::Response {
    tf::plan_resource_change::Response {
        planned_state: request.prior_state.clone(),
        planned_private: request.prior_private.clone(),
        planned_identity: request.prior_identity.clone(),
        diagnostics,
        ..Default::default()
    }
}

/// The answer to a change that failed before anything was done, or of which nothing is known.
pub(super) fn unapplied(
    request: &tf::apply_resource_change::Request,
    diagnostics: Vec<tf::Diagnostic>,
) -> tf::apply_resource_change::Response {
    tf::apply_resource_change::Response {
        new_state: request.prior_state.clone(),
        private: request.planned_private.clone(),
        new_identity: request.planned_identity.clone(),
        diagnostics,
        ..Default::default()
    }
}

pub(super) fn decode(value: Option<&tf::DynamicValue>, ty: &Type) -> Result<Value, Problems> {
    wire::decode(value, ty).map_err(Problems::from)
}

pub(super) fn encode(value: &Value, ty: &Type) -> Result<tf::DynamicValue, Problems> {
    wire::encode(value, ty).map_err(Problems::from)
}

/// Refuses write-only values from a Terraform that would store them.
fn refuse_write_only(object: &Object, value: &Value, path: &Path, problems: &mut Problems) {
    for attribute in &object.attributes {
        let Some(value) = value.get(&attribute.name).filter(|it| !it.is_null()) else { continue };
        let path = path.attribute(attribute.name.as_ref());
        if attribute.write_only {
            let message = "is write-only, and this Terraform would store it";
            let cure = "use Terraform or OpenTofu 1.11 or newer, or leave the attribute out";
            problems.push(Problem::error(path, message).cure(cure));
            continue;
        }
        let AttributeKind::Nested(_, object) = &attribute.kind else { continue };
        match value.kind() {
            Kind::Object(_) => refuse_write_only(object, value, &path, problems),
            Kind::Map(_, elements) => {
                for (key, it) in elements.iter() {
                    refuse_write_only(object, it, &path.key(key.clone()), problems);
                }
            }
            Kind::List(_, elements) => {
                for (i, it) in elements.iter().enumerate() {
                    refuse_write_only(object, it, &path.index(i), problems);
                }
            }
            // Terraform takes no provider with a write-only attribute in a set.
            _ => {}
        }
    }
}
