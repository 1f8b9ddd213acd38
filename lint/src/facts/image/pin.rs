//! Digests that are known of images that are named by a tag.

use std::collections::BTreeMap;

use stanchion_lang::{Evaluation, Mode, Resource};
use stanchion_model::ImageRef;

use super::{Image, Piece, Text};

/// A digest that a reference has somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// The digest: `sha256:…`.
    pub digest: String,
    /// Who has it: a resource's address.
    pub by: String,
}

/// What providers write of an image that they looked up: the resource type, the attributes with the
/// reference and with its digest. A digest may stand behind a name.
/// The source is kreuzwerker/docker's pages at registry.terraform.io.
const LOOKED_UP: &[(&str, &str, &str)] =
    &[("docker_image", "name", "repo_digest"), ("docker_registry_image", "name", "sha256_digest")];

/// What a plan knows of images that resources and data sources look up: references and digests.
pub(super) fn planned(evaluation: &Evaluation<'_>) -> Vec<(ImageRef, Pin)> {
    if !evaluation.has_plan() {
        return Vec::new();
    }
    let all = evaluation.resources().into_iter().chain(evaluation.all(Mode::Data));
    all.filter_map(|it| looked_up(evaluation, &it)).collect()
}

fn looked_up<'w>(evaluation: &Evaluation<'w>, it: &Resource<'w>) -> Option<(ImageRef, Pin)> {
    let (_, reference, digest) = LOOKED_UP.iter().find(|(ty, ..)| *ty == it.ty)?;
    let digest = evaluation.planned(it, digest)?;
    let digest = digest.as_str()?.rsplit('@').next()?;
    let reference = evaluation.view(it).attribute(reference)?.value;
    let reference = ImageRef::parse(reference.as_str()?).ok()?;
    let pin = Pin { digest: digest.to_owned(), by: it.address.to_string() };
    // What is no digest makes no reference.
    ImageRef::parse(&format!("a@{digest}")).ok().map(|_| (reference, pin))
}

/// Gives images without a digest the one that the same reference has elsewhere in the root module,
/// if that is but one.
pub(super) fn give(images: &mut [Image], planned: Vec<(ImageRef, Pin)>) {
    let written = images.iter().filter_map(|it| {
        let reference = known(&it.text)?;
        let digest = reference.digest()?.to_owned();
        // Without a tag it may be any image of that repository.
        reference.tag()?;
        Some((reference, Pin { digest, by: it.address.clone() }))
    });
    let mut pins: BTreeMap<String, Vec<Pin>> = BTreeMap::new();
    for (reference, pin) in written.chain(planned) {
        pins.entry(reference.full_name()).or_default().push(pin);
    }
    if pins.is_empty() {
        return;
    }
    for image in images {
        let reference = known(&image.text).filter(|it| it.digest().is_none());
        let known = reference.and_then(|it| pins.get(&it.full_name()));
        image.pin = known.and_then(|all| match all.as_slice() {
            [first, rest @ ..] if rest.iter().all(|it| it.digest == first.digest) => {
                Some(first.clone())
            }
            _ => None,
        });
    }
}

/// The reference that a text is, if all of it is known.
fn known(text: &Text) -> Option<ImageRef> {
    let Text::Pieces(pieces) = text else { return None };
    let known = pieces.iter().map(|it| match it {
        Piece::Known(it) => Some(it.as_str()),
        Piece::Unknown(_) => None,
    });
    ImageRef::parse(&known.collect::<Option<String>>()?).ok()
}
