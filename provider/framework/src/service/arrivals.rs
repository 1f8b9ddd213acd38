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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plugin::{Session, Stop, log::Log};
    use crate::{Context, Failure, Managed, Plain, managed};
    use stanchion_cty::Value;
    use stanchion_cty::schema::{Block, Leaf};

    /// A door that was something else before.
    #[derive(Clone, Debug, PartialEq, Block)]
    struct Door {
        #[attr(replace, identity)]
        house: String,
        #[attr(computed, identity)]
        number: Leaf<i64>,
        #[attr(computed)]
        width: Leaf<i64>,
    }

    struct Doors;

    impl Managed<Plain> for Doors {
        const TYPE: &'static str = "example_door";
        type State = Door;

        async fn create(
            &self,
            door: Door,
            _: Door,
            _: &mut Context<Plain>,
        ) -> Result<Door, Failure<Door>> {
            Ok(door)
        }

        async fn read(&self, door: Door, _: &mut Context<Plain>) -> Result<Option<Door>, Problems> {
            Ok(Some(door))
        }

        async fn delete(&self, _: Door, _: &mut Context<Plain>) -> Result<(), Problems> {
            Ok(())
        }

        fn moved(&self, from: MovedFrom<'_>, private: &mut Private) -> Result<Door, Problems> {
            private.set("key", format!("{} again", from.private.get("key").unwrap_or_default()));
            let house = from.text("building").unwrap_or_default().to_owned();
            Ok(Door { house, number: 7.into(), width: Leaf::unknown() })
        }

        async fn import_by_identity(
            &self,
            identity: &ObjectIdentity,
            _: &mut Context<Plain>,
        ) -> Result<Door, Problems> {
            Ok(Door { house: identity.get("house")?, number: Leaf::Null, width: Leaf::Null })
        }
    }

    fn service() -> Service<Plain> {
        let log = Log::new(None, "example", std::io::sink());
        Service::new(Plain(|| vec![managed(Doors)]), Session { stop: Stop::default(), log })
    }

    fn identity_of_door() -> Value {
        Value::object([("house", "h".into()), ("number", Value::number(7))])
    }

    #[test]
    fn what_is_moved_has_its_identity_and_private_data() {
        let mut before = Private::default();
        before.set("key", "iron");
        let request = tf::move_resource_state::Request {
            source_type_name: "example_gate".to_owned(),
            target_type_name: "example_door".to_owned(),
            source_state: Some(tf::RawState {
                json: r#"{"building":"h"}"#.into(),
                ..Default::default()
            }),
            source_private: before.encode().into(),
            ..Default::default()
        };
        let moved = service().move_resource(&request);
        assert_eq!(moved.diagnostics, []);
        let object = Door::object();
        let state = wire::decode(moved.target_state.as_ref(), &object.ty());
        let door = Door { house: "h".to_owned(), number: 7.into(), width: Leaf::Null };
        assert_eq!(state, Ok(door.encode_value()), "what the move leaves open is read next");
        let identity = identity::decode(moved.target_identity.as_ref(), &object);
        assert_eq!(identity, Ok(Some(identity_of_door())));
        let private = Private::decode(&moved.target_private).unwrap_or_default();
        assert_eq!(private.get("key"), Some("iron again"));
    }
    #[tokio::test]
    async fn what_is_imported_by_its_identity_has_it_before_it_is_read() {
        let service = service();
        assert_eq!(service.configure(&tf::configure_provider::Request::default()).diagnostics, []);
        let object = Door::object();
        let asked = identity::encode(Some(&identity_of_door()), &object);
        let request = tf::import_resource_state::Request {
            type_name: "example_door".to_owned(),
            identity: asked.clone().unwrap_or_default(),
            ..Default::default()
        };
        let answer = service.import_resource(&request).await;
        assert_eq!(answer.diagnostics, []);
        let imported = answer.imported_resources.into_iter().map(|it| it.identity);
        assert_eq!(imported.collect::<Vec<_>>(), [asked.unwrap_or_default()]);
    }
}
