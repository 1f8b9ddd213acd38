//! Between what a configuration says and what stands in a document.

use std::collections::BTreeMap;

use stanchion_cty::schema::Leaf;
use stanchion_cty::spanned::{Data, Node};
use stanchion_cty::yaml::{Content, Item};

use super::expression::{joined, marked};
use crate::NotKnown;

/// Texts by name, as an attribute holds them.
pub(super) type Texts = Leaf<BTreeMap<String, Leaf<String>>>;

/// What is there, if it is known whether and what.
pub(super) fn known<T>(leaf: &Leaf<T>) -> Result<Option<&T>, NotKnown> {
    match leaf {
        Leaf::Known(it) => Ok(Some(it)),
        Leaf::Null => Ok(None),
        Leaf::Unknown(_) => Err(NotKnown),
    }
}

/// Whether a leaf says something; `None`: that is not known.
pub(super) fn is_said<T>(leaf: &Leaf<T>) -> Option<bool> {
    match leaf {
        Leaf::Known(_) => Some(true),
        Leaf::Null => Some(false),
        Leaf::Unknown(_) => None,
    }
}

/// The prior where it says the same in the document as what was read, so that the user's spelling
/// stays: `900s` is read as `15m`.
pub(super) fn settled<T: Clone>(
    prior: Option<&Leaf<T>>,
    read: Leaf<T>,
    render: impl Fn(&T) -> Result<Option<Item>, NotKnown>,
) -> Leaf<T> {
    let Some(prior) = prior else { return read };
    let said = |it: &Leaf<T>| Ok::<_, NotKnown>(known(it)?.map(&render).transpose()?.flatten());
    match (said(prior), said(&read)) {
        (Ok(a), Ok(b)) if a.as_ref().map(bare) == b.as_ref().map(bare) => prior.clone(),
        _ => read,
    }
}

/// An item without comments, which are no part of what it says.
pub(super) fn bare(item: &Item) -> Item {
    match &item.content {
        Content::List(items) => Item::list(items.iter().map(bare)),
        Content::Map(entries) => Item::map(entries.iter().map(|(key, it)| (key.clone(), bare(it)))),
        content => content.clone().into(),
    }
}

/// The texts of a list; what is null in it is left out.
pub(super) fn texts(list: &[Leaf<String>]) -> Result<Vec<&str>, NotKnown> {
    list.iter().filter_map(|it| known(it).map(|it| it.map(String::as_str)).transpose()).collect()
}

/// A list of texts.
pub(super) fn list(texts: impl IntoIterator<Item = impl AsRef<str>>) -> Item {
    Item::list(texts.into_iter().map(|it| Item::string(it.as_ref())))
}

/// The entries of a map of texts; what is null in it is left out.
pub(super) fn entries(map: &Texts) -> Result<Vec<(&str, &str)>, NotKnown> {
    let Some(map) = known(map)? else { return Ok(Vec::new()) };
    let entries = map.iter().filter_map(|(key, it)| match known(it) {
        Ok(it) => it.map(|it| Ok((key.as_str(), it.as_str()))),
        Err(it) => Some(Err(it)),
    });
    entries.collect()
}

/// A map of texts and of expressions, in the order of the names.
pub(super) fn mixed(plain: &Texts, from: &Texts) -> Result<Option<Item>, NotKnown> {
    let mut all = BTreeMap::new();
    all.extend(entries(plain)?.into_iter().map(|(key, it)| (key, Item::string(it))));
    all.extend(entries(from)?.into_iter().map(|(key, it)| (key, Item::string(marked(it)))));
    Ok((!all.is_empty()).then(|| Item::map(all)))
}

/// What [`mixed`] wrote. A text with an expression in it is one expression, if one can say it.
pub(super) fn unmixed(found: Option<&Node>) -> (Texts, Texts) {
    let (mut plain, mut from) = (BTreeMap::new(), BTreeMap::new());
    for entry in found.map(Node::entries).unwrap_or_default() {
        let Some(it) = text(&entry.value) else { continue };
        match joined(it) {
            Some(expression) => from.insert(entry.key.to_string(), expression.into()),
            None => plain.insert(entry.key.to_string(), it.into()),
        };
    }
    let leaf = |map: BTreeMap<_, _>| if map.is_empty() { Leaf::Null } else { Leaf::Known(map) };
    (leaf(plain), leaf(from))
}

/// The text of a scalar, as GitHub takes it: `run: true` is the script `true`.
pub(super) fn text(node: &Node) -> Option<&str> {
    match &node.data {
        Data::String(it) => Some(it),
        Data::Bool(true) => Some("true"),
        Data::Bool(false) => Some("false"),
        Data::Number { text, .. } => Some(text),
        Data::Null | Data::List(_) | Data::Map(_) | Data::Tagged { .. } => None,
    }
}

/// The text under a key.
pub(super) fn text_at(node: &Node, key: &str) -> Leaf<String> {
    node.get(key).and_then(text).map(Leaf::from).unwrap_or_default()
}

/// The texts of a list under a key; null where there is none.
pub(super) fn texts_at(node: &Node, key: &str) -> Leaf<Vec<Leaf<String>>> {
    match node.get(key) {
        None => Leaf::Null,
        Some(one) if text(one).is_some() => {
            Leaf::Known(text(one).map(Leaf::from).into_iter().collect())
        }
        Some(all) => Leaf::Known(all.items().iter().filter_map(text).map(Leaf::from).collect()),
    }
}

/// The lines of a text under a key.
pub(super) fn lines_at(node: Option<&Node>, key: &str) -> Vec<Leaf<String>> {
    let text = node.and_then(|it| it.get(key)).and_then(text).unwrap_or_default();
    text.lines().map(Leaf::from).collect()
}
