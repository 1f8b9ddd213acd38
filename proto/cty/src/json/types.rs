//! Types as Terraform writes them in JSON: `"string"`, `["list","string"]`.

use std::sync::Arc;

use super::parse::parse;
use super::write::write_string;
use crate::spanned::{Data, Node};
use crate::value::normal_form;
use crate::{ObjectType, Path, Problem, Type};

/// Writes a type as Terraform does in schemas and in dynamic values: `"string"`, `["list",T]`,
/// `["tuple",[T,…]]`, `["object",{name:T,…}]` with a list of the optional names behind it if there
/// are any, and `"dynamic"` for [`Type::Dynamic`]. Names are in order.
#[must_use]
pub fn type_to_json(ty: &Type) -> String {
    let mut out = String::new();
    write_type(ty, &mut out);
    out
}

/// Reads what [`type_to_json`] writes.
///
/// # Errors
///
/// If it is no JSON, or no type; a problem's path names the part of the type in which it lies.
pub fn type_from_json(json: &[u8]) -> Result<Type, Problem> {
    let text = String::from_utf8_lossy(json);
    type_from_node(&parse(&text)?)
}

pub(super) fn type_from_node(node: &Node) -> Result<Type, Problem> {
    match &node.data {
        Data::String(name) => match &**name {
            "bool" => Ok(Type::Bool),
            "number" => Ok(Type::Number),
            "string" => Ok(Type::String),
            "dynamic" => Ok(Type::Dynamic),
            _ => Err(problem(format!("there is no type named {name:?}"))),
        },
        Data::List(items) => compound(items),
        other @ (Data::Null
        | Data::Bool(_)
        | Data::Number { .. }
        | Data::Map(_)
        | Data::Tagged { .. }) => {
            Err(problem(format!("a type is a name or a list, not {}", other.friendly())))
        }
    }
}

fn compound(items: &[Node]) -> Result<Type, Problem> {
    let kind = items.first().and_then(Node::as_str);
    let (Some(kind), Some(inner)) = (kind, items.get(1)) else {
        return Err(problem("a type with parts is a list of its kind and its parts".to_owned()));
    };
    let most = if kind == "object" { 3 } else { 2 };
    if items.len() > most {
        return Err(problem(format!("the type has {} parts too many", items.len() - most)));
    }
    match (kind, &inner.data) {
        ("list", _) => type_from_node(inner).map(Type::list),
        ("set", _) => type_from_node(inner).map(Type::set),
        ("map", _) => type_from_node(inner).map(Type::map),
        ("tuple", Data::List(elements)) => elements
            .iter()
            .enumerate()
            .map(|(i, it)| type_from_node(it).map_err(|it| it.under(&Path::root().index(i))))
            .collect::<Result<Arc<[Type]>, _>>()
            .map(Type::Tuple),
        ("object", Data::Map(_)) => object(inner, items.get(2)),
        ("tuple", _) => Err(problem("a tuple's element types must be a list".to_owned())),
        ("object", _) => Err(problem("an object's attribute types must be a map".to_owned())),
        _ => Err(problem(format!("there is no type named {kind:?} that has parts"))),
    }
}

fn object(attributes: &Node, optional: Option<&Node>) -> Result<Type, Problem> {
    let mut names = Vec::new();
    if let Some(optional) = optional {
        let Data::List(items) = &optional.data else {
            return Err(problem("the names of optional attributes must be a list".to_owned()));
        };
        for it in items {
            match it.as_str() {
                Some(name) if attributes.get(name).is_some() => names.push(name),
                Some(name) => {
                    let message = "is said to be optional, but the object has no such attribute";
                    return Err(Problem::error(Path::root().attribute(name), message));
                }
                None => return Err(problem("an attribute's name must be a string".to_owned())),
            }
        }
    }
    let attributes = attributes.entries().iter().map(|entry| {
        let ty = type_from_node(&entry.value)
            .map_err(|it| it.under(&Path::root().attribute(entry.key.clone())))?;
        // Terraform's names are in normal form C, as its strings are.
        Ok((normal_form(entry.key.clone()), ty, names.contains(&&*entry.key)))
    });
    let attributes: Vec<_> = attributes.collect::<Result<_, Problem>>()?;
    Ok(Type::Object(Arc::new(ObjectType::new(attributes))))
}

fn write_type(ty: &Type, out: &mut String) {
    let element = |kind: &str, element: &Type, out: &mut String| {
        out.push_str(kind);
        write_type(element, out);
        out.push(']');
    };
    match ty {
        Type::Bool => out.push_str("\"bool\""),
        Type::Number => out.push_str("\"number\""),
        Type::String => out.push_str("\"string\""),
        Type::Dynamic => out.push_str("\"dynamic\""),
        Type::List(it) => element("[\"list\",", it, out),
        Type::Set(it) => element("[\"set\",", it, out),
        Type::Map(it) => element("[\"map\",", it, out),
        Type::Tuple(elements) => {
            out.push_str("[\"tuple\",[");
            for (i, it) in elements.iter().enumerate() {
                out.push_str(if i == 0 { "" } else { "," });
                write_type(it, out);
            }
            out.push_str("]]");
        }
        Type::Object(object) => write_object(object, out),
    }
}

fn write_object(object: &ObjectType, out: &mut String) {
    out.push_str("[\"object\",{");
    for (i, (name, it)) in object.iter().enumerate() {
        out.push_str(if i == 0 { "" } else { "," });
        write_string(name, out);
        out.push(':');
        write_type(&it.ty, out);
    }
    out.push('}');
    let mut optional = object.iter().filter(|(_, it)| it.optional).map(|(name, _)| name);
    if let Some(first) = optional.next() {
        out.push_str(",[");
        write_string(first, out);
        for name in optional {
            out.push(',');
            write_string(name, out);
        }
        out.push(']');
    }
    out.push(']');
}

fn problem(message: String) -> Problem {
    Problem::error(Path::root(), message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_written_as_terraform_writes_it_and_read_back() {
        let object = Type::Object(Arc::new(ObjectType::new([
            ("b\"<".into(), Type::map(Type::set(Type::Bool)), true),
            ("a".into(), Type::tuple([Type::Number, Type::Dynamic]), false),
        ])));
        let json = type_to_json(&Type::list(object.clone()));
        assert_eq!(
            json,
            r#"["list",["object",{"a":["tuple",["number","dynamic"]],"b\"\u003c":["map",["set","bool"]]},["b\"\u003c"]]]"#
        );
        assert_eq!(type_from_json(json.as_bytes()), Ok(Type::list(object)));
    }

    #[test]
    fn what_is_no_type_is_refused_with_the_part_in_which_it_lies() {
        let wrong = |json: &str| type_from_json(json.as_bytes()).unwrap_err().to_string();
        assert_eq!(wrong(r#""text""#), r#"there is no type named "text""#);
        assert_eq!(
            wrong(r#"["object",{"a":["tuple",["bool","int"]]}]"#),
            r#"a[1] there is no type named "int""#
        );
        assert_eq!(wrong(r#"["list","bool","bool"]"#), "the type has 1 parts too many");
        assert_eq!(
            wrong(r#"["object",{},["x"]]"#),
            "x is said to be optional, but the object has no such attribute"
        );
        assert_eq!(wrong("[]"), "a type with parts is a list of its kind and its parts");
        assert_eq!(wrong("{}"), "a type is a name or a list, not a map");
        assert_eq!(wrong("[\"list\""), "line 1, column 8: a `,` or `]` must follow the item");
    }
}
