//! What a person needs to point Terraform at a process that already runs.

use super::Identity;
use super::environment::PROTOCOL;
use super::handshake::Address;

/// The text for a terminal: one assignment, and what to do with it.
pub(super) fn instructions(identity: &Identity, address: &Address, pid: u32) -> String {
    let value = reattach(identity.address, address, pid);
    // Within single quotes a shell takes all but a single quote as it is.
    let value = value.replace('\'', r"'\''");
    format!(
        "{} serves until Ctrl-C. In another terminal, before running Terraform:\n\n    \
         export TF_REATTACH_PROVIDERS='{value}'\n",
        identity.name
    )
}

/// The value of `TF_REATTACH_PROVIDERS`: JSON, keyed by the provider's address.
fn reattach(provider: &str, address: &Address, pid: u32) -> String {
    serde_json::json!({
        provider: {
            "Protocol": "grpc",
            "ProtocolVersion": PROTOCOL,
            "Pid": pid,
            // Terraform leaves a process running that is marked so.
            "Test": true,
            "Addr": { "Network": address.network, "String": address.place },
        }
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_assignment_is_json_that_a_shell_keeps_whole() {
        let identity =
            Identity { address: "example/example", name: "terraform-provider-x", version: "1" };
        let address = Address { network: "unix", place: "/tmp/it's".into() };
        let text = instructions(&identity, &address, 7);
        assert!(
            text.contains(concat!(
                r#"export TF_REATTACH_PROVIDERS='{"example/example":{"#,
                r#""Addr":{"Network":"unix","String":"/tmp/it'\''s"},"Pid":7,"#,
                r#""Protocol":"grpc","ProtocolVersion":6,"Test":true}}'"#
            )),
            "{text}"
        );
    }
}
