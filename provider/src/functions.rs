//! Pure functions for any expression: the list of them.

mod check_names;
mod parse_duration;
mod parse_image_ref;
mod parse_size;

use stanchion_cty::Type;
use stanchion_cty::schema::{Block, Object, Shape};
use stanchion_framework::{AnyFunction, Argument, Function, FunctionProblem, function};

/// A function, for its page.
#[derive(Clone, Debug)]
pub struct FunctionPage {
    /// Its name.
    pub name: &'static str,
    /// Its parameters.
    pub parameters: std::sync::Arc<Object>,
    /// The type of what it gives.
    pub output: Type,
}

/// Declares the functions. Each is one word here and one file.
macro_rules! functions {
    ($($name:ident),+ $(,)?) => {
        pub(crate) fn functions() -> Vec<AnyFunction> {
            vec![$(function($name::It)),+]
        }

        /// Each function, for its page.
        #[must_use]
        pub fn function_pages() -> Vec<FunctionPage> {
            vec![$(FunctionPage {
                name: <$name::It as Function>::NAME,
                parameters: <<$name::It as Function>::Arguments as Block>::object(),
                output: <<$name::It as Function>::Output as Shape>::ty(),
            }),+]
        }
    };
}

functions! { check_names, parse_duration, parse_image_ref, parse_size }

/// Refuses an argument: a clause read after its name.
fn refused(argument: &'static str, message: impl ToString) -> FunctionProblem {
    FunctionProblem { argument: Some(Argument::Named(argument)), message: message.to_string() }
}
