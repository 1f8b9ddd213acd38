//! Nested blocks: how they are declared, shown and judged, and which declarations are refused.

use super::*;

/// A shelf.
#[derive(Clone, Debug, PartialEq, Block)]
struct Shelf {
    /// How it is closed.
    #[attr(block, optional)]
    lid: Option<Lid>,
    /// Its boards.
    #[attr(block)]
    board: Vec<Board>,
    /// Its hooks.
    #[attr(block, optional, deprecated = "use board")]
    hook: Leaf<Set<Lid>>,
    /// Its doors.
    #[attr(block, optional)]
    door: BTreeMap<String, Lid>,
}

/// A board.
#[derive(Clone, Debug, PartialEq, Block)]
struct Board {
    /// What holds it.
    #[attr(block)]
    bracket: Lid,
}

fn shelf() -> Shelf {
    let lid = || Lid { thickness: 2 };
    Shelf {
        lid: None,
        board: vec![Board { bracket: lid() }],
        hook: Set(vec![lid()]).into(),
        door: BTreeMap::from([("left".to_owned(), lid())]),
    }
}

#[test]
fn a_block_is_declared_by_one_word_and_holds_what_an_attribute_would() {
    let object = Shelf::object();
    assert!(object.attributes.iter().all(|it| it.block));
    let nestings: Vec<Nesting> = object
        .attributes
        .iter()
        .filter_map(|it| match it.kind {
            AttributeKind::Nested(nesting, _) => Some(nesting),
            AttributeKind::Plain(_) => None,
        })
        .collect();
    assert_eq!(nestings, [Nesting::Single, Nesting::List, Nesting::Set, Nesting::Map]);
    assert_eq!(misdeclared(&object), Problems::new());
    let value = shelf().encode_value();
    assert_eq!(decode_object::<Shelf>(&value, &Path::root()), Ok(shelf()));
}

#[test]
fn where_no_block_is_written_a_collection_is_empty_and_one_block_null() {
    let absent = |name: &str| Shelf::object().attribute(name).unwrap().absent();
    assert_eq!(absent("lid"), Value::null(Lid::object_type()));
    assert_eq!(absent("board"), Value::list(Board::object_type(), []));
    assert_eq!(absent("hook"), Value::set(Lid::object_type(), []));
    assert_eq!(absent("door"), Value::map(Lid::object_type(), Vec::<(&str, Value)>::new()));
    let plants = Pot::object().attribute("plants").unwrap().absent();
    assert!(plants.is_null(), "of an attribute it is null");
}

#[test]
fn only_a_block_that_is_written_is_deprecated() {
    let warned = |it: &Shelf| told(&super::super::validate(&Shelf::object(), &it.encode_value()));
    assert_eq!(warned(&shelf()), ["hook is deprecated; use board"]);
    assert_eq!(warned(&Shelf { hook: Set(Vec::new()).into(), ..shelf() }), [""; 0]);
}

#[test]
fn a_page_shows_a_block_as_it_is_written() {
    let about = Page { name: "a", kind: "Resource", example: "", sections: "", import: None };
    let page = super::super::page(&about, &Shelf::object());
    for row in [
        "- `board` (list of blocks) Its boards. Written as `board { … }`, at least once. \
         See [`board`](#nestedblock--board).\n",
        "- `lid` (block) How it is closed. Written as `lid { … }`, at most once. \
         See [`lid`](#nestedblock--lid).\n",
        "- `hook` (set of blocks, deprecated) Its hooks. Deprecated: use board. \
         Written as `hook { … }`, any number of times. See [`hook`](#nestedblock--hook).\n",
        "- `door` (map of blocks) Its doors. Written as `door \"NAME\" { … }`, any number of \
         times, each with another name. See [`door`](#nestedblock--door).\n",
        "<a id=\"nestedblock--board--bracket\"></a>\n\n### `board.bracket`\n",
        "- `bracket` (block) What holds it. Written as `bracket { … }`, once. ",
    ] {
        assert!(page.contains(row), "{row}\n{page}");
    }
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
