//! Which commits of actions are used, and which inputs they have.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use stanchion_cty::json;
use stanchion_cty::schema::{Check, Leaf};
use stanchion_cty::spanned::{Data, Node};
use stanchion_cty::yaml::Item;
use stanchion_cty::{Kind, Path, Problem};

use crate::{NotKnown, Uses, Workflow};

/// The catalogue's text, for whoever checks or extends it.
pub const CATALOGUE: &str = include_str!("../../data/action-pins.json");

/// One release of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Its tag: `v7.0.1`.
    pub tag: String,
    /// The commit that the tag named when the catalogue was made.
    pub sha: String,
    /// The inputs, and whether the action requires them.
    pub inputs: BTreeMap<String, bool>,
}

/// The releases of each action that the catalogue knows, the newest first.
#[must_use]
pub fn catalogue() -> &'static BTreeMap<String, Vec<Release>> {
    static RELEASES: LazyLock<BTreeMap<String, Vec<Release>>> =
        LazyLock::new(|| json::parse(CATALOGUE).map(|it| releases(&it)).unwrap_or_default());
    &RELEASES
}

fn releases(node: &Node) -> BTreeMap<String, Vec<Release>> {
    let text = |node: &Node, key: &str| {
        node.get(key).and_then(Node::as_str).map(str::to_owned).unwrap_or_default()
    };
    let release = |node: &Node| {
        let inputs = node.get("inputs").map(Node::entries).unwrap_or_default();
        // What has a default need not be given, whatever else is said.
        let requires = |it: &Node| {
            let is_required =
                matches!(it.get("required").map(|it| &it.data), Some(Data::Bool(true)));
            is_required && it.get("default").is_none()
        };
        let inputs = inputs.iter().map(|it| (it.key.to_string(), requires(&it.value)));
        Release { tag: text(node, "tag"), sha: text(node, "sha"), inputs: inputs.collect() }
    };
    let actions = node.get("actions").map(Node::entries).unwrap_or_default();
    let listed = |it: &Node| it.items().iter().map(release).collect();
    actions.iter().map(|it| (it.key.to_string(), listed(&it.value))).collect()
}

/// The commits that a pipeline uses: its own, else the catalogue's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pins<'a>(pub(super) &'a Leaf<BTreeMap<String, Leaf<String>>>);

/// The commits that a found workflow takes of actions of which the catalogue knows another one: of each
/// action the first. One that is used at the catalogue's commit too needs none.
pub(super) fn found_pins(text: &str) -> Leaf<BTreeMap<String, Leaf<String>>> {
    let uses = Workflow::read(text, &|_| None).map(|it| it.uses).unwrap_or_default();
    let mut pins = BTreeMap::new();
    for it in &uses {
        let (Some(known), Some(sha)) = (newest(&it.action), &it.reference) else { continue };
        let at_known = |other: &&Uses| {
            other.action == it.action && other.reference.as_ref() == Some(&known.sha)
        };
        if uses.iter().any(|it| at_known(&it)) || pins.contains_key(&it.action) {
            continue;
        }
        let pin = match &it.version {
            Some(version) => format!("{sha} # {version}"),
            None => sha.clone(),
        };
        if Commit::parse(&pin).is_some() {
            pins.insert(it.action.clone(), Leaf::Known(pin));
        }
    }
    if pins.is_empty() { Leaf::Null } else { Leaf::Known(pins) }
}

/// What a step uses: an action at a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pin {
    pub(super) action: String,
    pub(super) sha: String,
    pub(super) version: Option<String>,
}

