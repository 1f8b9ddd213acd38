//! Resources: what Terraform creates, reads, changes and deletes.

use std::io;
use std::pin::Pin;

use stanchion_cty::schema::{Block, Object, validate};
use stanchion_cty::{Path, Problem, Problems, Step, Type, Value};

use crate::plan::with_defaults;
use crate::{Context, Provider, RawState, Timeouts};

/// A resource that Terraform manages. Configuration, plan and state are one struct, [`Managed::State`].
///
/// `planned` is what the framework worked out from declaration, configuration and prior state, with
/// computed values unknown where the change will tell. A deed returns the state as it is now: the
/// planned values as planned, every unknown one known.
pub trait Managed<P: Provider>: Send + Sync + 'static {
    /// The type's name, with the provider's prefix: `stanchion_pipeline`.
    const TYPE: &'static str;

    /// The version of the state's form; raise it when a stored state no longer reads.
    const VERSION: i64 = 0;

    /// How long each deed may take where the configuration's `timeouts` do not say.
    const TIMEOUTS: Timeouts = Timeouts::DEFAULT;

    /// What a configuration may say and a state holds.
    type State: Block + Send + Sync;

    /// The problems of a configuration beyond those that its declaration finds; values may be
    /// unknown, and it is not asked while one is for which the struct has no room. Must work
    /// without network, files and credentials, since editors ask too.
    fn validate(&self, config: &Self::State) -> Problems {
        let _ = config;
        Problems::new()
    }

    /// Completes a plan: turns computed values that can be known already from unknown into known.
    /// Must give the same answer when asked twice, and leave configured values alone. Not asked
    /// when the object is to be destroyed, nor while a value is unknown for which the struct has
    /// no room.
    ///
    /// # Errors
    /// The change can't be made; nothing is planned.
    fn plan(
        &self,
        prior: Option<&Self::State>,
        planned: Self::State,
        cx: &mut Context<P>,
    ) -> impl Future<Output = Result<Self::State, Problems>> + Send {
        let _ = (prior, cx);
        async { Ok(planned) }
    }

    /// Makes the object. `config` is as written, with defaults: the only place where a write-only
    /// value is.
    ///
    /// # Errors
    /// The object is not, or not wholly, as planned. What exists nevertheless is in the failure's
    /// state, and Terraform will replace it.
    fn create(
        &self,
        planned: Self::State,
        config: Self::State,
        cx: &mut Context<P>,
    ) -> impl Future<Output = Result<Self::State, Failure<Self::State>>> + Send;

    /// The object as it is now; `None` if it is gone.
    ///
    /// # Errors
    /// It can't be told; Terraform keeps the state.
    fn read(
        &self,
        state: Self::State,
        cx: &mut Context<P>,
    ) -> impl Future<Output = Result<Option<Self::State>, Problems>> + Send;

    /// Changes the object. Need not be there where each attribute that can change says `replace`.
    ///
    /// # Errors
    /// The object is not, or not wholly, as planned. The failure's state is what it is now; the
    /// prior state where that is `None`.
    fn update(
        &self,
        prior: Self::State,
        planned: Self::State,
        config: Self::State,
        cx: &mut Context<P>,
    ) -> impl Future<Output = Result<Self::State, Failure<Self::State>>> + Send {
        let _ = (prior, planned, config, cx);
        async { Err(Problem::error(Path::root(), "can't be changed in place").into()) }
    }

    /// Deletes the object; one that is gone already is deleted.
    ///
    /// # Errors
    /// It still exists; Terraform keeps the state.
    fn delete(
        &self,
        state: Self::State,
        cx: &mut Context<P>,
    ) -> impl Future<Output = Result<(), Problems>> + Send;

    /// The object of that identifier, enough of it for [`Managed::read`] to fill in the rest, which
    /// Terraform asks for next.
    ///
    /// # Errors
    /// The identifier names nothing that can be managed.
    fn import(
        &self,
        id: &str,
        cx: &mut Context<P>,
    ) -> impl Future<Output = Result<Self::State, Problems>> + Send {
        let _ = (id, cx);
        async { Err(Problem::error(Path::root(), "can't be imported").into()) }
    }

    /// Brings a state that an older version stored into today's form, as far as that is more than
    /// leaving out attributes that are gone and adding null for new ones, which the framework does.
    ///
    /// # Errors
    /// The state can't be read.
    fn upgrade(&self, version: i64, state: RawState) -> Result<RawState, Problems> {
        let _ = version;
        Ok(state)
    }
}

/// A deed that failed, and what exists nevertheless.
#[derive(Debug)]
pub struct Failure<S> {
    /// What exists. `None`: nothing, or what was there before.
    pub state: Option<S>,
    /// What went wrong.
    pub problems: Problems,
}

impl<S> From<Problems> for Failure<S> {
    fn from(problems: Problems) -> Self {
        Self { state: None, problems }
    }
}

impl<S> From<Problem> for Failure<S> {
    fn from(problem: Problem) -> Self {
        Problems::from(problem).into()
    }
}

/// What the system refused, in its words.
impl<S> From<io::Error> for Failure<S> {
    fn from(error: io::Error) -> Self {
        Problems::from(error).into()
    }
}

/// Any resource of a provider.
pub struct AnyManaged<P: Provider>(pub(crate) Box<dyn Erased<P>>);

/// A resource, for the provider's list.
pub fn managed<P: Provider>(resource: impl Managed<P>) -> AnyManaged<P> {
    AnyManaged(Box::new(resource))
}

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
    fn upgrade(&self, version: i64, state: RawState) -> Result<RawState, Problems>;
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
        cx: &'a mut Context<P>,
    ) -> Deed<'a, Result<Value, Problems>> {
        Box::pin(async move {
            let prior = prior.map(read_state::<M::State>).transpose()?;
            let Some(known) = read_if_known(planned)? else { return Ok(planned.clone()) };
            let planned = Managed::plan(self, prior.as_ref(), known, cx).await?;
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

    fn upgrade(&self, version: i64, state: RawState) -> Result<RawState, Problems> {
        Managed::upgrade(self, version, state)
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
