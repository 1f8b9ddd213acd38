//! What the derive refuses, and the words in which it does.

use syn::{DeriveInput, parse_quote};

use crate::choice::choice;
use crate::expand::block;

fn refused(input: &DeriveInput) -> String {
    block(input).map_or_else(|it| it.to_string(), |_| "taken".to_owned())
}

/// What a field is refused for that says these words.
macro_rules! field {
    ($($words:tt)*) => {
        refused(&parse_quote!(
            struct A {
                #[attr($($words)*)]
                a: Leaf<String>,
            }
        ))
    };
}

#[test]
fn only_a_struct_with_named_fields_is_a_block() {
    assert_eq!(
        refused(&parse_quote!(
            struct A {}
        )),
        "taken"
    );
    assert_eq!(
        refused(&parse_quote!(
            enum A {}
        )),
        "a Block is a struct"
    );
    assert_eq!(
        refused(&parse_quote!(
            struct A(String);
        )),
        "a Block's fields have names"
    );
    assert_eq!(
        refused(&parse_quote!(
            struct A;
        )),
        "a Block's fields have names"
    );
}

#[test]
fn what_is_no_word_is_refused() {
    let unknown = "is no word of #[attr(…)] in this form";
    assert_eq!(field!(optional), "taken");
    assert_eq!(field!(optionnal), unknown);
    assert_eq!(field!(optional = true), unknown);
    assert_eq!(field!(default), unknown);
    assert_eq!(field!(follows = a), unknown);
    assert_eq!(field!(env = NAME), "say a text in quotes");
    assert_eq!(field!(same = 1), "name a function");
    let wrong = parse_quote!(
        #[block(checks = a)]
        struct A {}
    );
    assert_eq!(refused(&wrong), "is no word of #[block(…)]");
}

#[test]
fn words_that_contradict_each_other_are_refused() {
    assert_eq!(field!(required, optional), "required stands alone");
    assert_eq!(field!(default = 1), "a default is for an optional attribute");
    assert_eq!(field!(optional, default = 1), "taken");
    assert_eq!(field!(optional, computed, default = 1), "a default leaves nothing to compute");
    assert_eq!(field!(write_only, computed), "what is write_only can't be computed");
    assert_eq!(field!(optional, write_only, default = "a"), "what is write_only has no default");
    assert_eq!(field!(computed, keep, follows(b)), "keep follows nothing");
    assert_eq!(field!(keep), "keep and follows are for computed attributes");
    assert_eq!(field!(optional, follows(b)), "keep and follows are for computed attributes");
    assert_eq!(field!(flatten), "taken");
    assert_eq!(field!(flatten, block), "flatten stands alone");
    let stays = "an identity stays as long as the object: say replace, or computed alone";
    assert_eq!(field!(identity, replace), "taken");
    assert_eq!(field!(identity, computed), "taken");
    assert_eq!(field!(identity), stays);
    assert_eq!(field!(identity, optional, computed), stays);
    let secret = "an identity is stored and shown, so nothing secret is part of it";
    assert_eq!(field!(identity, replace, sensitive), secret);
    assert_eq!(field!(identity, replace, block), "a block is no part of an identity");
    let block = "a block is required or optional; all else is said of the attributes in it";
    assert_eq!(field!(block), "taken");
    assert_eq!(field!(block, optional, replace, check = a, deprecated = "b"), "taken");
    assert_eq!(field!(block, computed), block);
    assert_eq!(field!(block, sensitive), block);
    assert_eq!(field!(block, optional, default = 1), block);
    assert_eq!(field!(flatten, sensitive), "flatten stands alone");
}

#[test]
fn two_attributes_of_one_name_are_refused() {
    let twice = parse_quote!(
        struct A {
            r#type: String,
            #[attr(name = "type")]
            kind: String,
        }
    );
    assert_eq!(refused(&twice), "there is another attribute of the name type");
}

#[test]
fn only_an_enum_of_single_values_is_a_choice() {
    let refused =
        |it: &DeriveInput| choice(it).map_or_else(|it| it.to_string(), |_| "taken".to_owned());
    let one = "each choice holds one value: `Canary(Canary)`";
    assert_eq!(
        refused(&parse_quote!(
            enum A {
                B(C),
                D(E),
            }
        )),
        "taken"
    );
    assert_eq!(
        refused(&parse_quote!(
            enum A {
                B,
            }
        )),
        one
    );
    assert_eq!(
        refused(&parse_quote!(
            enum A {
                B(C, D),
            }
        )),
        one
    );
    assert_eq!(
        refused(&parse_quote!(
            enum A {
                B { c: C },
            }
        )),
        one
    );
    assert_eq!(
        refused(&parse_quote!(
            enum A {}
        )),
        "a Choice has something to choose"
    );
    assert_eq!(
        refused(&parse_quote!(
            struct A {}
        )),
        "a Choice is an enum"
    );
}
