//! The job that tells which jobs a change concerns.

use stanchion_cty::spanned::Node;
use stanchion_cty::yaml::Item;

use super::actions::Pins;
use super::address;
use super::expression::marked;
use super::lens::text;
use super::workflow::{RUNNER, checkout};
use crate::NotKnown;

/// The job's id, which no job of the user's may have.
pub(super) const ID: &str = "changes";

/// The name of its check, which tells pipelines of one repository apart.
pub(super) fn check_name(pipeline: &str) -> String {
    format!("{pipeline} changes")
}

/// What holds where a change concerns a job.
pub(super) fn condition(job: &str) -> String {
    format!("needs.{ID}.outputs.{job} == 'true'")
}

/// Compares with the base of a pull request or of a merge queue, or with what the branch was before a
/// push, as the event tells it. Where there is no such commit, as on a schedule and for a new branch,
/// all jobs are concerned; also where git can't compare.
const SCRIPT: &str = r#"base="$(jq -r '.pull_request.base.sha // .merge_group.base_sha // .before // ""' "$GITHUB_EVENT_PATH")"
known=true
git cat-file -e "$base^{commit}" 2>/dev/null || known=false
while read -r job pattern; do
  [ -n "$job" ] || continue
  if [ "$known" = false ] || ! git diff --quiet "$base...HEAD" -- ":(glob)$pattern"; then
    echo "$job is concerned by $pattern"
    echo "$job=true" >> "$GITHUB_OUTPUT"
  fi
done <<< "$PATHS"
"#;

/// The job for these jobs with their patterns, and what must hold for it to run. A change of the workflow's own file concerns all of
/// them.
pub(super) fn item(
    pipeline: &str,
    filters: &[(&str, Vec<String>)],
    condition: Option<&str>,
    pins: Pins<'_>,
) -> Result<Item, NotKnown> {
    let file = address(pipeline);
    let output = |id: &str| marked(&format!("steps.{ID}.outputs.{id}"));
    let outputs = filters.iter().map(|(id, _)| (*id, Item::string(output(id))));
    let lines = filters.iter().flat_map(|(id, patterns)| {
        let own = std::iter::once(file.as_str());
        patterns.iter().map(String::as_str).chain(own).map(move |it| format!("{id} {it}\n"))
    });
    let env = [("PATHS", Item::string(lines.collect::<String>()))];
    let reads = Item::string("read").beside("to compare commits");
    let mut entries = vec![("name", Item::string(check_name(pipeline)))];
    entries.extend(condition.map(|it| ("if", Item::string(marked(it)))));
    entries.extend([
        ("runs-on", Item::string(RUNNER)),
        ("permissions", Item::map([("contents", reads)])),
        ("timeout-minutes", Item::from(stanchion_cty::Number::from(5))),
        ("outputs", Item::map(outputs)),
        (
            "steps",
            Item::list([
                checkout(pins, true)?,
                Item::map([
                    ("id", Item::string(ID)),
                    ("env", Item::map(env)),
                    ("run", Item::string(SCRIPT)),
                ]),
            ]),
        ),
    ]);
    Ok(Item::map(entries))
}

/// The patterns of a job, as the job of that name says them.
pub(super) fn filters(found: Option<&Node>, job: &str, file: &str) -> Vec<String> {
    let steps = found.and_then(|it| it.get("steps")).map(Node::items).unwrap_or_default();
    let paths = steps.iter().find_map(|it| text(it.get("env")?.get("PATHS")?));
    let of_job = |line: &str| {
        let (id, pattern) = line.split_once(' ')?;
        (id == job).then(|| pattern.to_owned())
    };
    let mut patterns: Vec<String> = paths.unwrap_or_default().lines().filter_map(of_job).collect();
    // The workflow's own file stands last, and may have been named before by the user.
    patterns.pop_if(|it| it == file);
    patterns
}
