//! An image is named by a tag that moves.
//!
//! ## Why
//!
//! `latest`, `main` or `stable` name whatever was pushed last. Two machines that start the same
//! configuration run different programs, a roll-back brings nothing back, and whoever can push to
//! the registry decides what runs. Terraform shows no difference when such a tag moves.
//!
//! Name the image by its digest, or by a tag that is pushed once: a version or a commit.
//!
//! These tags move: `latest`, `current`, `main`, `master`, `trunk`, `head`, `edge`, `nightly`,
//! `canary`, `dev`, `devel`, `develop`, `development`, `snapshot`, `staging`, `prod`,
//! `production`, `stable`, `rolling`, `release`, `next`, `lts`; each of them with words behind it
//! that have no digit (`stable-slim`, but not `main-20270131`); and whatever ends in `-latest`. No
//! tag means `latest`. That `1` and `1.27` move too can't be seen from the reference: they pass.
//!
//! Judged are the images of ECS, Lambda, App Runner, Batch, Kubernetes (its typed resources, and
//! objects in `kubernetes_manifest` and `kubectl_manifest`), Cloud Run, Azure's container apps and
//! groups, Docker, and what a `helm_release` says in `values` and `set`: `image` with `repository`
//! and `tag`, or with a whole reference, under any name that ends in "image". Where a release names
//! no tag its chart chooses one, which is counted as unknown.
//!
//! More words that move can be named in the settings. What a `docker_image` builds itself, with a
//! `build` block, comes from no registry and passes.
//!
//! A tag of which a part is unknown is judged where every value that the part could have leads to
//! the same verdict, as in `"${var.registry}/app:latest"`. Otherwise it is counted as unknown.
//!
//! ## Fails
//!
//! ```hcl
//! resource "kubernetes_deployment_v1" "web" {
//!   spec {
//!     template {
//!       spec {
//!         container {
//!           name  = "web"
//!           image = "nginx:latest"
//!         }
//!       }
//!     }
//!   }
//! }
//! ```
//!
//! ```hcl
//! variable "image" {
//!   default = "registry.example.com/app"
//! }
//!
//! resource "aws_ecs_task_definition" "app" {
//!   family                = "app"
//!   container_definitions = jsonencode([{ name = "app", image = var.image }])
//! }
//! ```
//!
//! ```hcl
//! resource "helm_release" "web" {
//!   name  = "web"
//!   chart = "./chart"
//!   values = [yamlencode({
//!     image = { repository = "registry.example.com/web", tag = "1.4.2" }
//!   })]
//!   set {
//!     name  = "sidecar.image.tag"
//!     value = "edge"
//!   }
//! }
//! ```
//!
//! ## Passes
//!
//! ```hcl
//! resource "docker_image" "web" {
//!   name = "nginx:1.27.3"
//! }
//! ```
//!
//! ```hcl
//! resource "aws_lambda_function" "app" {
//!   function_name = "app"
//!   image_uri     = "registry.example.com/app@sha256:4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a"
//! }
//! ```
//!
//! ## Fix
//!
//! Where the same reference stands with its digest elsewhere in the root module
//! (`nginx:1.27@sha256:…`), and nowhere with another, `--fix` writes that digest behind it. With
//! `--plan` so are the digests that a `docker_image` or a `docker_registry_image` found out.
//! A reference that comes from elsewhere (a variable, a local) is left alone: it may be of use for
//! more than this image.
//!
//! ## Settings
//!
//! - `moving`: more words that move, beside those above
//! - `fixed`: words that are pushed once here, though they stand above
//!
//! ## Peers
//!
//! - checkov: `CKV_K8S_14`, `CKV_K8S_43`
//! - trivy: `KSV-0013`, `AVD-KSV-0013`
//!
//! They judge Kubernetes only.

use serde::{Deserialize, Serialize};
use stanchion_cty::Mark;
use stanchion_lang::Span;
use stanchion_model::ImageRef;

use super::Rule;
use crate::facts::{Fact as _, Image, Piece, Text};
use crate::finding::Severity;
use crate::judge::{Context, Mend, Objection, Verdict};

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct It {
    moving: Vec<String>,
    fixed: Vec<String>,
}

/// Tags that name whatever was pushed last: branches, channels, environments.
const MOVING: &[&str] = &[
    "latest",
    "current",
    "main",
    "master",
    "trunk",
    "head",
    "edge",
    "nightly",
    "canary",
    "dev",
    "devel",
    "develop",
    "development",
    "snapshot",
    "staging",
    "prod",
    "production",
    "stable",
    "rolling",
    "release",
    "next",
    "lts",
];

impl Rule for It {
    type On = Image;

    const SEVERITY: Severity = Severity::Warning;

    fn judge(&self, it: &Image, cx: &mut Context<'_>) -> Verdict {
        let is_sensitive = it.value.marks().has(Mark::Sensitive);
        match self.tag(&it.text) {
            Tag::Fixed => Verdict::Pass,
            Tag::Unknown(why) => Verdict::Unknown(why),
            Tag::Moving(tag) => {
                let shown = tag.filter(|_| !is_sensitive);
                let message = match shown {
                    Some(tag) => format!("the image's tag {tag} moves"),
                    None if is_sensitive => "the image is named by a tag that moves".to_owned(),
                    None => "the image has neither tag nor digest, which means latest".to_owned(),
                };
                let fix = if is_sensitive { None } else { pinned(it, cx) };
                Verdict::Fail(Objection {
                    message,
                    fix,
                    help: Some("name a digest, or a tag that is pushed once".to_owned()),
                    chain: cx.chain(&it.value, it.span, it.address()),
                    hidden: cx.hidden(&it.value),
                    ..Objection::default()
                })
            }
        }
    }
}

