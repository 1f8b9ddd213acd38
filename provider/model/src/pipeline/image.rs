//! Container images: built once, judged before anybody gets them, and then known by their digests.

mod jobs;
mod questions;
mod read;

use std::collections::BTreeMap;

use stanchion_cty::schema::{Block, Check, Leaf, at_least, matches, not_blank, not_empty};
use stanchion_cty::{Kind, Path, Problem, Problems};

use super::environments::PLACE;
use super::expression::{expressions, one_line, plain, trimmed, variables};
use super::job::{Expected, Paths, Timeout};
use super::lens::known;
use super::oidc::{Oidc, is_role};
use super::scope::{Place, Scope, judge};
use crate::{ImageRef, NotKnown, Size, is_size, same_size};

pub(super) use jobs::{Around, BUILD_PREFIX, build, build_id, publish, publish_id, titles};
pub(super) use questions::{input, with_questions, without_questions};
pub(super) use read::{is_asked, is_built, read};

/// A container image: built once, measured, scanned, and refused before anybody gets it. It is pushed
/// when the gate is passed, and each environment gets the digest that was built.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Image {
    /// Where it is pushed to: `"ghcr.io/acme/shop"`, without tag and digest. Its tag is `sha-` and the
    /// commit.
    #[attr(required, check = is_repository())]
    pub repository: Leaf<String>,
    /// The folder that it is built of.
    #[attr(optional, default = CONTEXT, check = not_blank(), check = plain(), check = one_line(), check = trimmed())]
    pub context: Leaf<String>,
    /// The file that says how, relative to the repository's root. Without it `Dockerfile` in the context.
    #[attr(optional, check = not_blank(), check = plain(), check = one_line(), check = trimmed())]
    pub dockerfile: Leaf<String>,
    /// The build's arguments: name → value.
    #[attr(optional, check = not_empty(), check = plain(), check = one_line(), check = variables())]
    pub args: Leaf<BTreeMap<String, Leaf<String>>>,
    /// The platform for which it is built.
    #[attr(optional, default = PLATFORM, check = is_platform())]
    pub platform: Leaf<String>,
    /// How large it may be: its configuration and its layers as they are pushed, compressed. `"300MB"`
    /// is 300,000,000 bytes, `"300MiB"` 314,572,800.
    #[attr(optional, default = MAX_SIZE, check = is_size(), same = same_size)]
    pub max_size: Leaf<String>,
    /// How many known vulnerabilities of the severity `critical` it may have.
    #[attr(optional, default = 0, check = at_least(0))]
    pub max_critical_cves: Leaf<u32>,
    /// Whether the list of what is in it (SBOM, in the format CycloneDX) is kept with the run, and is
    /// attested at the image where that is signed.
    #[attr(optional, default = true)]
    pub sbom: Leaf<bool>,
    /// Whether it is signed, without a key, by the identity of the workflow.
    #[attr(optional, default = true)]
    pub sign: Leaf<bool>,
    /// How to log in to the registry. `ghcr.io` takes the job's own token, and Amazon ECR the role in
    /// `oidc`; others need it.
    #[attr(optional)]
    pub login: Leaf<Login>,
    /// The role that pushes to Amazon ECR, if that is another one than in `oidc`:
    /// `"arn:aws:iam::123456789012:role/push"`.
    #[attr(optional, check = is_role(), check = plain(), check = one_line())]
    pub role: Leaf<String>,
    /// The attributes of [`Paths`].
    #[attr(flatten)]
    pub paths: Paths,
    /// The attributes of [`Expected`].
    #[attr(flatten)]
    pub expected: Expected,
    /// The attributes of [`Timeout`].
    #[attr(flatten)]
    pub timeout: Timeout,
}

/// How to log in to a registry.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Login {
    /// The user's name, as an expression without `${{ }}`: `"vars.REGISTRY_USER"`.
    #[attr(required, check = expressions())]
    pub username_from: Leaf<String>,
    /// The password, as an expression without `${{ }}`: `"secrets.REGISTRY_PASSWORD"`.
    #[attr(required, check = expressions())]
    pub password_from: Leaf<String>,
    /// The environment of the repository that holds the password.
    #[attr(required, check = not_blank(), check = plain(), check = one_line(), check = trimmed())]
    pub environment: Leaf<String>,
}