impl Pins<'_> {
    /// The commit for what a step says it uses: `actions/checkout`, or `owner/name@COMMIT`.
    ///
    /// `Ok(None)`: it can't be resolved, which is a problem that [`Pins::problem`] tells.
    pub(super) fn pin(&self, uses: &str) -> Result<Option<Pin>, NotKnown> {
        if let Some((action, reference)) = uses.split_once('@') {
            let commit = Commit::parse(reference).filter(|_| is_action(action));
            return Ok(commit.map(|it| it.of(action)));
        }
        let own = match self.0 {
            Leaf::Known(own) => own.get(uses),
            Leaf::Null => None,
            Leaf::Unknown(_) => return Err(NotKnown),
        };
        match own {
            Some(Leaf::Known(text)) => Ok(Commit::parse(text).map(|it| it.of(uses))),
            Some(Leaf::Unknown(_)) => Err(NotKnown),
            Some(Leaf::Null) | None => Ok(newest(uses).map(|it| Pin {
                action: uses.to_owned(),
                sha: it.sha.clone(),
                version: Some(it.tag.clone()),
            })),
        }
    }

    /// The `uses` of a step.
    pub(super) fn uses(&self, uses: &str) -> Result<Item, NotKnown> {
        if uses.starts_with("./") {
            return Ok(Item::string(uses));
        }
        Ok(match self.pin(uses)? {
            Some(pin) => pin.item(),
            None => Item::string(uses),
        })
    }

    /// How a found `uses` is said: by its name alone where that stands for the same commit.
    pub(super) fn said(&self, found: &str) -> String {
        let Some((action, sha)) = found.split_once('@') else { return found.to_owned() };
        match self.pin(action) {
            Ok(Some(pin)) if pin.sha == sha => action.to_owned(),
            _ => found.to_owned(),
        }
    }

    /// What is wrong with what a step uses, at its place.
    pub(super) fn problem(&self, uses: &str, path: &Path) -> Option<Problem> {
        if uses.starts_with("./") || !matches!(self.pin(uses), Ok(None)) {
            return None;
        }
        let error =
            |message: String, cure: String| Some(Problem::error(path.clone(), message).cure(cure));
        let (action, reference) = match uses.split_once('@') {
            Some((action, reference)) => (action, Some(reference)),
            None => (uses, None),
        };
        let known = newest(action);
        match (reference, known) {
            _ if !is_action(action) => error(
                format!("is {uses:?}, which is no action"),
                "name it as OWNER/NAME or OWNER/NAME@COMMIT, or by a path that begins with `./`"
                    .to_owned(),
            ),
            (Some(reference), Some(known)) => error(
                format!("is {uses:?}, and {reference:?} can be moved to other code"),
                format!("say {action:?}, which is pinned to {}, or name a commit", known.tag),
            ),
            (Some(reference), None) => error(
                format!("is {uses:?}, and {reference:?} can be moved to other code"),
                "name the commit, in 40 hexadecimal digits, instead of the tag".to_owned(),
            ),
            (None, _) => {
                let names = catalogue().keys().map(String::as_str);
                let cure = match nearest(action, names) {
                    Some(near) => format!("did you mean {near:?}? Otherwise "),
                    None => String::new(),
                };
                error(
                    format!("is {uses:?}, of which no commit is known"),
                    format!("{cure}name one in `action_pins`, or behind an `@`"),
                )
            }
        }
    }

    /// The inputs of what a step uses, if they are known.
    pub(super) fn inputs(&self, uses: &str) -> Option<&'static Release> {
        let pin = self.pin(uses).ok()??;
        catalogue().get(&pin.action)?.iter().find(|it| it.sha == pin.sha)
    }
}

impl Pin {
    fn item(&self) -> Item {
        let item = Item::string(format!("{}@{}", self.action, self.sha));
        match &self.version {
            Some(version) => item.beside(version.as_str()),
            None => item,
        }
    }
}

struct Commit {
    sha: String,
    version: Option<String>,
}

impl Commit {
    /// Reads `SHA` or `SHA # v7.0.1`.
    fn parse(text: &str) -> Option<Self> {
        let (sha, version) = match text.split_once('#') {
            Some((sha, version)) => (sha.trim(), Some(version.trim().to_owned())),
            None => (text, None),
        };
        let is_sha = sha.len() == 40 && sha.bytes().all(|it| it.is_ascii_hexdigit());
        let is_clean = version.as_ref().is_none_or(|it| {
            !it.is_empty() && !it.contains(|it: char| it.is_control() || it.is_whitespace())
        });
        (is_sha && is_clean).then(|| Self { sha: sha.to_owned(), version })
    }

    fn of(self, action: &str) -> Pin {
        Pin { action: action.to_owned(), sha: self.sha, version: self.version }
    }
}

