//! `aws_iam_policy_document`: a policy out of blocks and other policies.
//!
//! It follows hashicorp/aws 6 (`internal/service/iam/policy_document_data_source.go` and
//! `policy_model.go`), and version 4 in `source_json` and `override_json`, which later ones refuse.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use stanchion_cty::{Type, Value};
use stanchion_lang::{Evaluation, View, Why};

use super::policy_json;
use super::policy_statement::{self, Refused, Statement, as_text};
use crate::parts::{elements, is_object, member};

/// The version of a document that names none.
const VERSION: &str = "2012-10-17";
/// So many documents may be a choice of two, each of which doubles the work.
const MOST_CHOICES: usize = 4;

/// The attributes that the provider computes, and the one that has a default.
pub(super) fn attributes(view: &View<'_, '_>) -> HashMap<String, Value> {
    let given = Given {
        sources: documents(view, ["source_json", "source_policy_documents"]),
        overrides: documents(view, ["override_policy_documents", "override_json"]),
    };
    let [json, minified] = written(view, &given, MOST_CHOICES);
    let version = attribute(view, "version").unwrap_or_else(|| Value::from(VERSION));
    let all = [("json", json), ("minified_json", minified), ("version", version)];
    all.into_iter().map(|(name, it)| (name.to_owned(), it)).collect()
}

/// An attribute that is not null.
fn attribute(view: &View<'_, '_>, name: &str) -> Option<Value> {
    view.attribute(name).map(|it| it.value).filter(|it| !it.is_null())
}

/// The documents that go into one, in the order in which they do; unknown ones among them.
#[derive(Clone)]
struct Given {
    sources: Vec<Value>,
    overrides: Vec<Value>,
}

impl Given {
    fn all_mut(&mut self) -> [&mut Vec<Value>; 2] {
        [&mut self.sources, &mut self.overrides]
    }
}

fn documents(view: &View<'_, '_>, names: [&str; 2]) -> Vec<Value> {
    let cx = view.evaluation();
    let lists = names.iter().filter_map(|name| attribute(view, name));
    lists.flat_map(|it| read(cx, &it)).collect()
}

/// The documents of a list, or the only one. A choice stays one: its branches may be lists.
fn read(cx: &Evaluation<'_>, list: &Value) -> Vec<Value> {
    let texts = elements(cx, list).into_iter();
    let said = texts.filter(|it| !it.is_null() && it.as_str().is_none_or(|it| !it.is_empty()));
    let refused = || Why::Refused("a document to be merged is not JSON".into());
    let one = |it: Value| match cx.why(&it) {
        Some(Why::Choice(_)) => it,
        _ => cx.json(&it).unwrap_or_else(|_| cx.unknown(Type::Dynamic, refused())),
    };
    said.map(one).collect()
}

/// The text with indentation and the one without. Where a document is one of two, so are they.
fn written(view: &View<'_, '_>, given: &Given, choices: usize) -> [Value; 2] {
    let cx = view.evaluation();
    let choice = [&given.sources, &given.overrides].iter().enumerate().find_map(|(list, of)| {
        of.iter().enumerate().find_map(|(at, it)| match cx.why(it) {
            Some(Why::Choice(of)) => Some((list, at, of)),
            _ => None,
        })
    });
    match choice {
        Some((list, at, of)) if choices > 0 => {
            let [yes, no] = [&of[1], &of[2]].map(|branch| {
                let mut given = given.clone();
                let of = read(cx, branch);
                given.all_mut()[list].splice(at..=at, of);
                written(view, &given, choices - 1)
            });
            let [a, b] = yes;
            let [c, d] = no;
            [[a, c], [b, d]].map(|[yes, no]| {
                cx.unknown(Type::String, Why::Choice(Arc::new([of[0].clone(), yes, no])))
            })
        }
        _ => match merged(view, given) {
            Ok(policy) => policy.written(view),
            Err(Refused(why)) => {
                let refused = || cx.unknown(Type::String, Why::Refused(why.as_str().into()));
                [refused(), refused()]
            }
        },
    }
}

/// A policy as far as it is put together.
#[derive(Default)]
struct Policy {
    version: Option<Value>,
    id: Option<Value>,
    statements: Vec<Statement>,
    /// What stands for statements of which nothing is known.
    unknown: Vec<Value>,
}

fn merged(view: &View<'_, '_>, given: &Given) -> Result<Policy, Refused> {
    let mut all = Policy::default();
    let mut sids = BTreeSet::new();
    for source in &given.sources {
        let source = Policy::of_json(view, source)?;
        unique(&source.statements, &mut sids, "is in two source_policy_documents")?;
        all.merge(source);
    }
    all.merge(Policy::of_blocks(view)?);
    for over in &given.overrides {
        let over = Policy::of_json(view, over)?;
        if !over.unknown.is_empty() {
            all.may_be_replaced(view, &over.unknown[0]);
        }
        all.merge(over);
    }
    Ok(all)
}

