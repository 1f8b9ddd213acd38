//! Values as Helm merges them.

use std::collections::BTreeMap;
use std::sync::Arc;

use stanchion_cty::{Kind, Value};
use stanchion_lang::Span;

use super::inside;

/// The values of a release, or a part of them.
#[derive(Clone, Debug)]
pub(super) enum Tree {
    Map(BTreeMap<Arc<str>, Tree>),
    List(Vec<Tree>),
    /// What is no map and no list, unknown values among it, and where it is written at least.
    Leaf(Value, Span),
}

impl Tree {
    /// What a document says that was read out of a text there.
    pub(super) fn read(value: &Value, text: &Value, within: Span) -> Self {
        let read = |it: &Value| Self::read(&it.clone().mark(value.marks()), text, within);
        match value.kind() {
            Kind::Map(_, of) | Kind::Object(of) => {
                Self::Map(of.iter().map(|(name, it)| (name.clone(), read(it))).collect())
            }
            Kind::List(..) | Kind::Tuple(_) | Kind::Set(..) => {
                Self::List(value.parts().map(read).collect())
            }
            _ => Self::Leaf(inside::from(value.clone(), text), within),
        }
    }

    pub(super) fn empty() -> Self {
        Self::Map(BTreeMap::new())
    }

    /// Puts other values on top: maps are merged, all else takes the place of what was there, and
    /// null takes it away.
    pub(super) fn merge(&mut self, over: Self) {
        match (self, over) {
            (Self::Map(under), Self::Map(over)) => {
                for (name, it) in over {
                    match (under.get_mut(&name), it) {
                        (_, Self::Leaf(value, _)) if value.is_null() => {
                            under.remove(&name);
                        }
                        (Some(under), it) => under.merge(it),
                        (None, it) => {
                            under.insert(name, it);
                        }
                    }
                }
            }
            (under, over) => *under = over,
        }
    }

    /// Puts a value at a path as `--set` writes it: names with dots between them, `\\.` for a dot in a
    /// name, `[1]` for the element of a list.
    pub(super) fn set(&mut self, path: &str, value: Self) {
        self.put(&steps(path), value);
    }

    fn put(&mut self, steps: &[Step], value: Self) {
        match steps {
            [] => *self = value,
            [Step::Name(name), rest @ ..] => {
                if !matches!(self, Self::Map(_)) {
                    *self = Self::empty();
                }
                if let Self::Map(of) = self {
                    of.entry(name.as_str().into()).or_insert_with(Self::empty).put(rest, value);
                }
            }
            [Step::Element(at), rest @ ..] => {
                if !matches!(self, Self::List(_)) {
                    *self = Self::List(Vec::new());
                }
                if let Self::List(of) = self {
                    // What is skipped in a list is null to Helm, and no image.
                    of.resize_with(of.len().max(at + 1), Self::empty);
                    if let Some(it) = of.get_mut(*at) {
                        it.put(rest, value);
                    }
                }
            }
        }
    }

    /// The part of that name.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Map(of) => of.get(name),
            Self::List(_) | Self::Leaf(..) => None,
        }
    }
}

#[derive(Debug, PartialEq)]
enum Step {
    Name(String),
    Element(usize),
}

/// Helm refuses elements beyond this one.
const LAST_ELEMENT: usize = 65_536;

fn steps(path: &str) -> Vec<Step> {
    let mut out = Vec::new();
    let mut name = String::new();
    let mut rest = path.chars();
    let end = |name: &mut String, out: &mut Vec<Step>| {
        if !name.is_empty() {
            out.push(Step::Name(std::mem::take(name)));
        }
    };
    while let Some(it) = rest.next() {
        match it {
            '\\' => name.extend(rest.next()),
            '.' => end(&mut name, &mut out),
            '[' => {
                end(&mut name, &mut out);
                let number: String = rest.by_ref().take_while(|it| *it != ']').collect();
                let at = number.parse().ok().filter(|it| *it <= LAST_ELEMENT);
                out.extend(at.map(Step::Element));
            }
            it => name.push(it),
        }
    }
    end(&mut name, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_names_and_elements() {
        let name = |it: &str| Step::Name(it.to_owned());
        assert_eq!(steps("a.b"), [name("a"), name("b")]);
        assert_eq!(steps(r"a\.b.c"), [name("a.b"), name("c")]);
        assert_eq!(steps("a[1].b"), [name("a"), Step::Element(1), name("b")]);
        assert_eq!(steps("a[1][0]"), [name("a"), Step::Element(1), Step::Element(0)]);
    }
}
