//! `#[derive(Block)]`: a struct's fields, declared once, as attributes of a Terraform object.
//!
//! What may stand in `#[attr(…)]` is told where the trait is: `stanchion_cty::schema::Block`.

mod attribute;
mod expand;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Implements `stanchion_cty::schema::Block` and `Shape` for a struct with named fields.
#[proc_macro_derive(Block, attributes(attr, block))]
pub fn derive_block(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::block(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}
