//! When a pipeline runs: a list of events, each of which holds an attribute, writes it and reads it
//! back.
//!
//! A new event is a file below `trigger/` and a word in `events!`.

mod dispatch;
mod merge_group;
mod pull_request;
mod push;
mod schedule;

use stanchion_cty::schema::Block;
use stanchion_cty::spanned::Node;
use stanchion_cty::yaml::Item;
use stanchion_cty::{Path, Problem, Problems};

pub use dispatch::{Dispatch, Input, Inputs};
pub use merge_group::MergeGroup;
pub use pull_request::{PullRequest, PullRequests};
pub use push::{Push, Pushes};
pub use schedule::Schedule;

use super::lens::is_said;
use crate::NotKnown;

/// An event that a pipeline runs at.
trait Event: Clone + Default {
    /// What GitHub calls it.
    const NAME: &'static str;

    /// Whether it is said; `None`: that is not known.
    fn is_said(&self) -> Option<bool>;

    /// Adds what is wrong beyond the attributes' own checks.
    fn check(&self, _problems: &mut Problems) {}

    /// What stands under its name; nothing if the pipeline does not run at it.
    fn item(&self) -> Result<Option<Item>, NotKnown>;

    /// Reads what stands under its name, which may be nothing more than the name.
    fn read(found: &Node) -> Self;
}

/// Declares the events.
macro_rules! events {
    ($($field:ident: $event:ty),+ $(,)?) => {
        /// When a pipeline runs.
        #[derive(Clone, Debug, Default, PartialEq, Block)]
        pub struct Triggers {
            $(
                #[doc = concat!("The attributes of [`", stringify!($event), "`].")]
                #[attr(flatten)]
                pub $field: $event,
            )+
        }

        impl Triggers {
            fn are_said(&self) -> Vec<Option<bool>> {
                vec![$(self.$field.is_said()),+]
            }

            fn check_events(&self, problems: &mut Problems) {
                $(self.$field.check(problems);)+
            }

            /// What stands under `on`.
            pub(super) fn item(&self) -> Result<Item, NotKnown> {
                let mut events = Vec::new();
                $(events.extend(self.$field.item()?.map(|it| (<$event>::NAME, it)));)+
                Ok(Item::map(events))
            }

            /// What stands under `on`, read.
            pub(super) fn read(prior: Option<&Self>, found: &Node) -> Self {
                Self { $($field: read_event(prior.map(|it| &it.$field), found)),+ }
            }
        }
    };
}

events! {
    push: Push,
    pull_request: PullRequest,
    merge_group: MergeGroup,
    schedule: Schedule,
    dispatch: Dispatch,
}

impl Triggers {
    /// Whether pushes of certain tags start it.
    pub(super) fn are_tags(&self) -> bool {
        self.push.push.known().is_some_and(|it| it.tags.known().is_some())
    }

    /// Adds what is wrong.
    pub(super) fn check(&self, problems: &mut Problems) {
        if self.are_said().iter().all(|it| *it == Some(false)) {
            let path = Path::root().attribute("triggers");
            let cure = "say `push = {}` to run it at every push";
            problems.push(Problem::error(path, "must hold at least one trigger").cure(cure));
        }
        self.check_events(problems);
    }
}

/// Reads an event. Where that comes to the same as the prior, it is the prior to the letter.
fn read_event<E: Event>(prior: Option<&E>, on: &Node) -> E {
    let is_named = |it: &Node| it.as_str() == Some(E::NAME);
    let read = match on.get(E::NAME) {
        Some(found) => E::read(found),
        None if is_named(on) => E::read(on),
        None => match on.items().iter().find(|it| is_named(it)) {
            Some(found) => E::read(found),
            None => E::default(),
        },
    };
    match prior {
        Some(prior) if matches!((prior.item(), read.item()), (Ok(a), Ok(b)) if a == b) => {
            prior.clone()
        }
        _ => read,
    }
}
