//! Dates and times as Terraform's `yamldecode` takes them.

/// The time in the form of RFC 3339 and without fractions of a second, if the text is one in a
/// form of `2001-2-3`, `2001-2-3 4:5:6` or `2001-2-3T4:5:6.7+01:00`, with `t` as well.
pub(super) fn timestamp(text: &str) -> Option<String> {
    let mut rest = Rest(text);
    let year = rest.digits(4, 4)?;
    let month = rest.take("-").and_then(|()| rest.digits(1, 2))?;
    let day = rest.take("-").and_then(|()| rest.digits(1, 2))?;
    if !(1..=12).contains(&month) || !(1..=days(year, month)).contains(&day) {
        return None;
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    if rest.is_empty() {
        return Some(format!("{date}T00:00:00Z"));
    }
    let has_zone = rest.take(" ").is_none();
    if has_zone {
        rest.take("T").or_else(|| rest.take("t"))?;
    }
    let hour = rest.digits(1, 2)?;
    let minute = rest.take(":").and_then(|()| rest.digits(1, 2))?;
    let second = rest.take(":").and_then(|()| rest.digits(1, 2))?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    rest.fraction();
    let zone = if has_zone { rest.zone()? } else { "Z".to_owned() };
    rest.is_empty().then(|| format!("{date}T{hour:02}:{minute:02}:{second:02}{zone}"))
}

fn days(year: u32, month: u32) -> u32 {
    let is_leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// What is left to read of a text.
struct Rest<'a>(&'a str);

impl Rest<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn take(&mut self, text: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(text)?;
        Some(())
    }

    fn digits(&mut self, least: usize, most: usize) -> Option<u32> {
        let length = self.0.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.0.split_at_checked(length).filter(|_| length >= least)?;
        self.0 = rest;
        digits.parse().ok()
    }

    /// Reads over a fraction of a second, if there is one.
    fn fraction(&mut self) {
        let Some(fraction) = self.0.strip_prefix(['.', ',']) else { return };
        let rest = fraction.trim_start_matches(|it: char| it.is_ascii_digit());
        if rest.len() < fraction.len() {
            self.0 = rest;
        }
    }

    /// Reads `Z` or an offset. An offset of 24 hours or 60 minutes is taken, as Go does.
    fn zone(&mut self) -> Option<String> {
        if self.take("Z").is_some() {
            return Some("Z".to_owned());
        }
        let sign = if self.0.starts_with('-') { '-' } else { '+' };
        self.0 = self.0.strip_prefix(['+', '-'])?;
        let hours = self.digits(2, 2)?;
        let minutes = self.take(":").and_then(|()| self.digits(2, 2))?;
        if hours > 24 || minutes > 60 {
            return None;
        }
        match hours * 60 + minutes {
            0 => Some("Z".to_owned()),
            all => Some(format!("{sign}{:02}:{:02}", all / 60, all % 60)),
        }
    }
}
