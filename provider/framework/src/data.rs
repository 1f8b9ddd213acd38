//! Data sources: what Terraform reads and never changes.

use std::sync::Arc;

use stanchion_cty::schema::{Block, Object, validate};
use stanchion_cty::{Problems, Value};

use crate::managed::{Deed, read};
use crate::{Context, Provider};

/// Something that is read for a configuration. What the configuration asks and what was found are
/// one struct.
pub trait DataSource<P: Provider>: Send + Sync + 'static {
    /// The type's name, with the provider's prefix.
    const TYPE: &'static str;

    /// What a configuration may say and a result holds.
    type State: Block + Send + Sync;

    /// The problems of a configuration beyond those that its declaration finds; values may be
    /// unknown. Must work without network, files and credentials.
    fn validate(&self, config: &Self::State) -> Problems {
        let _ = config;
        Vec::new()
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

    fn validate(&self, config: &Value) -> Problems {
        let mut problems = validate(&D::State::object(), config);
        match read::<D::State>(config) {
            Ok(config) => problems.extend(DataSource::validate(self, &config)),
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