/// That a map names actions and their commits.
pub(super) fn are_pins() -> Check {
    let says = "must have actions as keys, and each one's commit as value: 40 hexadecimal digits, and \
                behind `#` the version, as in \"3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1\"";
    Check::new(says, |it| match it.kind() {
        Kind::Map(_, pins) => pins.iter().all(|(action, pin)| {
            is_action(action) && pin.as_str().is_none_or(|it| Commit::parse(it).is_some())
        }),
        _ => true,
    })
}

/// The name that is nearest to what was written, if one is near.
pub(super) fn nearest<'a>(
    written: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let near = |name: &'a str| {
        let distance = strsim::damerau_levenshtein(&written.to_lowercase(), &name.to_lowercase());
        (distance <= 1 + name.len() / 4 && distance < name.len()).then_some((distance, name))
    };
    names.into_iter().filter_map(near).min().map(|(_, name)| name)
}

fn newest(action: &str) -> Option<&'static Release> {
    catalogue().get(action)?.first()
}

/// Whether it is `owner/name`, or a folder below that.
fn is_action(text: &str) -> bool {
    let is_part = |it: &str| {
        !it.is_empty() && it.chars().all(|it| it.is_ascii_alphanumeric() || "-_.".contains(it))
    };
    text.split('/').count() >= 2 && text.split('/').all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_whole() {
        let all = catalogue();
        assert!(all.len() >= 53, "{}", all.len());
        for (action, releases) in all {
            assert!(is_action(action), "{action}");
            assert!(!releases.is_empty(), "{action}");
            for it in releases {
                assert!(Commit::parse(&it.sha).is_some(), "{action} {}", it.sha);
                assert!(
                    it.tag.starts_with(|it: char| it == 'v' || it.is_ascii_digit()),
                    "{action}"
                );
            }
        }
        let checkout = &all["actions/checkout"][0];
        assert_eq!(checkout.tag, "v7.0.1");
        assert_eq!(checkout.inputs.get("persist-credentials"), Some(&false));
        assert_eq!(all["actions/cache"][0].inputs.get("path"), Some(&true));
        let defaulted = all["github/codeql-action/init"][0].inputs.get("analysis-kinds");
        assert_eq!(defaulted, Some(&false), "it is required and has a default");
    }

    #[test]
    fn an_action_is_pinned_by_the_user_else_by_the_catalogue() {
        let sha = "0123456789abcdef0123456789abcdef01234567";
        let own = BTreeMap::from([
            ("actions/checkout".to_owned(), Leaf::Known(format!("{sha} # v9"))),
            ("me/mine".to_owned(), sha.into()),
        ]);
        let own = Leaf::Known(own);
        let pins = Pins(&own);
        let said =
            |uses: &str| pins.pin(uses).unwrap().map(|it| (it.sha, it.version.unwrap_or_default()));
        assert_eq!(said("actions/checkout"), Some((sha.to_owned(), "v9".to_owned())));
        assert_eq!(said("me/mine"), Some((sha.to_owned(), String::new())));
        assert_eq!(said("actions/cache").unwrap().1, "v5.0.5");
        assert_eq!(said(&format!("me/other@{sha}")).unwrap().0, sha);
        assert_eq!(said("me/other"), None);
        assert_eq!(said("actions/cache@v5"), None);
        assert_eq!(pins.said(&format!("actions/checkout@{sha}")), "actions/checkout");
        assert_eq!(pins.said(&format!("me/other@{sha}")), format!("me/other@{sha}"));
    }

    #[test]
    fn what_is_not_pinned_is_told_with_the_cure() {
        let pins = Pins(&Leaf::Null);
        for (uses, said) in [
            ("actions/chekout", "did you mean \"actions/checkout\"?"),
            ("actions/checkout@v6", "say \"actions/checkout\", which is pinned to v7.0.1"),
            ("me/mine@main", "name the commit, in 40 hexadecimal digits"),
            ("docker://alpine:3", "name it as OWNER/NAME"),
            ("checkout", "name it as OWNER/NAME"),
        ] {
            let problem = pins.problem(uses, &Path::root()).unwrap().to_string();
            assert!(problem.contains(said), "{uses}: {problem}");
        }
        assert_eq!(pins.problem("./action", &Path::root()), None);
        assert_eq!(pins.problem("actions/cache", &Path::root()), None);
    }
}
