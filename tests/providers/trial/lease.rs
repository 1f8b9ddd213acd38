//! An ephemeral resource: a token that must be renewed every second.

use jiff::{SignedDuration, Timestamp};
use stanchion_cty::Problems;
use stanchion_cty::schema::{Block, Leaf, Secret};
use stanchion_framework::{Context, Ephemeral, Opened, Private, Renewed};

use crate::Trial;
use crate::store::panic_in_validate;

/// A token for a while.
#[derive(Clone, Block)]
pub(crate) struct Lease {
    /// What it is called.
    name: String,
    /// The token, where it is not to be made up.
    #[attr(optional)]
    wanted: Option<Secret>,
    /// For how many seconds it is good.
    #[attr(optional, default = 1)]
    seconds: i64,
    /// The token.
    #[attr(computed, sensitive)]
    token: Leaf<Secret>,
}

pub(crate) struct Leases;

impl Ephemeral<Trial> for Leases {
    const TYPE: &'static str = "trial_lease";
    type State = Lease;

    fn validate(&self, config: &Lease) -> Problems {
        panic_in_validate(&config.name.clone().into());
        Problems::new()
    }

    async fn open(
        &self,
        config: Lease,
        cx: &mut Context<Trial>,
    ) -> Result<Opened<Lease>, Problems> {
        cx.client().begin_or_panic("open", &config.name)?;
        let token = config.wanted.clone().unwrap_or_else(|| Secret::new("made up"));
        let mut private = Private::default();
        private.set("name", &*config.name);
        private.set("seconds", config.seconds.to_string());
        let renew_at = Some(after(cx.now(), config.seconds));
        let result = Lease { token: token.into(), ..config };
        Ok(Opened { result, renew_at, private })
    }

    async fn renew(&self, private: Private, cx: &mut Context<Trial>) -> Result<Renewed, Problems> {
        let name = private.get("name").unwrap_or("nobody");
        cx.client().begin_or_panic("renew", name)?;
        let seconds = private.get("seconds").and_then(|it| it.parse().ok()).unwrap_or(1);
        Ok(Renewed { renew_at: Some(after(cx.now(), seconds)), private })
    }

    async fn close(&self, private: Private, cx: &mut Context<Trial>) -> Result<(), Problems> {
        let name = private.get("name").unwrap_or("nobody");
        cx.client().begin_or_panic("close", name).map_err(Problems::from)
    }
}

fn after(now: Timestamp, seconds: i64) -> Timestamp {
    now.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(now)
}
