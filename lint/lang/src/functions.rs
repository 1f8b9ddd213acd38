//! The functions of Terraform and OpenTofu: what each takes, gives and refuses.
//!
//! A function is a fact about two lists of values and types; what happens around it (conversion of
//! arguments, null, unknown, marks) is the same for all and stands in [`call`]. The functions that
//! need an evaluator (`templatefile`, `templatestring`, `try`, `can`, `type`) are not here.
//! Sources: Terraform's documentation of its functions and the behaviour of Terraform 1.15 and
//! OpenTofu 1.12, which the tests compare.

mod arguments;
mod bytes;
mod call;
mod charset;
mod choices;
mod conversion;
mod dates;
mod documents;
mod elements;
mod equal;
mod files;
mod floats;
mod format;
pub(crate) mod graphemes;
mod hashes;
mod letters;
mod limit;
mod maps;
mod marks;
mod networks;
mod numbers;
mod operators;
mod parameter;
mod regex;
mod rsa;
mod sequences;
mod sets;
mod source;
mod strings;
mod unknown;

use crate::hash::HashMap;
use stanchion_cty::{Type, Value};
use std::sync::{Arc, LazyLock};

pub(crate) use call::{CallError, call};
pub(crate) use conversion::convert_to;
pub(crate) use graphemes::known_prefix;
pub(crate) use operators::{decisive, of_binary, of_unary};
pub(crate) use parameter::{Parameter, Ty};
pub(crate) use unknown::settled;

/// One function.
#[derive(Debug)]
pub(crate) struct Function {
    /// The name, without the namespace `core::`.
    pub(crate) name: &'static str,
    /// The arguments that it needs.
    pub(crate) parameters: &'static [Parameter],
    /// What may follow them, any number of times.
    pub(crate) variadic: Option<Parameter>,
    /// The type of the result, which Terraform asks for even if arguments are unknown.
    pub(crate) returns: Returns,
    /// Whether the result is never null, also while it is unknown.
    pub(crate) not_null: bool,
    /// The result itself. Arguments are converted; null, unknown and marked ones come only where
    /// the parameter takes them. The type is what `returns` gave.
    pub(crate) run: Run,
}

/// How the type of a result is found.
#[derive(Debug)]
pub(crate) enum Returns {
    /// It is always a string.
    String,
    /// It is always a number.
    Number,
    /// It is always a bool.
    Bool,
    /// It is always a list of strings.
    Strings,
    /// It depends on the arguments, which may be unknown here, or of an unknown type where the
    /// parameter takes that.
    By(fn(&[Value]) -> Result<Type, Refused>),
}

/// What computes a result.
pub(crate) type Run = fn(&Context<'_>, &[Value], &Type) -> Result<Value, Refused>;

/// Why a function refuses its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// One argument is wrong, counted from 0: a clause in Terraform's terms.
    Argument(usize, String),
    /// The call as a whole fails: a clause.
    Call(String),
    /// Nothing is known of the result, as a file must not be looked at: why, as a clause.
    NotLookedAt(String),
}

/// What functions may ask of the world outside of their arguments.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) files: &'a dyn Files,
    pub(crate) tfvars: &'a dyn Tfvars,
    /// When the plan is made, in RFC 3339; `None` if nobody has said.
    pub(crate) plan_time: Option<&'a str>,
}

/// Reads the text of a file of variables' values. Values can be computed, so an evaluator does it.
pub(crate) trait Tfvars {
    /// An object of what the text gives values to.
    ///
    /// # Errors
    /// What Terraform would refuse: what is no such text, and references and calls in it.
    fn decode(&self, text: &str) -> Result<Value, Refused>;
}

/// The files that a configuration may read while it is evaluated. Whoever evaluates decides which
/// these are.
pub trait Files {
    /// A file's content. The path is as the configuration gives it: relative to the folder that
    /// Terraform runs in, or absolute.
    ///
    /// # Errors
    /// Why there is no content.
    fn read(&self, path: &str) -> Result<Arc<[u8]>, Unread>;

    /// The files below a folder, at any depth, by their paths relative to it with `/` between the
    /// parts, in any order. Symbolic links to files count as files.
    ///
    /// # Errors
    /// Why they can't be told.
    fn below(&self, folder: &str) -> Result<Vec<String>, Unread>;

    /// The path made absolute, `..` and `.` resolved, as `abspath` does.
    fn absolute(&self, path: &str) -> String;

    /// The home folder, for paths that begin with `~`.
    fn home(&self) -> Option<String>;
}

/// Why a file has no content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// There is no such file.
    Missing,
    /// It is a folder, or something else than a file.
    NotAFile,
    /// It must not be looked at, or can't be; so nothing about it is known. A clause.
    NotLookedAt(String),
}

/// There are no files.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &str) -> Result<Arc<[u8]>, Unread> {
        Err(Unread::Missing)
    }

    fn below(&self, _: &str) -> Result<Vec<String>, Unread> {
        Err(Unread::Missing)
    }

    fn absolute(&self, path: &str) -> String {
        path.to_owned()
    }

    fn home(&self) -> Option<String> {
        None
    }
}

/// The lists of all families of functions, each written in its own file.
const FAMILIES: &[&[Function]] = &[
    bytes::FUNCTIONS,
    choices::FUNCTIONS,
    conversion::FUNCTIONS,
    dates::FUNCTIONS,
    documents::FUNCTIONS,
    elements::FUNCTIONS,
    files::FUNCTIONS,
    format::FUNCTIONS,
    hashes::FUNCTIONS,
    maps::FUNCTIONS,
    marks::FUNCTIONS,
    networks::FUNCTIONS,
    numbers::FUNCTIONS,
    regex::FUNCTIONS,
    rsa::FUNCTIONS,
    sequences::FUNCTIONS,
    sets::FUNCTIONS,
    source::FUNCTIONS,
    strings::FUNCTIONS,
];

/// The function of that name. The namespace `core::` may stand before it.
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    static BY_NAME: LazyLock<HashMap<&'static str, &'static Function>> = LazyLock::new(|| {
        FAMILIES.iter().flat_map(|it| it.iter()).map(|it| (it.name, it)).collect()
    });
    BY_NAME.get(name.strip_prefix("core::").unwrap_or(name)).copied()
}

/// The text of a file that a configuration names.
pub(crate) fn read_text(cx: &Context<'_>, path: &str) -> Result<String, Refused> {
    match cx.files.read(path) {
        Ok(content) => String::from_utf8(content.to_vec())
            .map_err(|_| Refused::Call("contents of the file are not valid UTF-8".to_owned())),
        Err(Unread::Missing) => Err(Refused::Argument(0, format!("no file exists at {path:?}"))),
        Err(Unread::NotAFile) => {
            Err(Refused::Argument(0, format!("{path:?} is not a regular file")))
        }
        Err(Unread::NotLookedAt(why)) => Err(Refused::NotLookedAt(why)),
    }
}

impl From<String> for Refused {
    fn from(why: String) -> Self {
        Self::Call(why)
    }
}

impl From<&str> for Refused {
    fn from(why: &str) -> Self {
        Self::Call(why.to_owned())
    }
}

#[cfg(test)]
mod tests;
