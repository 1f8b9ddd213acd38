//! The parts of an image's reference.

use stanchion_cty::schema::{Block, Leaf};
use stanchion_framework::{Function, FunctionProblem};
use stanchion_model::ImageRef;

use super::refused;

/// The parts of a container image's reference.
///
/// It refuses what is no reference, with the part that is not one.
#[derive(Block)]
pub(super) struct Arguments {
    /// The reference: `registry.example.com/team/app:1.2@sha256:…`.
    reference: String,
}

/// A reference's parts; null where one is not written.
#[derive(Block)]
pub(super) struct Parts {
    /// The registry's host, with its port.
    registry: Leaf<String>,
    /// The repository's path, without the registry.
    path: Leaf<String>,
    /// The tag.
    tag: Leaf<String>,
    /// The digest.
    digest: Leaf<String>,
    /// The reference without a digest and with all that is left out written:
    /// `docker.io/library/nginx:latest`.
    full_name: Leaf<String>,
}

pub(super) struct It;

impl Function for It {
    const NAME: &'static str = "parse_image_ref";
    type Arguments = Arguments;
    type Output = Parts;

    fn call(&self, Arguments { reference }: Arguments) -> Result<Parts, FunctionProblem> {
        let image = ImageRef::parse(&reference).map_err(|it| refused("reference", it))?;
        let part = |it: Option<&str>| it.map_or(Leaf::Null, Leaf::from);
        Ok(Parts {
            registry: part(image.registry()),
            path: image.path().into(),
            tag: part(image.tag()),
            digest: part(image.digest()),
            full_name: image.full_name().into(),
        })
    }
}
