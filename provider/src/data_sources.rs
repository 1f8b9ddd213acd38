//! What is read and never changed: the list of data sources.

mod workflow;

use stanchion_cty::schema::{Block, Object};
use stanchion_framework::{AnyDataSource, DataSource, data_source};

use crate::provider::Stanchion;

/// Declares the data sources. Each is one word here and one file.
macro_rules! data_sources {
    ($($name:ident),+ $(,)?) => {
        pub(crate) fn data_sources() -> Vec<AnyDataSource<Stanchion>> {
            vec![$(data_source($name::It)),+]
        }

        /// Each data source's name and declaration, for its page.
        #[must_use]
        pub fn data_source_pages() -> Vec<(&'static str, std::sync::Arc<Object>)> {
            vec![$((
                <$name::It as DataSource<Stanchion>>::TYPE,
                <<$name::It as DataSource<Stanchion>>::State as Block>::object(),
            )),+]
        }
    };
}

data_sources! { workflow }
