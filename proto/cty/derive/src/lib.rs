//! `#[derive(Block)]`: a struct's fields, declared once, as attributes of a Terraform object; and
//! `#[derive(Choice)]`: an enum as an object of which one attribute is set.
//!
//! What may stand in `#[attr(…)]` is told where the trait is: `stanchion_cty::schema::Block`.

mod attribute;
mod choice;
mod expand;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Implements `stanchion_cty::schema::Block` and `Shape` for a struct with named fields.
#[proc_macro_derive(Block, attributes(attr, block))]
pub fn derive_block(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::block(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Implements `stanchion_cty::schema::Shape` for an enum each of whose variants holds one value: as
/// an object with an optional attribute for each variant, of which exactly one is set.
#[proc_macro_derive(Choice)]
pub fn derive_choice(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    choice::choice(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

#[cfg(test)]
mod tests;
