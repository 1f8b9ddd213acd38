//! Nested blocks: how they are declared, shown and judged.

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
