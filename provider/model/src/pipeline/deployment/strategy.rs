//! How the traffic comes to what is deployed.

use stanchion_cty::schema::{Block, Check, Leaf, exactly_one, not_blank, not_empty};
use stanchion_cty::{Kind, Path, Problem, Problems, Value};

use crate::pipeline::expression::plain;
use crate::pipeline::lens::known;
use crate::{Duration, NotKnown, is_duration, same_duration};

/// How the traffic comes to what is deployed. Exactly one of the ways.
#[derive(Clone, Debug, Default, PartialEq, Block)]
#[block(check = is_one)]
pub struct Strategies {
    /// The platform replaces what runs, piece by piece.
    #[attr(optional)]
    pub rolling: Leaf<Rolling>,
    /// The new version is brought up beside the old one, and then gets all of the traffic at once.
    #[attr(optional)]
    pub blue_green: Leaf<BlueGreen>,
    /// The new version gets a part of the traffic, and more of it as long as all is well.
    #[attr(optional)]
    pub canary: Leaf<Canary>,
    /// The new version replaces the old one with its new behaviour switched off, which is then switched
    /// on for more and more users.
    #[attr(optional)]
    pub feature_flag: Leaf<FeatureFlag>,
}

/// The names of the strategies.
pub const STRATEGIES: &[&str] = &["rolling", "blue_green", "canary", "feature_flag"];

fn is_one(value: &Value, path: &Path) -> Problems {
    exactly_one(value, path, STRATEGIES)
}

/// The platform replaces what runs, piece by piece: `rolling = {}`.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Rolling {}

/// The new version is brought up beside the old one.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct BlueGreen {
    /// The commands that judge the new version before it gets any traffic, as a script of bash. Where they
    /// fail, the traffic stays where it is.
    #[attr(optional, check = not_blank(), check = plain())]
    pub analysis: Leaf<String>,
}

/// The new version gets a part of the traffic.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Canary {
    /// How many percent of the traffic it gets, one step after the other, before it gets all of it: `[10, 50]`.
    #[attr(required, check = not_empty(), check = are_steps(99))]
    pub steps: Leaf<Vec<Leaf<u8>>>,
    /// How long a step lasts before it is judged.
    #[attr(optional, default = WAIT, check = is_duration(), same = same_duration)]
    pub wait: Leaf<String>,
    /// The commands that judge a step, as a script of bash, which has the percentage as `WEIGHT`. Where they
    /// fail, all of the traffic goes back.
    #[attr(required, check = not_blank(), check = plain())]
    pub analysis: Leaf<String>,
}

/// The new behaviour is switched on for more and more users.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct FeatureFlag {
    /// For how many percent of the users it is switched on, one step after the other: `[10, 50, 100]`.
    #[attr(required, check = not_empty(), check = are_steps(100))]
    pub steps: Leaf<Vec<Leaf<u8>>>,
    /// How long a step lasts before it is judged.
    #[attr(optional, default = WAIT, check = is_duration(), same = same_duration)]
    pub wait: Leaf<String>,
    /// The commands that switch it on, as a script of bash, which has the percentage as `PERCENT`.
    #[attr(required, check = not_blank(), check = plain())]
    pub enable: Leaf<String>,
    /// The commands that switch it off, where what was deployed proves wrong.
    #[attr(required, check = not_blank(), check = plain())]
    pub disable: Leaf<String>,
    /// The commands that judge a step.
    #[attr(optional, check = not_blank(), check = plain())]
    pub analysis: Leaf<String>,
}

/// How long a step lasts.
const WAIT: &str = "5m";

fn are_steps(most: u8) -> Check {
    let says = match most {
        100 => "must be percentages from 1 to 100, each larger than the one before",
        _ => {
            "must be percentages from 1 to 99, each larger than the one before: the last step to 100 is made anyway"
        }
    };
    Check::new(says, move |it| match it.kind() {
        Kind::Number(_) => true,
        _ => {
            let steps: Vec<Option<i64>> =
                it.parts().map(|it| it.as_number().and_then(|it| it.to_i64())).collect();
            let are_good =
                |it: &Option<i64>| it.is_none_or(|it| (1..=i64::from(most)).contains(&it));
            let rise = |pair: &[Option<i64>]| match pair {
                [Some(a), Some(b)] => a < b,
                _ => true,
            };
            steps.iter().all(are_good) && steps.windows(2).all(rise)
        }
    })
}

/// The strategy that was chosen.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::pipeline) enum Strategy {
    Rolling,
    BlueGreen {
        analysis: Option<String>,
    },
    Canary {
        steps: Vec<u8>,
        wait: Duration,
        analysis: String,
    },
    FeatureFlag {
        steps: Vec<u8>,
        wait: Duration,
        enable: String,
        disable: String,
        analysis: Option<String>,
    },
}

