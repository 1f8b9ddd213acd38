//! Comments that suppress findings: a text as a file of either syntax.

use std::ops::Range;

use stanchion::reading::suppressions;

/// Each suppression has one of these.
const WORDS: &[&str] =
    &["stanchion:allow", "checkov:skip", "tfsec:ignore", "trivy:ignore", "tflint-ignore"];

pub(crate) fn judge(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let found = judged("main.tf", text);
    // No signs of comments, no suppression.
    let bare = text.replace(['#', '/'], " ");
    assert!(suppressions("main.tf", &bare).is_empty(), "{text:?}");
    // One more comment behind all is one more, and those before stand where they stood.
    let more = judged("main.tf", &format!("{text}\n\n# é\n"));
    let places = |all: &[[Range<usize>; 2]]| all.iter().map(|it| it[0].start).collect::<Vec<_>>();
    assert_eq!(places(&more), places(&found), "{text:?}");
    judged("main.tf.json", text);
}

/// What is found in a text, each within it and within what it holds for.
fn judged(path: &str, text: &str) -> Vec<[Range<usize>; 2]> {
    let found = suppressions(path, text);
    for [span, scope] in &found {
        let written = text.get(span.clone());
        let is_one = |it: &str| WORDS.iter().any(|word| it.starts_with(word)) && !it.contains('\n');
        assert!(written.is_some_and(is_one), "{written:?} in {text:?}");
        assert!(scope.start <= scope.end && scope.end <= text.len() + 1, "{scope:?} in {text:?}");
    }
    found
}
