//! Rules that users write in their settings: a condition in Terraform's own language about resources
//! of some types.
//!
//! The condition sees the resource as `resource`: what is written in it, `null` for what is not, and
//! nested blocks as lists of objects. As in a `validation`, what is true passes.

use std::any::Any;
use std::collections::BTreeSet;
use std::sync::Arc;

use globset::GlobSet;
use stanchion_cty::{Kind, Mark, Type, Value, convert, json};
use stanchion_lang::{
    Evaluated, Evaluation, Inputs, Mode, Module, NoDataSources, Resource, Span, View, Workspace,
};

use crate::disk::Folder;
use crate::facts::{Fact, Facts};
use crate::finding::Severity;
use crate::judge::{Context, Judge, Objection, Partial, Scope, Verdict, each};
use crate::rules::Configured;

/// A rule of the settings.
#[derive(Clone, Debug)]
pub(crate) struct Custom {
    pub(crate) id: Arc<str>,
    /// Where it is written.
    pub(crate) at: Arc<str>,
    /// The resource types as they are written.
    pub(crate) patterns: Vec<String>,
    /// The resource types, as patterns; `data.` and `ephemeral.` stand before those of other blocks.
    pub(crate) types: GlobSet,
    pub(crate) condition: Arc<str>,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    pub(crate) severity: Severity,
}

/// An instance of a resource that a rule of the settings is about.
struct Instance {
    /// The block's head, or the attribute if the condition is about one alone.
    span: Span,
    address: Arc<str>,
    verdict: Verdict,
}

impl Fact for Instance {
    const NOUNS: [&'static str; 2] = ["resource", "resources"];

    fn span(&self) -> Span {
        self.span
    }

    fn address(&self) -> Option<&str> {
        Some(&self.address)
    }
}

impl Judge for Custom {
    fn nouns(&self) -> [&'static str; 2] {
        Instance::NOUNS
    }

    fn in_files(&self, _: &Configured, _: &Scope<'_>, _: &mut Partial) {}

    fn given(&self, _: &Configured, _: &Scope<'_>, _: &dyn Any, _: &mut Partial) {}

    fn in_root<'w>(
        &self,
        of: &Configured,
        scope: &Scope<'w>,
        facts: &'w Facts<'w>,
        out: &mut Partial,
    ) {
        let evaluation = facts.evaluation();
        let cx = Context::new(evaluation.workspace(), Some(facts));
        let modes = [Mode::Managed, Mode::Data, Mode::Ephemeral];
        let resources = modes.into_iter().flat_map(|it| evaluation.all(it));
        let is_meant =
            |it: &Resource<'_>| self.types.is_match(format!("{}{}", it.mode.prefix(), it.ty));
        let instances: Vec<_> =
            resources.filter(is_meant).map(|it| self.instance(evaluation, &cx, &it)).collect();
        each(of, scope, &instances, Some(facts), |it| it.verdict.clone(), out);
    }
}

impl Custom {
    /// The file and the line where it is written: `stanchion.toml:3`.
    pub(crate) fn line(&self) -> &str {
        self.at.rsplit_once(':').map_or(&*self.at, |(line, _)| line)
    }

    /// What would be refused about the condition wherever it is evaluated: a clause.
    pub(crate) fn fault(&self) -> Option<String> {
        let workspace = Workspace::default();
        let root = Module::default();
        let files = Folder::new(Arc::default(), "");
        let inputs = Inputs::default();
        let evaluation = Evaluation::new(&workspace, &root, &inputs, &files, &NoDataSources);
        let read = evaluation.evaluate(&format!("(\n{}\n)", self.condition));
        let broken = read.refusals.iter().find(|it| it.summary == "Invalid expression");
        if broken.is_some() {
            return Some("is no expression of Terraform's language".to_owned());
        }
        let is_about = !named(&self.condition).is_empty();
        (!is_about).then(|| "names nothing of the resource, as resource.name does".to_owned())
    }

