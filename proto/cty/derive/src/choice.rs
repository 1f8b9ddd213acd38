//! The code that `#[derive(Choice)]` writes.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt as _;
use syn::{Data, DeriveInput, Fields, Ident, Type, Variant};

use crate::attribute::docs;

pub(crate) fn choice(input: &DeriveInput) -> syn::Result<TokenStream> {
    let Data::Enum(data) = &input.data else {
        return Err(syn::Error::new_spanned(&input.ident, "a Choice is an enum"));
    };
    if data.variants.is_empty() {
        return Err(syn::Error::new_spanned(&input.ident, "a Choice has something to choose"));
    }
    let types = data.variants.iter().map(only_field).collect::<syn::Result<Vec<&Type>>>()?;
    let variants: Vec<&Ident> = data.variants.iter().map(|it| &it.ident).collect();
    let names: Vec<String> =
        variants.iter().map(|it| snake_case(&it.unraw().to_string())).collect();
    let texts = data.variants.iter().map(|it| docs(&it.attrs));
    let arms = variants.iter().zip(&names).zip(&types).enumerate().map(|(i, ((it, name), ty))| {
        // The position is one of those of `NAMES`, so that the last needs no pattern of its own.
        let pattern = if i + 1 == variants.len() { quote!(_) } else { quote!(#i) };
        quote!(#pattern => <#ty as ::stanchion_cty::schema::Shape>::decode(
            value, &path.attribute(#name),
        ).map(Self::#it))
    });
    let name = &input.ident;
    let about = docs(&input.attrs);
    Ok(quote! {
        impl ::stanchion_cty::schema::Shape for #name {
            fn kind() -> ::stanchion_cty::schema::AttributeKind {
                static OBJECT: ::std::sync::LazyLock<
                    ::std::sync::Arc<::stanchion_cty::schema::Object>,
                > = ::std::sync::LazyLock::new(|| {
                    ::std::sync::Arc::new(::stanchion_cty::schema::choice_object(
                        #about,
                        ::std::vec![#((
                            #names,
                            #texts,
                            <#types as ::stanchion_cty::schema::Shape>::kind(),
                        )),*],
                        |value, path| {
                            ::stanchion_cty::schema::exactly_one(value, path, &[#(#names),*])
                        },
                    ))
                });
                ::stanchion_cty::schema::AttributeKind::Nested(
                    ::stanchion_cty::schema::Nesting::Single,
                    ::std::sync::Arc::clone(&OBJECT),
                )
            }

            fn ty() -> ::stanchion_cty::Type {
                <Self as ::stanchion_cty::schema::Shape>::kind().ty()
            }

            fn decode(
                value: &::stanchion_cty::Value,
                path: &::stanchion_cty::Path,
            ) -> ::std::result::Result<Self, ::stanchion_cty::Problems> {
                let (chosen, value) =
                    ::stanchion_cty::schema::chosen(value, path, &[#(#names),*])?;
                match chosen {
                    #(#arms,)*
                }
            }

            fn encode(&self) -> ::stanchion_cty::Value {
                let (chosen, value) = match self {
                    #(Self::#variants(it) => {
                        (#names, ::stanchion_cty::schema::Shape::encode(it))
                    })*
                };
                ::stanchion_cty::Value::object([
                    #((
                        #names,
                        if chosen == #names {
                            ::std::clone::Clone::clone(&value)
                        } else {
                            ::stanchion_cty::Value::null(
                                <#types as ::stanchion_cty::schema::Shape>::ty(),
                            )
                        },
                    )),*
                ])
            }
        }
    })
}

fn only_field(variant: &Variant) -> syn::Result<&Type> {
    match &variant.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Ok(&fields.unnamed[0].ty),
        _ => Err(syn::Error::new_spanned(variant, "each choice holds one value: `Canary(Canary)`")),
    }
}

/// `BlueGreen` as `blue_green`.
fn snake_case(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}
