//! Resources behind one type, whatever their state is.

use std::pin::Pin;

use stanchion_cty::schema::{Block, Object, validate};
use stanchion_cty::{Path, Problems, Step, Type, Value};

use super::{Failure, Managed};
use crate::plan::with_defaults;
use crate::{Context, MovedFrom, ObjectIdentity, Private, Provider, RawState, Timeouts};

pub(crate) type Deed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// [`Managed`] on values rather than structs.
pub(crate) trait Erased<P: Provider>: Send + Sync {
    fn name(&self) -> &'static str;
    fn version(&self) -> i64;
    fn timeouts(&self) -> Timeouts;
    fn object(&self) -> std::sync::Arc<Object>;
    /// The type of the values: that of the declaration, which is put together once.
    fn ty(&self) -> Type;
    fn validate(&self, config: &Value) -> Problems;
    fn plan<'a>(
        &'a self,
        prior: Option<&'a Value>,
        planned: &'a Value,
        config: &'a Value,
        cx: &'a mut Context<P>,
    ) -> Deed<'a, Result<Value, Problems>>;
    fn create<'a>(
        &'a self,
        planned: &'a Value,
        config: &'a Value,
        cx: &'a mut Context<P>,
    ) -> Deed<'a, Result<Value, Failure<Value>>>;
    fn read<'a>(
        &'a self,
        state: &'a Value,
        cx: &'a mut Context<P>,
    ) -> Deed<'a, Result<Option<Value>, Problems>>;
    fn update<'a>(
        &'a self,
        prior: &'a Value,
        planned: &'a Value,
        config: &'a Value,
        cx: &'a mut Context<P>,
    ) -> Deed<'a, Result<Value, Failure<Value>>>;
    fn delete<'a>(
        &'a self,
        state: &'a Value,
        cx: &'a mut Context<P>,
    ) -> Deed<'a, Result<(), Problems>>;
    fn import<'a>(
        &'a self,
        id: &'a str,
        cx: &'a mut Context<P>,
    ) -> Deed<'a, Result<Value, Problems>>;
    fn import_by_identity<'a>(
        &'a self,
        identity: &'a ObjectIdentity,
        cx: &'a mut Context<P>,
    ) -> Deed<'a, Result<Value, Problems>>;
    fn upgrade(&self, version: i64, state: RawState) -> Result<RawState, Problems>;
    fn identity_version(&self) -> i64;
    fn upgrade_identity(&self, version: i64, identity: RawState) -> Result<RawState, Problems>;
    fn moved(&self, from: MovedFrom<'_>, private: &mut Private) -> Result<Value, Problems>;
}

