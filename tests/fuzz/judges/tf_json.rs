//! Configurations in JSON, values of variables and the manifest of fetched modules.

use stanchion_cty::json;
use stanchion_lang::{Inputs, Workspace};

use super::configuration::{Memory, alone, beside, evaluates, faults_lie_in, said};

pub(crate) fn judge(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for name in ["main.tf.json", "terraform.tfvars.json", ".terraform/modules/modules.json"] {
        let workspace = alone(name, text);
        faults_lie_in(&workspace);
        if json::parse(text.trim_start_matches('\u{feff}')).is_err() {
            assert_eq!(workspace.faults().len(), 1, "{name}: {text:?}");
        }
        let more = alone(name, &format!("{text}\n "));
        assert_eq!(all(&workspace), all(&more), "{name}: {text:?}");
    }
    evaluates(&beside("main.tf.json", text), &Memory("a: 1\n"), &Inputs::default());
    evaluates(&beside("terraform.tfvars.json", text), &Memory("a: 1\n"), &Inputs::default());
}

/// What a workspace has read; nothing of files with a fault, whose place may be the end of the text.
fn all(workspace: &Workspace) -> Option<Vec<String>> {
    let is_read = workspace.faults().is_empty();
    is_read.then(|| workspace.roots().into_iter().map(said).collect())
}
