//! Where the states of root modules are kept.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use stanchion_lang::{File, Module, Span, Workspace};

use super::{Fact, Facts};

/// A root module that is applied as it stands, and where its state is.
#[derive(Clone, Debug)]
pub struct State {
    /// Where its place is written, or could be.
    pub span: Span,
    /// The root module's folder; empty for the working directory.
    pub folder: Arc<str>,
    /// The type of its backend; `cloud` for that block, `None` where neither is written.
    pub backend: Option<Arc<str>>,
}

/// Names of folders below which nothing is kept for long: a setting of rules about what is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Examples(Vec<String>);

impl Examples {
    /// Whether a folder is one of these or lies below one.
    #[must_use]
    pub fn hold(&self, folder: &str) -> bool {
        folder.split('/').any(|it| self.0.iter().any(|name| name == it))
    }
}

impl Default for Examples {
    fn default() -> Self {
        let names = ["example", "examples", "fixtures", "test", "testdata", "tests"];
        Self(names.map(str::to_owned).into())
    }
}

impl Fact for State {
    const NOUNS: [&'static str; 2] = ["state", "states"];

    fn in_root(facts: &Facts<'_>) -> Vec<Self> {
        let evaluation = facts.evaluation();
        of_root(evaluation.workspace(), evaluation.root()).into_iter().collect()
    }

    fn span(&self) -> Span {
        self.span
    }
}

fn of_root(workspace: &Workspace, module: &Module) -> Option<State> {
    if !workspace.is_applied(module) {
        return None;
    }
    let folder = module.folder.clone();
    if let Some(block) = module.backend() {
        let ty = block.labels.first().unwrap_or(&block.kind).clone();
        return Some(State { span: block.head, folder, backend: Some(ty) });
    }
    let settings = module.others_of("terraform").map(|it| it.head);
    let mut heads = settings.chain(module.providers().map(|it| it.block.head));
    let span = heads.next().or_else(|| beginning(workspace, module));
    Some(State { span: span?, folder, backend: None })
}

/// The beginning of the first file that says something of a module.
fn beginning(workspace: &Workspace, module: &Module) -> Option<Span> {
    let is_code = |it: &File| {
        let name = it.path().trim_end_matches(".json");
        name.ends_with(".tf") || name.ends_with(".tofu")
    };
    let here = workspace.files().iter().filter(|it| it.folder() == &*module.folder);
    here.filter(|it| is_code(it)).map(File::beginning).next()
}