impl<P: Provider, M: Managed<P>> Erased<P> for M {
    fn name(&self) -> &'static str {
        M::TYPE
    }

    fn version(&self) -> i64 {
        M::VERSION
    }

    fn timeouts(&self) -> Timeouts {
        M::TIMEOUTS
    }

    fn object(&self) -> std::sync::Arc<Object> {
        M::State::object()
    }

    fn ty(&self) -> Type {
        M::State::object_type()
    }

    fn validate(&self, config: &Value) -> Problems {
        let object = M::State::object();
        let mut problems = validate(&object, config);
        match read_if_known::<M::State>(&with_defaults(&object, config)) {
            Ok(config) => problems.extend(config.iter().flat_map(|it| Managed::validate(self, it))),
            Err(found) => problems.extend(found),
        }
        problems
    }

    fn plan<'a>(
        &'a self,
        prior: Option<&'a Value>,
        planned: &'a Value,
        config: &'a Value,
        cx: &'a mut Context<P>,
    ) -> Deed<'a, Result<Value, Problems>> {
        Box::pin(async move {
            let prior = prior.map(read_state::<M::State>).transpose()?;
            let config = with_defaults(&M::State::object(), config);
            let known = read_if_known(planned)?.zip(read_if_known(&config)?);
            let Some((known, config)) = known else { return Ok(planned.clone()) };
            let planned = Managed::plan(self, prior.as_ref(), known, &config, cx).await?;
            Ok(planned.encode_value())
        })
    }

    fn create<'a>(
        &'a self,
        planned: &'a Value,
        config: &'a Value,
        cx: &'a mut Context<P>,
    ) -> Deed<'a, Result<Value, Failure<Value>>> {
        Box::pin(async move {
            let config = with_defaults(&M::State::object(), config);
            let result = Managed::create(self, read(planned)?, read(&config)?, cx).await;
            result.map(|it| it.encode_value()).map_err(Failure::erase)
        })
    }

    fn read<'a>(
        &'a self,
        state: &'a Value,
        cx: &'a mut Context<P>,
    ) -> Deed<'a, Result<Option<Value>, Problems>> {
        Box::pin(async move {
            let state = Managed::read(self, read_state(state)?, cx).await?;
            Ok(state.map(|it| it.encode_value()))
        })
    }

    fn update<'a>(
        &'a self,
        prior: &'a Value,
        planned: &'a Value,
        config: &'a Value,
        cx: &'a mut Context<P>,
    ) -> Deed<'a, Result<Value, Failure<Value>>> {
        Box::pin(async move {
            let config = with_defaults(&M::State::object(), config);
            let (prior, planned, config) = (read_state(prior)?, read(planned)?, read(&config)?);
            let result = Managed::update(self, prior, planned, config, cx).await;
            result.map(|it| it.encode_value()).map_err(Failure::erase)
        })
    }

    fn delete<'a>(
        &'a self,
        state: &'a Value,
        cx: &'a mut Context<P>,
    ) -> Deed<'a, Result<(), Problems>> {
        Box::pin(async move { Managed::delete(self, read_state(state)?, cx).await })
    }

    fn import<'a>(
        &'a self,
        id: &'a str,
        cx: &'a mut Context<P>,
    ) -> Deed<'a, Result<Value, Problems>> {
        Box::pin(async move { Ok(Managed::import(self, id, cx).await?.encode_value()) })
    }

    fn import_by_identity<'a>(
        &'a self,
        identity: &'a ObjectIdentity,
        cx: &'a mut Context<P>,
    ) -> Deed<'a, Result<Value, Problems>> {
        Box::pin(async move {
            Ok(Managed::import_by_identity(self, identity, cx).await?.encode_value())
        })
    }

    fn upgrade(&self, version: i64, state: RawState) -> Result<RawState, Problems> {
        Managed::upgrade(self, version, state)
    }

    fn identity_version(&self) -> i64 {
        M::IDENTITY_VERSION
    }

    fn upgrade_identity(&self, version: i64, identity: RawState) -> Result<RawState, Problems> {
        Managed::upgrade_identity(self, version, identity)
    }

    fn moved(&self, from: MovedFrom<'_>, private: &mut Private) -> Result<Value, Problems> {
        Ok(Managed::moved(self, from, private)?.encode_value())
    }
}

impl<S: Block> Failure<S> {
    fn erase(self) -> Failure<Value> {
        Failure { state: self.state.map(|it| it.encode_value()), problems: self.problems }
    }
}

/// Reads a struct out of a stored state. An attribute that is newer than the state is null in it;
/// where the struct has no room for that, its default stands in.
fn read_state<S: Block>(state: &Value) -> Result<S, Problems> {
    read(state).or_else(|problems| read(&with_defaults(&S::object(), state)).map_err(|_| problems))
}

/// Reads a struct out of an object's value; `None` where nothing stands against it but values
/// that are not known yet.
pub(crate) fn read_if_known<S: Block>(value: &Value) -> Result<Option<S>, Problems> {
    read(value).map(Some).or_else(|problems| {
        let against = problems.into_iter().filter(|it| !is_unknown(value, it.path.steps()));
        let against: Problems = against.collect();
        if against.is_empty() { Ok(None) } else { Err(against) }
    })
}

/// Whether the value at these steps, or one on the way there, is unknown.
fn is_unknown(value: &Value, steps: &[Step]) -> bool {
    if !value.is_known() {
        return true;
    }
    let Some((step, steps)) = steps.split_first() else { return false };
    let part = match step {
        Step::Attribute(name) | Step::Key(name) => value.get(name),
        Step::Index(i) => value.parts().nth(*i),
        Step::Element(it) => Some(&**it),
    };
    part.is_some_and(|it| is_unknown(it, steps))
}

/// Reads a struct out of an object's value.
pub(crate) fn read<S: Block>(value: &Value) -> Result<S, Problems> {
    stanchion_cty::schema::decode_object(value, &Path::root())
}
