//! Functions about IP networks.

mod address;

use num_bigint::BigInt;
use stanchion_cty::{Number, Type, Value};

use super::arguments::{number, text, text_function, whole};
use super::{Function, Parameter, Refused, Returns, Ty};
use address::{Address, Network};

const PREFIX: Parameter = Parameter::new("prefix", Ty::String);

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "cidrcontains",
        parameters: &[
            Parameter::new("containing_prefix", Ty::String),
            Parameter::new("contained_ip_or_prefix", Ty::String),
        ],
        variadic: None,
        returns: Returns::Bool,
        not_null: false,
        run: |_, args, _| cidrcontains(text(args, 0), text(args, 1)),
    },
    text_function("cidrhost", &[PREFIX, Parameter::new("hostnum", Ty::Number)], |_, args, _| {
        cidrhost(args)
    }),
    text_function("cidrnetmask", &[PREFIX], |_, args, _| cidrnetmask(text(args, 0))),
    text_function(
        "cidrsubnet",
        &[PREFIX, Parameter::new("newbits", Ty::Number), Parameter::new("netnum", Ty::Number)],
        |_, args, _| cidrsubnet(args),
    ),
    Function {
        name: "cidrsubnets",
        parameters: &[PREFIX],
        variadic: Some(Parameter::new("newbits", Ty::Number)),
        returns: Returns::Strings,
        not_null: true,
        run: |_, args, _| cidrsubnets(args),
    },
];

fn network(text: &str) -> Result<Network, Refused> {
    Network::parse(text)
        .ok_or_else(|| format!("invalid CIDR expression: invalid CIDR address: {text}").into())
}

fn cidrcontains(containing: &str, contained: &str) -> Result<Value, Refused> {
    let outer = Network::parse(containing)
        .ok_or_else(|| Refused::from(format!("invalid CIDR address: {containing}")))?;
    let (first, last) = match (Address::parse(contained), Network::parse(contained)) {
        (Some(it), _) => (it.clone(), it),
        (None, Some(it)) => (it.first().clone(), it.last()),
        (None, None) => {
            return Err(format!("invalid IP address or prefix: {contained}").into());
        }
    };
    if first.is_v4() != outer.first().is_v4() {
        return Err(format!("address family mismatch: {containing} vs. {contained}").into());
    }
    Ok(Value::from(outer.contains(&first) && outer.contains(&last)))
}

fn cidrhost(args: &[Value]) -> Result<Value, Refused> {
    let mut host = integer(&number(args, 1))?;
    let network = network(text(args, 0))?;
    let most = (BigInt::from(1) << network.free_bits()) - 1;
    // Terraform compares the lowest 64 bits only, and as a number that may be negative.
    let mut compared = BigInt::from(low_bits(&host).cast_signed());
    if host < BigInt::ZERO {
        compared = -&host - 1;
        host = &most - &compared;
    }
    if compared > most {
        let prefix = network.prefix();
        return Err(
            format!("prefix of {prefix} does not accommodate a host numbered {host}").into()
        );
    }
    // A network of IPv4 within IPv6 is taken for one of 32 bits here.
    let shift = if network.first().is_v4() { network.bits() - 32 } else { 0 };
    let address = network.first().with(&(host << shift)).ok_or(TOO_LONG)?;
    Ok(Value::from(address.to_string()))
}

const TOO_LONG: &str = "the number is too large for an address";

fn cidrnetmask(text: &str) -> Result<Value, Refused> {
    let network = network(text)?;
    if !network.first().is_v4() {
        return Err(format!("IPv6 addresses cannot have a netmask: {text}").into());
    }
    Ok(Value::from(network.mask().to_string()))
}

fn cidrsubnet(args: &[Value]) -> Result<Value, Refused> {
    let new_bits = whole(args, 1)?;
    let number = integer(&number(args, 2))?;
    let network = network(text(args, 0))?;
    let (prefix, bits) = (network.prefix() as i64, network.bits() as i64);
    let new_prefix = prefix.checked_add(new_bits).ok_or(TOO_LONG)?;
    if new_prefix > bits {
        let why = "insufficient address space to extend prefix of";
        return Err(format!("{why} {prefix} by {new_bits}").into());
    }
    // With no bits to shift by, or with more than it has, Terraform's comparison lets all pass.
    let most = match new_bits {
        0..64 => (1_u64 << new_bits) - 1,
        _ => u64::MAX,
    };
    if low_bits(&number) > most {
        let why = format!(
            "prefix extension of {new_bits} does not accommodate a subnet numbered {number}"
        );
        return Err(why.into());
    }
    let shift = bits.checked_sub(new_prefix).filter(|it| *it <= 1024 || number == BigInt::ZERO);
    let shift = shift.ok_or(TOO_LONG)?.min(1024);
    let address = network.first().with(&(number << shift)).ok_or(TOO_LONG)?;
    let subnet = usize::try_from(new_prefix).ok().map(|it| address.network(it));
    // A prefix below zero has no mask, which Terraform writes so.
    Ok(Value::from(subnet.map_or_else(|| "<nil>".to_owned(), |it| it.to_string())))
}

fn cidrsubnets(args: &[Value]) -> Result<Value, Refused> {
    let network = network(text(args, 0)).map_err(|it| match it {
        Refused::Call(why) => Refused::Argument(0, why),
        other => other,
    })?;
    let mut subnets: Vec<Value> = Vec::new();
    let mut last: Option<Network> = None;
    for at in 1..args.len() {
        let refused = |why: String| Refused::Argument(at, why);
        let length = whole(args, at).map_err(refused)?;
        let length = match usize::try_from(length) {
            Ok(0) | Err(_) => {
                return Err(refused("must extend prefix by at least one bit".to_owned()));
            }
            Ok(33..) => {
                return Err(refused("may not extend prefix by more than 32 bits".to_owned()));
            }
            Ok(it) => network.prefix() + it,
        };
        if length > network.bits() {
            let protocol = if network.bits() == 32 { "IPv4" } else { "IPv6" };
            let why = format!(
                "would extend prefix to {length} bits, which is too long for an {protocol} address"
            );
            return Err(refused(why));
        }
        let before = last.take().unwrap_or_else(|| network.before(length));
        match before.next(length).filter(|it| network.contains(it.first())) {
            Some(next) => {
                subnets.push(Value::from(next.to_string()));
                last = Some(next);
            }
            None => {
                let why = format!(
                    "not enough remaining address space for a subnet with a prefix of {length} \
                     bits after {before}"
                );
                return Err(refused(why));
            }
        }
    }
    Ok(Value::list(Type::String, subnets))
}

/// A whole number of any size that can matter.
fn integer(number: &Number) -> Result<BigInt, Refused> {
    const WHOLE: &str = "value must be a whole number";
    if !number.is_integer() {
        return Err(WHOLE.into());
    }
    let part = Number::from(1_u64 << 32);
    let mut rest = number.abs();
    let mut out = BigInt::ZERO;
    let mut shift = 0_u32;
    while !rest.is_zero() {
        if shift > 256 {
            return Err(TOO_LONG.into());
        }
        let low = rest.rem(&part).ok().and_then(|it| it.to_u64()).ok_or(WHOLE)?;
        out += BigInt::from(low) << shift;
        rest = rest.div(&part).map_err(|it| it.to_string())?.trunc();
        shift += 32;
    }
    Ok(if number.is_negative() { -out } else { out })
}

/// The lowest 64 bits of a number without its sign.
fn low_bits(number: &BigInt) -> u64 {
    number.magnitude().iter_u64_digits().next().unwrap_or(0)
}
