//! Where a deployment runs: a list of platforms, each of which has its attributes and the scripts that
//! move the traffic there.
//!
//! A new platform is a file below `platform/`, a folder with its scripts, and a word in `platforms!`.
//!
//! A script is a whole step, or the end of one: bash with `-eo pipefail`, which gets all that it needs in
//! environment variables. These are `IMAGE` (with its digest; empty where there is none), the platform's
//! own [`Platform::VARIABLES`] and [`Platform::EXPRESSIONS`], in every deed but the first `FORMER`, and
//! `WEIGHT` where the traffic is shifted.

mod command;
mod ecs;
mod kubernetes;
mod railway;
mod vercel;

use stanchion_cty::schema::{Block, Leaf, exactly_one};
use stanchion_cty::{Path, Problem, Problems, Value};

pub use command::Command;
pub use ecs::Ecs;
pub use kubernetes::Kubernetes;
pub use railway::Railway;
pub use vercel::Vercel;

/// What a platform is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Says in the step's output `former` what runs now; empty where nothing does.
    Former,
    /// The new one takes the place of what runs, and is healthy.
    Deploy,
    /// The new one is healthy beside what runs, without any traffic.
    Stage,
    /// `WEIGHT` percent of the traffic go to the staged one.
    Shift,
    /// The staged one, which has all of the traffic, is from now on what runs.
    Settle,
    /// `FORMER` has all of the traffic again, from whichever state. Nothing happens where what runs is
    /// neither `FORMER` nor the new one.
    Rollback,
}

/// A place where deployments run.
pub trait Platform: Block + Clone + Default + PartialEq {
    /// What it is called in a configuration.
    const NAME: &'static str;

    /// What the scripts read: the environment variable, and the attribute that gives its text.
    const VARIABLES: &'static [(&'static str, &'static str)];

    /// The same for attributes that are expressions, which GitHub evaluates.
    const EXPRESSIONS: &'static [(&'static str, &'static str)];

    /// The attributes of [`Platform::VARIABLES`], in that order.
    fn variables(&self) -> Vec<&Leaf<String>>;

    /// The attributes of [`Platform::EXPRESSIONS`], in that order.
    fn expressions(&self) -> Vec<&Leaf<String>>;

    /// The same, to be set: first the variables, then the expressions.
    fn all_mut(&mut self) -> Vec<&mut Leaf<String>>;

    /// Why a strategy can't be carried out here, with the cure; `None`: it can.
    fn refuses(strategy: &str) -> Option<&'static str>;

    /// Adds what is wrong beyond the attributes' own checks. `at` is where the platform is said.
    fn check(&self, around: &Around<'_>, at: &Path, problems: &mut Problems);

    /// The scripts with which it replaces what runs.
    const IN_PLACE: InPlace;

    /// The scripts with which it moves the traffic from one to the other; `None` where it refuses all
    /// strategies that need them.
    const BESIDE: Option<Beside>;
}

/// The scripts with which a platform replaces what runs.
#[derive(Clone, Copy, Debug)]
pub struct InPlace {
    former: &'static str,
    deploy: &'static str,
    rollback: &'static str,
}

/// The scripts with which a platform puts the new one beside the former, and moves the traffic there.
#[derive(Clone, Copy, Debug)]
pub struct Beside {
    former: &'static str,
    stage: &'static str,
    shift: &'static str,
    settle: &'static str,
    rollback: &'static str,
}

/// The script of a deed under a strategy; `None` where the platform has no such deed.
fn script_of<P: Platform>(strategy: &str, deed: Deed) -> Option<&'static str> {
    if P::refuses(strategy).is_some() {
        return None;
    }
    if is_beside(strategy) {
        let it = P::BESIDE?;
        match deed {
            Deed::Former => Some(it.former),
            Deed::Stage => Some(it.stage),
            Deed::Shift => Some(it.shift),
            Deed::Settle => Some(it.settle),
            Deed::Rollback => Some(it.rollback),
            Deed::Deploy => None,
        }
    } else {
        let it = P::IN_PLACE;
        match deed {
            Deed::Former => Some(it.former),
            Deed::Deploy => Some(it.deploy),
            Deed::Rollback => Some(it.rollback),
            Deed::Stage | Deed::Shift | Deed::Settle => None,
        }
    }
}

/// What a platform's check must know of the deployment around it.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    /// `rolling`, `blue_green`, `canary` or `feature_flag`.
    pub strategy: &'a str,
    /// Whether the deployment has an image; `None`: that is not known.
    pub has_image: Option<bool>,
    /// Whether its jobs log in to AWS; `None`: that is not known.
    pub has_aws: Option<bool>,
}

/// Whether a strategy puts the new one beside the former, and then moves the traffic.
fn is_beside(strategy: &str) -> bool {
    ["blue_green", "canary"].contains(&strategy)
}

/// Writes the parts of a [`Platform`] that follow from which attribute is which variable.
macro_rules! variables {
    ($($name:literal: $field:ident),* ; $($from:literal: $expression:ident),*) => {
        const VARIABLES: &'static [(&'static str, &'static str)] =
            &[$(($name, stringify!($field))),*];
        const EXPRESSIONS: &'static [(&'static str, &'static str)] =
            &[$(($from, stringify!($expression))),*];

        fn variables(&self) -> Vec<&stanchion_cty::schema::Leaf<String>> {
            vec![$(&self.$field),*]
        }

        fn expressions(&self) -> Vec<&stanchion_cty::schema::Leaf<String>> {
            vec![$(&self.$expression),*]
        }

        fn all_mut(&mut self) -> Vec<&mut stanchion_cty::schema::Leaf<String>> {
            vec![$(&mut self.$field,)* $(&mut self.$expression),*]
        }
    };
}
use variables;

