//! The families: one file and one word each.

use std::time::Duration;

use stanchion_tests::Terraform;

use crate::suite::{self, Row};

/// Runs a family on a Terraform, and says how long that took.
pub(crate) type Runner = fn(&Terraform) -> (Vec<Row>, Duration);

macro_rules! families {
    ($($family:ident),+ $(,)?) => {
        $(mod $family;)+

        /// Every family: its name, and what runs it on a Terraform.
        pub(crate) const FAMILIES: &[(&str, Runner)] = &[$((
            <$family::Family as suite::Family>::NAME,
            suite::run::<$family::Family>,
        )),+];
    };
}

families! {
    attributes,
    blocks,
    computed,
    data_sources,
    ephemerals,
    failures,
    functions,
    identities,
    imports,
    interruptions,
    mistakes,
    moves,
    nested,
    operations,
    panics,
    plain_objects,
    ranges,
    settings,
    spellings,
    stored_states,
    write_once,
    write_only,
    write_only_returned,
}
