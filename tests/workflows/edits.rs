//! What a hand edit changes shows at an attribute or in `unmanaged`, whatever it is.

use std::collections::BTreeMap;

use proptest::prelude::*;
use stanchion_cty::schema::Leaf;
use stanchion_cty::yaml::{Item, emit};
use stanchion_model::{Document, Found, Held, Pipeline, in_one_spelling};

use super::options::{OPTIONS, base};
use super::rendering::{pipeline, rendered};

/// An edit of one line.
#[derive(Clone, Copy, Debug)]
enum Edit {
    Remove,
    Repeat,
    Deeper,
    Flatter,
    Word(&'static str),
    Append(&'static str),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        Just(Edit::Remove),
        Just(Edit::Repeat),
        Just(Edit::Deeper),
        Just(Edit::Flatter),
        prop::sample::select(vec![
            "x",
            "true",
            "1",
            "[]",
            "{}",
            "null",
            "${{ github.ref }}",
            "a@b",
            "''"
        ])
        .prop_map(Edit::Word),
        prop::sample::select(vec!["x", " #", ":", "\n", " ${{ x }}", "'", "@1", "-1"])
            .prop_map(Edit::Append),
    ]
}

/// A text with one of its lines edited.
fn edited(text: &str, at: prop::sample::Index, edit: Edit) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let at = at.index(lines.len());
    let mut out = String::new();
    for (i, line) in lines.iter().enumerate() {
        let changed = match edit {
            _ if i != at => format!("{line}\n"),
            Edit::Remove => String::new(),
            Edit::Repeat => format!("{line}\n{line}\n"),
            Edit::Deeper => format!("  {line}\n"),
            Edit::Flatter => format!("{}\n", line.strip_prefix("  ").unwrap_or(line)),
            Edit::Word(word) => match line.split_once(": ") {
                Some((key, _)) => format!("{key}: {word}\n"),
                None => format!("{line}\n"),
            },
            Edit::Append(end) => format!("{line}{end}\n"),
        };
        out.push_str(&changed);
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 700, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_hand_edit_shows_at_an_attribute_or_as_unmanaged(
        option in 0..OPTIONS.len(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), edit()), 1..3),
    ) {
        let mut prior = pipeline(&OPTIONS[option].on(&base()));
        let ours = rendered(&prior);
        let address = prior.render().address.into_known().unwrap();
        let before = Found { address: address.clone(), text: ours.clone() };
        prior.complete();
        *prior.held_mut() = Held {
            path: address.as_str().into(),
            content: ours.as_str().into(),
            sha256: before.sha256().into(),
            unmanaged: BTreeMap::new().into(),
        };
        let text = edits.iter().fold(ours, |text, (at, it)| edited(&text, *at, *it));
        let found = Found { address, text };
        let seen = Pipeline::observe(Some(&prior), &found).document;
        if found.sha256() == before.sha256() {
            prop_assert_eq!(seen, prior);
            return Ok(());
        }
        let one = |it: &Found| it.node().map(|it| in_one_spelling(&it));
        let digest = |it: &Found| one(it).map(|it| Found { text: emit(&Item::from(&it)), ..found.clone() }.sha256());
        if digest(&found) == digest(&before) {
            // GitHub reads it alike, so that it shows in the text alone.
            prop_assert!(seen.held().content != prior.held().content);
            return Ok(());
        }
        let is_shown = seen.jobs != prior.jobs
            || seen.triggers != prior.triggers
            || seen.concurrency != prior.concurrency
            || seen.held().unmanaged != Leaf::Known(BTreeMap::new());
        prop_assert!(is_shown, "nothing shows of\n{}", found.text);
        // Whoever imports it is shown what the model has no place for.
        let imported = Pipeline::observe(None, &found).document;
        prop_assert!(imported.held().unmanaged.known().is_some());
    }
}
