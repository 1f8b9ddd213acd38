//! For which changed files a job runs.

use stanchion_cty::schema::{Block, Leaf, matches, not_empty};
use stanchion_cty::{Kind, schema::Check};

use super::{Draft, Part, Remains, Scope};
use crate::NotKnown;
use crate::pipeline::changes;
use crate::pipeline::expression::{one_line, plain};
use crate::pipeline::lens::{known, texts};

/// For which changed files a job runs.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Paths {
    /// Runs the job only if one of these files was changed, or the workflow itself: folders, or
    /// patterns such as `services/api/**`, where `*` does not go beyond a `/`. Where it can't be told
    /// what was changed, as on a schedule, the job runs. The gate counts a job that was skipped for
    /// this reason as good, so that a check that is required never waits for ever.
    #[attr(optional, check = not_empty(), check = plain(), check = one_line(), check = are_patterns())]
    pub paths: Leaf<Vec<Leaf<String>>>,
}

fn are_patterns() -> Check {
    let each =
        matches("", |it| !it.is_empty() && it.trim() == it && !it.starts_with(['/', '!', ':']));
    let says = "must be files below the repository's root, without blanks at the ends and without \
                `/`, `!` or `:` at the beginning";
    Check::new(says, move |it| match it.kind() {
        Kind::String(_) => each.holds(it),
        _ => it.parts().all(|it| each.holds(it)),
    })
}

impl Part for Paths {
    fn render(&self, cx: &Scope<'_>, draft: &mut Draft) -> Result<(), NotKnown> {
        let Some(paths) = known(&self.paths)? else { return Ok(()) };
        draft.filters = texts(paths)?.into_iter().map(str::to_owned).collect();
        if !draft.filters.is_empty() {
            draft.needs.insert(changes::ID.to_owned());
            draft.conditions.push(changes::condition(cx.id));
        }
        Ok(())
    }

    fn read(_: Option<&Self>, _: &Scope<'_>, found: &mut Remains<'_>) -> Self {
        let paths: Vec<_> = found.filters.iter().map(|it| it.as_str().into()).collect();
        Self { paths: if paths.is_empty() { Leaf::Null } else { Leaf::Known(paths) } }
    }
}
