//! What an author says of a provider.

use std::process::ExitCode;

use stanchion_cty::Problems;
use stanchion_cty::schema::Block;

use crate::plugin;
use crate::{AnyDataSource, AnyEphemeral, AnyFunction, AnyManaged, Environment, Service};

/// A provider: its settings, and what it offers.
pub trait Provider: Sized + Send + Sync + 'static {
    /// The settings in the `provider` block. Each comes from the configuration, else from the
    /// environment variable that its declaration names, else from its default.
    type Settings: Block + Send;

    /// The configured provider, given to every deed.
    type Client: Send + Sync;

    /// The problems of settings as they are written. Must work without network, files and
    /// credentials, since editors ask too.
    fn validate(&self, settings: &Self::Settings) -> Problems {
        let _ = settings;
        Problems::new()
    }

    /// Makes the configured provider. Settings may be unknown while Terraform plans.
    ///
    /// # Errors
    /// The settings can't be worked with; the problems' paths are those of the settings.
    fn configure(
        &self,
        settings: Self::Settings,
        environment: &Environment,
    ) -> Result<Self::Client, Problems>;

    /// The resources.
    fn resources(&self) -> Vec<AnyManaged<Self>> {
        Vec::new()
    }

    /// The data sources.
    fn data_sources(&self) -> Vec<AnyDataSource<Self>> {
        Vec::new()
    }

    /// The ephemeral resources.
    fn ephemerals(&self) -> Vec<AnyEphemeral<Self>> {
        Vec::new()
    }

    /// The functions.
    fn functions(&self) -> Vec<AnyFunction> {
        Vec::new()
    }
}

/// A provider without settings: its resources are all there is to it.
pub struct Plain(pub fn() -> Vec<AnyManaged<Plain>>);

impl Provider for Plain {
    type Settings = ();
    type Client = ();

    fn configure(&self, (): (), _: &Environment) -> Result<(), Problems> {
        Ok(())
    }

    fn resources(&self) -> Vec<AnyManaged<Self>> {
        (self.0)()
    }
}

/// Serves a provider to the Terraform that started this process, until it is done: the whole of a
/// provider's `main`.
pub fn serve<P: Provider>(identity: plugin::Identity, provider: P) -> ExitCode {
    plugin::serve(&identity, |session| Service::new(provider, session))
}
