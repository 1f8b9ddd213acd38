//! Timestamps as RFC 3339 has them, and as Go reads them, which is not quite the same.

use std::fmt;

/// A time of the clock, and how far that clock is ahead of UTC.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timestamp {
    /// Seconds since 1970-01-01T00:00:00 on that clock.
    seconds: i64,
    nanoseconds: i64,
    /// In seconds.
    pub(super) offset: i64,
}

/// A day and a time on the clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    pub(super) year: i64,
    /// From 1.
    pub(super) month: i64,
    pub(super) day: i64,
    /// From 0, which is Sunday.
    pub(super) weekday: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
}

const DAY: i64 = 86_400;

impl Timestamp {
    /// Reads what Go's own parser takes: an hour of one digit, a comma before the fraction and an
    /// offset of 24 hours are fine.
    ///
    /// # Errors
    /// Terraform's own words.
    pub(super) fn lenient(it: &str) -> Result<Self, String> {
        Reader { rest: it.as_bytes() }.read().map_err(|wrong| match wrong {
            Wrong::Day => invalid(&format!("parsing time {it:?}: day out of range")),
            Wrong::Element { element, value } => described(element, &value),
        })
    }

    /// Reads what RFC 3339 allows.
    ///
    /// # Errors
    /// The words of Terraform's `formatdate`.
    pub(super) fn strict(it: &str) -> Result<Self, String> {
        let bytes = it.as_bytes();
        let read = Reader { rest: bytes }.read().map_err(|wrong| match wrong {
            Wrong::Day => invalid("day out of range"),
            Wrong::Element { element: "hour", value } if value.contains(':') => {
                invalid("hour must be between 0 and 23 inclusive")
            }
            Wrong::Element { element: element @ ("hour" | "minute"), value }
                if !value.is_empty() && value.len() != 2 =>
            {
                invalid(&format!("{element} must have exactly two digits"))
            }
            Wrong::Element { element, value } => described(element, &value),
        })?;
        let at_end = |count: usize| bytes.get(bytes.len().saturating_sub(count)..);
        let two = |it: Option<&[u8]>| match it {
            Some([a, b, ..]) => u32::from(a - b'0') * 10 + u32::from(b - b'0'),
            _ => 0,
        };
        if bytes.get(12) == Some(&b':') {
            return Err(invalid("hour must have exactly two digits"));
        }
        if bytes.get(19) == Some(&b',') {
            return Err(described("timestamp segment", ","));
        }
        if bytes.last() != Some(&b'Z') && (two(at_end(5)) >= 24 || two(at_end(2)) >= 60) {
            let offset = String::from_utf8_lossy(at_end(6).unwrap_or_default()).into_owned();
            return Err(described("UTC offset", &offset));
        }
        Ok(read)
    }

    /// What orders it among others: seconds in UTC, and nanoseconds.
    pub(super) fn instant(&self) -> (i64, i64) {
        (self.seconds - self.offset, self.nanoseconds)
    }

    /// The time that many nanoseconds later, on the same clock.
    pub(super) fn later(&self, nanoseconds: i64) -> Self {
        const BILLION: i64 = 1_000_000_000;
        let fine = self.nanoseconds + nanoseconds.rem_euclid(BILLION);
        Self {
            seconds: self.seconds + nanoseconds.div_euclid(BILLION) + fine.div_euclid(BILLION),
            nanoseconds: fine.rem_euclid(BILLION),
            offset: self.offset,
        }
    }

    /// The day and time.
    pub(super) fn clock(&self) -> Clock {
        let (days, rest) = (self.seconds.div_euclid(DAY), self.seconds.rem_euclid(DAY));
        // Years are counted from March, so that a leap day is the last of its year.
        let shifted = days + 719_468;
        let (era, in_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year = (in_era - in_era / 1460 + in_era / 36_524 - in_era / 146_096) / 365;
        let in_year = in_era - (365 * year + year / 4 - year / 100);
        let from_march = (5 * in_year + 2) / 153;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        Clock {
            year: era * 400 + year + i64::from(month <= 2),
            month,
            day: in_year - (153 * from_march + 2) / 5 + 1,
            weekday: (days + 4).rem_euclid(7),
            hour: rest / 3600,
            minute: rest / 60 % 60,
            second: rest % 60,
        }
    }

    /// `+01:00`, with that between hours and minutes.
    pub(super) fn offset(&self, between: &str) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.abs() / 60;
        format!("{sign}{:02}{between}{:02}", minutes / 60, minutes % 60)
    }
}

/// As RFC 3339 has it, without a fraction.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Clock { year, month, day, hour, minute, second, .. } = self.clock();
        let sign = if year < 0 { "-" } else { "" };
        let year = year.abs();
        write!(f, "{sign}{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if self.offset == 0 { f.write_str("Z") } else { f.write_str(&self.offset(":")) }
    }
}

