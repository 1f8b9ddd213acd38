//! A provider for tests of the framework. Its objects are files below a folder, so that a test
//! sees what exists and changes it behind Terraform's back.
#![expect(clippy::panic, reason = "the tests ask what becomes of a panic")]

mod aged;
mod back;
mod blocks;
mod container;
mod functions;
mod given;
mod kept;
mod kinds;
mod known;
mod later;
mod lease;
mod lookup;
mod misdeclared;
mod nested;
mod once;
mod plain;
mod slow;
mod spelled;
mod store;
mod stored;
mod thing;

use std::path::PathBuf;
use std::process::ExitCode;

use stanchion_cty::Problems;
use stanchion_cty::schema::{Block, Leaf, not_blank};
use stanchion_framework::{
    AnyDataSource, AnyEphemeral, AnyFunction, AnyManaged, Environment, Provider, data_source,
    ephemeral, function, managed, plugin, serve,
};

use store::Store;
use stored::Stored;

fn main() -> ExitCode {
    serve(IDENTITY, Trial)
}

const IDENTITY: plugin::Identity = plugin::Identity {
    address: "stanchion/trial",
    name: "terraform-provider-trial",
    version: env!("CARGO_PKG_VERSION"),
};

struct Trial;

/// Things that are files.
#[derive(Block)]
struct Settings {
    /// The folder below which the objects are.
    #[attr(optional, env = "TRIAL_ROOT", check = not_blank())]
    root: Leaf<String>,
    /// How many objects there may be.
    #[attr(optional, env = "TRIAL_LIMIT", default = 1000_u16)]
    limit: Leaf<u16>,
}

impl Provider for Trial {
    type Settings = Settings;
    type Client = Store;

    fn validate(&self, settings: &Settings) -> Problems {
        store::panic_in_validate(&settings.root);
        Problems::new()
    }

    fn configure(&self, settings: Settings, _: &Environment) -> Result<Store, Problems> {
        let store = Store::at(settings.root.into_known().map(PathBuf::from));
        store.begin_or_panic("configure", "it")?;
        Ok(store)
    }

    fn resources(&self) -> Vec<AnyManaged<Self>> {
        let mut resources = vec![
            managed(Stored::<aged::Aged>::default()),
            managed(Stored::<kept::Kept>::default()),
            managed(Stored::<blocks::Blocks>::default()),
            managed(Stored::<container::Container>::default()),
            managed(Stored::<kinds::Kinds>::default()),
            managed(Stored::<known::Known>::default()),
            managed(Stored::<later::Dynamic>::default()),
            managed(Stored::<later::Later>::default()),
            managed(Stored::<nested::Nested>::default()),
            managed(Stored::<once::Once>::default()),
            managed(Stored::<spelled::Spelled>::default()),
            managed(Stored::<thing::Thing>::default()),
            managed(slow::Slow),
        ];
        if std::env::var_os("TRIAL_MISDECLARED").is_some() {
            resources.push(managed(Stored::<misdeclared::Misdeclared>::default()));
        }
        resources
    }

    fn data_sources(&self) -> Vec<AnyDataSource<Self>> {
        vec![data_source(lookup::Lookups)]
    }

    fn ephemerals(&self) -> Vec<AnyEphemeral<Self>> {
        vec![ephemeral(given::Givens), ephemeral(lease::Leases)]
    }

    fn functions(&self) -> Vec<AnyFunction> {
        let own = vec![
            function(functions::Crash),
            function(functions::Describe),
            function(functions::Echo),
            function(functions::Join),
            function(functions::Narrow),
            function(functions::Said),
        ];
        [own, back::functions()].into_iter().flatten().collect()
    }
}
