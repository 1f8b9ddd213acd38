//! The language that a job works in.

use stanchion_cty::schema::{Block, Leaf};
use stanchion_cty::spanned::Node;
use stanchion_cty::yaml::Item;
use stanchion_cty::{Problem, Problems};

use super::cache::{self, keep};
use super::{Draft, Part, Remains, Scope};
use crate::NotKnown;
use crate::pipeline::actions::nearest;
use crate::pipeline::expression::{marked, unmarked};
use crate::pipeline::lens::{known, text};

/// The language that a job works in.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Setup {
    /// The language and its version, such as `"python@3.12"` or `"node@22"`: of python, go and rust the
    /// minor version at least, of node and java the major one. `"python@matrix.python"` takes it from the
    /// matrix. What the language's package manager fetched is kept
    /// in a cache, except where tags start the pipeline.
    #[attr(optional)]
    pub setup: Leaf<String>,
}

/// A language, and how GitHub's runners get it.
struct Language {
    name: &'static str,
    action: &'static str,
    /// The action's input for the version.
    version: &'static str,
    /// How many parts of the version must be named for it to stand still.
    parts: usize,
    /// A version that there is, for messages.
    such_as: &'static str,
    /// Further inputs. The actions' own caches are off: some of them fail where no lock file is.
    with: &'static [(&'static str, &'static str)],
    /// What its package managers keep.
    cached: &'static [&'static str],
    /// The files that say what they fetch.
    locks: &'static [&'static str],
}

const LANGUAGES: &[Language] = &[
    Language {
        name: "python",
        action: "actions/setup-python",
        version: "python-version",
        parts: 2,
        such_as: "3.12",
        with: &[],
        cached: &["~/.cache/pip", "~/.cache/uv", "~/.cache/pypoetry"],
        locks: &["**/requirements*.txt", "**/pyproject.toml", "**/uv.lock", "**/poetry.lock"],
    },
    Language {
        name: "node",
        action: "actions/setup-node",
        version: "node-version",
        parts: 1,
        such_as: "22",
        with: &[("package-manager-cache", "false")],
        cached: &["~/.npm", "~/.cache/yarn", "~/.local/share/pnpm/store"],
        locks: &["**/package-lock.json", "**/yarn.lock", "**/pnpm-lock.yaml"],
    },
    Language {
        name: "go",
        action: "actions/setup-go",
        version: "go-version",
        parts: 2,
        such_as: "1.26",
        with: &[("cache", "false")],
        cached: &["~/.cache/go-build", "~/go/pkg/mod"],
        locks: &["**/go.sum"],
    },
    Language {
        name: "rust",
        action: "actions-rust-lang/setup-rust-toolchain",
        version: "toolchain",
        parts: 2,
        such_as: "1.95",
        with: &[("cache", "false"), ("rustflags", "")],
        cached: &["~/.cargo/registry", "~/.cargo/git", "target"],
        locks: &["**/Cargo.lock"],
    },
    Language {
        name: "java",
        action: "actions/setup-java",
        version: "java-version",
        parts: 1,
        such_as: "21",
        with: &[("distribution", "temurin")],
        cached: &["~/.m2/repository", "~/.gradle/caches", "~/.gradle/wrapper"],
        locks: &["**/pom.xml", "**/*.gradle*", "**/gradle-wrapper.properties"],
    },
];

/// The version in a `setup`.
enum Version<'a> {
    Fixed(&'a str),
    Matrix(&'a str),
}

/// The language and the version that a text names.
fn parse<'a>(text: &'a str) -> Result<(&'static Language, Version<'a>), (String, String)> {
    let (name, version) = text.split_once('@').unwrap_or((text, ""));
    let names = || LANGUAGES.iter().map(|it| it.name);
    let Some(language) = LANGUAGES.iter().find(|it| it.name == name) else {
        let cure = match nearest(name, names()) {
            Some(near) => format!("did you mean {near:?}?"),
            None => "set it up in a step of your own".to_owned(),
        };
        let all = names().collect::<Vec<_>>().join(", ");
        return Err((format!("names {name:?}, which is none of {all}"), cure));
    };
    if let Some(key) = version.strip_prefix("matrix.") {
        return Ok((language, Version::Matrix(key)));
    }
    let parts: Vec<&str> = version.split('.').collect();
    let is_number = |it: &&str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    if parts.iter().all(is_number) && parts.len() >= language.parts {
        return Ok((language, Version::Fixed(version)));
    }
    let message = format!("is {text:?}, whose version moves by itself");
    Err((message, format!("name a version, as in \"{name}@{}\"", language.such_as)))
}

impl Part for Setup {
    fn check(&self, cx: &Scope<'_>, problems: &mut Problems) {
        let Some(text) = self.setup.known() else { return };
        let (message, cure) = match parse(text) {
            Err(said) => said,
            Ok((_, Version::Matrix(key)))
                if cx.matrix.as_ref().is_some_and(|it| it.iter().all(|it| it != key)) =>
            {
                (
                    format!(
                        "takes its version from matrix.{key}, which the job's matrix does not have"
                    ),
                    format!("add {key:?} to `matrix`"),
                )
            }
            Ok(_) => return,
        };
        problems.push(Problem::error(cx.path().attribute("setup"), message).cure(cure));
    }

    fn render(&self, cx: &Scope<'_>, draft: &mut Draft) -> Result<(), NotKnown> {
        let Some(text) = known(&self.setup)? else { return Ok(()) };
        // What can't be read is a problem of the check's.
        let Ok((language, version)) = parse(text) else { return Ok(()) };
        let version = match version {
            Version::Fixed(it) => it.to_owned(),
            Version::Matrix(key) => marked(&format!("matrix.{key}")),
        };
        let mut with = vec![(language.version, Item::string(version))];
        with.extend(language.with.iter().map(|(key, it)| (*key, Item::string(*it))));
        draft
            .before
            .push(Item::map([("uses", cx.pins.uses(language.action)?), ("with", Item::map(with))]));
        if cx.keeps {
            draft.before.push(keep(cx, language.name, language.cached, language.locks)?);
        }
        Ok(())
    }

    fn read(prior: Option<&Self>, cx: &Scope<'_>, found: &mut Remains<'_>) -> Self {
        if prior.is_some_and(|it| it.setup.is_null()) {
            return Self::default();
        }
        let before = found.steps.clone();
        for language in LANGUAGES {
            let Some(step) = found.take_first(language.action) else { continue };
            let is_cache = |it: &&Node| cache::paths(it) == language.cached;
            if found.steps.front().is_some_and(is_cache) {
                found.steps.pop_front();
            } else if prior.is_none() && cx.keeps {
                // Somebody else's step, which does not keep what ours keeps.
                found.steps = before;
                return Self::default();
            }
            let version = step.get("with").and_then(|it| it.get(language.version)).and_then(text);
            let version = version.map(|it| unmarked(it).unwrap_or(it));
            let read = version.map(|it| format!("{}@{it}", language.name));
            let read = Self { setup: read.map_or(Leaf::Null, Leaf::Known) };
            let is_good = read.setup.known().is_some_and(|it| parse(it).is_ok());
            if prior.is_none() && !is_good {
                found.steps = before;
                return Self::default();
            }
            return read;
        }
        Self::default()
    }
}
