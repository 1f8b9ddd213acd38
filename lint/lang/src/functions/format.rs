//! `format` and `formatlist`: text out of verbs and values.

mod list;
mod numeral;
mod verb;

use stanchion_cty::{Kind, Refinement, Type, Value, convert, json};

use super::arguments::{limit, text, text_function};
use super::{Context, Function, Parameter, Refused, Returns, Ty, graphemes};
use verb::{Piece, Verb};

const FORMAT: &[Parameter] = &[Parameter::new("format", Ty::String)];
const ARGS: Option<Parameter> = Some(Parameter::new("args", Ty::Any).null().unknown().dynamic());

pub(super) const FUNCTIONS: &[Function] = &[
    Function { variadic: ARGS, ..text_function("format", FORMAT, format) },
    Function {
        variadic: ARGS,
        returns: Returns::Strings,
        ..text_function("formatlist", FORMAT, list::formatlist)
    },
];

/// What stands before the first verb is known even if the values are not.
fn format(_: &Context<'_>, args: &[Value], _: &Type) -> Result<Value, Refused> {
    let (template, values) = (text(args, 0), args.get(1..).unwrap_or_default());
    if values.iter().all(Value::is_wholly_known) {
        return Ok(Value::from(written(template, values)?));
    }
    let literal = template.split('%').next().filter(|it| it.len() < template.len());
    let prefix = literal.map(graphemes::known_prefix).filter(|it| !it.is_empty());
    let refinement = Refinement { prefix: prefix.map(Into::into), ..Refinement::not_null() };
    Ok(Value::refined(Type::String, refinement))
}

/// The template with each verb replaced by its value. All values must be used.
fn written(template: &str, values: &[Value]) -> Result<String, Refused> {
    let mut out = String::new();
    let mut used = 0;
    let mut next = 1;
    for piece in verb::pieces(template) {
        match piece? {
            Piece::Literal(it) => out.push_str(it),
            Piece::Verb(mut verb) => {
                let number = *verb.argument.get_or_insert(next);
                used = used.max(number);
                out.push_str(&one(&verb, number, values)?);
                next = number.saturating_add(1);
            }
        }
        limit(out.len())?;
    }
    if used < values.len() {
        let why = match used {
            0 => "too many arguments; no verbs in format string".to_owned(),
            _ => format!("too many arguments; only {used} used by format string"),
        };
        return Err(Refused::Argument(used + 1, why));
    }
    Ok(out)
}

fn one(verb: &Verb<'_>, number: usize, values: &[Value]) -> Result<String, Refused> {
    let Verb { raw, offset, .. } = verb;
    let Some(value) = number.checked_sub(1).and_then(|it| values.get(it)) else {
        let total = values.len();
        let why = format!(
            "not enough arguments for {raw:?} at {offset}: need index {number} but have {total} total"
        );
        return Err(Refused::Call(why));
    };
    let unsupported =
        |why: &str| Refused::Call(format!("unsupported value for {raw:?} at {offset}: {why}"));
    if verb.mode != 'v' && value.is_null() {
        return Err(unsupported("null value cannot be formatted"));
    }
    let converted = |ty: &Type| convert(value, ty).map_err(|it| unsupported(&it.message));
    match verb.mode {
        'v' => {
            let it = as_is(verb, value).map_err(|it| unsupported(&it))?;
            padded(verb, it)
        }
        't' => Ok(converted(&Type::Bool)?.as_bool().unwrap_or(false).to_string()),
        'b' | 'd' | 'o' | 'x' | 'X' | 'e' | 'E' | 'f' | 'g' | 'G' => {
            let it = converted(&Type::Number)?;
            let Some(it) = it.as_number() else { return Err(unsupported("a number is required")) };
            let it = numeral::written(verb, it)?;
            it.ok_or_else(|| unsupported("an integer is required"))
        }
        's' | 'q' => {
            let it = converted(&Type::String)?;
            let it = it.as_str().unwrap_or_default();
            let cut = match verb.precision {
                Some(wanted) if wanted > 0 => graphemes::clusters(it).take(wanted).collect(),
                _ => it.to_owned(),
            };
            if verb.mode == 's' {
                return padded(verb, cut);
            }
            let quoted = json::encode_plain(&Value::from(cut));
            padded(verb, quoted.map_err(|it| unsupported(&it.message))?)
        }
        mode => {
            let why = format!("unsupported format verb {mode:?} in {raw:?} at offset {offset}");
            Err(Refused::Call(why))
        }
    }
}

/// A string or number as it is, anything else in JSON.
fn as_is(verb: &Verb<'_>, value: &Value) -> Result<String, String> {
    match value.kind() {
        Kind::String(it) if !verb.sharp => Ok(it.to_string()),
        Kind::Number(it) if !verb.sharp => Ok(it.to_general()),
        _ => json::encode(value, &value.ty()).map_err(|it| it.message),
    }
}

/// Padded to the verb's width, which is counted in characters.
fn padded(verb: &Verb<'_>, it: String) -> Result<String, Refused> {
    let Some(width) = verb.width else { return Ok(it) };
    let missing = width.saturating_sub(graphemes::count(&it));
    limit(missing.saturating_add(it.len()))?;
    let padding = if verb.zero { "0" } else { " " }.repeat(missing);
    Ok(if verb.minus { it + &padding } else { padding + &it })
}
