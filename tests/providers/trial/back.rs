//! Functions that give back their argument, one for each type.

use std::collections::BTreeMap;

use stanchion_cty::schema::{Block, Set};
use stanchion_cty::{Number, Value};
use stanchion_framework::{AnyFunction, Function, FunctionProblem, function};

macro_rules! back {
    ($($function:ident $arguments:ident $name:literal $ty:ty;)+) => {
        $(
            /// Gives back its argument.
            #[derive(Block)]
            struct $arguments {
                /// What is given back.
                value: $ty,
            }

            struct $function;

            impl Function for $function {
                const NAME: &'static str = $name;
                type Arguments = $arguments;
                type Output = $ty;

                fn call(&self, it: $arguments) -> Result<$ty, FunctionProblem> {
                    Ok(it.value)
                }
            }
        )+

        /// All of them.
        pub(crate) fn functions() -> Vec<AnyFunction> {
            vec![$(function($function)),+, function(BackAll)]
        }
    };
}

back! {
    BackBool OneBool "back_bool" bool;
    BackInt32 OneInt32 "back_int32" i32;
    BackInt64 OneInt64 "back_int64" i64;
    BackFloat32 OneFloat32 "back_float32" f32;
    BackFloat64 OneFloat64 "back_float64" f64;
    BackNumber OneNumber "back_number" Number;
    BackString OneString "back_string" String;
    BackList OneList "back_list" Vec<String>;
    BackMap OneMap "back_map" BTreeMap<String, String>;
    BackSet OneSet "back_set" Set<String>;
    BackObject OneObject "back_object" Pair;
    BackAnyObject OneAnyObject "back_any_object" Holder;
    BackDynamic OneDynamic "back_dynamic" Value;
}

/// A key and a value.
#[derive(Block)]
struct Pair {
    /// The key.
    key: String,
    /// The value.
    value: i64,
}

/// A key and anything.
#[derive(Block)]
struct Holder {
    /// The key.
    key: String,
    /// Anything.
    any: Value,
}

/// Any number of values.
#[derive(Block)]
struct All {
    /// The values.
    #[attr(variadic)]
    values: Vec<Value>,
}

/// Gives back all its arguments.
struct BackAll;

impl Function for BackAll {
    const NAME: &'static str = "back_all";
    type Arguments = All;
    type Output = Value;

    fn call(&self, All { values }: All) -> Result<Value, FunctionProblem> {
        Ok(Value::tuple(values))
    }
}
