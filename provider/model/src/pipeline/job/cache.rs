//! What a job keeps for the next run.

use stanchion_cty::schema::{Block, Leaf, not_empty};
use stanchion_cty::spanned::Node;
use stanchion_cty::yaml::Item;
use stanchion_cty::{Problem, Problems};

use super::{Draft, Part, Remains, Scope};
use crate::NotKnown;
use crate::pipeline::expression::{marked, one_line, plain, quoted, trimmed};
use crate::pipeline::lens::{known, lines_at, text, texts};

/// What a job keeps for the next run.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Cache {
    /// What the job keeps for the next run, beside what `setup` keeps.
    #[attr(optional)]
    pub cache: Leaf<Cached>,
}

/// Files that are kept from run to run.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Cached {
    /// The files and folders.
    #[attr(required, check = not_empty(), check = plain(), check = one_line(), check = trimmed())]
    pub paths: Leaf<Vec<Leaf<String>>>,
    /// The files that say what is in them, as patterns: what was kept is taken as it is while these do
    /// not change, and as a start where they did. Without them it is taken as a start each time.
    #[attr(optional, check = not_empty(), check = plain(), check = one_line(), check = trimmed())]
    pub key_files: Leaf<Vec<Leaf<String>>>,
}

const ACTION: &str = "actions/cache";

/// The step that keeps `paths` under a name, and finds them again by what is in `files`.
pub(super) fn keep(
    cx: &Scope<'_>,
    name: &str,
    paths: &[&str],
    files: &[&str],
) -> Result<Item, NotKnown> {
    let variants =
        cx.matrix.iter().flatten().map(|it| format!("-{}", marked(&format!("matrix.{it}"))));
    let variants: String = variants.collect();
    let start = format!("{}-{}-{name}{variants}-", marked("runner.os"), cx.id);
    let files: Vec<String> = files.iter().map(|it| quoted(it)).collect();
    let state = match files.as_slice() {
        [] => marked("github.sha"),
        files => marked(&format!("hashFiles({})", files.join(", "))),
    };
    Ok(Item::map([
        ("uses", cx.pins.uses(ACTION)?),
        (
            "with",
            Item::map([
                ("path", Item::string(paths.join("\n"))),
                ("key", Item::string(format!("{start}{state}"))),
                ("restore-keys", Item::string(start)),
                // Somebody may ask for a run of a tag, too.
                ("lookup-only", Item::string(marked("github.ref_type == 'tag'"))),
            ]),
        ),
    ]))
}

/// The paths that a step keeps; none if it keeps nothing.
pub(super) fn paths(step: &Node) -> Vec<&str> {
    let uses = step.get("uses").and_then(Node::as_str).unwrap_or_default();
    let is_cache = uses.split('@').next() == Some(ACTION);
    let path = step.get("with").filter(|_| is_cache).and_then(|it| it.get("path")).and_then(text);
    path.unwrap_or_default().lines().collect()
}

/// The files that a key is made of, as [`keep`] wrote them.
fn files(key: &str) -> Option<Vec<Leaf<String>>> {
    let mut rest = key.rsplit_once("hashFiles(")?.1.strip_suffix(") }}")?;
    let mut found = Vec::new();
    loop {
        let mut file = String::new();
        rest = rest.strip_prefix('\'')?;
        loop {
            let (part, after) = rest.split_once('\'')?;
            file.push_str(part);
            match after.strip_prefix('\'') {
                Some(after) => {
                    file.push('\'');
                    rest = after;
                }
                None => {
                    rest = after;
                    break;
                }
            }
        }
        found.push(Leaf::Known(file));
        match rest.strip_prefix(", ") {
            Some(after) => rest = after,
            None => return rest.is_empty().then_some(found),
        }
    }
}

impl Part for Cache {
    fn check(&self, cx: &Scope<'_>, problems: &mut Problems) {
        if self.cache.known().is_some() && !cx.keeps {
            let message = "keeps files, and a pipeline that tags start keeps none: a release is built \
                           of nothing that another run left";
            let cure = "take it away, or give the tags a pipeline of their own";
            problems.push(Problem::error(cx.path().attribute("cache"), message).cure(cure));
        }
    }

    fn render(&self, cx: &Scope<'_>, draft: &mut Draft) -> Result<(), NotKnown> {
        let Some(cache) = known(&self.cache)? else { return Ok(()) };
        let paths = known(&cache.paths)?.map(|it| texts(it)).transpose()?.unwrap_or_default();
        let files = known(&cache.key_files)?.map(|it| texts(it)).transpose()?.unwrap_or_default();
        draft.before.push(keep(cx, "cache", &paths, &files)?);
        Ok(())
    }

    fn read(prior: Option<&Self>, _: &Scope<'_>, found: &mut Remains<'_>) -> Self {
        let Some(with) = found.steps.front().filter(|it| !paths(it).is_empty()) else {
            return Self::default();
        };
        let with = with.get("with");
        let key = with.and_then(|it| it.get("key")).and_then(Node::as_str).unwrap_or_default();
        let is_ours = match prior {
            Some(prior) => !prior.cache.is_null(),
            None => key.contains("-cache-"),
        };
        if !is_ours {
            return Self::default();
        }
        found.steps.pop_front();
        let key_files = files(key).map_or(Leaf::Null, Leaf::Known);
        let paths = Leaf::Known(lines_at(with, "path"));
        Self { cache: Leaf::Known(Cached { paths, key_files }) }
    }
}