const CONTEXT: &str = ".";
const PLATFORM: &str = "linux/amd64";
const MAX_SIZE: &str = "300MB";

/// The registry that takes the token of the job.
const GITHUB: &str = "ghcr.io";

fn is_repository() -> Check {
    matches(
        "must be a repository with its registry, without tag and digest: \"ghcr.io/acme/shop\"",
        |it| {
            ImageRef::parse(it).is_ok_and(|image| {
                image.registry().is_some() && image.tag().is_none() && image.digest().is_none()
            })
        },
    )
}

fn is_platform() -> Check {
    Check::new("must be a platform, such as \"linux/amd64\" or \"linux/arm64\"", |it| {
        match it.kind() {
            Kind::String(it) => it.strip_prefix("linux/").is_some_and(|it| {
                !it.is_empty()
                    && it
                        .chars()
                        .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '/')
            }),
            _ => true,
        }
    })
}

/// How a job logs in to a registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Registry {
    GitHub,
    Amazon,
    Other,
}

impl Image {
    fn registry(&self) -> Result<(String, Registry), NotKnown> {
        let repository = known(&self.repository)?.map(String::as_str).unwrap_or_default();
        let name = repository.split('/').next().unwrap_or_default().to_owned();
        let is_amazon = name.contains(".dkr.ecr.") && name.contains(".amazonaws.com");
        let registry = match name.as_str() {
            _ if known(&self.login)?.is_some() => Registry::Other,
            GITHUB => Registry::GitHub,
            _ if is_amazon => Registry::Amazon,
            _ => Registry::Other,
        };
        Ok((name, registry))
    }

    /// Adds what is wrong.
    pub(super) fn check(&self, path: &Path, oidc: &Leaf<Oidc>, problems: &mut Problems) {
        let Ok((name, registry)) = self.registry() else { return };
        let mut error = |attribute: &str, message: String, cure: &str| {
            problems.push(Problem::error(path.attribute(attribute), message).cure(cure));
        };
        let aws = oidc.known().and_then(|it| it.aws.known());
        let has_no_aws = match oidc {
            Leaf::Known(it) => it.aws.is_null(),
            it => it.is_null(),
        };
        match registry {
            Registry::Amazon if has_no_aws => error(
                "repository",
                format!("is in {name}, which needs a role of Amazon's"),
                "say `oidc = { aws = { role = …, region = … } }`",
            ),
            Registry::Amazon
                if self.role.is_null()
                    && aws.and_then(|it| it.role.known()).is_some_and(|it| it.contains(PLACE)) =>
            {
                error(
                    "role",
                    "is missing, and the role in `oidc` is one for each environment".to_owned(),
                    "say which role pushes to the registry",
                );
            }
            Registry::Other if self.login.is_null() && !name.is_empty() => error(
                "repository",
                format!("is in {name}, which needs a user and a password"),
                "say `login`",
            ),
            _ => {}
        }
        if registry != Registry::Amazon && self.role.known().is_some() {
            error("role", format!("is for Amazon ECR, and the image is in {name}"), "take it away");
        }
    }

    /// Whether the role of Amazon's is needed to push it, as far as is known.
    pub(super) fn logs_in_to_aws(&self) -> bool {
        self.registry().map_or(true, |(_, it)| it == Registry::Amazon)
    }

    /// Adds what is wrong with its expressions.
    pub(super) fn judge(&self, path: &Path, cx: &Scope<'_>, problems: &mut Problems) {
        let Some(login) = self.login.known() else { return };
        let path = path.attribute("login");
        for (name, it) in
            [("username_from", &login.username_from), ("password_from", &login.password_from)]
        {
            if let Some(it) = it.known() {
                judge(it, Place::Step, &path.attribute(name), cx, problems);
            }
        }
    }

    fn limit(&self) -> Result<Size, NotKnown> {
        let text = known(&self.max_size)?.map_or(MAX_SIZE, String::as_str);
        Ok(Size::parse(text).unwrap_or_else(|_| Size::from_bytes(0)))
    }
}
