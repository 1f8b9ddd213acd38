//! The page of a declaration, as a reader sees it.

use super::*;

const PAGE: &str = r#"---
page_title: "garden_pot (Resource)"
subcategory: ""
description: |-
  A pot for plants.
---

# garden_pot (Resource)

A pot
for plants.

It is never empty.

## Example

```terraform
resource "garden_pot" "example" {}
```

It stays dry.

## Attributes

**Required**

- `name` (string, forces replacement) What is written on it. It must not be blank. It must have a length of 1 to 5.
- `type` (string)

**Optional**

- `width` (number) How wide it is, in centimetres. It must be at least 1. It must be at most 100. Default: `12`.
- `place` (string) Where it stands. The provider chooses it where it is not given.
- `key` (string, sensitive, write-only) The shed's key.
- `material` (string) What it is of. It must be one of "clay", "tin". Default: `"clay"`.
- `lid` (object, deprecated) The lid. Deprecated: use plants. See [`lid`](#nestedatt--lid).
- `plants` (map of objects) What grows in it, by name. Default: `{}`. See [`plants`](#nestedatt--plants).

**Read-only**

- `id` (number) Its number.
- `path` (string) Where to find it.

<a id="nestedatt--lid"></a>

### `lid`

What keeps the rain out.

**Required**

- `thickness` (number) How thick.

<a id="nestedatt--plants"></a>

### `plants`

**Optional**

- `leaves` (list of objects) Its leaves. See [`plants.leaves`](#nestedatt--plants--leaves).
- `ills` (set of string) What it suffers from.

<a id="nestedatt--plants--leaves"></a>

### `plants.leaves`

What keeps the rain out.

**Required**

- `thickness` (number) How thick.

## Import

```terraform
import {
  to = garden_pot.example
  id = "shed/7"
}
```
"#;

#[test]
fn a_page_has_all_that_is_declared_each_object_after_the_one_around_it() {
    let about = Page {
        name: "garden_pot",
        kind: "Resource",
        example: "\nresource \"garden_pot\" \"example\" {}\n",
        sections: "It stays dry.\n",
        import: Some("shed/7"),
    };
    assert_eq!(super::super::page(&about, &Pot::object()), PAGE);
}

#[test]
fn a_page_of_little_has_no_empty_sections() {
    let about = Page { name: "a", kind: "Function", example: "", sections: "", import: None };
    let page = super::super::page(&about, &Object { docs: "Does it.".into(), ..Object::default() });
    assert!(page.ends_with("---\n\n# a (Function)\n\nDoes it.\n"), "{page}");
}

#[test]
fn a_sensitive_default_is_not_shown_and_lists_stay_whole() {
    let mut token = Attribute::new("token", AttributeKind::Plain(Type::String));
    token.presence = Presence::Optional;
    token.sensitive = true;
    token.env = Some("TOKEN".into());
    token.default = Some("hunter2".into());
    token.docs = "One of\n\n1. this\n2. that".into();
    let object = Object { attributes: vec![token], ..Object::default() };
    let about = Page { name: "a", kind: "Provider", example: "", sections: "", import: None };
    let page = super::super::page(&about, &object);
    let row = "- `token` (string, sensitive) One of\n\n  1. this\n  2. that. \
               Environment variable: `TOKEN`. It has a default.\n";
    assert!(page.ends_with(row), "{page}");
}
