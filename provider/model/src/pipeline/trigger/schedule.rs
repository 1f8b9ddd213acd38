//! Times.

use stanchion_cty::schema::{Block, Check, Leaf, not_empty};
use stanchion_cty::spanned::Node;
use stanchion_cty::yaml::Item;

use super::{Event, is_said};
use crate::NotKnown;
use crate::pipeline::lens::{known, text, texts};

/// Times.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Schedule {
    /// At these times, each in cron's five fields, in UTC: `"0 4 * * 1"`.
    #[attr(optional, check = not_empty(), check = are_times())]
    pub schedule: Leaf<Vec<Leaf<String>>>,
}

/// The fields of a time: the least and the largest number, and the names that stand for numbers.
const FIELDS: [(u32, u32, &[&str]); 5] = [
    (0, 59, &[]),
    (0, 23, &[]),
    (1, 31, &[]),
    (1, 12, &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
    (0, 6, &["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
];

fn are_times() -> Check {
    let says = "must be times in cron's five fields: minute, hour, day of the month, month and day of \
                the week, as in \"0 4 * * 1\"";
    Check::new(says, |it| it.parts().all(|it| it.as_str().is_none_or(is_time)))
}

fn is_time(text: &str) -> bool {
    let fields: Vec<&str> = text.split(' ').collect();
    fields.len() == FIELDS.len()
        && fields.iter().zip(FIELDS).all(|(field, (least, most, names))| {
            field.split(',').all(|it| is_range(it, least, most, names))
        })
}

/// `*`, `4`, `1-5`, each with a step behind a `/` as well.
fn is_range(text: &str, least: u32, most: u32, names: &[&str]) -> bool {
    let (range, step) = match text.split_once('/') {
        Some((range, step)) => (range, step.parse::<u32>().ok().filter(|_| is_digits(step))),
        None => (text, Some(1)),
    };
    let number = |it: &str| {
        let named = names.iter().zip(least..).find(|(name, _)| name.eq_ignore_ascii_case(it));
        let number = named.map(|(_, number)| number);
        number
            .or_else(|| it.parse().ok().filter(|_| is_digits(it)))
            .filter(|it| (least..=most).contains(it))
    };
    let is_range = match range.split_once('-') {
        _ if range == "*" => true,
        Some((from, to)) => matches!((number(from), number(to)), (Some(a), Some(b)) if a <= b),
        None => number(range).is_some(),
    };
    is_range && step.is_some_and(|it| it > 0 && it <= most)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

impl Event for Schedule {
    const NAME: &'static str = "schedule";

    fn is_said(&self) -> Option<bool> {
        is_said(&self.schedule)
    }

    fn item(&self) -> Result<Option<Item>, NotKnown> {
        let Some(times) = known(&self.schedule)? else { return Ok(None) };
        let times = texts(times)?.into_iter().map(|it| Item::map([("cron", Item::string(it))]));
        Ok(Some(Item::list(times)))
    }

    fn read(found: &Node) -> Self {
        let times = found.items().iter().filter_map(|it| text(it.get("cron")?));
        Self { schedule: Leaf::Known(times.map(Leaf::from).collect()) }
    }
}

#[cfg(test)]
mod tests {
    use super::is_time;

    #[test]
    fn a_time_has_five_fields_within_their_ranges() {
        for good in ["0 4 * * 1", "*/5 * * * *", "0,30 0-6/2 1 JAN-mar sun", "59 23 31 12 6"] {
            assert!(is_time(good), "{good}");
        }
        for bad in [
            "",
            "0 4 * *",
            "60 * * * *",
            "0 24 * * *",
            "0 0 0 * *",
            "5-1 * * * *",
            "@daily",
            "0 4 * * 7",
            "*/0 * * * *",
            "0  4 * * 1",
            "+1 * * * *",
            "* * * * * *",
            "a * * * *",
        ] {
            assert!(!is_time(bad), "{bad}");
        }
    }
}
