//! Functions of files and paths.

mod glob;
mod path;

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use stanchion_cty::{Type, Value};

use super::arguments::{limit, marks, text, text_function};
use super::{Context, Function, Parameter, Refused, Returns, Ty, Unread};

const PATH: &[Parameter] = &[Parameter::new("path", Ty::String)];
/// Of an unknown path the marks are kept, too.
const MARKED: &[Parameter] = &[Parameter::new("path", Ty::String).unknown().marked()];

pub(super) const FUNCTIONS: &[Function] = &[
    text_function("abspath", PATH, |cx, args, _| Ok(Value::from(cx.files.absolute(text(args, 0))))),
    text_function("basename", PATH, |_, args, _| Ok(Value::from(path::base(text(args, 0))))),
    text_function("dirname", PATH, |_, args, _| Ok(Value::from(path::folder(text(args, 0))))),
    text_function("pathexpand", PATH, |cx, args, _| Ok(Value::from(expanded(cx, text(args, 0))?))),
    text_function("file", MARKED, file),
    text_function("filebase64", MARKED, filebase64),
    Function {
        name: "fileexists",
        parameters: MARKED,
        variadic: None,
        returns: Returns::Bool,
        not_null: true,
        run: fileexists,
    },
    Function {
        name: "fileset",
        parameters: &[
            Parameter::new("path", Ty::String).unknown().marked(),
            Parameter::new("pattern", Ty::String).unknown().marked(),
        ],
        variadic: None,
        returns: Returns::By(|_| Ok(Type::set(Type::String))),
        not_null: true,
        run: fileset,
    },
];

/// What the file has that the first argument names, for those functions that take no marks.
pub(super) fn content(cx: &Context<'_>, args: &[Value]) -> Result<Arc<[u8]>, Refused> {
    let given = text(args, 0);
    cx.files.read(&resolved(cx, given)?).map_err(|why| match why {
        Unread::Missing => Refused::Call(format!("open {given}: no such file or directory")),
        Unread::NotAFile => Refused::Call(format!("read {given}: is a directory")),
        Unread::NotLookedAt(why) => Refused::NotLookedAt(why),
    })
}

fn file(cx: &Context<'_>, args: &[Value], ty: &Type) -> Result<Value, Refused> {
    if !args.iter().all(Value::is_known) {
        return Ok(Value::unknown(ty.clone()).mark(marks(args)));
    }
    let content = read(cx, args)?;
    match std::str::from_utf8(&content) {
        Ok(it) => Ok(Value::from(it).mark(marks(args))),
        Err(_) => Err(Refused::Call(format!(
            "contents of {} are not valid UTF-8; use the filebase64 function to obtain the Base64 \
             encoded contents or the other file functions (e.g. filemd5, filesha256) to obtain \
             file hashing results instead",
            shown(args, text(args, 0))
        ))),
    }
}

fn filebase64(cx: &Context<'_>, args: &[Value], ty: &Type) -> Result<Value, Refused> {
    if !args.iter().all(Value::is_known) {
        return Ok(Value::unknown(ty.clone()).mark(marks(args)));
    }
    Ok(Value::from(STANDARD.encode(read(cx, args)?)).mark(marks(args)))
}

fn read(cx: &Context<'_>, args: &[Value]) -> Result<Arc<[u8]>, Refused> {
    let given = text(args, 0);
    let path = resolved(cx, given).map_err(|why| Refused::Argument(0, why))?;
    let content = cx.files.read(&path).map_err(|why| match why {
        Unread::Missing => Refused::Argument(
            0,
            format!(
                "no file exists at {}; this function works only with files that are distributed \
                 as part of the configuration source code, so if this file will be created by a \
                 resource in this configuration you must instead obtain this result from an \
                 attribute of that resource",
                shown(args, given)
            ),
        ),
        Unread::NotAFile => {
            Refused::Argument(0, format!("failed to read file: read {path}: is a directory"))
        }
        Unread::NotLookedAt(why) => Refused::NotLookedAt(why),
    })?;
    limit(content.len())?;
    Ok(content)
}

fn fileexists(cx: &Context<'_>, args: &[Value], ty: &Type) -> Result<Value, Refused> {
    if !args.iter().all(Value::is_known) {
        return Ok(Value::unknown(ty.clone()).mark(marks(args)));
    }
    let path = resolved(cx, text(args, 0))?;
    match cx.files.read(&path) {
        Ok(_) => Ok(Value::from(true).mark(marks(args))),
        Err(Unread::Missing) => Ok(Value::from(false).mark(marks(args))),
        Err(Unread::NotAFile) => {
            let why = format!("{} is a directory, not a file", shown(args, &path));
            Err(Refused::Call(why))
        }
        Err(Unread::NotLookedAt(why)) => Err(Refused::NotLookedAt(why)),
    }
}

/// The files below a folder whose paths match, told relative to that folder.
fn fileset(cx: &Context<'_>, args: &[Value], ty: &Type) -> Result<Value, Refused> {
    if !args.iter().all(Value::is_known) {
        return Ok(Value::unknown(ty.clone()).mark(marks(args)));
    }
    let folder = path::clean(text(args, 0));
    let pattern = path::clean(&format!("{}/{}", text(args, 0), text(args, 1)));
    let (from, rest) = glob::fixed(&pattern);
    let found = match cx.files.below(if from.is_empty() { "." } else { from }) {
        Ok(found) => found,
        Err(Unread::Missing | Unread::NotAFile) => Vec::new(),
        Err(Unread::NotLookedAt(why)) => return Err(Refused::NotLookedAt(why)),
    };
    let glob = glob::Glob::new(rest);
    let mut matched = Vec::new();
    for it in found {
        let fits = glob.matches(&it).map_err(|glob::BadPattern| {
            let shown = shown(args, &pattern);
            Refused::Call(format!("failed to glob pattern {shown}: syntax error in pattern"))
        })?;
        if fits {
            let whole = path::clean(&format!("{from}/{it}"));
            let whole = if from.is_empty() { it } else { whole };
            matched.push(Value::from(path::relative(&folder, &whole)));
        }
    }
    Ok(Value::set(Type::String, matched).mark(marks(args)))
}

/// The path of a file to look at.
fn resolved(cx: &Context<'_>, path: &str) -> Result<String, String> {
    let expanded = expanded(cx, path).map_err(|why| format!("failed to expand ~: {why}"))?;
    Ok(path::clean(&expanded))
}

/// A path with `~` replaced by the home folder.
fn expanded(cx: &Context<'_>, path: &str) -> Result<String, String> {
    match path.strip_prefix('~') {
        None => Ok(path.to_owned()),
        Some(rest) if rest.is_empty() || rest.starts_with('/') => match cx.files.home() {
            Some(home) => Ok(path::clean(&format!("{home}{rest}"))),
            None => Err("there is no home folder".to_owned()),
        },
        Some(_) => Err("cannot expand user-specific home dir".to_owned()),
    }
}

/// A path as a message may show it.
fn shown(args: &[Value], path: &str) -> String {
    if marks(args).is_empty() { format!("{path:?}") } else { "(sensitive value)".to_owned() }
}
