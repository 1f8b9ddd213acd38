//! Somebody's demand.

use std::collections::BTreeMap;

use stanchion_cty::schema::{Block, Check, Leaf, not_blank, not_empty, one_of};
use stanchion_cty::spanned::{Data, Node};
use stanchion_cty::yaml::Item;
use stanchion_cty::{Kind, Path, Problem, Problems};

use super::{Event, is_said};
use crate::NotKnown;
use crate::pipeline::expression::{one_line, plain, trimmed};
use crate::pipeline::lens::{known, list, text_at, texts, texts_at};
use crate::pipeline::scope::Names;

/// Somebody's demand.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Dispatch {
    /// When somebody asks for it, by hand or through GitHub's API.
    #[attr(optional)]
    pub dispatch: Leaf<Inputs>,
}

/// What is asked then.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Inputs {
    /// What is asked then: name → question. A job has the answer by
    /// `env_from = { LEVEL = "inputs.level" }`.
    #[attr(optional, check = not_empty(), check = are_names())]
    pub inputs: Leaf<BTreeMap<String, Leaf<Input>>>,
}

/// A question.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Input {
    /// The question in words.
    #[attr(required, check = not_blank(), check = plain(), check = one_line())]
    pub description: Leaf<String>,
    /// What the answer is.
    #[attr(optional, default = "string", name = "type", check = one_of(&["string", "boolean", "number", "choice"]))]
    pub kind: Leaf<String>,
    /// Whether it must be answered.
    #[attr(optional)]
    pub required: Leaf<bool>,
    /// The answer where none is given.
    #[attr(optional, check = plain(), check = one_line())]
    pub default: Leaf<String>,
    /// The answers that there are, for the type `choice`.
    #[attr(optional, check = not_empty(), check = plain(), check = one_line(), check = trimmed())]
    pub options: Leaf<Vec<Leaf<String>>>,
}

fn are_names() -> Check {
    let says = "must have names of letters, digits, `_` and `-` as keys, 25 of them at most";
    Check::new(says, |it| match it.kind() {
        Kind::Map(_, entries) => {
            entries.len() <= 25
                && entries.keys().all(|it| {
                    it.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
                        && it.chars().all(|it| it.is_ascii_alphanumeric() || "_-".contains(it))
                })
        }
        _ => true,
    })
}

impl Dispatch {
    /// The names of what is asked, if they are known.
    pub(in crate::pipeline) fn names(&self) -> Names {
        match &self.dispatch {
            Leaf::Known(it) => match &it.inputs {
                Leaf::Known(it) => Some(it.keys().cloned().collect()),
                Leaf::Null => Some(Vec::new()),
                Leaf::Unknown(_) => None,
            },
            Leaf::Null => Some(Vec::new()),
            Leaf::Unknown(_) => None,
        }
    }
}

impl Event for Dispatch {
    const NAME: &'static str = "workflow_dispatch";

    fn is_said(&self) -> Option<bool> {
        is_said(&self.dispatch)
    }

    fn check(&self, problems: &mut Problems) {
        let Some(inputs) = self.dispatch.known().and_then(|it| it.inputs.known()) else { return };
        let path = Path::root().attribute("triggers").attribute("dispatch").attribute("inputs");
        for (name, it) in inputs {
            if let Some(it) = it.known() {
                it.check(&path.key(name.as_str()), problems);
            }
        }
    }

    fn item(&self) -> Result<Option<Item>, NotKnown> {
        let Some(dispatch) = known(&self.dispatch)? else { return Ok(None) };
        let mut inputs = Vec::new();
        for (name, it) in known(&dispatch.inputs)?.into_iter().flatten() {
            if let Some(it) = known(it)? {
                inputs.push((name.as_str(), it.item()?));
            }
        }
        let inputs = (!inputs.is_empty()).then(|| ("inputs", Item::map(inputs)));
        Ok(Some(Item::map(inputs)))
    }

    fn read(found: &Node) -> Self {
        let inputs = found.get("inputs").map(Node::entries).unwrap_or_default();
        let inputs: BTreeMap<_, _> = inputs
            .iter()
            .map(|it| (it.key.to_string(), Leaf::Known(Input::of(&it.value))))
            .collect();
        let inputs = if inputs.is_empty() { Leaf::Null } else { Leaf::Known(inputs) };
        Self { dispatch: Leaf::Known(Inputs { inputs }) }
    }
}

impl Input {
    fn check(&self, path: &Path, problems: &mut Problems) {
        let kind = match &self.kind {
            Leaf::Known(it) => it.as_str(),
            Leaf::Null => "string",
            Leaf::Unknown(_) => return,
        };
        let mut error = |name: &str, message: String, cure: &str| {
            problems.push(Problem::error(path.attribute(name), message).cure(cure));
        };
        match (&self.options, kind) {
            (Leaf::Null, "choice") => {
                error(
                    "options",
                    "is missing for the type \"choice\"".to_owned(),
                    "name the answers",
                );
            }
            (Leaf::Known(_), kind) if kind != "choice" => {
                let message = format!("has no meaning for the type {kind:?}");
                error("options", message, "say `type = \"choice\"`");
            }
            _ => {}
        }
        let Some(default) = self.default.known() else { return };
        let options = self.options.known().map(Vec::as_slice).unwrap_or_default();
        let is_unknown = self.options.is_unknown() || options.iter().any(Leaf::is_unknown);
        let is_good = match kind {
            "boolean" => default == "true" || default == "false",
            "number" => default.parse::<f64>().is_ok_and(f64::is_finite),
            "choice" => is_unknown || options.iter().any(|it| it.known() == Some(default)),
            _ => true,
        };
        if !is_good {
            error(
                "default",
                format!("is {default:?}, which is no answer of the type {kind:?}"),
                "give one",
            );
        }
    }

    fn item(&self) -> Result<Item, NotKnown> {
        let kind = known(&self.kind)?.map_or("string", String::as_str);
        let mut all = Vec::new();
        all.extend(known(&self.description)?.map(|it| ("description", Item::string(it.as_str()))));
        all.push(("type", Item::string(kind)));
        all.extend(known(&self.required)?.map(|it| ("required", Item::from(*it))));
        if let Some(it) = known(&self.default)? {
            let item = match (kind, it.as_str()) {
                ("boolean", "true") => Item::from(true),
                ("boolean", "false") => Item::from(false),
                ("number", it) => match stanchion_cty::Number::parse(it) {
                    Ok(number) => Item::from(number),
                    Err(_) => Item::string(it),
                },
                (_, it) => Item::string(it),
            };
            all.push(("default", item));
        }
        if let Some(it) = known(&self.options)? {
            all.push(("options", list(texts(it)?)));
        }
        Ok(Item::map(all))
    }

    fn of(found: &Node) -> Self {
        let required = match found.get("required").map(|it| &it.data) {
            Some(Data::Bool(it)) => Leaf::Known(*it),
            _ => Leaf::Null,
        };
        let kind = match text_at(found, "type") {
            Leaf::Null => "string".into(),
            kind => kind,
        };
        Self {
            description: text_at(found, "description"),
            kind,
            required,
            default: text_at(found, "default"),
            options: texts_at(found, "options"),
        }
    }
}
