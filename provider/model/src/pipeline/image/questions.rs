//! What a person is asked who starts a pipeline by hand: which earlier image to deploy.

use stanchion_cty::spanned::{Data, Node};
use stanchion_cty::yaml::{Content, Item};

/// The name of what a person may give instead of a build: the digest of an earlier one.
pub(in crate::pipeline) fn input(image: &str) -> String {
    format!("{image}_digest")
}

/// The event at which a person starts it.
const BY_HAND: &str = "workflow_dispatch";

/// What stands under `on`, with the questions for these images.
pub(in crate::pipeline) fn with_questions(on: Item, images: &[&str]) -> Item {
    if images.is_empty() {
        return on;
    }
    let question = |image: &&str| {
        let words = format!("The digest of an earlier image {image} to deploy, sha256:…");
        let entries = [
            ("description", Item::string(words)),
            ("type", Item::string("string")),
            ("default", Item::string("")),
        ];
        (input(image).into(), Item::map(entries))
    };
    let questions = images.iter().map(question);
    let with = |item: &Item, change: &dyn Fn(&Item) -> Item, key: &str| match &item.content {
        Content::Map(entries) => Item::map(entries.iter().map(|(name, it)| {
            (name.clone(), if **name == *key { change(it) } else { it.clone() })
        })),
        _ => item.clone(),
    };
    let add = |event: &Item| {
        let Content::Map(entries) = &event.content else { return event.clone() };
        let own = entries.iter().find(|(key, _)| &**key == "inputs");
        let own = match own.map(|(_, it)| &it.content) {
            Some(Content::Map(inputs)) => inputs.clone(),
            _ => Vec::new(),
        };
        let all = Item::map(own.into_iter().chain(questions.clone()));
        let others = entries.iter().filter(|(key, _)| &**key != "inputs").cloned();
        Item::map(others.chain([("inputs".into(), all)]))
    };
    with(&on, &add, BY_HAND)
}

/// What stands under `on`, without the questions for these images.
pub(in crate::pipeline) fn without_questions(on: &Node, images: &[&str]) -> Node {
    let mut on = on.clone();
    if let Some(inputs) = entry(&mut on, BY_HAND).and_then(|it| entry(it, "inputs"))
        && let Data::Map(entries) = &mut inputs.data
    {
        entries.retain(|it| !images.iter().any(|image| *it.key == *input(image)));
    }
    on
}

fn entry<'a>(node: &'a mut Node, key: &str) -> Option<&'a mut Node> {
    let Data::Map(entries) = &mut node.data else { return None };
    entries.iter_mut().find(|it| &*it.key == key).map(|it| &mut it.value)
}
