//! Functions: pure, without settings, usable in any expression.

use std::sync::Arc;

use stanchion_cty::schema::{Attribute, Block, Object, Shape};
use stanchion_cty::{Kind, Path, Problem, Step, Type, Value};

use crate::managed::read;

/// A pure function. Its parameters are the fields of a struct, in their order.
///
/// A parameter takes null where its field's type has room for it (`Option`, `Leaf`), and unknown
/// likewise (`Leaf`); otherwise Terraform refuses null, and answers an unknown argument by an
/// unknown result without asking. A function that takes unknown must not answer with more than will
/// hold when the value is known: Terraform keeps what it answered.
pub trait Function: Send + Sync + 'static {
    /// The function's name within the provider: `parse_duration`.
    const NAME: &'static str;

    /// The parameters; the struct's doc comment describes the function, its first line in short.
    type Arguments: Block;

    /// The result.
    type Output: Shape;

    /// Computes it.
    ///
    /// # Errors
    /// An argument is of the right type and nevertheless not one that the function takes.
    fn call(&self, arguments: Self::Arguments) -> Result<Self::Output, FunctionProblem>;
}

/// Why a function refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionProblem {
    /// The argument that it refused, if it was one of them.
    pub argument: Option<Argument>,
    /// What is wrong, as a clause in the user's words.
    pub message: String,
}

/// One of the arguments of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// That of the parameter of this name.
    Named(&'static str),
    /// The one at this position among those of the variadic parameter, from 0.
    Variadic(usize),
}

/// Any function of a provider.
pub struct AnyFunction(pub(crate) Box<dyn Erased>);

/// A function, for the provider's list.
pub fn function(function: impl Function) -> AnyFunction {
    AnyFunction(Box::new(function))
}

/// [`Function`] on values rather than structs.
pub(crate) trait Erased: Send + Sync {
    fn name(&self) -> &'static str;
    fn object(&self) -> Arc<Object>;
    fn output(&self) -> Type;
    /// The result, or the position of the refused argument and the message.
    fn call(&self, arguments: Vec<Value>) -> Result<Value, (Option<usize>, String)>;
}

impl<F: Function> Erased for F {
    fn name(&self) -> &'static str {
        F::NAME
    }

    fn object(&self) -> Arc<Object> {
        F::Arguments::object()
    }

    fn output(&self) -> Type {
        F::Output::ty()
    }

    fn call(&self, arguments: Vec<Value>) -> Result<Value, (Option<usize>, String)> {
        let object = F::Arguments::object();
        let arguments = read::<F::Arguments>(&gather(&object, arguments)).map_err(|problems| {
            let first = problems.into_iter().next();
            let first = first.unwrap_or_else(|| Problem::error(Path::root(), "can't be read"));
            (position_of_path(&object, &first.path), first.message)
        })?;
        match Function::call(self, arguments) {
            Ok(output) => Ok(output.encode()),
            Err(problem) => {
                let position = problem.argument.and_then(|it| position(&object, &it));
                Err((position, problem.message))
            }
        }
    }
}

/// The type of each argument: the parameter's, and for the variadic one that of an element.
pub(crate) fn argument_type(parameter: &Attribute) -> Type {
    let ty = parameter.kind.ty();
    match (parameter.variadic, ty.element()) {
        (true, Some(element)) => element.clone(),
        _ => ty,
    }
}

/// The arguments as an object of the parameters: those from the variadic one on become a list.
fn gather(object: &Object, arguments: Vec<Value>) -> Value {
    let mut arguments = arguments.into_iter();
    Value::object(object.attributes.iter().map(|parameter| {
        let value = if parameter.variadic {
            Kind::List(argument_type(parameter), arguments.by_ref().collect()).into()
        } else {
            arguments.next().unwrap_or_else(|| Value::null(parameter.kind.ty()))
        };
        (parameter.name.as_ref(), value)
    }))
}

fn position(object: &Object, argument: &Argument) -> Option<usize> {
    match argument {
        Argument::Named(name) => object.attributes.iter().position(|it| it.name == *name),
        Argument::Variadic(i) => {
            object.attributes.iter().position(|it| it.variadic).map(|first| first + i)
        }
    }
}

fn position_of_path(object: &Object, path: &Path) -> Option<usize> {
    let [Step::Attribute(name), inner @ ..] = path.steps() else { return None };
    let at = object.attributes.iter().position(|it| it.name == **name)?;
    match inner.first() {
        Some(Step::Index(i)) if object.attributes[at].variadic => Some(at + i),
        _ => Some(at),
    }
}
