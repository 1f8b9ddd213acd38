//! What stands in attributes that hold secrets.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use stanchion_cty::{Entries, Kind, Value};
use stanchion_lang::{Evaluation, Found, Mode, Span, View, Why};

use super::{Fact, Facts};
use crate::redact;

/// A value in an attribute that holds a secret, of one resource instance or one provider's settings.
#[derive(Clone, Debug)]
pub struct Secret {
    /// The resource's address, or the provider's: `provider.aws.east`.
    pub address: Arc<str>,
    /// Whether it stands in a provider's settings.
    pub is_of_provider: bool,
    /// Where the value stands in the block.
    pub span: Span,
    /// The way to it through blocks, objects and maps: `data.token`.
    pub way: String,
    /// How many names of the way are below the attribute of which it is known that it holds secrets.
    pub below: usize,
    /// The value; of a choice, what is written.
    pub value: Value,
    /// Where it comes from.
    pub source: SecretSource,
}

/// Where a secret comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum SecretSource {
    /// It is not written in what was read: a resource has it, a variable without a value, a file, an
    /// argument of the command line.
    Elsewhere,
    /// It is written: the text, and the expressions that show it or a part of it.
    Literal(Arc<str>, Vec<Span>),
    /// It can't be told: why, as a clause.
    Unknown(String),
}

/// The types and their attributes, a type a line.
const TABLE: &str = include_str!("sensitive_attributes.txt");
/// What stands before the names of providers in the table.
const PROVIDER: &str = "provider.";
/// Where any resource may say how to log in to it. The source is "Provisioner connection settings" in
/// Terraform's documentation.
const CONNECTION: &str = "connection.password connection.private_key connection.bastion_password \
    connection.bastion_private_key connection.proxy_user_password provisioner.connection.password \
    provisioner.connection.private_key provisioner.connection.bastion_password \
    provisioner.connection.bastion_private_key provisioner.connection.proxy_user_password";
/// Functions that give one of their arguments, so that a literal among them is a value of its own.
const PICKS: &[&str] = &["coalesce", "try", "one", "sensitive", "nonsensitive"];
/// What reads a file, which may hold what is in no configuration.
const READS: &[&str] = &["file(", "filebase64(", "templatefile("];

