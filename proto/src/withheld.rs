//! How messages print that may hold a secret: as their size, never their bytes.

use std::fmt;

use prost::Message;

use crate::{go_plugin, tfplugin6};

macro_rules! withheld {
    ($($message:ty),+ $(,)?) => {$(
        impl fmt::Debug for $message {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "({} bytes withheld)", self.encoded_len())
            }
        }
    )+};
}

// The same messages as in build.rs; one that is missing here doesn't compile.
withheld! {
    tfplugin6::DynamicValue,
    tfplugin6::RawState,
    tfplugin6::open_ephemeral_resource::Response,
    tfplugin6::renew_ephemeral_resource::Request,
    tfplugin6::renew_ephemeral_resource::Response,
    tfplugin6::close_ephemeral_resource::Request,
    tfplugin6::read_state_bytes::Response,
    tfplugin6::write_state_bytes::RequestChunk,
    go_plugin::StdioData,
}

#[cfg(test)]
mod tests {
    use crate::tfplugin6::{DynamicValue, plan_resource_change};

    #[test]
    fn a_value_inside_a_request_is_not_printed() {
        let config = DynamicValue { msgpack: "hunter2".into(), json: "".into() };
        let request = plan_resource_change::Request { config: Some(config), ..Default::default() };
        let printed = format!("{request:?}");
        assert!(printed.contains("config: Some((9 bytes withheld))"), "{printed}");
        assert!(!printed.contains("104, 117"), "{printed}");
    }
}
