//! The catalogue's file.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

/// The catalogue.
#[derive(Clone, Debug, Default)]
pub(crate) struct Catalogue {
    note: String,
    pub(crate) actions: BTreeMap<String, Vec<Release>>,
}

/// One release of an action.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Release {
    pub(crate) tag: String,
    pub(crate) sha: String,
    pub(crate) date: String,
    pub(crate) runs: String,
    /// The inputs in the order of the action's file: whether it is required, and the default.
    pub(crate) inputs: Vec<(String, bool, Option<String>)>,
}

impl Catalogue {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        // The order of inputs is the file's, which serde_json would not keep.
        let node = stanchion_cty::json::parse(text).map_err(|it| it.to_string())?;
        let text = |node: &stanchion_cty::spanned::Node, key: &str| {
            node.get(key).and_then(|it| it.as_str()).unwrap_or_default().to_owned()
        };
        let version = node.get("version").map(|it| &it.data);
        if !matches!(version, Some(stanchion_cty::spanned::Data::Number { text, .. }) if &**text == "1")
        {
            return Err("the catalogue is not of version 1".to_owned());
        }
        let mut actions = BTreeMap::new();
        for action in node.get("actions").map(|it| it.entries()).unwrap_or_default() {
            let release = |node: &stanchion_cty::spanned::Node| Release {
                tag: text(node, "tag"),
                sha: text(node, "sha"),
                date: text(node, "date"),
                runs: text(node, "runs"),
                inputs: crate::clone::inputs(node.get("inputs")),
            };
            let releases = action.value.items().iter().map(release).collect();
            actions.insert(action.key.to_string(), releases);
        }
        Ok(Self { note: text(&node, "note"), actions })
    }

    pub(crate) fn text(&self) -> String {
        let string = |it: &str| Value::from(it).to_string();
        let mut out = format!(
            "{{\n  \"version\": 1,\n  \"note\": {},\n  \"actions\": {{",
            string(&self.note)
        );
        let mut actions: Vec<_> = self.actions.iter().collect();
        actions.sort_by_key(|(name, _)| name.to_lowercase());
        for (i, (name, releases)) in actions.iter().enumerate() {
            let comma = if i == 0 { "" } else { "," };
            let _ = write!(out, "{comma}\n    {}: [", string(name));
            for (i, it) in releases.iter().enumerate() {
                let comma = if i == 0 { "" } else { "," };
                let said =
                    [("tag", &it.tag), ("sha", &it.sha), ("date", &it.date), ("runs", &it.runs)];
                let said: String =
                    said.iter().map(|(key, it)| format!("\"{key}\": {}, ", string(it))).collect();
                let _ = write!(
                    out,
                    "{comma}\n      {{\n        {}\n        \"inputs\": {{",
                    said.trim_end()
                );
                for (i, (name, required, default)) in it.inputs.iter().enumerate() {
                    let comma = if i == 0 { "" } else { "," };
                    let default =
                        default.as_ref().map(|it| format!(", \"default\": {}", string(it)));
                    let default = default.unwrap_or_default();
                    let name = string(name);
                    let _ = write!(
                        out,
                        "{comma}\n          {name}: {{\"required\": {required}{default}}}"
                    );
                }
                out.push_str("\n        }\n      }");
            }
            out.push_str("\n    ]");
        }
        out.push_str("\n  }\n}\n");
        out
    }
}
