//! How long deeds may take.

use std::time::Duration;

use jiff::{SignedDuration, Span};
use stanchion_cty::schema::{Block, Leaf};
use stanchion_cty::{Path, Problem, Problems, Value};

/// How long each deed may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For [`crate::Managed::create`].
    pub create: Duration,
    /// For [`crate::Managed::read`].
    pub read: Duration,
    /// For [`crate::Managed::update`].
    pub update: Duration,
    /// For [`crate::Managed::delete`].
    pub delete: Duration,
}

/// How long each deed on this object may take. A duration is written as `30s`, `15m` or `1h30m`;
/// one that is left out is the provider's own.
//
// For a resource's field `timeouts: Leaf<TimeoutSettings>`, optional. The framework reads each
// `timeouts` by name and refuses what is no duration, so there is no check here to say it again.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct TimeoutSettings {
    /// How long making it may take.
    #[attr(optional)]
    pub create: Leaf<String>,
    /// How long reading it may take.
    #[attr(optional)]
    pub read: Leaf<String>,
    /// How long changing it may take.
    #[attr(optional)]
    pub update: Leaf<String>,
    /// How long deleting it may take.
    #[attr(optional)]
    pub delete: Leaf<String>,
}

impl Timeouts {
    /// Twenty minutes for each, as is usual among providers.
    pub const DEFAULT: Self = {
        let each = Duration::from_secs(20 * 60);
        Self { create: each, read: each, update: each, delete: each }
    };

    /// The same, with what the object `timeouts` of a configuration or a state says: for `create`,
    /// `read`, `update` and `delete` a duration such as "30s", "10m" or "1h30m".
    #[must_use]
    pub(crate) fn said_by(mut self, value: &Value) -> Self {
        let Some(said) = value.get("timeouts") else { return self };
        for (name, slot) in [
            ("create", &mut self.create),
            ("read", &mut self.read),
            ("update", &mut self.update),
            ("delete", &mut self.delete),
        ] {
            if let Some(duration) = said.get(name).and_then(Value::as_str).and_then(parse) {
                *slot = duration;
            }
        }
        self
    }
}

/// The problems of what the object `timeouts` of a configuration says.
pub(crate) fn problems(config: &Value) -> Problems {
    let Some(said) = config.get("timeouts") else { return Problems::new() };
    let deeds = ["create", "read", "update", "delete"].into_iter();
    let wrong = deeds.filter(|it| {
        said.get(it).and_then(Value::as_str).is_some_and(|text| parse(text).is_none())
    });
    wrong
        .map(|deed| {
            let path = Path::root().attribute("timeouts").attribute(deed);
            Problem::error(path, "is no duration").cure("say one such as \"30s\" or \"1h30m\"")
        })
        .collect()
}

/// A duration such as "90s", "15m" or "1h30m"; `None` if it is not one, or negative.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    let starts_right = text.starts_with(|it: char| it.is_ascii_digit());
    let span: Span = text.parse().ok().filter(|_| starts_right)?;
    let duration = SignedDuration::try_from(span).ok()?;
    Duration::try_from(duration).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_is_read_as_people_write_it() {
        assert_eq!(parse("90s"), Some(Duration::from_secs(90)));
        assert_eq!(parse("1h30m"), Some(Duration::from_secs(5400)));
        assert_eq!(parse("250ms"), Some(Duration::from_millis(250)));
        assert_eq!(parse("-1s"), None);
        assert_eq!(parse("soon"), None);
        assert_eq!(parse(""), None);
    }

    #[test]
    fn what_is_no_duration_is_a_problem_at_its_place() {
        let said = Value::object([("create", "30s".into()), ("delete", "soon".into())]);
        let problems = problems(&Value::object([("timeouts", said)]));
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let expected = "timeouts.delete is no duration; say one such as \"30s\" or \"1h30m\"";
        assert_eq!(told, [expected]);
    }

    #[test]
    fn a_resource_takes_the_ready_made_settings() {
        /// A resource.
        #[derive(Block)]
        struct Slow {
            /// How long each deed may take.
            #[attr(optional)]
            timeouts: Leaf<TimeoutSettings>,
        }
        let settings = TimeoutSettings { update: "90s".into(), ..TimeoutSettings::default() };
        let config = Slow { timeouts: settings.into() }.encode_value();
        let timeouts = Timeouts::DEFAULT.said_by(&config);
        assert_eq!(timeouts, Timeouts { update: Duration::from_secs(90), ..Timeouts::DEFAULT });
        assert_eq!(problems(&config), Problems::new());
    }

    #[test]
    fn what_the_configuration_says_holds() {
        let said = Value::object([("timeouts", Value::object([("create", "30s".into())]))]);
        let timeouts = Timeouts::DEFAULT.said_by(&said);
        assert_eq!(timeouts.create, Duration::from_secs(30));
        assert_eq!(timeouts.delete, Timeouts::DEFAULT.delete);
    }
}
