//! A resource whose attributes have several spellings of one meaning, of which it stores one.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use jiff::Timestamp;
use stanchion_cty::Value;
use stanchion_cty::schema::{Block, Check, Leaf};

use crate::stored::Item;

/// Texts with a meaning.
#[derive(Clone, Block)]
pub(crate) struct Spelled {
    /// What it is called.
    name: Leaf<String>,
    /// An address of version 4.
    #[attr(optional, check = is::<V4>("must be an IPv4 address"), same = same::<V4>)]
    v4: Leaf<String>,
    /// An address of version 6.
    #[attr(optional, check = is::<V6>("must be an IPv6 address"), same = same::<V6>)]
    v6: Leaf<String>,
    /// A network.
    #[attr(optional, check = is::<Network>("must be a network"), same = same::<Network>)]
    cidr: Leaf<String>,
    /// A JSON document.
    #[attr(optional, check = is::<Document>("must be JSON"), same = same::<Document>)]
    json: Leaf<String>,
    /// A moment, as RFC 3339 writes it.
    #[attr(optional, check = is::<Moment>("must be a time"), same = same::<Moment>)]
    time: Leaf<String>,
    /// How long something takes, such as `1h30m`.
    #[attr(optional, check = is::<Length>("must be a duration"), same = same::<Length>)]
    duration: Leaf<String>,
    /// Networks.
    #[attr(optional, same = same_networks)]
    networks: Leaf<Vec<String>>,
}

impl Item for Spelled {
    const TYPE: &'static str = "trial_spelled";

    fn name(&self) -> &Leaf<String> {
        &self.name
    }

    /// As a service does that knows only one spelling.
    fn complete(&mut self, _: Option<&Self>) {
        settle::<V4>(&mut self.v4);
        settle::<V6>(&mut self.v6);
        settle::<Network>(&mut self.cidr);
        settle::<Document>(&mut self.json);
        settle::<Moment>(&mut self.time);
        settle::<Length>(&mut self.duration);
        if let Leaf::Known(networks) = &mut self.networks {
            *networks = networks.iter().filter_map(|it| Network::normal(it)).collect();
        }
    }
}

/// What a text means.
trait Meaning {
    /// The one spelling of a text, if it has a meaning.
    fn normal(text: &str) -> Option<String>;
}

fn settle<M: Meaning>(field: &mut Leaf<String>) {
    if let Some(it) = field.known().and_then(|it| M::normal(it)) {
        *field = it.into();
    }
}

fn is<M: Meaning>(says: &'static str) -> Check {
    Check::new(says, |it| it.as_str().is_none_or(|it| M::normal(it).is_some()))
}

fn same<M: Meaning>(a: &Value, b: &Value) -> bool {
    let [a, b] = [a, b].map(|it| it.as_str().and_then(M::normal));
    a.is_some() && a == b
}

fn same_networks(a: &Value, b: &Value) -> bool {
    a.parts().count() == b.parts().count()
        && a.parts().zip(b.parts()).all(|(a, b)| same::<Network>(a, b))
}

struct V4;

impl Meaning for V4 {
    fn normal(text: &str) -> Option<String> {
        text.parse().ok().map(|it: Ipv4Addr| it.to_string())
    }
}

struct V6;

impl Meaning for V6 {
    fn normal(text: &str) -> Option<String> {
        text.parse().ok().map(|it: Ipv6Addr| it.to_string())
    }
}

struct Network;

impl Meaning for Network {
    /// The network's first address and the length of its prefix.
    fn normal(text: &str) -> Option<String> {
        let (address, length) = text.split_once('/')?;
        let length: u32 = length.parse().ok()?;
        let network = match address.parse().ok()? {
            IpAddr::V4(it) if length <= 32 => {
                let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
                IpAddr::from(Ipv4Addr::from(u32::from(it) & mask))
            }
            IpAddr::V6(it) if length <= 128 => {
                let mask = u128::MAX.checked_shl(128 - length).unwrap_or(0);
                IpAddr::from(Ipv6Addr::from(u128::from(it) & mask))
            }
            _ => return None,
        };
        Some(format!("{network}/{length}"))
    }
}

struct Document;

impl Meaning for Document {
    fn normal(text: &str) -> Option<String> {
        serde_json::from_str(text).ok().map(|it: serde_json::Value| it.to_string())
    }
}

struct Moment;

impl Meaning for Moment {
    fn normal(text: &str) -> Option<String> {
        text.parse().ok().map(|it: Timestamp| it.to_string())
    }
}

struct Length;

impl Meaning for Length {
    /// All of hours, minutes and seconds: `1h30m0s`.
    fn normal(text: &str) -> Option<String> {
        let mut seconds: u64 = 0;
        let mut rest = text;
        while !rest.is_empty() {
            let digits = rest.find(|it: char| !it.is_ascii_digit())?;
            let (number, unit) = rest.split_at(digits);
            let each = match unit.chars().next()? {
                'h' => 3600,
                'm' => 60,
                's' => 1,
                _ => return None,
            };
            seconds = seconds.checked_add(number.parse::<u64>().ok()?.checked_mul(each)?)?;
            rest = &unit[1..];
        }
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        (!text.is_empty()).then(|| format!("{hours}h{minutes}m{}s", seconds % 60))
    }
}
