//! Data sources that are computed here, as their providers compute them from their arguments alone.

mod policy_conditions;
mod policy_document;
mod policy_json;
mod policy_principals;
mod policy_statement;
mod set_order;

use std::collections::HashMap;

use stanchion_cty::Value;
use stanchion_lang::{DataSources, View};

/// All data sources that are computed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Computed;

impl DataSources for Computed {
    fn read(&self, ty: &str, view: &View<'_, '_>) -> Option<HashMap<String, Value>> {
        match ty {
            "aws_iam_policy_document" => Some(policy_document::attributes(view)),
            _ => None,
        }
    }
}
