//! Resources: what Terraform creates, reads, changes and deletes.

mod erased;

use std::io;

use stanchion_cty::schema::Block;
use stanchion_cty::{Path, Problem, Problems};

use crate::{Context, MovedFrom, ObjectIdentity, Private, Provider, RawState, Timeouts};

pub(crate) use erased::{Deed, Erased, read, read_if_known};

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

    /// The version of the identity's form, where attributes say `identity`; raise it when one of
    /// them gets another name or type.
    const IDENTITY_VERSION: i64 = 0;

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
    /// no room. `config` is as in [`Managed::create`], and may have unknown values. `prior` is
    /// `None` for a new object, also for one that is made in the place of another: what must be
    /// given then, and may be left out later, is refused here.
    ///
    /// # Errors
    /// The change can't be made; nothing is planned.
    fn plan(
        &self,
        prior: Option<&Self::State>,
        planned: Self::State,
        config: &Self::State,
        cx: &mut Context<P>,
    ) -> impl Future<Output = Result<Self::State, Problems>> + Send {
        let _ = (prior, config, cx);
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

    /// The object of that identity, as [`Managed::import`] gives it for an identifier. Where
    /// [`Managed::read`] needs no more than the identity, [`ObjectIdentity::state`] is all of it.
    ///
    /// # Errors
    /// The identity names nothing that can be managed.
    fn import_by_identity(
        &self,
        identity: &ObjectIdentity,
        cx: &mut Context<P>,
    ) -> impl Future<Output = Result<Self::State, Problems>> + Send {
        let _ = (identity, cx);
        let problem = Problem::error(Path::root(), "can't be imported by its identity");
        async { Err(problem.cure("import it by its id").into()) }
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

    /// Brings an identity that an older version stored into today's form.
    ///
    /// # Errors
    /// The identity can't be read.
    fn upgrade_identity(&self, version: i64, identity: RawState) -> Result<RawState, Problems> {
        let _ = version;
        Ok(identity)
    }

    /// The state of an object that was managed as another type until a `moved` block said that it
    /// is one of this type. What only the object itself can tell stays null, for [`Managed::read`]
    /// to fill in. Must work without a configured provider. `private` is empty and will be the
    /// object's private data.
    ///
    /// # Errors
    /// Objects of that type, provider or version can't become objects of this type.
    fn moved(&self, from: MovedFrom<'_>, private: &mut Private) -> Result<Self::State, Problems> {
        let _ = private;
        Err(from.refused().into())
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
