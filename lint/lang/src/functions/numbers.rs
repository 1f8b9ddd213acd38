//! Functions of numbers.

use stanchion_cty::{Number, Type, Value};

use super::arguments::{float, marks, number, text, whole};
use super::{Context, Function, Parameter, Refused, Returns, Run, Ty, floats};

const NUM: Parameter = Parameter::new("num", Ty::Number);
const NUMBERS: Option<Parameter> = Some(Parameter::new("numbers", Ty::Number).dynamic());

pub(super) const FUNCTIONS: &[Function] = &[
    of("abs", &[NUM.marked()], |_, args, _| {
        Ok(Value::from(number(args, 0).abs()).mark(marks(args)))
    }),
    of("ceil", &[NUM], |_, args, _| Ok(number(args, 0).ceil().into())),
    of("floor", &[NUM], |_, args, _| Ok(number(args, 0).floor().into())),
    of("log", &[NUM, Parameter::new("base", Ty::Number)], |_, args, _| {
        from_float(floats::ln(float(args, 0)?) / floats::ln(float(args, 1)?))
    }),
    Function { variadic: NUMBERS, ..of("max", &[], |_, args, _| chosen(args, true)) },
    Function { variadic: NUMBERS, ..of("min", &[], |_, args, _| chosen(args, false)) },
    Function {
        returns: Returns::By(parsed_type),
        ..of(
            "parseint",
            &[
                Parameter::new("number", Ty::Any).unknown().marked(),
                Parameter::new("base", Ty::Number).unknown().marked(),
            ],
            parseint,
        )
    },
    of("pow", &[NUM, Parameter::new("power", Ty::Number)], |_, args, _| {
        from_float(floats::pow(float(args, 0)?, float(args, 1)?))
    }),
    of("signum", &[NUM], |_, args, _| Ok(Number::from(whole(args, 0)?.signum()).into())),
];

const fn of(name: &'static str, parameters: &'static [Parameter], run: Run) -> Function {
    Function { name, parameters, variadic: None, returns: Returns::Number, not_null: true, run }
}

fn from_float(it: f64) -> Result<Value, Refused> {
    let number = Number::from_f64(it).ok_or("the result is not a number")?;
    Ok(number.into())
}

fn chosen(args: &[Value], greatest: bool) -> Result<Value, Refused> {
    let mut chosen = Number::infinity(greatest);
    if args.is_empty() {
        return Err("must pass at least one number".into());
    }
    for it in args.iter().filter_map(Value::as_number) {
        if if greatest { *it > chosen } else { *it < chosen } {
            chosen = it.clone();
        }
    }
    Ok(chosen.into())
}

fn parsed_type(args: &[Value]) -> Result<Type, Refused> {
    match args.first().map(Value::ty) {
        Some(Type::String) | None => Ok(Type::Number),
        Some(it) => {
            let why = format!("first argument must be a string, not {}", it.friendly());
            Err(Refused::Argument(0, why))
        }
    }
}

/// What is wrong with a number or base that is sensitive is said without it.
fn parseint(_: &Context<'_>, args: &[Value], ty: &Type) -> Result<Value, Refused> {
    if !args.iter().all(Value::is_known) {
        return Ok(Value::unknown(ty.clone()).mark(marks(args)));
    }
    let base = whole(args, 1).map_err(|it| Refused::Argument(1, it))?;
    let base = u32::try_from(base).ok().filter(|it| (2..=62).contains(it)).ok_or_else(|| {
        Refused::Argument(1, "base must be a whole number between 2 and 62 inclusive".into())
    })?;
    match Number::parse_integer(text(args, 0), base) {
        Ok(it) => Ok(Value::from(it).mark(marks(args))),
        Err(_) => {
            let shown = |at: usize, it: String| match args.get(at) {
                Some(value) if !value.marks().is_empty() => "(sensitive value)".to_owned(),
                _ => it,
            };
            let numeral = shown(0, format!("{:?}", text(args, 0)));
            let base = shown(1, base.to_string());
            Err(Refused::Argument(0, format!("cannot parse {numeral} as a base {base} integer")))
        }
    }
}
