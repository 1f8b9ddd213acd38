//! How many times a job runs, and with what.

use std::collections::{BTreeMap, BTreeSet};

use stanchion_cty::schema::{Block, Check, Leaf, not_empty};
use stanchion_cty::spanned::Node;
use stanchion_cty::yaml::Item;
use stanchion_cty::{Kind, Path, Problem, Problems, Value};

use super::{Draft, Part, Remains, Scope};
use crate::NotKnown;
use crate::pipeline::actions::nearest;
use crate::pipeline::expression::{is_identifier, marked, one_line, plain, trimmed};
use crate::pipeline::lens::{Texts, entries, known, list, text, texts, texts_at};
use crate::pipeline::scope::Names;
use crate::workflow::{MOST, check_name, combinations};

/// How many times a job runs, and with what.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Matrix {
    /// Runs the job once with each combination of these values, 256 at most: name → values. The value
    /// is told by `env_from = { PYTHON = "matrix.python" }`, and `setup` takes it as
    /// `"python@matrix.python"`.
    #[attr(optional, check = not_empty(), check = is_matrix(), check = plain(), check = one_line(), check = trimmed())]
    pub matrix: Leaf<BTreeMap<String, Leaf<Vec<Leaf<String>>>>>,
    /// What is added to the combinations, in this order: each a map, name → value. One whose names of
    /// `matrix` all have the values of a combination adds its other values to that; one that fits none
    /// is a combination of its own.
    #[attr(optional, check = not_empty(), check = have_names(), check = plain(), check = one_line(), check = trimmed())]
    pub matrix_include: Leaf<Vec<Texts>>,
    /// The combinations of `matrix` that are left out: each a map, name → value, which leaves out all
    /// that have these values.
    #[attr(optional, check = not_empty(), check = have_names(), check = plain(), check = one_line(), check = trimmed())]
    pub matrix_exclude: Leaf<Vec<Texts>>,
}

/// The most characters of a check's name.
const LONGEST: usize = 100;

/// What in a matrix is no name of a value.
const NO_NAMES: [&str; 2] = [INCLUDE, EXCLUDE];
const INCLUDE: &str = "include";
const EXCLUDE: &str = "exclude";

fn is_name(text: &str) -> bool {
    is_identifier(text) && !NO_NAMES.contains(&text)
}

fn is_matrix() -> Check {
    let says = "must have names of letters, digits, `_` and `-` as keys, other than `include` and \
                `exclude`, one value at least under each, and 256 combinations at most";
    Check::new(says, |it| {
        let Kind::Map(_, entries) = it.kind() else { return true };
        let count = |it: &Value| if it.is_known() { it.parts().count() } else { 1 };
        let combinations = entries.values().map(count).try_fold(1_usize, usize::checked_mul);
        entries.keys().all(|it| is_name(it))
            && combinations.is_some_and(|it| (1..=MOST).contains(&it))
    })
}

fn have_names() -> Check {
    let says = "must have names of letters, digits, `_` and `-` as keys, other than `include` and \
                `exclude`";
    Check::new(says, |it| {
        let maps: Vec<&Value> = match it.kind() {
            Kind::Map(..) => vec![it],
            _ => it.parts().collect(),
        };
        let keys = maps.into_iter().filter_map(|it| match it.kind() {
            Kind::Map(_, entries) => Some(entries.keys()),
            _ => None,
        });
        keys.flatten().all(|it| is_name(it))
    })
}

impl Matrix {
    /// The names, if they are known.
    pub(in crate::pipeline) fn keys(&self) -> Names {
        let mut keys = BTreeSet::new();
        keys.extend(known(&self.matrix).ok()?.into_iter().flat_map(BTreeMap::keys).cloned());
        for it in known(&self.matrix_include).ok()?.into_iter().flatten() {
            keys.extend(known(it).ok()?.into_iter().flat_map(BTreeMap::keys).cloned());
        }
        Some(keys.into_iter().collect())
    }

    /// The names that a found matrix has.
    pub(in crate::pipeline) fn found_keys(matrix: Option<&Node>) -> Names {
        let includes = matrix.and_then(|it| it.get(INCLUDE)).map(Node::items).unwrap_or_default();
        let all = matrix.into_iter().chain(includes).flat_map(Node::entries);
        let keys = all.map(|it| it.key.to_string()).filter(|it| !NO_NAMES.contains(&it.as_str()));
        Some(keys.collect::<BTreeSet<_>>().into_iter().collect())
    }

    /// The names of the checks of a job with that id.
    pub(in crate::pipeline) fn check_names(&self, id: &str) -> Result<Vec<String>, NotKnown> {
        let Some(matrix) = self.item()? else { return Ok(vec![id.to_owned()]) };
        let matrix = Node::from(&matrix);
        // What is more than GitHub takes is a problem of the check's.
        let all = combinations(&matrix).unwrap_or_default();
        Ok(all.iter().map(|it| check_name(id, &it.shown)).collect())
    }

    /// What stands under `matrix`; nothing where the job runs once.
    fn item(&self) -> Result<Option<Item>, NotKnown> {
        let mut all = Vec::new();
        for (name, values) in known(&self.matrix)?.into_iter().flatten() {
            if let Some(values) = known(values)? {
                all.push((name.as_str(), list(texts(values)?)));
            }
        }
        for (name, said) in [(INCLUDE, &self.matrix_include), (EXCLUDE, &self.matrix_exclude)] {
            let Some(said) = known(said)? else { continue };
            let mut maps = Vec::new();
            for it in said.iter().filter(|it| !it.is_null()) {
                let entries = entries(it)?.into_iter();
                maps.push(Item::map(entries.map(|(key, it)| (key, Item::string(it)))));
            }
            all.push((name, Item::list(maps)));
        }
        Ok((!all.is_empty()).then(|| Item::map(all)))
    }