fn unique(
    statements: &[Statement],
    sids: &mut BTreeSet<Arc<str>>,
    what: &str,
) -> Result<(), Refused> {
    match statements.iter().filter_map(|it| it.sid.clone()).find(|it| !sids.insert(it.clone())) {
        Some(sid) => Err(Refused(format!("the Sid {sid} {what}"))),
        None => Ok(()),
    }
}

impl Policy {
    /// What the blocks and the other attributes say.
    fn of_blocks(view: &View<'_, '_>) -> Result<Self, Refused> {
        let version = attribute(view, "version").unwrap_or_else(|| Value::from(VERSION));
        let blocks = view.blocks("statement");
        let statements = blocks
            .iter()
            .map(|it| policy_statement::of_block(it, version.as_str()))
            .collect::<Result<Vec<_>, _>>()?;
        unique(&statements, &mut BTreeSet::new(), "is in two statements")?;
        let id = attribute(view, "policy_id").filter(|it| it.as_str() != Some(""));
        Ok(Self { version: Some(version), id, statements, unknown: Vec::new() })
    }

    /// What another document says.
    fn of_json(view: &View<'_, '_>, document: &Value) -> Result<Self, Refused> {
        let cx = view.evaluation();
        if !document.is_known() {
            return match cx.why(document) {
                Some(Why::Refused(why)) => Err(Refused(why.to_string())),
                _ => Ok(Self { unknown: vec![document.clone()], ..Self::default() }),
            };
        }
        if !is_object(document) {
            return Err(Refused("a document to be merged is not an object".to_owned()));
        }
        let mut out = Self {
            version: as_text(document, "Version")?,
            id: as_text(document, "Id")?,
            ..Self::default()
        };
        let Some(statements) = member(document, "Statement") else { return Ok(out) };
        if is_object(statements) {
            let why = "the Statement of a document to be merged is not a list";
            return Err(Refused(why.to_owned()));
        }
        for it in elements(cx, statements) {
            match it.is_known() {
                true => out.statements.push(policy_statement::of_json(&it)?),
                false => out.unknown.push(it),
            }
        }
        Ok(out)
    }

    /// Takes another document in: a statement with a Sid that is there takes its place.
    fn merge(&mut self, new: Self) {
        self.id = new.id.or(self.id.take());
        let is_older = match (&self.version, &new.version) {
            (Some(old), Some(new)) => match (old.as_str(), new.as_str()) {
                (Some(old), Some(new)) => new > old,
                _ => true,
            },
            (None, _) => true,
            (_, None) => false,
        };
        if is_older {
            self.version = new.version;
        }
        for statement in new.statements {
            let has_sid = |it: &&mut Statement| it.sid.is_some() && it.sid == statement.sid;
            match self.statements.iter_mut().find(has_sid) {
                Some(it) => *it = statement,
                None => self.statements.push(statement),
            }
        }
        self.unknown.extend(new.unknown);
    }

    /// Says of what has a Sid that an unknown document may have another statement in its place.
    fn may_be_replaced(&mut self, view: &View<'_, '_>, by: &Value) {
        let cx = view.evaluation();
        for it in self.statements.iter_mut().filter(|it| it.sid.is_some()) {
            let choice = Why::Choice(Arc::new([by.clone(), it.value.clone(), by.clone()]));
            it.value = cx.unknown(Type::Dynamic, choice);
        }
    }

    fn written(self, view: &View<'_, '_>) -> [Value; 2] {
        let cx = view.evaluation();
        let known = self.statements.into_iter().map(|it| it.value).collect::<Vec<_>>();
        let statements = match self.unknown.is_empty() {
            true if known.is_empty() => None,
            true => Some(Value::tuple(known)),
            false => {
                let lists = [Value::tuple(known)].into_iter().chain(self.unknown);
                Some(cx.unknown(Type::Dynamic, Why::Call("concat".into(), lists.collect())))
            }
        };
        let all = [("Version", self.version), ("Id", self.id), ("Statement", statements)];
        let policy = Value::object(all.into_iter().filter_map(|(name, it)| Some((name, it?))));
        match policy_json::texts(&policy) {
            Some(texts) => texts.map(|text| cx.holding_json(&text, policy.clone(), view.head)),
            None => [(); 2].map(|()| cx.encode_json(policy.clone(), view.head)),
        }
    }
}
