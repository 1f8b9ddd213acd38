//! The images that a Helm release's values name.
//!
//! A chart may call its values what it likes. What is read here is what `helm create` writes and
//! most charts do: `image` with `repository` and `tag`, or `image` with a whole reference, under
//! any name that ends in "image"; and containers that are written out.

use stanchion_cty::{Kind, Mark, Type, Value, convert};
use stanchion_lang::{Evaluation, Found, Span, View};

use super::tree::Tree;
use super::{Named, Piece, Text};
use crate::parts::elements;

/// The resource type, of hashicorp/helm.
pub(super) const RELEASE: &str = "helm_release";

/// Where single values are set, in the order in which the provider does: blocks with a name and a
/// value, or, since its version 3, lists of objects.
const SETS: &[&str] = &["set", "set_list", SENSITIVE];
const SENSITIVE: &str = "set_sensitive";

/// Why a reference without a tag says nothing.
const OF_CHART: &str = "the chart chooses the tag where none is set";

/// The images that a release names.
pub(super) fn images(view: &View<'_, '_>) -> Vec<Named> {
    let cx = view.evaluation();
    let mut out = Vec::new();
    let mut values = Tree::empty();
    let mut unknown = |value: &Value, within: Span, why: String| {
        out.push(Named::at(cx, value, within, Text::unknown(why)));
    };
    if let Some(found) = view.attribute("values") {
        for text in elements(cx, &found.value) {
            match cx.yaml(&text) {
                Ok(it) if it.is_known() => {
                    let it = Tree::read(&it, &text, found.span);
                    // A text that says nothing is null.
                    if !matches!(it, Tree::Leaf(..)) {
                        values.merge(it);
                    }
                }
                Ok(it) => unknown(&text, found.span, cx.reason(&it).unwrap_or_default()),
                Err(_) if text.as_str().is_some_and(is_blank) => {}
                // The reader's message may show a part of the text, which may be a secret.
                Err(_) => unknown(&text, found.span, "values is not YAML".to_owned()),
            }
        }
    }
    for kind in SETS {
        for (name, Found { value, span }) in set(view, kind) {
            let value = if *kind == SENSITIVE { value.mark(Mark::Sensitive) } else { value };
            match name.as_str() {
                Some(path) => values.set(path, Tree::read(&value, &value, span)),
                None if name.is_known() => {}
                None => unknown(&value, span, cx.reason(&name).unwrap_or_default()),
            }
        }
    }
    add(cx, "", &values, &mut out);
    out
}

/// The names and values that are set one by one.
fn set(view: &View<'_, '_>, kind: &str) -> Vec<(Value, Found)> {
    let cx = view.evaluation();
    let blocks = view.blocks(kind).into_iter().filter_map(|it| {
        let value = it.attribute("value")?;
        Some((it.attribute("name")?.value, value))
    });
    let list = view.attribute(kind).into_iter().flat_map(|found| {
        let elements = elements(cx, &found.value).into_iter();
        elements.filter(|it| !it.is_null()).map(move |it| match it.is_known() {
            true => {
                let part =
                    |name| it.get(name).cloned().unwrap_or_else(|| Value::null(Type::String));
                (part("name"), Found { value: part("value"), span: found.span })
            }
            false => (it.clone(), Found { value: it, span: found.span }),
        })
    });
    blocks.chain(list).collect()
}

/// Adds the images below a part of the values that has that name.
fn add(cx: &Evaluation<'_>, name: &str, part: &Tree, out: &mut Vec<Named>) {
    match part {
        Tree::Map(of) => {
            let image = of_parts(cx, name, part);
            let is_said = image.is_some();
            out.extend(image);
            for (key, it) in of {
                match it {
                    Tree::Leaf(..) if is_said && REPOSITORIES.contains(&&**key) => {}
                    _ => add(cx, key, it, out),
                }
            }
        }
        Tree::List(of) => {
            let are_containers = name.ends_with("ontainers");
            for it in of {
                match it.get("image") {
                    Some(Tree::Leaf(image, span)) if are_containers => {
                        let image = text(image);
                        out.push(Named::at(cx, &image, *span, Text::of(cx, &image)));
                    }
                    _ => add(cx, name.strip_suffix('s').unwrap_or(name), it, out),
                }
            }
        }
        Tree::Leaf(value, span) if is_image(name) => {
            let value = text(value);
            if !value.is_null() && !is_picture(value.as_str().unwrap_or_default()) {
                out.push(Named::at(cx, &value, *span, whole(Text::of(cx, &value))));
            }
        }
        Tree::Leaf(..) => {}
    }
}