/// The scripts of deeds out of the files of a folder, each after those that they share.
macro_rules! scripts {
    ($kind:ident { $($deed:ident),+ } in $folder:literal after $shared:tt) => {
        $kind { $($deed: scripts!(stringify!($deed), $folder, $shared)),+ }
    };
    ($deed:expr, $folder:literal, [$($shared:literal),+]) => {
        concat!($(include_str!($shared), "\n",)+ include_str!(concat!($folder, $deed, ".sh")))
    };
}
use scripts;

/// An [`InPlace`] out of the files of a folder.
macro_rules! in_place {
    ($folder:literal after $shared:tt) => {
        scripts!(InPlace { former, deploy, rollback } in $folder after $shared)
    };
}
use in_place;

/// A [`Beside`] out of the files of a folder.
macro_rules! beside {
    ($folder:literal after $shared:tt) => {
        scripts!(Beside { former, stage, shift, settle, rollback } in $folder after $shared)
    };
}
use beside;

/// Declares the platforms.
macro_rules! platforms {
    ($($(#[$doc:meta])+ $field:ident: $platform:ty),+ $(,)?) => {
        /// Where a deployment runs. Exactly one of them.
        #[derive(Clone, Debug, Default, PartialEq, Block)]
        #[block(check = is_one)]
        pub struct Platforms {
            $($(#[$doc])+ #[attr(optional)] pub $field: Leaf<$platform>,)+
        }

        /// The platforms' names.
        pub const NAMES: &[&str] = &[$(<$platform>::NAME),+];

        /// The script of a deed on the platform of that name; `None` where it has no such deed.
        #[must_use]
        pub fn script(platform: &str, strategy: &str, deed: Deed) -> Option<&'static str> {
            match platform {
                $(<$platform>::NAME => script_of::<$platform>(strategy, deed),)+
                _ => None,
            }
        }

        /// Why the platform of that name can't carry out a strategy, with the cure; `None`: it can.
        #[must_use]
        pub fn refuses(platform: &str, strategy: &str) -> Option<&'static str> {
            match platform {
                $(<$platform>::NAME => <$platform>::refuses(strategy),)+
                _ => None,
            }
        }

        impl Platforms {
            /// The name of the one that is said, and its environment variables: first those with texts,
            /// then those with expressions. `None` where none is known.
            #[must_use]
            pub fn said(&self) -> Option<Said<'_>> {
                $(if let Some(it) = self.$field.known() {
                    return Some(Said {
                        name: <$platform>::NAME,
                        variables: named(<$platform>::VARIABLES, it.variables()),
                        expressions: named(<$platform>::EXPRESSIONS, it.expressions()),
                    });
                })+
                None
            }

            /// The platform of that name as a workflow says it, by the values of its environment
            /// variables; `None` if there is no such platform.
            #[must_use]
            pub fn of(
                name: &str,
                value: &dyn Fn(&str) -> Leaf<String>,
                expression: &dyn Fn(&str) -> Leaf<String>,
            ) -> Option<Self> {
                let mut all = Self::default();
                match name {
                    $(<$platform>::NAME => {
                        let mut it = <$platform>::default();
                        let values = <$platform>::VARIABLES.iter().map(|(name, _)| value(name));
                        let read = values
                            .chain(<$platform>::EXPRESSIONS.iter().map(|(name, _)| expression(name)));
                        it.all_mut().into_iter().zip(read.collect::<Vec<_>>()).for_each(|(to, it)| *to = it);
                        all.$field = Leaf::Known(it);
                    })+
                    _ => return None,
                }
                Some(all)
            }

            /// Adds what is wrong beyond the attributes' own checks. `at` is where the platforms are said.
            pub fn check(&self, around: &Around<'_>, at: &Path, problems: &mut Problems) {
                $(if let Some(it) = self.$field.known() {
                    let at = at.attribute(<$platform>::NAME);
                    match <$platform>::refuses(around.strategy) {
                        Some(reason) => problems.push(Problem::error(at, reason)),
                        None => it.check(around, &at, problems),
                    }
                })+
            }
        }
    };
}

fn is_one(value: &Value, path: &Path) -> Problems {
    exactly_one(value, path, NAMES)
}

/// The platform that a deployment says.
#[derive(Clone, Debug, PartialEq)]
pub struct Said<'a> {
    /// What it is called.
    pub name: &'static str,
    /// Environment variables and the texts in them.
    pub variables: Vec<(&'static str, &'a Leaf<String>)>,
    /// Environment variables and the expressions that GitHub evaluates for them.
    pub expressions: Vec<(&'static str, &'a Leaf<String>)>,
}

fn named<'a>(
    names: &'static [(&'static str, &'static str)],
    values: Vec<&'a Leaf<String>>,
) -> Vec<(&'static str, &'a Leaf<String>)> {
    names.iter().map(|(name, _)| *name).zip(values).collect()
}

platforms! {
    /// A service of Amazon ECS; for strategies beside, two services behind a load balancer's rule.
    ecs: Ecs,
    /// A Deployment of Kubernetes; for strategies beside, two of them behind an HTTPRoute.
    kubernetes: Kubernetes,
    /// A service of Railway.
    railway: Railway,
    /// A project of Vercel.
    vercel: Vercel,
    /// Anywhere else, by commands of one's own.
    command: Command,
}

/// Adds that an attribute is missing which a strategy needs.
fn needs(leaf: &Leaf<String>, name: &'static str, why: &str, at: &Path, problems: &mut Problems) {
    if leaf.is_null() {
        problems.push(Problem::error(at.attribute(name), format!("must be said: {why}")));
    }
}

#[cfg(test)]
mod tests;
