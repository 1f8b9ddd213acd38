//! The provider: its settings and the list of what it offers.

use std::path::PathBuf;

use stanchion_cty::schema::{Block, Leaf, Object, not_blank};
use stanchion_cty::{Path, Problem, Problems};
use stanchion_framework::plugin::Identity;
use stanchion_framework::{AnyDataSource, AnyFunction, AnyManaged, Environment, Provider, managed};
use stanchion_model::{Document, Pipeline};

use crate::data_sources::data_sources;
use crate::functions::functions;
use crate::lifecycle::{Claims, Documented};
use crate::target::{Local, Target};

/// What the program is called.
pub const IDENTITY: Identity = Identity {
    address: "stanchion/stanchion",
    name: "terraform-provider-stanchion",
    version: env!("CARGO_PKG_VERSION"),
};

/// Declares the documents that are resources. Each is one word here and one file in the model.
macro_rules! documents {
    ($($document:ident),+ $(,)?) => {
        fn documents() -> Vec<AnyManaged<Stanchion>> {
            vec![$(managed(Documented::<$document>::default())),+]
        }

        /// Each resource's name and declaration, for its page.
        #[must_use]
        pub fn pages() -> Vec<(&'static str, std::sync::Arc<Object>)> {
            vec![$(($document::TYPE, <$document as Block>::object())),+]
        }

        /// Does something for each kind of document.
        pub fn each_document(it: &mut impl ForDocument) {
            $(it.document::<$document>();)+
        }
    };
}

documents! { Pipeline }

/// Something that can be done for a document of any kind.
pub trait ForDocument {
    /// Does it.
    fn document<D: Document>(&mut self);
}

/// The provider.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stanchion;

/// Delivery pipelines as resources of Terraform.
#[derive(Clone, Debug, PartialEq, Block)]
pub struct Settings {
    /// The folder below which documents are written. By default that of the nearest `.git` above
    /// the working directory, and the working directory where there is none. Where it changes,
    /// documents are made anew below the new root; those below the old one stay, and the plan names
    /// them: move them over before.
    #[attr(optional, env = "STANCHION_ROOT", check = not_blank())]
    pub root: Leaf<String>,
}

/// The configured provider.
#[derive(Debug)]
pub struct Client {
    /// Where documents are; `None` while Terraform does not know the root yet.
    local: Option<Local>,
    /// Which addresses documents hold.
    pub(crate) claims: Claims,
}

impl Client {
    /// What holds the documents.
    ///
    /// # Errors
    /// The root is not known yet.
    pub(crate) fn target(&self) -> Result<&impl Target, Problem> {
        self.local.as_ref().ok_or_else(|| {
            Problem::error(
                Path::root(),
                "can't be looked up, as the provider's root is not known yet",
            )
            .cure("set `root` to something that is known when Terraform plans")
        })
    }
}

impl Provider for Stanchion {
    type Settings = Settings;
    type Client = Client;

    fn configure(&self, settings: Settings, _: &Environment) -> Result<Client, Problems> {
        let local = match settings.root {
            Leaf::Unknown(_) => None,
            Leaf::Known(root) => Some(Local::at(PathBuf::from(root))),
            Leaf::Null => Some(Local::around_working_directory()),
        };
        let at_root = |problem: Problem| problem.under(&Path::root().attribute("root"));
        let local = local.transpose().map_err(at_root)?;
        Ok(Client { local, claims: Claims::default() })
    }

    fn resources(&self) -> Vec<AnyManaged<Self>> {
        documents()
    }

    fn data_sources(&self) -> Vec<AnyDataSource<Self>> {
        data_sources()
    }

    fn functions(&self) -> Vec<AnyFunction> {
        functions()
    }
}
