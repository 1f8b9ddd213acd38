//! How many times a job runs, and with what.

use std::collections::BTreeMap;

use stanchion_cty::schema::{Block, Check, Leaf, not_empty};
use stanchion_cty::spanned::Node;
use stanchion_cty::yaml::Item;
use stanchion_cty::{Kind, Problem, Problems, Value};

use super::{Draft, Part, Remains, Scope};
use crate::NotKnown;
use crate::pipeline::expression::{marked, one_line, plain, trimmed};
use crate::pipeline::lens::{known, list, texts, texts_at};
use crate::pipeline::scope::Names;

/// How many times a job runs, and with what.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Matrix {
    /// Runs the job once with each combination of these values, 256 at most: name → values. The value
    /// is told by `env_from = { PYTHON = "matrix.python" }`, and `setup` takes it as
    /// `"python@matrix.python"`.
    #[attr(optional, check = not_empty(), check = is_matrix(), check = plain(), check = one_line(), check = trimmed())]
    pub matrix: Leaf<BTreeMap<String, Leaf<Vec<Leaf<String>>>>>,
}

/// The most jobs that GitHub makes of one matrix.
const MOST: usize = 256;

/// The most characters of a check's name.
const LONGEST: usize = 100;

/// The name of a job's check with these values, or with the expressions for them.
fn check_name(id: &str, values: Vec<String>) -> String {
    if values.is_empty() { id.to_owned() } else { format!("{id} ({})", values.join(", ")) }
}

fn is_matrix() -> Check {
    let says = "must have names of letters, digits, `_` and `-` as keys, other than `include` and \
                `exclude`, one value at least under each, and 256 combinations at most";
    Check::new(says, |it| {
        let Kind::Map(_, entries) = it.kind() else { return true };
        let is_name = |it: &str| {
            it.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
                && it.chars().all(|it| it.is_ascii_alphanumeric() || "_-".contains(it))
                && !["include", "exclude"].contains(&it)
        };
        let count = |it: &Value| if it.is_known() { it.parts().count() } else { 1 };
        let combinations = entries.values().map(count).try_fold(1_usize, usize::checked_mul);
        entries.keys().all(|it| is_name(it))
            && combinations.is_some_and(|it| (1..=MOST).contains(&it))
    })
}

impl Matrix {
    /// The names, if they are known.
    pub(in crate::pipeline) fn keys(&self) -> Names {
        match &self.matrix {
            Leaf::Known(it) => Some(it.keys().cloned().collect()),
            Leaf::Null => Some(Vec::new()),
            Leaf::Unknown(_) => None,
        }
    }

    /// The names of the checks of a job with that id.
    pub(in crate::pipeline) fn check_names(&self, id: &str) -> Result<Vec<String>, NotKnown> {
        let name =
            |values: Vec<&str>| check_name(id, values.into_iter().map(str::to_owned).collect());
        Ok(self.combinations()?.into_iter().map(name).collect())
    }

    /// All combinations of the values; one empty one where there is no matrix.
    fn combinations(&self) -> Result<Vec<Vec<&str>>, NotKnown> {
        let mut all = vec![Vec::new()];
        let Some(matrix) = known(&self.matrix)? else { return Ok(all) };
        for values in matrix.values() {
            let values = known(values)?.map(|it| texts(it)).transpose()?.unwrap_or_default();
            let mut longer = Vec::new();
            for start in all {
                longer.extend(values.iter().map(|it| [start.as_slice(), &[*it]].concat()));
            }
            all = longer;
        }
        Ok(all)
    }
}

impl Part for Matrix {
    fn check(&self, cx: &Scope<'_>, problems: &mut Problems) {
        let names = self.check_names(cx.id).unwrap_or_default();
        if let Some(name) = names.iter().find(|it| it.chars().count() > LONGEST) {
            let message = format!("makes a check of more than {LONGEST} characters, {name:?}");
            let cure = "shorten the values, or give them names by a script";
            problems.push(Problem::error(cx.path().attribute("matrix"), message).cure(cure));
        }
    }

    fn render(&self, cx: &Scope<'_>, draft: &mut Draft) -> Result<(), NotKnown> {
        let Some(matrix) = known(&self.matrix)? else {
            draft.keys.push(("name", Item::string(cx.id)));
            return Ok(());
        };
        let values = matrix.keys().map(|it| marked(&format!("matrix.{it}"))).collect();
        draft.keys.push(("name", Item::string(check_name(cx.id, values))));
        let mut entries = Vec::new();
        for (name, values) in matrix {
            if let Some(values) = known(values)? {
                entries.push((name.as_str(), list(texts(values)?)));
            }
        }
        draft.keys.push(("strategy", Item::map([("matrix", Item::map(entries))])));
        Ok(())
    }

    fn read(_: Option<&Self>, _: &Scope<'_>, found: &mut Remains<'_>) -> Self {
        let matrix = found.node.get("strategy").and_then(|it| it.get("matrix"));
        let Some(matrix) = matrix.filter(|it| !it.entries().is_empty()) else {
            return Self::default();
        };
        let is_plain = |node: &Node, key: &str| {
            node.get(key).is_some_and(|it| !it.items().is_empty())
                && !["include", "exclude"].contains(&key)
        };
        let names = matrix.entries().iter().map(|it| &*it.key).filter(|it| is_plain(matrix, it));
        let read: BTreeMap<_, _> = names.map(|it| (it.to_owned(), texts_at(matrix, it))).collect();
        Self { matrix: if read.is_empty() { Leaf::Null } else { Leaf::Known(read) } }
    }
}