const REPOSITORIES: &[&str] = &["repository", "image", "name"];
const TAGS: &[&str] = &["tag", "imageTag"];
/// Names of digests, and what charts put before them.
const DIGESTS: &[(&str, &str)] = &[("digest", "@"), ("imageDigest", "@"), ("sha", "@sha256:")];

/// The image that a map says in parts.
fn of_parts(cx: &Evaluation<'_>, name: &str, map: &Tree) -> Option<Named> {
    let leaf = |name: &str| match map.get(name) {
        Some(Tree::Leaf(value, span)) if value.as_str() != Some("") && !value.is_null() => {
            Some((text(value), *span))
        }
        _ => None,
    };
    let is_image = is_image(name);
    // Much else has a name.
    let mut repositories = REPOSITORIES.iter().filter(|it| is_image || **it != "name");
    let repository = repositories.find_map(|it| leaf(it));
    let tag = TAGS.iter().find_map(|it| leaf(it));
    let digest = DIGESTS.iter().find_map(|(name, before)| Some((leaf(name)?, before)));
    let is_one = match (&repository, &tag) {
        (Some(_), Some(_)) => true,
        (Some(_), None) | (None, Some(_)) => is_image || leaf("imageTag").is_some(),
        (None, None) => false,
    };
    if !is_one {
        return None;
    }
    let of = |it: &Option<(Value, Span)>| match it {
        Some((value, _)) => Text::of(cx, value),
        None => Text::unknown("the chart chooses the repository where none is set"),
    };
    let (text, (value, span)) = match (tag, digest) {
        // An unknown digest may be an empty one.
        (tag, Some((digest, _))) if !digest.0.is_known() => {
            (Text::unknown(cx.reason(&digest.0).unwrap_or_default()), tag.unwrap_or(digest))
        }
        (tag, Some((digest, before))) => {
            let digested = Text::known(before).and(&Text::of(cx, &digest.0));
            (of(&repository).and(&digested), tag.unwrap_or(digest))
        }
        (Some(tag), None) => {
            let tagged = Text::known(":").and(&Text::of(cx, &tag.0));
            (of(&repository).and(&tagged), tag)
        }
        (None, None) => (whole(of(&repository)), repository?),
    };
    Some(Named::at(cx, &value, span, text))
}

/// A reference that is whole: without a tag or digest it says nothing, as the chart adds one.
fn whole(text: Text) -> Text {
    match text {
        Text::Either(of, why) => Text::Either(Box::new(of.map(whole)), why),
        Text::Pieces(pieces) => {
            let known = pieces.iter().map(|it| match it {
                Piece::Known(it) => it.as_str(),
                Piece::Unknown(_) => "",
            });
            let known: String = known.collect();
            let name = known.rsplit('/').next().unwrap_or(&known);
            match pieces.last() {
                Some(Piece::Known(_)) if !name.contains([':', '@']) => Text::unknown(OF_CHART),
                _ => Text::Pieces(pieces),
            }
        }
    }
}

/// Whether a value of that name is an image by custom: `image`, `sidecarImage`, `base_image`.
fn is_image(name: &str) -> bool {
    name.len() >= IMAGE.len()
        && name.is_char_boundary(name.len() - IMAGE.len())
        && name[name.len() - IMAGE.len()..].eq_ignore_ascii_case(IMAGE)
}

const IMAGE: &str = "image";

/// Whether a text says nothing, comments aside: what Terraform's `yamldecode` refuses, and Helm
/// takes for no values.
fn is_blank(text: &str) -> bool {
    text.lines().map(str::trim).all(|it| it.is_empty() || it.starts_with('#'))
}

/// Whether a text is a picture's address rather than a container's.
fn is_picture(text: &str) -> bool {
    text.contains("://") && !text.starts_with("docker://")
        || text.starts_with(['/', '.'])
        || text.starts_with("data:")
}

/// A number as a text, which Helm makes of it too: `tag: 1.2`.
fn text(value: &Value) -> Value {
    match value.kind() {
        Kind::Number(_) | Kind::Bool(_) => convert(value, &Type::String)
            .map_or_else(|_| value.clone(), |it| it.with_origin(value.origin())),
        _ => value.clone(),
    }
}
