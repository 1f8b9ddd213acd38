//! IP addresses and networks, as Terraform reads and writes them: octets may begin with zeros, and
//! an address of IPv4 within IPv6 is written as one of IPv4.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use num_bigint::{BigInt, Sign};

/// An address of 4 or of 16 bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address(Vec<u8>);

/// The addresses that share their first bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Network {
    first: Address,
    prefix: usize,
}

impl Address {
    /// An address alone.
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text.chars().find(|it| matches!(it, '.' | ':'))? {
            '.' => v4(text).map(|it| Self(it.into())),
            _ => v6(text).map(|it| Self(it.into())),
        }
    }

    /// Whether it is one of IPv4, also within IPv6.
    pub(super) fn is_v4(&self) -> bool {
        self.v4().is_some()
    }

    /// The network of so many bits that the address is in. Its own bits behind these stay.
    pub(super) fn network(self, prefix: usize) -> Network {
        Network { first: self, prefix }
    }

    /// The address with the bits of a number put into it; `None` if they are too many.
    pub(super) fn with(&self, number: &BigInt) -> Option<Self> {
        let with = BigInt::from_bytes_be(Sign::Plus, &self.0) | number;
        let (_, bytes) = with.to_bytes_be();
        let bytes = if with == BigInt::ZERO { &[][..] } else { &bytes };
        let mut all = vec![0; self.0.len().checked_sub(bytes.len())?];
        all.extend(bytes);
        Some(Self(all))
    }

    fn v4(&self) -> Option<[u8; 4]> {
        match &self.0[..] {
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, rest @ ..] => rest.try_into().ok(),
            it => it.try_into().ok(),
        }
    }

    /// Each byte and which of its bits are within the first `prefix`.
    fn masked(&self, prefix: usize, change: fn(u8, u8) -> u8) -> Self {
        let mask = mask(self.0.len(), prefix);
        Self(self.0.iter().zip(mask).map(|(it, mask)| change(*it, mask)).collect())
    }

    /// The next address; after the last one comes the first.
    fn plus_one(mut self) -> Self {
        for it in self.0.iter_mut().rev() {
            *it = it.wrapping_add(1);
            if *it != 0 {
                break;
            }
        }
        self
    }

    fn minus_one(mut self) -> Self {
        for it in self.0.iter_mut().rev() {
            *it = it.wrapping_sub(1);
            if *it != 255 {
                break;
            }
        }
        self
    }
}

impl Network {
    /// An address, `/`, and the number of bits that the network's addresses share.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let address = v4(address).map(Vec::from).or_else(|| v6(address).map(Vec::from))?;
        let prefix = small(prefix).filter(|it| *it <= address.len() * 8)?;
        Some(Self { first: Address(address).masked(prefix, |it, mask| it & mask), prefix })
    }

    pub(super) fn first(&self) -> &Address {
        &self.first
    }

    pub(super) fn last(&self) -> Address {
        self.first.masked(self.prefix, |it, mask| it | !mask)
    }

    pub(super) fn prefix(&self) -> usize {
        self.prefix
    }

    /// How many bits an address has.
    pub(super) fn bits(&self) -> usize {
        self.first.0.len() * 8
    }

    pub(super) fn free_bits(&self) -> usize {
        self.bits() - self.prefix
    }

    pub(super) fn mask(&self) -> Address {
        Address(mask(self.first.0.len(), self.prefix).collect())
    }

    /// Whether the address is in the network; one of IPv4 within IPv6 counts as one of IPv4.
    pub(super) fn contains(&self, address: &Address) -> bool {
        let plain = |it: &Address| it.v4().map_or_else(|| it.0.clone(), Vec::from);
        let (own, other) = (plain(&self.first), plain(address));
        let mask: Vec<u8> = mask(self.first.0.len(), self.prefix).collect();
        let mask = &mask[mask.len() - own.len()..];
        own.len() == other.len()
            && own.iter().zip(&other).zip(mask).all(|((a, b), mask)| a & mask == b & mask)
    }

    /// The network of that length before this one; before the first comes the last.
    pub(super) fn before(&self, prefix: usize) -> Self {
        let address = self.first.clone().minus_one();
        Self { first: address.masked(prefix, |it, mask| it & mask), prefix }
    }

    /// The next network of that length that begins behind this one; `None` where addresses end, and
    /// for one of IPv4 within IPv6, with which Terraform can't go on.
    pub(super) fn next(&self, prefix: usize) -> Option<Self> {
        if self.first.0.len() == 16 && self.first.is_v4() {
            return None;
        }
        let current = Self { first: self.last(), prefix };
        let first = current.last().plus_one();
        let is_over = first.0.iter().all(|it| *it == 0);
        (!is_over).then_some(Self { first, prefix })
    }
}

fn mask(bytes: usize, prefix: usize) -> impl Iterator<Item = u8> {
    (0..bytes).map(move |at| match prefix.saturating_sub(at * 8) {
        0 => 0,
        bits @ 1..=7 => !(0xff >> bits),
        _ => 0xff,
    })
}

/// A decimal number of few digits, with zeros before it if need be.
fn small(digits: &str) -> Option<usize> {
    let is_number = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten().filter(|it| *it < 0xff_ffff)
}

fn v4(text: &str) -> Option<[u8; 4]> {
    let octets: Option<Vec<u8>> = text.split('.').map(|it| u8::try_from(small(it)?).ok()).collect();
    octets?.try_into().ok()
}

fn v6(text: &str) -> Option<[u8; 16]> {
    let (before, behind) = match text.split_once("::") {
        Some((_, behind)) if behind.contains("::") || behind.starts_with(':') => return None,
        Some((before, behind)) => (groups(before, behind.is_empty())?, Some(groups(behind, true)?)),
        None => (groups(text, true)?, None),
    };
    let Some(behind) = behind else { return before.try_into().ok() };
    // The two colons stand for at least one group.
    let zeros = 14_usize.checked_sub(before.len() + behind.len())?;
    let mut all = before;
    all.resize(all.len() + zeros + 2, 0);
    all.extend(behind);
    all.try_into().ok()
}

/// The bytes of groups between colons; the last may be an address of IPv4.
fn groups(text: &str, is_end: bool) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    if text.is_empty() {
        return Some(out);
    }
    let groups: Vec<&str> = text.split(':').collect();
    for (i, group) in groups.iter().enumerate() {
        if group.contains('.') && is_end && i + 1 == groups.len() {
            out.extend(v4(group)?);
            continue;
        }
        let is_hex = !group.is_empty() && group.bytes().all(|it| it.is_ascii_hexdigit());
        let number = u64::from_str_radix(group, 16).ok().filter(|_| is_hex)?;
        out.extend(u16::try_from(number).ok()?.to_be_bytes());
    }
    Some(out)
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.v4(), <[u8; 16]>::try_from(&self.0[..])) {
            (Some(it), _) => Ipv4Addr::from(it).fmt(f),
            (None, Ok(it)) => Ipv6Addr::from(it).fmt(f),
            (None, Err(_)) => Ok(()),
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_inner = self.first.0.len() == 16 && self.first.is_v4();
        let prefix = if is_inner { self.prefix.saturating_sub(96) } else { self.prefix };
        write!(f, "{}/{prefix}", self.first)
    }
}
