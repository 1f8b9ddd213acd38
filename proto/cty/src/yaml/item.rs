//! Values to be written as YAML, with comments.

use std::sync::Arc;

use crate::spanned::{Data, Entry, Node, Span};
use crate::{Kind, Number, Path, Problem, Value};

/// A value to be written as YAML, and the comments at it.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The value.
    pub content: Content,
    /// Comments on lines of their own above the entry, without `#`. An empty one is an empty line.
    pub above: Vec<String>,
    /// A comment behind the entry's first line, without `#`.
    pub beside: Option<String>,
}

/// What an item says.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(Arc<str>),
    /// A list.
    List(Vec<Item>),
    /// A map; entries are written in this order. No key may be there twice.
    Map(Vec<(Arc<str>, Item)>),
}

impl Item {
    /// A string.
    #[must_use]
    pub fn string(text: impl Into<Arc<str>>) -> Self {
        Content::String(text.into()).into()
    }

    /// A list.
    #[must_use]
    pub fn list(items: impl IntoIterator<Item = Self>) -> Self {
        Content::List(items.into_iter().collect()).into()
    }

    /// A map. Of two equal keys the later value holds, at the place of the earlier.
    #[must_use]
    pub fn map<K: Into<Arc<str>>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        let mut all: Vec<(Arc<str>, Self)> = Vec::new();
        for (key, item) in entries {
            let key = key.into();
            match all.iter_mut().find(|(it, _)| *it == key) {
                Some((_, earlier)) => *earlier = item,
                None => all.push((key, item)),
            }
        }
        Content::Map(all).into()
    }

    /// A value of Terraform's; a set is a list in Terraform's order.
    ///
    /// # Errors
    ///
    /// If the value, or a part of it at the problem's path, is unknown.
    pub fn from_value(value: &Value) -> Result<Self, Problem> {
        let inner = |(path, it): (Path, &Value)| Self::from_value(it).map_err(|it| it.under(&path));
        let root = Path::root();
        Ok(match value.kind() {
            Kind::Null(_) => Content::Null.into(),
            Kind::Unknown(_) => {
                let message = "is not known yet, and YAML has no form for unknown values";
                return Err(Problem::error(root, message));
            }
            Kind::Bool(it) => Content::Bool(*it).into(),
            Kind::Number(it) => Content::Number(it.clone()).into(),
            Kind::String(it) => Content::String(it.clone()).into(),
            Kind::List(_, it) | Kind::Set(_, it) | Kind::Tuple(it) => {
                let items = it.iter().enumerate().map(|(i, it)| inner((root.index(i), it)));
                Content::List(items.collect::<Result<_, _>>()?).into()
            }
            Kind::Map(_, it) => {
                let entries = it
                    .iter()
                    .map(|(key, it)| Ok((key.clone(), inner((root.key(key.clone()), it))?)));
                Content::Map(entries.collect::<Result<_, Problem>>()?).into()
            }
            Kind::Object(it) => {
                let entries = it.iter().map(|(name, it)| {
                    Ok((name.clone(), inner((root.attribute(name.clone()), it))?))
                });
                Content::Map(entries.collect::<Result<_, Problem>>()?).into()
            }
        })
    }

    /// The same item with one more line of comment above it.
    #[must_use]
    pub fn above(mut self, comment: impl Into<String>) -> Self {
        self.above.push(comment.into());
        self
    }

    /// The same item with a comment behind its first line.
    #[must_use]
    pub fn beside(mut self, comment: impl Into<String>) -> Self {
        self.beside = Some(comment.into());
        self
    }
}

impl From<Content> for Item {
    fn from(content: Content) -> Self {
        Self { content, above: Vec::new(), beside: None }
    }
}

impl From<bool> for Item {
    fn from(it: bool) -> Self {
        Content::Bool(it).into()
    }
}

impl From<Number> for Item {
    fn from(it: Number) -> Self {
        Content::Number(it).into()
    }
}

impl From<&str> for Item {
    fn from(it: &str) -> Self {
        Self::string(it)
    }
}

/// What reading the item's text gives, without comments and places.
impl From<&Item> for Node {
    fn from(item: &Item) -> Self {
        let data = match &item.content {
            Content::Null => Data::Null,
            Content::Bool(it) => Data::Bool(*it),
            Content::Number(it) => Data::Number { number: it.clone(), text: it.to_string().into() },
            Content::String(it) => Data::String(Arc::clone(it)),
            Content::List(items) => Data::List(items.iter().map(Self::from).collect()),
            Content::Map(entries) => {
                let entries = entries.iter().map(|(key, it)| Entry {
                    key: Arc::clone(key),
                    key_span: Span::default(),
                    value: Self::from(it),
                });
                Data::Map(entries.collect())
            }
        };
        Self { span: Span::default(), data }
    }
}

/// What was read, without places; of two equal keys the last value holds. A tag that is not YAML's
/// own is left out.
impl From<&Node> for Item {
    fn from(node: &Node) -> Self {
        match &node.data {
            Data::Null => Content::Null.into(),
            Data::Bool(it) => Content::Bool(*it).into(),
            Data::Number { number, .. } => Content::Number(number.clone()).into(),
            Data::String(it) => Content::String(it.clone()).into(),
            Data::List(items) => Self::list(items.iter().map(Self::from)),
            Data::Map(entries) => {
                Self::map(entries.iter().map(|it| (it.key.clone(), Self::from(&it.value))))
            }
            Data::Tagged { node, .. } => Self::from(&**node),
        }
    }
}
