//! Ephemeral resources: what exists while Terraform works, and is stored nowhere.

use std::sync::Arc;

use jiff::Timestamp;
use stanchion_cty::schema::{Block, Object, validate};
use stanchion_cty::{Problems, Type, Value};

use crate::managed::{Deed, read, read_if_known};
use crate::plan::with_defaults;
use crate::{Context, Private, Provider};

/// Something that is opened when Terraform needs it and closed when it is done, such as a lease.
///
/// Terraform opens it in a plan and again in the apply, and not at all while its configuration is
/// unknown.
pub trait Ephemeral<P: Provider>: Send + Sync + 'static {
    /// The type's name, with the provider's prefix.
    const TYPE: &'static str;

    /// What a configuration may say and a result holds.
    type State: Block + Send + Sync;

    /// The problems of a configuration beyond those that its declaration finds; values may be
    /// unknown, and it is not asked while one is for which the struct has no room. Must work
    /// without network, files and credentials.
    fn validate(&self, config: &Self::State) -> Problems {
        let _ = config;
        Problems::new()
    }

    /// Opens it.
    ///
    /// # Errors
    /// It can't be opened; nothing is left open.
    fn open(
        &self,
        config: Self::State,
        cx: &mut Context<P>,
    ) -> impl Future<Output = Result<Opened<Self::State>, Problems>> + Send;

    /// Keeps it open, at the time that [`Opened::renew_at`] or [`Renewed::renew_at`] asked for.
    ///
    /// # Errors
    /// It can't be kept open.
    fn renew(
        &self,
        private: Private,
        cx: &mut Context<P>,
    ) -> impl Future<Output = Result<Renewed, Problems>> + Send {
        let _ = cx;
        async { Ok(Renewed { renew_at: None, private }) }
    }

    /// Closes it; one that is closed already is closed.
    ///
    /// # Errors
    /// It may still be open.
    fn close(
        &self,
        private: Private,
        cx: &mut Context<P>,
    ) -> impl Future<Output = Result<(), Problems>> + Send {
        let _ = (private, cx);
        async { Ok(()) }
    }
}

/// Something opened.
#[derive(Debug)]
pub struct Opened<S> {
    /// The configuration and what came of it.
    pub result: S,
    /// When it must be renewed, if ever.
    pub renew_at: Option<Timestamp>,
    /// What renewing and closing will need; kept in memory only.
    pub private: Private,
}

/// Something kept open.
#[derive(Debug)]
pub struct Renewed {
    /// When it must be renewed again, if ever.
    pub renew_at: Option<Timestamp>,
    /// What renewing and closing will need; kept in memory only.
    pub private: Private,
}

/// Any ephemeral resource of a provider.
pub struct AnyEphemeral<P: Provider>(pub(crate) Box<dyn Erased<P>>);

/// An ephemeral resource, for the provider's list.
pub fn ephemeral<P: Provider>(resource: impl Ephemeral<P>) -> AnyEphemeral<P> {
    AnyEphemeral(Box::new(resource))
}

/// [`Ephemeral`] on values rather than structs.
pub(crate) trait Erased<P: Provider>: Send + Sync {
    fn name(&self) -> &'static str;
    fn object(&self) -> Arc<Object>;
    /// The type of the values: that of the declaration, which is put together once.
    fn ty(&self) -> Type;
    fn validate(&self, config: &Value) -> Problems;
    fn open<'a>(
        &'a self,
        config: &'a Value,
        cx: &'a mut Context<P>,
    ) -> Deed<'a, Result<Opened<Value>, Problems>>;
    fn renew<'a>(
        &'a self,
        private: Private,
        cx: &'a mut Context<P>,
    ) -> Deed<'a, Result<Renewed, Problems>>;
    fn close<'a>(
        &'a self,
        private: Private,
        cx: &'a mut Context<P>,
    ) -> Deed<'a, Result<(), Problems>>;
}

impl<P: Provider, E: Ephemeral<P>> Erased<P> for E {
    fn name(&self) -> &'static str {
        E::TYPE
    }

    fn object(&self) -> Arc<Object> {
        E::State::object()
    }

    fn ty(&self) -> Type {
        E::State::object_type()
    }

    fn validate(&self, config: &Value) -> Problems {
        let object = E::State::object();
        let mut problems = validate(&object, config);
        match read_if_known::<E::State>(&with_defaults(&object, config)) {
            Ok(it) => problems.extend(it.iter().flat_map(|it| Ephemeral::validate(self, it))),
            Err(found) => problems.extend(found),
        }
        problems
    }

    fn open<'a>(
        &'a self,
        config: &'a Value,
        cx: &'a mut Context<P>,
    ) -> Deed<'a, Result<Opened<Value>, Problems>> {
        Box::pin(async move {
            let Opened { result, renew_at, private } =
                Ephemeral::open(self, read(config)?, cx).await?;
            Ok(Opened { result: result.encode_value(), renew_at, private })
        })
    }

    fn renew<'a>(
        &'a self,
        private: Private,
        cx: &'a mut Context<P>,
    ) -> Deed<'a, Result<Renewed, Problems>> {
        Box::pin(Ephemeral::renew(self, private, cx))
    }

    fn close<'a>(
        &'a self,
        private: Private,
        cx: &'a mut Context<P>,
    ) -> Deed<'a, Result<(), Problems>> {
        Box::pin(Ephemeral::close(self, private, cx))
    }
}
