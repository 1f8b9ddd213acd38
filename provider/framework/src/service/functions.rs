//! What Terraform asks of functions.

use std::collections::HashMap;

use stanchion_cty::{Type, Value};
use stanchion_tfplugin::tfplugin6 as tf;

use super::Service;
use crate::function::argument_type;
use crate::{Provider, wire};

impl<P: Provider> Service<P> {
    pub(super) fn signatures(&self) -> HashMap<String, tf::Function> {
        self.functions
            .iter()
            .map(|(name, it)| ((*name).to_owned(), wire::signature(&*it.0)))
            .collect()
    }

    pub(super) fn call(&self, request: &tf::call_function::Request) -> tf::call_function::Response {
        match self.try_call(request) {
            Ok(result) => tf::call_function::Response { result: Some(result), error: None },
            Err((argument, text)) => tf::call_function::Response {
                result: None,
                error: Some(tf::FunctionError {
                    text,
                    function_argument: argument.and_then(|it| i64::try_from(it).ok()),
                }),
            },
        }
    }

    fn try_call(
        &self,
        request: &tf::call_function::Request,
    ) -> Result<tf::DynamicValue, (Option<usize>, String)> {
        let function = self
            .functions
            .get(request.name.as_str())
            .ok_or_else(|| (None, format!("{} is no function of this provider", request.name)))?;
        let object = function.0.object();
        let fixed = object.attributes.iter().filter(|it| !it.variadic).count();
        let variadic = object.attributes.iter().find(|it| it.variadic);
        let count = request.arguments.len();
        if count < fixed || (count > fixed && variadic.is_none()) {
            return Err((None, format!("takes {fixed} arguments, and was given {count}")));
        }
        let parameters = object.attributes.iter().filter(|it| !it.variadic);
        let types = parameters.chain(std::iter::repeat_with(|| variadic).flatten());
        let arguments = request.arguments.iter().zip(types).enumerate().map(|(i, (it, of))| {
            wire::decode(Some(it), &argument_type(of)).map_err(|it| (Some(i), it.to_string()))
        });
        let arguments: Vec<Value> = arguments.collect::<Result<_, _>>()?;
        let result = function.0.call(arguments)?;
        let ty: Type = function.0.output();
        wire::encode(&result, &ty).map_err(|it| (None, it.to_string()))
    }
}

/// The answer to a call that failed by a defect.
pub(super) fn failed(diagnostics: Vec<tf::Diagnostic>) -> tf::call_function::Response {
    let text = diagnostics.into_iter().map(|it| it.summary).next().unwrap_or_default();
    tf::call_function::Response {
        result: None,
        error: Some(tf::FunctionError { text, function_argument: None }),
    }
}
