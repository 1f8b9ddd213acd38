//! Vercel, by its command line.

use stanchion_cty::schema::{Block, Leaf, matches};
use stanchion_cty::{Path, Problem, Problems};

use super::{Around, Beside, InPlace, Platform, beside, in_place, scripts, variables};
use crate::pipeline::expression::{expressions, one_line, plain};

/// A project of Vercel.
///
/// It is built in the job, unless a folder `.vercel/output` is there already, and deployed without a
/// domain; then the production domains are led to it.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Vercel {
    /// The project's id: `prj_…`, in its settings.
    #[attr(required, check = plain(), check = one_line(), check = is_id())]
    pub project: Leaf<String>,
    /// The id of the team, or of the user, whose project it is: `team_…`.
    #[attr(required, check = plain(), check = one_line(), check = is_id())]
    pub team: Leaf<String>,
    /// What holds a token.
    #[attr(optional, default = "secrets.VERCEL_TOKEN", check = expressions())]
    pub token_from: Leaf<String>,
}

/// It becomes part of an address.
fn is_id() -> stanchion_cty::schema::Check {
    matches("must be an id of Vercel's: letters, digits, `_` and `-`", |it| {
        let bare = it.replace("{environment}", "x");
        !bare.is_empty() && bare.chars().all(|it| it.is_ascii_alphanumeric() || "_-".contains(it))
    })
}

impl Platform for Vercel {
    const NAME: &'static str = "vercel";

    variables! {
        "VERCEL_PROJECT_ID": project, "VERCEL_ORG_ID": team;
        "VERCEL_TOKEN": token_from
    }

    fn refuses(strategy: &str) -> Option<&'static str> {
        (strategy == "canary").then_some(
            "can't take its steps one by one, as the steps of Vercel's rolling releases are set in \
             its project: say `rolling`, `blue_green` or `feature_flag`",
        )
    }

    fn check(&self, around: &Around<'_>, at: &Path, problems: &mut Problems) {
        if around.has_image == Some(true) {
            let says = "gets what the job builds, not an image";
            let cure = "leave `image` of the deployment out";
            problems.push(Problem::error(at.clone(), says).cure(cure));
        }
    }

    const IN_PLACE: InPlace = in_place!("vercel/" after ["vercel/client.sh"]);
    const BESIDE: Option<Beside> = Some(beside!("vercel/" after ["vercel/client.sh"]));
}