impl Fact for Secret {
    const NOUNS: [&'static str; 2] = ["secret", "secrets"];

    fn in_root(facts: &Facts<'_>) -> Vec<Self> {
        let evaluation = facts.evaluation();
        let modes = [Mode::Managed, Mode::Data, Mode::Ephemeral];
        let mut out: Vec<_> = modes.into_iter().flat_map(|it| secrets(evaluation, it)).collect();
        for it in evaluation.providers() {
            let ways = table().get(&(PROVIDER, &*it.ty)).copied().unwrap_or_default();
            let others = out.len();
            find(evaluation, &it.address, &it.view, ways, &mut out);
            out[others..].iter_mut().for_each(|it| it.is_of_provider = true);
        }
        out
    }

    fn span(&self) -> Span {
        self.span
    }

    fn address(&self) -> Option<&str> {
        Some(&self.address)
    }
}

fn secrets(evaluation: &Evaluation<'_>, mode: Mode) -> Vec<Secret> {
    let mut out = Vec::new();
    for resource in evaluation.all(mode) {
        let ways = table().get(&(mode.prefix(), resource.ty)).copied().unwrap_or_default();
        let view = evaluation.view(&resource);
        if is_plain(&view, resource.ty) {
            continue;
        }
        find(evaluation, &resource.address, &view, ways, &mut out);
        if mode == Mode::Managed {
            find(evaluation, &resource.address, &view, CONNECTION, &mut out);
        }
    }
    out
}

/// Whether a resource says itself that what it keeps is for all to read, and its name does not say
/// otherwise. Its schema can't tell.
fn is_plain(view: &View<'_, '_>, ty: &str) -> bool {
    let says =
        |name: &str| view.attribute(name).and_then(|it| it.value.as_str().map(str::to_owned));
    ty == "aws_ssm_parameter"
        && says("type").is_some_and(|it| matches!(&*it, "String" | "StringList"))
        && !says("name").is_some_and(|it| redact::is_credential(&it))
}

/// Adds what stands at ways of a block.
fn find(
    evaluation: &Evaluation<'_>,
    address: &Arc<str>,
    view: &View<'_, '_>,
    ways: &str,
    out: &mut Vec<Secret>,
) {
    for way in ways.split(' ').filter(|it| !it.is_empty()) {
        let names: Vec<&str> = way.split('.').collect();
        for found in at_way(view, &names) {
            let mut walk = Walk { evaluation, address, place: found.span, out };
            walk.value(&found.value, way, 0, found.span);
        }
    }
}

/// The ways of attributes by what stands before a type, and the type.
fn table() -> &'static HashMap<(&'static str, &'static str), &'static str> {
    static LINES: OnceLock<HashMap<(&'static str, &'static str), &'static str>> = OnceLock::new();
    LINES.get_or_init(|| {
        let lines = TABLE.lines().filter(|it| !it.starts_with('#'));
        let entries = lines.filter_map(|it| it.split_once(' ')).map(|(ty, ways)| {
            let modes = [Mode::Data.prefix(), Mode::Ephemeral.prefix(), PROVIDER];
            let of = |prefix: &&'static str| Some((*prefix, ty.strip_prefix(prefix)?));
            (modes.iter().find_map(of).unwrap_or((Mode::Managed.prefix(), ty)), ways)
        });
        entries.collect()
    })
}

/// The values at a way through blocks, then an attribute, then its objects and maps.
fn at_way(view: &View<'_, '_>, way: &[&str]) -> Vec<Found> {
    let Some((first, rest)) = way.split_first() else { return Vec::new() };
    let blocks = if rest.is_empty() { Vec::new() } else { view.blocks(first) };
    if !blocks.is_empty() {
        return blocks.iter().flat_map(|it| at_way(it, rest)).collect();
    }
    let found = view.attribute(first).into_iter();
    found.flat_map(|it| within(&it.value, rest, it.span)).collect()
}

fn within(value: &Value, way: &[&str], span: Span) -> Vec<Found> {
    match way.split_first() {
        None => vec![Found { value: value.clone(), span }],
        Some(_) if !value.is_known() => vec![Found { value: value.clone(), span }],
        Some(_) if value.is_sequence() => {
            value.parts().flat_map(|it| within(it, way, span)).collect()
        }
        Some((first, rest)) => {
            value.get(first).map(|it| within(it, rest, span)).unwrap_or_default()
        }
    }
}

struct Walk<'a, 'w> {
    evaluation: &'a Evaluation<'w>,
    address: &'a Arc<str>,
    place: Span,
    out: &'a mut Vec<Secret>,
}

impl Walk<'_, '_> {
    /// Adds a value, or what is in it. `around` is where that stands which it is a part of.
    fn value(&mut self, value: &Value, way: &str, below: usize, around: Span) {
        let written = self.evaluation.written(value).unwrap_or(around);
        match value.kind() {
            Kind::Null(_) | Kind::Bool(_) => {}
            Kind::Map(_, it) | Kind::Object(it) => self.entries(it, way, below, written),
            Kind::List(..) | Kind::Set(..) | Kind::Tuple(_) => {
                value.parts().for_each(|it| self.value(it, way, below, written));
            }
            _ => match self.evaluation.json(value).as_ref().map(Value::kind) {
                Ok(Kind::Map(_, it) | Kind::Object(it)) => self.entries(it, way, below, written),
                _ => {
                    let (source, literal) = self.source(value, around);
                    let place = self.place;
                    let hops = self.evaluation.chain(value);
                    let span = hops.into_iter().find(|it| place.contains(*it));
                    self.out.push(Secret {
                        address: self.address.clone(),
                        is_of_provider: false,
                        span: span.unwrap_or(place),
                        way: way.to_owned(),
                        below,
                        value: literal.unwrap_or_else(|| value.clone()),
                        source,
                    });
                }
            },
        }
    }

    fn entries(&mut self, entries: &Entries, way: &str, below: usize, around: Span) {
        for (name, it) in entries.iter() {
            self.value(it, &format!("{way}.{name}"), below + 1, around);
        }
    }

