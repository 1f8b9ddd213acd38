//! Railway, by its GraphQL API.

use stanchion_cty::schema::{Block, Leaf, not_blank};
use stanchion_cty::{Path, Problem, Problems};

use super::{Around, Beside, InPlace, Platform, in_place, is_beside, scripts, variables};
use crate::pipeline::expression::{expressions, one_line, plain};

/// A service of Railway.
///
/// It gets the new image and is deployed anew. The address at the end of the service's page at Railway
/// holds the ids.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Railway {
    /// The service's id.
    #[attr(required, check = not_blank(), check = plain(), check = one_line())]
    pub service: Leaf<String>,
    /// The id of Railway's environment. Without it, that of the token.
    #[attr(optional, check = not_blank(), check = plain(), check = one_line())]
    pub environment: Leaf<String>,
    /// What holds a project token, which Railway gives for one environment.
    #[attr(optional, default = "secrets.RAILWAY_TOKEN", check = expressions())]
    pub token_from: Leaf<String>,
}

impl Platform for Railway {
    const NAME: &'static str = "railway";

    variables! {
        "SERVICE": service, "ENVIRONMENT_ID": environment;
        "RAILWAY_TOKEN": token_from
    }

    fn refuses(strategy: &str) -> Option<&'static str> {
        is_beside(strategy).then_some(
            "can't put one beside the other, as Railway gives no weights to traffic: \
             say `rolling` or `feature_flag`",
        )
    }

    fn check(&self, around: &Around<'_>, at: &Path, problems: &mut Problems) {
        if around.has_image == Some(false) {
            let says = "needs an image, which is what the service gets";
            problems.push(Problem::error(at.clone(), says).cure("say `image` of the deployment"));
        }
    }

    const IN_PLACE: InPlace = in_place!("railway/" after ["railway/api.sh"]);
    const BESIDE: Option<Beside> = None;
}
