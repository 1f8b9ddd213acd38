//! `.terraform/modules/modules.json`: where `terraform init` has put the modules.

use std::collections::BTreeMap;

use stanchion_cty::json;

use crate::module::join;
use crate::source::{Fault, FileId, Span};

/// The folders of a root module's modules by their paths: `vpc.subnets`.
pub(super) type Manifest = BTreeMap<String, String>;

/// Reads a list of modules, whose folders are seen from the root module's.
pub(super) fn read(file: FileId, text: &str, root: &str) -> Result<Manifest, Fault> {
    let tree = json::parse(text).map_err(|error| {
        let message = format!("can't be read as JSON: {}", error.message);
        Fault { span: Span::at(file, error.span.start), message }
    })?;
    let Some(modules) = tree.get("Modules") else {
        let message = "lists no modules: run terraform init again".to_owned();
        return Err(Fault { span: Span::at(file, 0), message });
    };
    let entries = modules.items().iter().filter_map(|it| {
        let text = |name: &str| it.get(name)?.as_str();
        Some((text("Key")?.to_owned(), join(root, &text("Dir")?.replace('\\', "/"))))
    });
    Ok(entries.filter(|(key, _)| !key.is_empty()).collect())
}
