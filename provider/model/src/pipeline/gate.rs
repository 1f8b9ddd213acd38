//! The job that tells whether all went well: the one check that a branch has to require.

use stanchion_cty::yaml::Item;

use super::expression::marked;
use super::workflow::RUNNER;

/// The job's id, which no job of the user's may have.
pub(super) const ID: &str = "gate";

/// The name of its check, which tells pipelines of one repository apart.
pub(super) fn check_name(pipeline: &str) -> String {
    format!("{pipeline} gate")
}

/// What holds where the gate is passed. A gate that took too long is cancelled, which is no failure.
pub(super) const IS_PASSED: &str = "needs.gate.result == 'success'";

/// Runs whatever became of the others. A job that only some changes concern may be skipped.
const SCRIPT: &str = r#"failed=false
while read -r job result may; do
  [ -n "$job" ] || continue
  case "$result,$may" in
    success,*) ;;
    skipped,skip) echo "$job was skipped, as no change concerns it" ;;
    skipped,*) [ -n "${EARLIER:-}" ] || { echo "::error::$job: $result"; failed=true; } ;;
    *)
      echo "::error::$job: $result"
      failed=true
      ;;
  esac
done <<< "$RESULTS"
[ "$failed" = false ]
"#;

/// The job after these jobs, and whether each may be skipped. All of them may where the expression
/// `earlier` gives an image that was built before.
pub(super) fn item(pipeline: &str, jobs: &[(&str, bool)], earlier: &str) -> Item {
    let result = |(id, may_skip): &(&str, bool)| {
        let may = if *may_skip { " skip" } else { "" };
        format!("{id} {}{may}\n", marked(&format!("needs.{id}.result")))
    };
    let results: String = jobs.iter().map(result).collect();
    let mut entries = vec![("name", Item::string(check_name(pipeline)))];
    if !jobs.is_empty() {
        entries.push(("needs", Item::list(jobs.iter().map(|(id, _)| Item::string(*id)))));
    }
    let mut env = vec![("RESULTS", Item::string(results))];
    if !earlier.is_empty() {
        env.push(("EARLIER", Item::string(marked(earlier))));
    }
    entries.extend([
        ("if", Item::string(marked("always()"))),
        ("runs-on", Item::string(RUNNER)),
        ("permissions", Item::map::<&str>([])),
        ("timeout-minutes", Item::from(stanchion_cty::Number::from(5))),
        (
            "steps",
            Item::list([Item::map([("env", Item::map(env)), ("run", Item::string(SCRIPT))])]),
        ),
    ]);
    Item::map(entries)
}