    /// Where a value comes from; of a choice, also what is written.
    fn source(&self, value: &Value, around: Span) -> (SecretSource, Option<Value>) {
        let unknown = |it: &Value| {
            let why = self.evaluation.reason(it);
            (SecretSource::Unknown(why.unwrap_or_else(|| "it is not a text".to_owned())), None)
        };
        let text = match value.kind() {
            Kind::String(it) => Some(it.clone()),
            Kind::Number(it) => Some(it.to_string().into()),
            _ => None,
        };
        if let Some(text) = text {
            return (self.of_known(value, text, around), None);
        }
        match self.evaluation.why(value) {
            Some(Why::Resource(_) | Why::Variable(_) | Why::Operation(..)) => {
                (SecretSource::Elsewhere, None)
            }
            Some(Why::Part(of)) => self.source(&of.0, around),
            Some(Why::Each(of)) => self.source(&of.1, around),
            Some(Why::Choice(of)) => self.of_each(&of[1..], value, around),
            Some(Why::Call(name, arguments)) if PICKS.contains(&&*name) => {
                self.of_each(&arguments, value, around)
            }
            Some(Why::Call(_, parts) | Why::Join(parts)) => {
                let is_written = |it: &Value| it.as_str().is_some_and(|it| !it.is_empty());
                if parts.iter().any(is_written) {
                    return unknown(value);
                }
                self.of_each(&parts, value, around)
            }
            Some(Why::NotEvaluated(_) | Why::Refused(_)) | None => unknown(value),
        }
    }

    /// Where one of several values comes from: a literal among them is one, whichever is taken.
    fn of_each(
        &self,
        values: &[Value],
        whole: &Value,
        around: Span,
    ) -> (SecretSource, Option<Value>) {
        let mut all = SecretSource::Elsewhere;
        for it in values.iter().filter(|it| !it.is_null()) {
            match self.source(it, around) {
                (SecretSource::Literal(text, span), inner) => {
                    let value = inner.unwrap_or_else(|| it.clone());
                    if !text.is_empty() {
                        return (SecretSource::Literal(text, span), Some(value));
                    }
                }
                (SecretSource::Unknown(_), _) => {
                    let why = self.evaluation.reason(whole).unwrap_or_default();
                    all = SecretSource::Unknown(why);
                }
                (SecretSource::Elsewhere, _) => {}
            }
        }
        (all, None)
    }

    fn of_known(&self, value: &Value, text: Arc<str>, around: Span) -> SecretSource {
        let mut hops = self.evaluation.chain(value);
        if hops.is_empty() {
            hops.push(around);
        }
        let last = hops.last().copied().unwrap_or(around);
        // What an argument of the command line says stands in no file.
        if self.evaluation.workspace().file(last).is_none() {
            return SecretSource::Elsewhere;
        }
        if hops.iter().any(|it| READS.iter().any(|name| self.text(*it).starts_with(name))) {
            return SecretSource::Elsewhere;
        }
        // An expression on the way may have more literals in it than the one that is known.
        let has_literal = |it: &Span| self.text(*it).contains('"') || self.text(*it).contains("<<");
        hops.retain(|it| *it == last || has_literal(it));
        SecretSource::Literal(text, hops)
    }

    fn text(&self, span: Span) -> &str {
        let file = self.evaluation.workspace().file(span);
        let text = file.and_then(|it| it.text().get(span.start as usize..span.end as usize));
        text.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{TABLE, table};

    #[test]
    fn each_line_of_the_table_is_found_by_its_type() {
        let lines = TABLE.lines().filter(|it| !it.starts_with('#')).count();
        assert_eq!(table().len(), lines);
        assert_eq!(table().get(&("", "aws_db_instance")), Some(&"password password_wo"));
        assert_eq!(table().get(&("data.", "kubernetes_secret")), Some(&"binary_data"));
        assert_eq!(table().get(&("provider.", "aws")), Some(&"secret_key token"));
        assert_eq!(table().get(&("", "aws_instance")), None);
    }
}