enum Wrong {
    /// There is no such day.
    Day,
    /// A part can't be read, and what stands there.
    Element { element: &'static str, value: String },
}

fn invalid(why: &str) -> String {
    format!("not a valid RFC3339 timestamp: {why}")
}

fn described(element: &str, value: &str) -> String {
    invalid(&match (element, value) {
        ("T", _) => "missing required time introducer 'T'".to_owned(),
        (":" | "-", "") => format!("end of string where {element:?} is expected"),
        (":" | "-", _) => format!("found {value:?} where {element:?} is expected"),
        (_, "") => format!("end of string before {element}"),
        _ => format!("cannot use {value:?} as {element}"),
    })
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn read(mut self) -> Result<Timestamp, Wrong> {
        let hold = self.rest;
        let year = match hold {
            [a, ..] if hold.len() >= 4 && a.is_ascii_digit() => self.number("year", 4)?,
            _ => return Err(wrong("year", hold)),
        };
        self.expect("-")?;
        let month = self.ranged("month", 1..=12)?;
        self.expect("-")?;
        let day = self.number("day of month", 2)?;
        self.expect("T")?;
        let one_digit = self.digit(0).is_some() && self.digit(1).is_none();
        let hour = match (self.number("hour", if one_digit { 1 } else { 2 })?, self.rest) {
            (hour @ 0..=23, _) => hour,
            (_, rest) => return Err(wrong("hour", rest)),
        };
        self.expect(":")?;
        let minute = self.ranged("minute", 0..=59)?;
        self.expect(":")?;
        let second = self.ranged("second", 0..=59)?;
        let nanoseconds = self.fraction();
        let offset = self.offset()?;
        if !self.rest.is_empty() {
            return Err(wrong("timestamp segment", self.rest));
        }
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 => 28 + i64::from(leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        if !(1..=days).contains(&day) {
            return Err(Wrong::Day);
        }
        let years = if month <= 2 { year - 1 } else { year };
        let in_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let (era, in_era) = (years.div_euclid(400), years.rem_euclid(400));
        let in_era = in_era * 365 + in_era / 4 - in_era / 100 + in_year;
        let days = era * 146_097 + in_era - 719_468;
        let seconds = days * DAY + (hour * 60 + minute) * 60 + second;
        Ok(Timestamp { seconds, nanoseconds, offset })
    }

    fn digit(&self, at: usize) -> Option<i64> {
        let it = self.rest.get(at).filter(|it| it.is_ascii_digit())?;
        Some(i64::from(it - b'0'))
    }

    fn number(&mut self, element: &'static str, digits: usize) -> Result<i64, Wrong> {
        let mut value = 0;
        for at in 0..digits {
            value = value * 10 + self.digit(at).ok_or_else(|| wrong(element, self.rest))?;
        }
        self.skip(digits);
        Ok(value)
    }

    /// Of what is out of range Go names what follows it.
    fn ranged(
        &mut self,
        element: &'static str,
        range: std::ops::RangeInclusive<i64>,
    ) -> Result<i64, Wrong> {
        let value = self.number(element, 2)?;
        if range.contains(&value) { Ok(value) } else { Err(wrong(element, self.rest)) }
    }

    fn expect(&mut self, it: &'static str) -> Result<(), Wrong> {
        if !self.rest.starts_with(it.as_bytes()) {
            return Err(wrong(it, self.rest));
        }
        self.skip(it.len());
        Ok(())
    }

    /// Nine digits count.
    fn fraction(&mut self) -> i64 {
        if !matches!(self.rest, [b'.' | b',', digit, ..] if digit.is_ascii_digit()) {
            return 0;
        }
        self.skip(1);
        let mut value = 0;
        let mut wanted = 9;
        while let Some(digit) = self.digit(0) {
            if wanted > 0 {
                value = value * 10 + digit;
                wanted -= 1;
            }
            self.skip(1);
        }
        value * 10_i64.pow(wanted)
    }

    fn offset(&mut self) -> Result<i64, Wrong> {
        const ELEMENT: &str = "UTC offset";
        let hold = self.rest;
        if hold.first() == Some(&b'Z') {
            self.skip(1);
            return Ok(0);
        }
        if hold.len() < 6 || hold.get(3) != Some(&b':') {
            return Err(wrong(ELEMENT, hold));
        }
        self.skip(1);
        let hours = self.number(ELEMENT, 2).map_err(|_| wrong(ELEMENT, hold))?;
        self.skip(1);
        let minutes = self.number(ELEMENT, 2);
        if hours > 24 || matches!(minutes, Ok(61..)) {
            return Err(wrong(ELEMENT, hold.get(6..).unwrap_or_default()));
        }
        let seconds = (hours * 60 + minutes.map_err(|_| wrong(ELEMENT, hold))?) * 60;
        match hold.first() {
            Some(b'+') => Ok(seconds),
            Some(b'-') => Ok(-seconds),
            _ => Err(wrong(ELEMENT, hold)),
        }
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }
}

fn wrong(element: &'static str, value: &[u8]) -> Wrong {
    Wrong::Element { element, value: String::from_utf8_lossy(value).into_owned() }
}
