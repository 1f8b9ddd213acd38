//! From what a configuration says to the workflow that the provider writes for it.

use serde_json::Value;
use stanchion_cty::schema::{Block, decode_object, validate};
use stanchion_cty::{Path, json as cty_json};
use stanchion_model::{Document, Pipeline};

/// Decodes what a configuration says, which must be right in every respect.
pub(crate) fn pipeline(said: &Value) -> Pipeline {
    let value = cty_json::decode(&said.to_string(), &Pipeline::object_type()).unwrap();
    let told = validate(&Pipeline::object(), &value);
    assert!(told.is_empty(), "{said:#}: {told:?}");
    let pipeline: Pipeline = decode_object(&value, &Path::root()).unwrap();
    let told = pipeline.check();
    assert!(!told.has_error(), "{said:#}: {told:?}");
    pipeline
}

/// The workflow of a pipeline.
pub(crate) fn rendered(pipeline: &Pipeline) -> String {
    pipeline.render().text().into_known().unwrap()
}