    /// Adds what is wrong with what is left out: each must be there.
    fn check_excluded(&self, path: &Path, problems: &mut Problems) {
        let matrix = match &self.matrix {
            Leaf::Known(it) => it,
            Leaf::Null => &BTreeMap::new(),
            Leaf::Unknown(_) => return,
        };
        for (i, it) in self.matrix_exclude.known().into_iter().flatten().enumerate() {
            for (name, value) in it.known().into_iter().flatten() {
                let path = path.attribute("matrix_exclude").index(i).key(name.as_str());
                let mut error = |message: String, names: Vec<&str>, written: &str| {
                    let cure = match nearest(written, names.iter().copied()) {
                        Some(near) => format!("did you mean {near:?}?"),
                        None if names.is_empty() => "give the job a `matrix`".to_owned(),
                        None => format!("name one of {}", names.join(", ")),
                    };
                    problems.push(Problem::error(path.clone(), message).cure(cure));
                };
                let Some(values) = matrix.get(name) else {
                    let message = format!("leaves out by {name:?}, which `matrix` does not have");
                    error(message, matrix.keys().map(String::as_str).collect(), name);
                    continue;
                };
                let values = values.known().and_then(|it| texts(it).ok());
                let (Some(values), Some(value)) = (values, value.known()) else { continue };
                // GitHub takes no notice of case.
                if !values.iter().any(|it| it.eq_ignore_ascii_case(value)) {
                    error(format!("is {value:?}, which {name} never is"), values, value);
                }
            }
        }
    }
}

impl Part for Matrix {
    fn check(&self, cx: &Scope<'_>, problems: &mut Problems) {
        let path = cx.path();
        let told = [
            ("matrix_include", &self.matrix_include, "adds nothing, as it is empty"),
            ("matrix_exclude", &self.matrix_exclude, "is empty, and would leave out all there is"),
        ];
        for (name, said, message) in told {
            for (i, it) in said.known().into_iter().flatten().enumerate() {
                if it.known().is_some_and(BTreeMap::is_empty) {
                    let problem = Problem::error(path.attribute(name).index(i), message);
                    problems.push(problem.cure("say the values that it has, or take it out"));
                }
            }
        }
        self.check_excluded(&path, problems);
        let Ok(Some(matrix)) = self.item() else { return };
        let matrix = Node::from(&matrix);
        let mut error = |name: &str, message: String, cure: &str| {
            problems.push(Problem::error(path.attribute(name), message).cure(cure));
        };
        match combinations(&matrix) {
            None => {
                let message = format!("makes more than {MOST} combinations");
                error("matrix_include", message, "include fewer");
            }
            Some(all) if all.is_empty() => {
                error("matrix_exclude", "leaves no combination".to_owned(), "leave out fewer");
            }
            Some(all) => {
                let mut names = all.iter().map(|it| check_name(cx.id, &it.shown));
                if let Some(name) = names.find(|it| it.chars().count() > LONGEST) {
                    let message =
                        format!("makes a check of more than {LONGEST} characters, {name:?}");
                    error("matrix", message, "shorten the values, or give them names by a script");
                }
            }
        }
    }

    fn render(&self, cx: &Scope<'_>, draft: &mut Draft) -> Result<(), NotKnown> {
        let all = self.item()?;
        let name = match known(&self.matrix)? {
            // What is included may lack a value, and GitHub shows the values that there are.
            Some(matrix) if self.matrix_include.is_null() => {
                let values = matrix.keys().map(|it| marked(&format!("matrix.{it}")));
                check_name(cx.id, &values.collect::<Vec<_>>())
            }
            _ => cx.id.to_owned(),
        };
        draft.keys.push(("name", Item::string(name)));
        draft.keys.extend(all.map(|it| ("strategy", Item::map([("matrix", it)]))));
        Ok(())
    }

    fn read(_: Option<&Self>, _: &Scope<'_>, found: &mut Remains<'_>) -> Self {
        let matrix = found.node.get("strategy").and_then(|it| it.get("matrix"));
        let Some(matrix) = matrix else { return Self::default() };
        // A value may be a map or a list, which has no place.
        let are_texts = |it: &Node| !it.items().is_empty() && it.items().iter().all(is_text);
        let is_plain = |it: &str| !NO_NAMES.contains(&it) && matrix.get(it).is_some_and(are_texts);
        let names = matrix.entries().iter().map(|it| &*it.key).filter(|it| is_plain(it));
        let read: BTreeMap<_, _> = names.map(|it| (it.to_owned(), texts_at(matrix, it))).collect();
        let maps = |name: &str| {
            let maps = matrix.get(name).map(Node::items).unwrap_or_default();
            let read: Vec<_> = maps.iter().map(values).collect();
            if read.is_empty() { Leaf::Null } else { Leaf::Known(read) }
        };
        Self {
            matrix: if read.is_empty() { Leaf::Null } else { Leaf::Known(read) },
            matrix_include: maps(INCLUDE),
            matrix_exclude: maps(EXCLUDE),
        }
    }
}

fn is_text(found: &Node) -> bool {
    text(found).is_some()
}

/// The texts of a map; what is none has no place.
fn values(found: &Node) -> Texts {
    let entries = found.entries().iter();
    let texts = entries.filter_map(|it| Some((it.key.to_string(), text(&it.value)?.into())));
    Leaf::Known(texts.collect())
}