    fn instance<'w>(
        &self,
        evaluation: &Evaluation<'w>,
        cx: &Context<'_>,
        resource: &Resource<'w>,
    ) -> Instance {
        let view = evaluation.view(resource);
        let mut seen = Seen::default();
        let text = object(&view, &self.condition, &mut seen);
        let asked = format!("[for resource in [{text}] : (\n{}\n)][0]", self.condition);
        let answer = evaluation.evaluate(&asked);
        let names = named(&self.condition);
        let alone = match names.iter().collect::<Vec<_>>().as_slice() {
            [one] => view.attribute(one),
            _ => None,
        };
        let span = alone.as_ref().map_or(view.head, |it| it.span);
        let verdict = match verdict(&answer) {
            Some(true) => Verdict::Pass,
            Some(false) => Verdict::Fail(Objection {
                message: self.message.clone(),
                help: self.help.clone(),
                chain: alone
                    .as_ref()
                    .map(|it| cx.chain(&it.value, span, Some(&resource.address)))
                    .unwrap_or_default(),
                hidden: alone.as_ref().map(|it| cx.hidden(&it.value)).unwrap_or_default(),
                ..Objection::default()
            }),
            None => Verdict::Unknown(seen.why(&answer)),
        };
        Instance { span, address: resource.address.clone(), verdict }
    }
}

/// What was met while a resource was written down.
#[derive(Default)]
struct Seen {
    /// Why something is unknown, of the first that is.
    unknown: Option<String>,
    is_sensitive: bool,
}

impl Seen {
    /// Why a condition can't be judged: a clause.
    fn why(&self, answer: &Evaluated) -> String {
        match (answer.refusals.first(), &self.unknown) {
            (Some(_), _) if self.is_sensitive => {
                "the condition is refused for this resource, which has what is sensitive".to_owned()
            }
            (Some(it), _) => {
                let detail = it.detail.trim_end_matches('.');
                format!("the condition is refused: {}: {detail}", it.summary)
            }
            (None, Some(why)) => why.clone(),
            (None, None) => "the condition is neither true nor false".to_owned(),
        }
    }
}

fn verdict(answer: &Evaluated) -> Option<bool> {
    if !answer.refusals.is_empty() {
        return None;
    }
    match convert(&answer.value, &Type::Bool).ok()?.kind() {
        Kind::Bool(it) => Some(*it),
        _ => None,
    }
}

/// A resource, as far as the condition names its parts, as an expression.
fn object(view: &View<'_, '_>, condition: &str, seen: &mut Seen) -> String {
    let words = words(condition);
    let of_resource = named(condition);
    let mut parts = parts(view, &words, 0, seen);
    let there: BTreeSet<_> = parts.iter().map(|(name, _)| name.clone()).collect();
    let missing = of_resource.into_iter().filter(|it| !there.contains(it));
    parts.extend(missing.map(|it| (it, "null".to_owned())));
    braced(&parts)
}

/// Blocks lie in each other no deeper.
const DEEPEST: usize = 8;

fn parts(
    view: &View<'_, '_>,
    words: &BTreeSet<String>,
    depth: usize,
    seen: &mut Seen,
) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for word in words {
        if let Some(found) = view.attribute(word) {
            out.push((word.clone(), literal(view.evaluation(), &found.value, seen)));
            continue;
        }
        let blocks = if depth < DEEPEST { view.blocks(word) } else { Vec::new() };
        if !blocks.is_empty() {
            let inner = blocks.iter().map(|it| braced(&parts(it, words, depth + 1, seen)));
            out.push((word.clone(), format!("[{}]", inner.collect::<Vec<_>>().join(", "))));
        }
    }
    out
}

fn braced(parts: &[(String, String)]) -> String {
    let parts: Vec<_> = parts.iter().map(|(name, it)| format!("{name:?} = {it}")).collect();
    format!("{{{}}}", parts.join(", "))
}

/// A value as an expression. What is unknown is so in the expression too.
fn literal(evaluation: &Evaluation<'_>, value: &Value, seen: &mut Seen) -> String {
    seen.is_sensitive |= value.has_mark_deep(Mark::Sensitive);
    let inner = |all: Vec<String>| all.join(", ");
    match value.kind() {
        Kind::Unknown(_) => {
            let why = || evaluation.reason(value).unwrap_or_else(|| "it is unknown".to_owned());
            seen.unknown.get_or_insert_with(why);
            "jsondecode(uuid())".to_owned()
        }
        Kind::List(_, all) | Kind::Tuple(all) | Kind::Set(_, all) => {
            let all = all.iter().map(|it| literal(evaluation, it, seen)).collect();
            format!("[{}]", inner(all))
        }
        Kind::Map(_, all) | Kind::Object(all) => {
            let one = |(key, it): (&Arc<str>, &Value)| {
                let key = plain(&Value::string(key.clone()));
                format!("{key} = {}", literal(evaluation, it, seen))
            };
            format!("{{{}}}", inner(all.iter().map(one).collect()))
        }
        Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => plain(value),
    }
}

/// A value without parts. JSON is Terraform's language too, but for the signs that begin templates.
fn plain(value: &Value) -> String {
    let (value, _) = value.clone().unmark_deep();
    match json::encode_plain(&value) {
        Ok(it) => it.replace("${", "$${").replace("%{", "%%{"),
        Err(_) => "null".to_owned(),
    }
}

/// All words of a condition: what it may name.
fn words(condition: &str) -> BTreeSet<String> {
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    let all = condition.split(|it| !is_word(it));
    all.filter(|it| it.starts_with(|it: char| it.is_alphabetic() || it == '_'))
        .map(str::to_owned)
        .collect()
}

/// What a condition names of the resource itself: `resource.name`.
fn named(condition: &str) -> BTreeSet<String> {
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    let places = condition.match_indices("resource.");
    let whole = places.filter(|(at, _)| {
        !condition[..*at].ends_with(|it: char| is_word(it) || it == '.' || it == '-')
    });
    whole
        .map(|(at, it)| condition[at + it.len()..].split(|it| !is_word(it)).next())
        .filter_map(|it| it.filter(|it| !it.is_empty()).map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_names_parts_of_the_resource() {
        let of = |it: &str| named(it).into_iter().collect::<Vec<_>>();
        assert_eq!(of("resource.a == 1 && length(resource.b[0].c) > 0"), ["a", "b"]);
        assert_eq!(of("!resource.a"), ["a"]);
        assert_eq!(of("my_resource.a || x.resource.b"), [""; 0]);
        assert_eq!(words("resource.a[0].b2 == \"c\"").len(), 4);
    }
}
