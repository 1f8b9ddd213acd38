//! Data sources: what Terraform reads and never changes.

use std::sync::Arc;

use stanchion_cty::schema::{Block, Object, validate};
use stanchion_cty::{Problems, Type, Value};

use crate::managed::{Deed, read, read_if_known};
use crate::plan::with_defaults;
use crate::{Context, Provider};

/// Something that is read for a configuration. What the configuration asks and what was found are
/// one struct.
pub trait DataSource<P: Provider>: Send + Sync + 'static {
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

    /// Reads it. The configuration is known.
    ///
    /// # Errors
    /// It can't be read, or is not there.
    fn read(
        &self,
        config: Self::State,
        cx: &mut Context<P>,
    ) -> impl Future<Output = Result<Self::State, Problems>> + Send;
}

/// Any data source of a provider.
pub struct AnyDataSource<P: Provider>(pub(crate) Box<dyn Erased<P>>);

/// A data source, for the provider's list.
pub fn data_source<P: Provider>(source: impl DataSource<P>) -> AnyDataSource<P> {
    AnyDataSource(Box::new(source))
}

/// [`DataSource`] on values rather than structs.
pub(crate) trait Erased<P: Provider>: Send + Sync {
    fn name(&self) -> &'static str;
    fn object(&self) -> Arc<Object>;
    /// The type of the values: that of the declaration, which is put together once.
    fn ty(&self) -> Type;
    fn validate(&self, config: &Value) -> Problems;
    fn read<'a>(
        &'a self,
        config: &'a Value,
        cx: &'a mut Context<P>,
    ) -> Deed<'a, Result<Value, Problems>>;
}

impl<P: Provider, D: DataSource<P>> Erased<P> for D {
    fn name(&self) -> &'static str {
        D::TYPE
    }

    fn object(&self) -> Arc<Object> {
        D::State::object()
    }

    fn ty(&self) -> Type {
        D::State::object_type()
    }

    fn validate(&self, config: &Value) -> Problems {
        let object = D::State::object();
        let mut problems = validate(&object, config);
        match read_if_known::<D::State>(&with_defaults(&object, config)) {
            Ok(it) => problems.extend(it.iter().flat_map(|it| DataSource::validate(self, it))),
            Err(found) => problems.extend(found),
        }
        problems
    }

    fn read<'a>(
        &'a self,
        config: &'a Value,
        cx: &'a mut Context<P>,
    ) -> Deed<'a, Result<Value, Problems>> {
        Box::pin(async move { Ok(DataSource::read(self, read(config)?, cx).await?.encode_value()) })
    }
}