impl Strategies {
    /// The name of the one that is chosen, as far as that is known; rolling where none is.
    pub(in crate::pipeline) fn name(said: &Leaf<Self>) -> Result<&'static str, NotKnown> {
        let Some(it) = known(said)? else { return Ok("rolling") };
        let is_said = [
            known(&it.rolling)?.is_some(),
            known(&it.blue_green)?.is_some(),
            known(&it.canary)?.is_some(),
            known(&it.feature_flag)?.is_some(),
        ];
        let name = STRATEGIES.iter().zip(is_said).find(|(_, it)| *it);
        Ok(name.map_or("rolling", |(name, _)| name))
    }

    /// The one that is chosen.
    pub(in crate::pipeline) fn chosen(said: &Leaf<Self>) -> Result<Strategy, NotKnown> {
        let Some(it) = known(said)? else { return Ok(Strategy::Rolling) };
        let text = |it: &Leaf<String>| Ok(known(it)?.cloned().unwrap_or_default());
        if let Some(it) = known(&it.blue_green)? {
            return Ok(Strategy::BlueGreen { analysis: known(&it.analysis)?.cloned() });
        }
        if let Some(it) = known(&it.canary)? {
            return Ok(Strategy::Canary {
                steps: steps(&it.steps)?,
                wait: wait(&it.wait)?,
                analysis: text(&it.analysis)?,
            });
        }
        if let Some(it) = known(&it.feature_flag)? {
            return Ok(Strategy::FeatureFlag {
                steps: steps(&it.steps)?,
                wait: wait(&it.wait)?,
                enable: text(&it.enable)?,
                disable: text(&it.disable)?,
                analysis: known(&it.analysis)?.cloned(),
            });
        }
        known(&it.rolling)?;
        Ok(Strategy::Rolling)
    }
}

fn steps(said: &Leaf<Vec<Leaf<u8>>>) -> Result<Vec<u8>, NotKnown> {
    let mut steps = Vec::new();
    for it in known(said)?.into_iter().flatten() {
        steps.extend(known(it)?);
    }
    Ok(steps)
}

fn wait(said: &Leaf<String>) -> Result<Duration, NotKnown> {
    let text = known(said)?.map_or(WAIT, String::as_str);
    Ok(Duration::parse(text).unwrap_or_default())
}

impl Strategy {
    /// What it is called.
    pub(in crate::pipeline) fn name(&self) -> &'static str {
        match self {
            Self::Rolling => "rolling",
            Self::BlueGreen { .. } => "blue_green",
            Self::Canary { .. } => "canary",
            Self::FeatureFlag { .. } => "feature_flag",
        }
    }

    /// How long all steps together wait.
    pub(in crate::pipeline) fn waits(&self) -> Duration {
        let (count, wait) = match self {
            Self::Canary { steps, wait, .. } | Self::FeatureFlag { steps, wait, .. } => {
                (steps.len(), wait.seconds())
            }
            Self::Rolling | Self::BlueGreen { .. } => (0, 0),
        };
        Duration::from_seconds(wait.saturating_mul(count as u64))
    }

    /// What a configuration says for it.
    pub(in crate::pipeline) fn into_said(self) -> Strategies {
        let texts = |it: Option<String>| it.map_or(Leaf::Null, Leaf::Known);
        let steps = |it: Vec<u8>| Leaf::Known(it.into_iter().map(Leaf::Known).collect());
        let mut said = Strategies::default();
        match self {
            Self::Rolling => said.rolling = Leaf::Known(Rolling {}),
            Self::BlueGreen { analysis } => {
                said.blue_green = Leaf::Known(BlueGreen { analysis: texts(analysis) });
            }
            Self::Canary { steps: all, wait, analysis } => {
                said.canary = Leaf::Known(Canary {
                    steps: steps(all),
                    wait: Leaf::Known(wait.to_string()),
                    analysis: Leaf::Known(analysis),
                });
            }
            Self::FeatureFlag { steps: all, wait, enable, disable, analysis } => {
                said.feature_flag = Leaf::Known(FeatureFlag {
                    steps: steps(all),
                    wait: Leaf::Known(wait.to_string()),
                    enable: Leaf::Known(enable),
                    disable: Leaf::Known(disable),
                    analysis: texts(analysis),
                });
            }
        }
        said
    }
}

/// Adds what is wrong with how long a strategy waits.
pub(in crate::pipeline) fn check_waits(
    strategy: &Strategy,
    most: Duration,
    path: &Path,
    problems: &mut Problems,
) {
    let waits = strategy.waits();
    if waits >= most {
        let message = format!("waits {waits} in all, and a deployment is ended after {most}");
        let cure = "wait less, take fewer steps, or raise `deploy_timeout`";
        problems.push(Problem::error(path.attribute("strategy"), message).cure(cure));
    }
}
