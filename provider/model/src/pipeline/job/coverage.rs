//! How much of the code a job's tests must reach.

use stanchion_cty::Number;
use stanchion_cty::schema::{Block, Leaf, at_least, at_most, not_blank};
use stanchion_cty::spanned::Node;
use stanchion_cty::yaml::Item;

use super::{Draft, Part, Remains, Scope};
use crate::NotKnown;
use crate::pipeline::expression::plain;
use crate::pipeline::lens::{known, text, text_at};

/// How much of the code a job's tests must reach.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Coverage {
    /// How much of the code the tests must reach. It is looked at after the work.
    #[attr(optional)]
    pub coverage: Leaf<Floor>,
}

/// A least coverage, and how it is measured.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Floor {
    /// A script of bash whose output ends with the percentage, as that of
    /// `coverage report --format=total` or of `go tool cover -func=cover.out` does: the last number
    /// counts.
    #[attr(required, check = not_blank(), check = plain())]
    pub command: Leaf<String>,
    /// The least percentage, from 0 to 100. The job fails below it.
    #[attr(required, check = at_least(0), check = at_most(100))]
    pub floor: Leaf<Number>,
}

/// What the step is called, by which it is found again.
const NAME: &str = "Coverage";

/// Takes the last number that the command prints. The command comes by the environment, so that
/// nothing in it can end the script around it.
const SCRIPT: &str = r#"percent="$(bash --noprofile --norc -eo pipefail -c "$COMMAND" | { grep -oE '[0-9]+([.][0-9]+)?' || true; } | tail -n 1)"
if [ -z "$percent" ]; then
  echo "::error::the coverage can't be told, as the command prints no number"
  exit 1
fi
echo "coverage: $percent %, and $FLOOR % at least"
if ! awk -v percent="$percent" -v floor="$FLOOR" 'BEGIN { exit !(percent + 0 >= floor + 0) }'; then
  echo "::error::the coverage of $percent % is below $FLOOR %"
  exit 1
fi
"#;

impl Part for Coverage {
    fn render(&self, _: &Scope<'_>, draft: &mut Draft) -> Result<(), NotKnown> {
        let Some(it) = known(&self.coverage)? else { return Ok(()) };
        let command = known(&it.command)?.map(String::as_str).unwrap_or_default();
        let floor = known(&it.floor)?.map(Number::to_string).unwrap_or_default();
        let env = [("COMMAND", Item::string(command)), ("FLOOR", Item::string(floor))];
        draft.after.push(Item::map([
            ("name", Item::string(NAME)),
            ("env", Item::map(env)),
            ("run", Item::string(SCRIPT)),
        ]));
        Ok(())
    }

    fn read(prior: Option<&Self>, _: &Scope<'_>, found: &mut Remains<'_>) -> Self {
        let is_ours = |it: &&Node| {
            let command = it.get("env").and_then(|it| it.get("COMMAND"));
            let is_same = text_at(it, "run").known().is_some_and(|it| it == SCRIPT);
            let is_expected = prior.is_some_and(|it| !it.coverage.is_null());
            it.get("name").and_then(text) == Some(NAME)
                && command.is_some()
                && (is_same || is_expected)
        };
        let Some(step) = found.steps.pop_back_if(|it| is_ours(&*it)) else {
            return Self::default();
        };
        let env = step.get("env");
        let command = env.map(|it| text_at(it, "COMMAND")).unwrap_or_default();
        let floor = env.and_then(|it| it.get("FLOOR")).and_then(text);
        let floor = floor.and_then(|it| Number::parse(it).ok()).map_or(Leaf::Null, Leaf::Known);
        Self { coverage: Leaf::Known(Floor { command, floor }) }
    }
}
