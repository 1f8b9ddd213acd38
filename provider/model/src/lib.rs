//! What a pipeline is, and what a document is.
