//! What holds of each decoder, whatever bytes it is given: one judge for each fuzz target.
//!
//! A judge panics where its law is broken. The fuzz targets call them, and so does the test that
//! replays the corpus, which includes this file by its path.

mod baseline;
mod configuration;
mod environment;
mod evaluator;
mod json;
mod msgpack;
mod plan;
mod settings;
mod suppressions;
mod syntax;
mod tf_json;
mod types;
mod yaml;

use stanchion_cty::spanned::MAX_DEPTH;
use stanchion_cty::{Kind, Value};

/// Makes a public function of each judge, and the list of them.
macro_rules! judges {
    ($($name:ident: $law:literal,)*) => {
        $(
            #[doc = $law]
            pub fn $name(bytes: &[u8]) {
                $name::judge(bytes);
            }
        )*

        /// Each judge by the name of its target, which is that of its corpus too.
        pub const JUDGES: &[(&str, fn(&[u8]))] = &[$((stringify!($name), $name),)*];
    };
}

judges! {
    msgpack: "What is read out of MessagePack is of the asked type, no larger than the message, and comes back.",
    json: "What is read out of JSON lies in the text, is of the asked type, and comes back; another reader agrees.",
    yaml: "What is read out of YAML lies in the text, is bounded, and comes back in both dialects.",
    syntax: "What is read of a configuration lies in the text, each part within what it is a part of; a comment behind it changes nothing.",
    evaluator: "What a configuration says comes out the same each time, is of its own type, and is known or told why it isn't.",
    tf_json: "What is no JSON is a fault, and blanks behind it change nothing; what is read evaluates as any configuration.",
    settings: "What is read of settings comes back when it is shown and read again; else a place in the text is told.",
    baseline: "What is read of a baseline comes back when it is written and read again.",
    plan: "What is read of a plan fills in values that are sound, and the same each time, whatever configuration it is of.",
    suppressions: "A suppression stands in a comment, within what it holds for, and what stands behind it changes nothing before.",
    environment: "A process serves exactly where the host asks for it, and else says why in one line.",
}

pub use types::split as split_type;

/// How many values a value holds, itself included.
fn size(value: &Value) -> usize {
    1 + value.parts().map(size).sum::<usize>()
}

/// How many values the deepest part of a value lies in.
fn depth(value: &Value) -> usize {
    value.parts().map(|it| 1 + depth(it)).max().unwrap_or(0)
}

/// Fails if a value holds more than so many values, or is nested deeper than any reader may.
fn bounded(value: &Value, most: usize) {
    assert!(size(value) <= most, "{} values, where {most} can be", size(value));
    assert!(depth(value) <= MAX_DEPTH, "nested {} deep", depth(value));
}

/// Whether some part of a value holds what the predicate asks for.
fn any(value: &Value, is: &impl Fn(&Kind) -> bool) -> bool {
    is(value.kind()) || value.parts().any(|it| any(it, is))
}
