//! From what a configuration says to the workflow that the provider writes for it.

use serde_json::Value;
use stanchion_cty::schema::{Block, decode_object, validate};
use stanchion_cty::{Path, Problems, json as cty_json};
use stanchion_model::{Document, Pipeline};

/// Decodes what a configuration says, which must be right in every respect.
pub(crate) fn pipeline(said: &Value) -> Pipeline {
    judged(said).unwrap_or_else(|told| panic!("{said:#}: {told:?}"))
}

/// Decodes what a configuration says; what is wrong with it where something is.
pub(crate) fn judged(said: &Value) -> Result<Pipeline, Problems> {
    let value = cty_json::decode(&said.to_string(), &Pipeline::object_type()).unwrap();
    let told = validate(&Pipeline::object(), &value);
    if !told.is_empty() {
        return Err(told);
    }
    let pipeline: Pipeline = decode_object(&value, &Path::root())?;
    let told = pipeline.check();
    if told.has_error() { Err(told) } else { Ok(pipeline) }
}

/// The workflow of a pipeline.
pub(crate) fn rendered(pipeline: &Pipeline) -> String {
    pipeline.render().text().into_known().unwrap()
}
