//! The families: one file and one word each.

use std::time::Duration;

use stanchion_tests::Terraform;

use crate::suite::{self, Row};

macro_rules! families {
    ($($family:ident),+ $(,)?) => {
        $(mod $family;)+

        /// Every family, as what runs it on a Terraform.
        pub(crate) const FAMILIES: &[fn(&Terraform) -> (Vec<Row>, Duration)] =
            &[$(suite::run::<$family::Family>),+];
    };
}

families! {
    attributes,
    data_sources,
    ephemerals,
    functions,
    ranges,
    settings,
    spellings,
    write_only,
}
