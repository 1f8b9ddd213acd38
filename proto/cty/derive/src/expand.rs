//! The code that `#[derive(Block)]` writes.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Data, DeriveInput, Expr, Fields, GenericArgument, Meta, PathArguments, Token, Type,
    punctuated::Punctuated,
};

use crate::attribute::{Attribute, docs};

pub(crate) fn block(input: &DeriveInput) -> syn::Result<TokenStream> {
    let Data::Struct(data) = &input.data else {
        return Err(syn::Error::new_spanned(&input.ident, "a Block is a struct"));
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(syn::Error::new_spanned(&input.ident, "a Block's fields have names"));
    };
    let fields: Vec<(Attribute, &Type)> = fields
        .named
        .iter()
        .map(|it| Attribute::read(it).map(|read| (read, &it.ty)))
        .collect::<syn::Result<_>>()?;
    refuse_second_names(&fields)?;

    let name = &input.ident;
    let about = docs(&input.attrs);
    let checks = object_checks(input)?;
    let declared = fields.iter().map(|(it, ty)| declaration(it, ty));
    let typed = fields.iter().map(|(it, ty)| attribute_type(it, ty));
    let decoded = fields.iter().map(|(it, ty)| decoding(it, ty));
    let names = fields.iter().map(|(it, _)| &it.field);
    let all = fields.iter().map(|(it, _)| &it.field);
    let encoded = fields.iter().map(|(it, ty)| encoding(it, ty));
    let unwrapped = fields.iter().map(|(it, _)| &it.field);

    // A field may be called as an argument is, so those of the decoding function are told apart.
    Ok(quote! {
        impl ::stanchion_cty::schema::Block for #name {
            fn object() -> ::std::sync::Arc<::stanchion_cty::schema::Object> {
                static OBJECT: ::std::sync::LazyLock<
                    ::std::sync::Arc<::stanchion_cty::schema::Object>,
                > = ::std::sync::LazyLock::new(|| {
                    let mut attributes = ::std::vec::Vec::new();
                    #(#declared)*
                    ::std::sync::Arc::new(::stanchion_cty::schema::Object {
                        docs: ::std::borrow::Cow::Borrowed(#about),
                        attributes,
                        checks: ::std::vec![#(#checks),*],
                    })
                });
                ::std::sync::Arc::clone(&OBJECT)
            }

            fn object_type() -> ::stanchion_cty::Type {
                static TYPE: ::std::sync::LazyLock<::stanchion_cty::Type> =
                    ::std::sync::LazyLock::new(|| {
                        let mut attributes: ::std::vec::Vec<(
                            ::std::sync::Arc<str>,
                            ::stanchion_cty::Type,
                        )> = ::std::vec::Vec::new();
                        #(#typed)*
                        ::stanchion_cty::Type::object(attributes)
                    });
                ::std::clone::Clone::clone(&TYPE)
            }

            fn decode_fields(
                __attributes: &::stanchion_cty::Entries,
                __path: &::stanchion_cty::Path,
                __problems: &mut ::stanchion_cty::Problems,
            ) -> ::std::option::Option<Self> {
                #(let #names = #decoded;)*
                ::std::option::Option::Some(Self { #(#all: #unwrapped?),* })
            }

            fn encode_fields(
                &self,
                attributes: &mut ::std::collections::BTreeMap<
                    ::std::sync::Arc<str>,
                    ::stanchion_cty::Value,
                >,
            ) {
                #(#encoded)*
            }
        }

        impl ::stanchion_cty::schema::Shape for #name {
            fn kind() -> ::stanchion_cty::schema::AttributeKind {
                ::stanchion_cty::schema::AttributeKind::Nested(
                    ::stanchion_cty::schema::Nesting::Single,
                    <Self as ::stanchion_cty::schema::Block>::object(),
                )
            }

            fn ty() -> ::stanchion_cty::Type {
                <Self as ::stanchion_cty::schema::Block>::object_type()
            }

            fn decode(
                value: &::stanchion_cty::Value,
                path: &::stanchion_cty::Path,
            ) -> ::std::result::Result<Self, ::stanchion_cty::Problems> {
                ::stanchion_cty::schema::decode_object(value, path)
            }

            fn encode(&self) -> ::stanchion_cty::Value {
                ::stanchion_cty::schema::Block::encode_value(self)
            }
        }
    })
}

fn refuse_second_names(fields: &[(Attribute, &Type)]) -> syn::Result<()> {
    let mut names = HashSet::new();
    match fields.iter().find(|(it, _)| !it.flatten && !names.insert(&it.name)) {
        Some((it, _)) => {
            let message = format!("there is another attribute of the name {}", it.name);
            Err(syn::Error::new_spanned(&it.field, message))
        }
        None => Ok(()),
    }
}

fn object_checks(input: &DeriveInput) -> syn::Result<Vec<Expr>> {
    let mut checks = Vec::new();
    for attribute in input.attrs.iter().filter(|it| it.path().is_ident("block")) {
        let said = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)?;
        for meta in said {
            match meta {
                Meta::NameValue(it) if it.path.is_ident("check") => checks.push(it.value),
                other => {
                    return Err(syn::Error::new_spanned(other, "is no word of #[block(…)]"));
                }
            }
        }
    }
    Ok(checks)
}

fn declaration(it: &Attribute, ty: &Type) -> TokenStream {
    if it.flatten {
        return quote! {
            attributes.extend(
                <#ty as ::stanchion_cty::schema::Block>::object().attributes.iter().cloned(),
            );
        };
    }
    let Attribute { name, docs, sensitive, write_only, replace, variadic, .. } = it;
    let Attribute { block, identity, .. } = it;
    let presence = match (it.optional, it.computed) {
        (false, false) => quote!(Required),
        (true, false) => quote!(Optional),
        (false, true) => quote!(Computed),
        (true, true) => quote!(OptionalComputed),
    };
    let follows = if it.keep {
        quote!(Nothing)
    } else if it.follows.is_empty() {
        quote!(Anything)
    } else {
        let names = &it.follows;
        quote!(Names(::std::vec![#(::std::borrow::Cow::Borrowed(#names)),*]))
    };
    let default = option(it.default.as_ref().map(|default| {
        quote!(::stanchion_cty::schema::Shape::encode(
            &<#ty as ::std::convert::From<_>>::from(#default)
        ))
    }));
    let env = option(it.env.as_ref().map(|it| quote!(::std::borrow::Cow::Borrowed(#it))));
    let same = match &it.same {
        Some(it) => quote!(::std::option::Option::Some(#it as ::stanchion_cty::schema::Same)),
        None => quote!(<#ty as ::stanchion_cty::schema::Shape>::same()),
    };
    let deprecated =
        option(it.deprecated.as_ref().map(|it| quote!(::std::borrow::Cow::Borrowed(#it))));
    let checks = &it.checks;
    // Further arguments are given one by one, so it is the element that takes null or does not.
    let given = if *variadic { element(ty).unwrap_or(ty) } else { ty };
    quote! {
        attributes.push(::stanchion_cty::schema::Attribute {
            name: ::std::borrow::Cow::Borrowed(#name),
            docs: ::std::borrow::Cow::Borrowed(#docs),
            kind: <#ty as ::stanchion_cty::schema::Shape>::kind(),
            presence: ::stanchion_cty::schema::Presence::#presence,
            default: #default,
            env: #env,
            sensitive: #sensitive,
            write_only: #write_only,
            replace: #replace,
            follows: ::stanchion_cty::schema::Follows::#follows,
            checks: ::std::vec![#(#checks),*],
            same: #same,
            deprecated: #deprecated,
            identity: #identity,
            block: #block,
            variadic: #variadic,
            takes_null: <#given as ::stanchion_cty::schema::Shape>::takes_null(),
            takes_unknown: <#given as ::stanchion_cty::schema::Shape>::takes_unknown(),
        });
    }
}

/// `T` of a `Vec<T>`.
fn element(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|it| match it {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

fn attribute_type(it: &Attribute, ty: &Type) -> TokenStream {
    let name = &it.name;
    if it.flatten {
        quote! {
            if let ::stanchion_cty::Type::Object(object) =
                <#ty as ::stanchion_cty::schema::Block>::object_type()
            {
                attributes.extend(object.iter().map(|(name, it)| (name.clone(), it.ty.clone())));
            }
        }
    } else {
        quote! {
            attributes.push((
                ::std::sync::Arc::<str>::from(#name),
                <#ty as ::stanchion_cty::schema::Shape>::ty(),
            ));
        }
    }
}

fn decoding(it: &Attribute, ty: &Type) -> TokenStream {
    let name = &it.name;
    if it.flatten {
        quote!(<#ty as ::stanchion_cty::schema::Block>::decode_fields(
            __attributes, __path, __problems,
        ))
    } else {
        quote!(::stanchion_cty::schema::decode_attribute::<#ty>(
            __attributes, #name, __path, __problems,
        ))
    }
}

fn encoding(it: &Attribute, ty: &Type) -> TokenStream {
    let Attribute { field, name, .. } = it;
    if it.flatten {
        quote!(<#ty as ::stanchion_cty::schema::Block>::encode_fields(&self.#field, attributes);)
    } else {
        quote! {
            attributes.insert(
                ::std::sync::Arc::<str>::from(#name),
                ::stanchion_cty::schema::Shape::encode(&self.#field),
            );
        }
    }
}

fn option(tokens: Option<TokenStream>) -> TokenStream {
    match tokens {
        Some(it) => quote!(::std::option::Option::Some(#it)),
        None => quote!(::std::option::Option::None),
    }
}
