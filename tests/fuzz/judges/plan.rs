//! Plans: what one knows of a configuration, whatever it is of.

use std::sync::Arc;

use stanchion::reading::plan;
use stanchion_lang::Inputs;

use super::configuration::{Memory, READ, evaluates};

pub(crate) fn judge(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match plan(text) {
        Ok(planned) => {
            let same = plan(&format!("\n {text}\n")).map(|it| format!("{it:?}"));
            assert_eq!(same, Ok(format!("{planned:?}")), "{text:?}");
            let inputs = Inputs { planned: Some(Arc::new(planned)), ..Inputs::default() };
            evaluates(&READ, &Memory("a: 1\n"), &inputs);
        }
        Err(told) => assert!(told.starts_with("is "), "{told} of {text:?}"),
    }
}
