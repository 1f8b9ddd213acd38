//! Compiles the protocol's definitions without a `protoc` on the machine.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=proto");
    let definitions =
        protox::compile(["tfplugin6.proto", "go_plugin.proto", "grpc_health.proto"], ["proto"])?;
    tonic_prost_build::configure()
        // What a provider doesn't serve answers UNIMPLEMENTED, so a newer
        // definition never breaks an older provider.
        .generate_default_stubs(true)
        // How a connection is made is the caller's matter.
        .build_transport(false)
        // A message's bytes are slices of the buffer that they arrived in.
        .bytes(".")
        .skip_debug(WITHHELD)
        .compile_fds(definitions)?;
    Ok(())
}

/// Messages whose own bytes may hold a secret; `src/withheld.rs` prints them.
const WITHHELD: [&str; 9] = [
    ".tfplugin6.DynamicValue",
    ".tfplugin6.RawState",
    ".tfplugin6.OpenEphemeralResource.Response",
    ".tfplugin6.RenewEphemeralResource.Request",
    ".tfplugin6.RenewEphemeralResource.Response",
    ".tfplugin6.CloseEphemeralResource.Request",
    ".tfplugin6.ReadStateBytes.Response",
    ".tfplugin6.WriteStateBytes.RequestChunk",
    ".plugin.StdioData",
];