/// Writes a digest behind a reference that is written as one literal in the resource itself: what
/// stands elsewhere may be of use for more than this.
fn pinned(it: &Image, cx: &Context<'_>) -> Option<Mend> {
    let (pin, reference) = (it.pin.as_ref()?, it.value.as_str()?);
    let text = cx.workspace().file(it.span)?.text();
    // An escape in it would make its text another than what is written.
    if text.get(it.span.start as usize..it.span.end as usize)? != format!("\"{reference}\"") {
        return None;
    }
    let at = it.span.end - 1;
    let end = Span { start: at, end: at, ..it.span };
    let what = format!("pins it to the digest that {} has", pin.by);
    Some(Mend { what, edits: vec![(end, format!("@{}", pin.digest))] })
}

/// What is known of a reference's tag.
#[derive(Debug, PartialEq)]
enum Tag {
    /// There is a digest, or a tag that is not known to move.
    Fixed,
    /// The tag moves; `None` if none is written.
    Moving(Option<String>),
    /// It can't be told.
    Unknown(String),
}

impl It {
    fn tag(&self, text: &Text) -> Tag {
        match text {
            Text::Either(of, why) => match (self.tag(&of[0]), self.tag(&of[1])) {
                (Tag::Fixed, Tag::Fixed) => Tag::Fixed,
                (Tag::Moving(tag), Tag::Moving(_)) => Tag::Moving(tag),
                _ => Tag::Unknown(why.clone()),
            },
            Text::Pieces(pieces) => {
                let unknown = pieces.iter().rposition(|it| matches!(it, Piece::Unknown(_)));
                match unknown {
                    None => self.of_known(&pieces.iter().map(known).collect::<String>()),
                    Some(last) => self.of_partly_known(pieces, last),
                }
            }
        }
    }

    fn of_known(&self, text: &str) -> Tag {
        match ImageRef::parse(text.trim_start_matches("docker://")) {
            Ok(image) if image.digest().is_some() => Tag::Fixed,
            Ok(image) => self.of_tag(image.tag()),
            Err(error) => Tag::Unknown(format!("the reference {error}")),
        }
    }

    fn of_tag(&self, tag: Option<&str>) -> Tag {
        match tag {
            Some(tag) if !self.moves(tag) => Tag::Fixed,
            tag => Tag::Moving(tag.map(str::to_owned)),
        }
    }

    /// What holds for every value that the unknown pieces could have.
    fn of_partly_known(&self, pieces: &[Piece], last: usize) -> Tag {
        let first = pieces.iter().position(|it| matches!(it, Piece::Unknown(_))).unwrap_or(last);
        let before: String = pieces[..first].iter().map(known).collect();
        let after: String = pieces[last + 1..].iter().map(known).collect();
        let unknown = || match &pieces[last] {
            Piece::Unknown(why) => Tag::Unknown(why.clone()),
            Piece::Known(_) => Tag::Fixed,
        };
        // Only a digest follows an @, whatever it is.
        if pieces.iter().any(|it| known(it).contains('@')) {
            return Tag::Fixed;
        }
        if let Some((_, name)) = after.rsplit_once('/') {
            return self.of_tag(name.split_once(':').map(|(_, tag)| tag));
        }
        if let Some((_, tag)) = after.split_once(':') {
            return self.of_tag(Some(tag));
        }
        // The unknown piece may have a slash in it, and then a number behind a colon is a port.
        let name = before.rsplit('/').next().unwrap_or(&before);
        match name.split_once(':') {
            Some((_, start))
                if start.contains(|it: char| !it.is_ascii_digit())
                    && !self.words().any(|it| it.starts_with(start) || start.starts_with(it))
                    && !after.ends_with("-latest") =>
            {
                Tag::Fixed
            }
            _ => unknown(),
        }
    }

    /// Whether a tag is known to move.
    fn moves(&self, tag: &str) -> bool {
        let tag = tag.to_ascii_lowercase();
        let (word, rest) = tag.split_once('-').unwrap_or((&tag, ""));
        let is_hash = |it: &str| it.len() >= 7 && it.bytes().all(|it| it.is_ascii_hexdigit());
        let says_nothing = !rest.contains(|it: char| it.is_ascii_digit()) && !is_hash(rest);
        tag.ends_with("-latest") || self.words().any(|it| it == word) && says_nothing
    }

    /// The words that move.
    fn words(&self) -> impl Iterator<Item = &str> {
        let all = MOVING.iter().copied().chain(self.moving.iter().map(String::as_str));
        all.filter(|it| !self.fixed.iter().any(|fixed| fixed == it))
    }
}

fn known(piece: &Piece) -> &str {
    match piece {
        Piece::Known(it) => it,
        Piece::Unknown(_) => "",
    }
}
