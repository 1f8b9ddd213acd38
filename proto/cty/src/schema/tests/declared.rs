//! Declarations that Terraform would refuse.

use super::*;

/// A board.
#[derive(Clone, Debug, PartialEq, Block)]
struct Board {
    /// What holds it.
    #[attr(block)]
    bracket: Lid,
}

#[test]
fn what_terraform_would_refuse_is_told_by_its_name() {
    #[derive(Block)]
    struct Wrong {
        #[attr(block)]
        plain: String,
        #[attr(block)]
        named: BTreeMap<String, Lid>,
        attribute: Board,
        #[attr(block)]
        open: Vec<Open>,
        sets: Set<Written>,
        #[attr(computed)]
        made: Leaf<Written>,
        #[attr(write_only)]
        set: Set<Lid>,
    }
    #[derive(Block)]
    struct Open {
        any: Value,
    }
    #[derive(Block)]
    struct Written {
        #[attr(optional, write_only)]
        key: Leaf<String>,
    }
    let in_set = "is declared as write-only within a set, whose elements nothing tells apart then";
    assert_eq!(
        told(&misdeclared(&Wrong::object())),
        [
            "plain is declared as a block, and is no object, nor a collection of objects",
            "named is declared as required blocks by name, which Terraform can't require",
            "attribute.bracket is declared as a block within an attribute; blocks stand in blocks alone",
            "open.any is declared as a value of any type within several blocks, which must have one type",
            &format!("sets.key {in_set}"),
            "made.key is declared as write-only within what is computed, which no configuration gives",
            &format!("set {in_set}"),
        ]
    );
    assert_eq!(misdeclared(&Pot::object()), Problems::new());
}

#[test]
fn an_identity_is_flat_and_plain() {
    #[derive(Block)]
    struct Wrong {
        #[attr(replace, identity)]
        names: Vec<String>,
        #[attr(replace, identity)]
        tags: BTreeMap<String, String>,
        #[attr(replace, identity)]
        lid: Lid,
        inner: Inner,
    }
    #[derive(Block)]
    struct Inner {
        #[attr(computed, identity)]
        id: Leaf<String>,
    }
    let about = Page { name: "a", kind: "Resource", example: "", sections: "", import: None };
    let page = super::super::page(&about, &Wrong::object());
    assert!(page.contains("- `names` (list of string, forces replacement, identity)\n"), "{page}");
    let not_plain = "is declared as part of the identity, and is no string, number or bool, nor a list of one of them";
    assert_eq!(
        told(&misdeclared(&Wrong::object())),
        [
            format!("tags {not_plain}"),
            format!("lid {not_plain}"),
            "inner.id is declared as part of the identity within another object; an identity is flat"
                .to_owned(),
        ]
    );
}
