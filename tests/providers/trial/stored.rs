//! The life that most of the resources share: an object is a file.

use std::marker::PhantomData;

use stanchion_cty::schema::{Block, Leaf, decode_object};
use stanchion_cty::{Path, Problem, Problems, Value};
use stanchion_framework::{
    Context, Failure, Managed, MovedFrom, ObjectIdentity, Private, RawState,
};

use crate::Trial;
use crate::store::{Fault, failed};

/// What is a file.
pub(crate) trait Item: Block + Clone + Send + Sync + 'static {
    const TYPE: &'static str;
    const VERSION: i64 = 0;
    const IDENTITY_VERSION: i64 = 0;

    fn name(&self) -> &Leaf<String>;

    /// Fills in what only the change shows.
    fn complete(&mut self, prior: Option<&Self>);

    /// Takes over from the configuration what it should not.
    fn keep(&mut self, config: &Self) {
        let _ = config;
    }

    /// What is told to the file alone, beside the object.
    fn told(&self) -> Option<String> {
        None
    }

    fn validate(&self) -> Problems {
        Problems::new()
    }

    /// Completes a plan, or refuses it.
    fn plan(self, prior: Option<&Self>, config: &Self) -> Result<Self, Problems> {
        let _ = (prior, config);
        Ok(self)
    }

    fn import(name: &str) -> Result<Self, Problem> {
        Err(failed(&format!("{name:?} can't be imported")))
    }

    fn import_by_identity(_: &ObjectIdentity) -> Result<Self, Problems> {
        Err(failed("can't be imported so").into())
    }

    fn upgrade(_: i64, state: RawState) -> Result<RawState, Problems> {
        Ok(state)
    }

    fn upgrade_identity(identity: RawState) -> Result<RawState, Problems> {
        Ok(identity)
    }

    fn moved(from: &MovedFrom<'_>, _: &mut Private) -> Result<Self, Problems> {
        Err(from.refused().into())
    }
}

/// An item of which nothing but the name is known, until it is read.
pub(crate) fn named<T: Block>(name: &str) -> Result<T, Problem> {
    let object = T::object();
    let said = object.attributes.iter().map(|it| match it.name.as_ref() {
        "name" => ("name", name.into()),
        other => (other, it.absent()),
    });
    let item = decode_object(&Value::object(said.collect::<Vec<_>>()), &Path::root());
    item.map_err(|_| failed("can't be imported"))
}

/// An item as a resource.
pub(crate) struct Stored<T>(PhantomData<fn() -> T>);

impl<T> Default for Stored<T> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<T: Item> Stored<T> {
    /// Makes the object what is planned.
    fn change(
        deed: &'static str,
        mut state: T,
        config: &T,
        prior: Option<&T>,
        cx: &mut Context<Trial>,
    ) -> Result<T, Failure<T>> {
        let name = known(state.name())?.to_owned();
        let fault = cx.client().begin(deed, &name)?;
        if let Some(Fault::Error) = fault {
            return Err(failed("is ordered to fail").into());
        }
        state.complete(prior);
        state.keep(config);
        cx.client().put(T::TYPE, &name, &state)?;
        if let Some(told) = config.told() {
            cx.client().write(&format!("told/{name}"), &told)?;
        }
        cx.private.set("seal", &*name);
        match fault {
            Some(Fault::Late) => Err(Failure {
                state: Some(state),
                problems: failed("is ordered to fail when it is done").into(),
            }),
            Some(Fault::Panic) => panic!("ordered for {name}"),
            _ => Ok(state),
        }
    }
}

impl<T: Item> Managed<Trial> for Stored<T> {
    const TYPE: &'static str = T::TYPE;
    const VERSION: i64 = T::VERSION;
    const IDENTITY_VERSION: i64 = T::IDENTITY_VERSION;
    type State = T;

    fn validate(&self, config: &T) -> Problems {
        config.validate()
    }

    async fn plan(
        &self,
        prior: Option<&T>,
        planned: T,
        config: &T,
        cx: &mut Context<Trial>,
    ) -> Result<T, Problems> {
        if let Some(name) = planned.name().known() {
            cx.client().begin_or_panic("plan", name)?;
        }
        planned.plan(prior, config)
    }

    async fn create(
        &self,
        planned: T,
        config: T,
        cx: &mut Context<Trial>,
    ) -> Result<T, Failure<T>> {
        Self::change("create", planned, &config, None, cx)
    }

    async fn read(&self, state: T, cx: &mut Context<Trial>) -> Result<Option<T>, Problems> {
        let name = known(state.name())?;
        cx.client().begin_or_panic("read", name)?;
        let seal = cx.private.get("seal");
        if seal.is_some_and(|it| it != name) {
            return Err(failed("has the private data of another").into());
        }
        if seal.is_none() {
            cx.warn(
                Problem::warning(Path::root(), "was never sealed").cure("nothing is to be done"),
            );
        }
        cx.client().get(T::TYPE, name).map_err(Problems::from)
    }

    async fn update(
        &self,
        prior: T,
        planned: T,
        config: T,
        cx: &mut Context<Trial>,
    ) -> Result<T, Failure<T>> {
        Self::change("update", planned, &config, Some(&prior), cx)
    }

    async fn delete(&self, state: T, cx: &mut Context<Trial>) -> Result<(), Problems> {
        let name = known(state.name())?;
        cx.client().begin_or_panic("delete", name)?;
        cx.client().remove(T::TYPE, name).map_err(Problems::from)
    }

    async fn import(&self, id: &str, cx: &mut Context<Trial>) -> Result<T, Problems> {
        cx.client().begin_or_panic("import", id)?;
        cx.private.set("seal", id);
        T::import(id).map_err(Problems::from)
    }

    async fn import_by_identity(
        &self,
        identity: &ObjectIdentity,
        cx: &mut Context<Trial>,
    ) -> Result<T, Problems> {
        let state = T::import_by_identity(identity)?;
        cx.private.set("seal", known(state.name())?);
        Ok(state)
    }

    fn upgrade(&self, version: i64, state: RawState) -> Result<RawState, Problems> {
        T::upgrade(version, state)
    }

    fn upgrade_identity(&self, _: i64, identity: RawState) -> Result<RawState, Problems> {
        T::upgrade_identity(identity)
    }

    fn moved(&self, from: MovedFrom<'_>, private: &mut Private) -> Result<T, Problems> {
        T::moved(&from, private)
    }
}

fn known(name: &Leaf<String>) -> Result<&str, Problems> {
    let problem = || Problem::error(Path::root().attribute("name"), "is not known").into();
    name.known().map(String::as_str).ok_or_else(problem)
}
