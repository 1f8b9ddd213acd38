//! Where a pipeline deploys to, in the order in which what is deployed is promoted.

use stanchion_cty::schema::{Block, Check, Leaf, matches, not_blank, not_empty};
use stanchion_cty::spanned::Node;
use stanchion_cty::yaml::Item;
use stanchion_cty::{Kind, Path, Problem, Problems};

use super::expression::{one_line, plain, quoted, trimmed};
use super::lens::{known, text_at, texts};
use super::slug;
use crate::NotKnown;

/// Where a pipeline deploys to.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Destination {
    /// The environment of the repository: `"production"`. Who must agree to a deployment, and how long
    /// it waits, are settings of the environment.
    #[attr(required, check = not_blank(), check = plain(), check = one_line(), check = trimmed(), check = has_a_letter())]
    pub name: Leaf<String>,
    /// Where what was deployed can be seen: `"https://shop.example.com"`. The commands of a deployment
    /// have it as `URL`.
    #[attr(optional, check = is_url(), check = plain(), check = one_line())]
    pub url: Leaf<String>,
    /// The branches that may be deployed there: `"main"`, or `"release/*"` for all that begin with
    /// `release/`. Without it every branch and tag that starts the pipeline.
    #[attr(optional, check = not_empty(), check = are_branches())]
    pub branches: Leaf<Vec<Leaf<String>>>,
    /// The environment in which a deployment is taken back. Say another one, with the same secrets,
    /// where somebody has to agree to each job of this one: `"production-rollback"`.
    #[attr(optional, check = not_blank(), check = plain(), check = one_line(), check = trimmed())]
    pub rollback_environment: Leaf<String>,
}

fn has_a_letter() -> Check {
    matches("must have a letter from a to z or a digit, as jobs are named after it", |it| {
        !slug(it).is_empty()
    })
}

fn is_url() -> Check {
    matches(
        "must be a URL that begins with https:// or http://, such as \"https://example.com\"",
        |it| {
            let rest = it.strip_prefix("https://").or_else(|| it.strip_prefix("http://"));
            rest.is_some_and(|it| !it.is_empty() && !it.contains(char::is_whitespace))
        },
    )
}

fn are_branches() -> Check {
    let is_branch = |it: &str| {
        let name = it.strip_suffix('*').unwrap_or(it);
        !name.is_empty()
            && name.chars().all(|it| it.is_ascii_alphanumeric() || "-_./+@#".contains(it))
    };
    let says =
        "must be names of branches, such as \"main\", of which the last character may be `*`";
    Check::new(says, move |it| match it.kind() {
        Kind::String(it) => is_branch(it),
        _ => it.parts().all(|it| it.as_str().is_none_or(is_branch)),
    })
}

/// What stands in texts for the name of the environment.
pub(super) const PLACE: &str = "{environment}";

/// A text for one environment.
pub(super) fn named(text: &str, environment: &str) -> String {
    text.replace(PLACE, environment)
}

/// Parts of a workflow, each with the name of the environment that it is for.
pub(super) type Sites<'a> = Vec<(&'a str, &'a Node)>;

/// The text of which [`named`] makes what stands in each of these parts, if there is one; else what
/// stands in the first.
pub(super) fn unnamed<'a>(
    found: &Sites<'a>,
    text: impl Fn(&'a Node) -> Option<&'a str>,
) -> Leaf<String> {
    let said: Vec<(&str, &str)> =
        found.iter().filter_map(|(name, it)| Some((*name, text(it)?))).collect();
    let Some((first, value)) = said.first().copied() else { return Leaf::Null };
    if said.iter().all(|(_, it)| *it == value) {
        return value.into();
    }
    let template = value.replace(first, PLACE);
    let fits = said.iter().all(|(name, it)| named(&template, name) == *it);
    if fits { template.into() } else { value.into() }
}

impl Destination {
    /// What holds where a run may deploy there; nothing if every one may.
    pub(super) fn condition(&self) -> Result<Option<String>, NotKnown> {
        let Some(branches) = known(&self.branches)? else { return Ok(None) };
        let one = |it: &str| match it.strip_suffix('*') {
            Some(start) => format!("startsWith({REF}, {})", quoted(start)),
            None => format!("{REF} == {}", quoted(it)),
        };
        let any: Vec<String> = texts(branches)?.into_iter().map(one).collect();
        Ok((!any.is_empty()).then(|| format!("{IS_BRANCH} && ({})", any.join(" || "))))
    }

    /// What stands under `environment` of a job that deploys.
    pub(super) fn item(&self) -> Result<Item, NotKnown> {
        let name = known(&self.name)?.map(String::as_str).unwrap_or_default();
        Ok(match known(&self.url)? {
            Some(url) => {
                Item::map([("name", Item::string(name)), ("url", Item::string(url.as_str()))])
            }
            None => Item::string(name),
        })
    }

    /// The environment in which a deployment is taken back.
    pub(super) fn back(&self) -> Result<&str, NotKnown> {
        let name = known(&self.name)?.map(String::as_str).unwrap_or_default();
        Ok(known(&self.rollback_environment)?.map_or(name, String::as_str))
    }

    /// What the job says that deploys there, and the one that takes it back.
    pub(super) fn read(name: &str, deploy: &Node, rollback: Option<&Node>) -> Self {
        let url = deploy.get("environment").map(|it| text_at(it, "url")).unwrap_or_default();
        let back = rollback.and_then(environment_of).filter(|it| *it != name);
        let condition = deploy.get("if").and_then(Node::as_str).unwrap_or_default();
        let branches: Vec<Leaf<String>> =
            condition.split_once(IS_BRANCH).map(|(_, it)| branches(it)).unwrap_or_default();
        Self {
            name: name.into(),
            url,
            branches: if branches.is_empty() { Leaf::Null } else { Leaf::Known(branches) },
            rollback_environment: back.map(Leaf::from).unwrap_or_default(),
        }
    }
}

const REF: &str = "github.ref_name";
const IS_BRANCH: &str = "github.ref_type == 'branch'";

/// The branches of a condition that [`Destination::condition`] wrote.
fn branches(condition: &str) -> Vec<Leaf<String>> {
    let one = |piece: &str| {
        let quoted = |it: &str| Some(it.split_once('\'')?.0.to_owned());
        match piece.strip_prefix(" == '") {
            Some(it) => quoted(it),
            None => quoted(piece.strip_prefix(", '")?).map(|it| format!("{it}*")),
        }
    };
    condition.split(REF).skip(1).filter_map(one).map(Leaf::Known).collect()
}

/// The name of the environment that a job runs in.
pub(super) fn environment_of(job: &Node) -> Option<&str> {
    let it = job.get("environment")?;
    it.as_str().or_else(|| it.get("name").and_then(Node::as_str))
}

/// Adds what is wrong with environments.
pub(super) fn check(environments: &[Leaf<Destination>], problems: &mut Problems) {
    let mut seen: Vec<(String, &str)> = Vec::new();
    for (i, it) in environments.iter().enumerate() {
        let Some(name) = it.known().and_then(|it| it.name.known()) else { continue };
        let slug = slug(name);
        if let Some((_, other)) = seen.iter().find(|(it, _)| *it == slug) {
            let path = Path::root().attribute("environments").index(i).attribute("name");
            let message = if *other == name {
                format!("is {name:?}, which stands before already")
            } else {
                format!("is {name:?}, and the jobs of {other:?} have the same ids")
            };
            let cure = "give each environment a name of its own, in letters and digits";
            problems.push(Problem::error(path, message).cure(cure));
        }
        seen.push((slug, name));
    }
}
