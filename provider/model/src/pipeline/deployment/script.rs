//! The scripts of a platform in a job: what they share stands there once.

use stanchion_cty::yaml::Item;

use super::platform::{self, Deed};
use crate::pipeline::made::Script;

/// The step that leaves what the scripts share for those after it.
pub(super) const LIBRARY: &str = "platform";

/// Where it leaves it.
const PLACE: &str = "\"$RUNNER_TEMP/platform.sh\"";

/// The step that all deeds of a platform under a strategy come after; none where they share nothing.
pub(super) fn library(platform: &str, strategy: &str) -> Option<Item> {
    let run = preparation(platform, strategy)?;
    Some(Script { id: LIBRARY, name: "Prepare", run: &run, ..Script::default() }.item())
}

/// What that step runs.
pub(super) fn preparation(platform: &str, strategy: &str) -> Option<String> {
    let shared = shared(platform, strategy);
    (!shared.is_empty()).then(|| format!("cat > {PLACE} <<'PLATFORM'\n{shared}PLATFORM\n"))
}

/// The script of a deed, after that step; none where the platform has no such deed.
pub(super) fn deed(platform: &str, strategy: &str, deed: Deed) -> Option<String> {
    let whole = platform::script(platform, strategy, deed)?;
    let shared = shared(platform, strategy);
    match whole.strip_prefix(shared).filter(|_| !shared.is_empty()) {
        Some(own) => Some(format!(". {PLACE}\n{own}")),
        None => Some(whole.to_owned()),
    }
}

const DEEDS: [Deed; 6] =
    [Deed::Former, Deed::Deploy, Deed::Stage, Deed::Shift, Deed::Settle, Deed::Rollback];

/// The lines with which all scripts begin.
fn shared(platform: &str, strategy: &str) -> &'static str {
    let mut scripts = DEEDS.into_iter().filter_map(|it| platform::script(platform, strategy, it));
    let Some(first) = scripts.next() else { return "" };
    let same = |a: &str, b: &str| a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let length = scripts.map(|it| same(first, it)).min().unwrap_or_default();
    let start = first.get(..length).unwrap_or_default();
    &start[..start.rfind('\n').map_or(0, |it| it + 1)]
}
