//! What checkov writes with `--output json`, as version 3 has it: an object, or a list of them where
//! several kinds of files were judged.

use std::ops::RangeInclusive;

use serde::Deserialize;

/// A finding of the other linter's.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Theirs {
    /// Its id there.
    pub(crate) id: String,
    /// What it objects to, in its words.
    pub(crate) name: String,
    /// The file that has the block.
    pub(crate) file: Named,
    /// A file of the root module under which it was met, if the block is in another module.
    pub(crate) root_file: Option<Named>,
    /// The lines of the block.
    pub(crate) lines: RangeInclusive<u32>,
    /// The address of what it is about.
    pub(crate) address: Option<String>,
}

/// A file of a report.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Named {
    /// Its path as it was on the machine that wrote the report.
    pub(crate) absolute: Option<String>,
    /// Its path below the folder that was judged.
    pub(crate) below: String,
}

/// A report of the other linter's.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Told {
    /// The version that wrote it, if it says so.
    pub(crate) version: Option<String>,
    /// What it found, in its order.
    pub(crate) findings: Vec<Theirs>,
}

/// Why a text is no report: the end of a sentence that begins with its name.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotOne {
    /// It is no JSON, or breaks off.
    #[error("is no JSON: {0}")]
    NoJson(String),
    /// It is JSON of another kind.
    #[error("is no report of checkov's: {0}")]
    Another(String),
}

/// Reads a report.
///
/// # Errors
/// If it is none.
pub(crate) fn read(text: &str) -> Result<Told, NotOne> {
    let no_json = |it: serde_json::Error| NotOne::NoJson(it.to_string());
    let value: serde_json::Value = serde_json::from_str(text).map_err(no_json)?;
    let parts = match value {
        serde_json::Value::Array(parts) => parts,
        one => vec![one],
    };
    let mut told = Told::default();
    for part in parts {
        let another = |it: serde_json::Error| NotOne::Another(it.to_string());
        let part: Part = serde_json::from_value(part).map_err(another)?;
        // Where there was nothing to judge, the numbers stand alone.
        let summary = part.summary.unwrap_or(Summary { checkov_version: part.checkov_version });
        if part.results.is_none() && summary.checkov_version.is_none() {
            return Err(NotOne::Another("it has neither `results` nor a version".to_owned()));
        }
        told.version = told.version.or(summary.checkov_version);
        let failed = part.results.into_iter().flat_map(|it| it.failed_checks);
        told.findings.extend(failed.map(Theirs::from));
    }
    Ok(told)
}

#[derive(Deserialize)]
struct Part {
    results: Option<Results>,
    summary: Option<Summary>,
    checkov_version: Option<String>,
}

#[derive(Deserialize)]
struct Summary {
    checkov_version: Option<String>,
}

#[derive(Deserialize)]
struct Results {
    failed_checks: Vec<Check>,
}

#[derive(Deserialize)]
struct Check {
    check_id: String,
    check_name: Option<String>,
    file_path: String,
    file_abs_path: Option<String>,
    file_line_range: [u32; 2],
    resource: Option<String>,
    caller_file_path: Option<String>,
    breadcrumbs: Option<Breadcrumbs>,
}

/// The way to the block.
#[derive(Deserialize)]
struct Breadcrumbs {
    /// The calls of modules, from the root module on.
    #[serde(default)]
    source_module_: Vec<Call>,
}

#[derive(Deserialize)]
struct Call {
    path: String,
}

impl From<Check> for Theirs {
    fn from(check: Check) -> Self {
        let [first, last] = check.file_line_range;
        let below = check.file_path.trim_start_matches('/');
        // What stands before each file's path on the machine that wrote the report.
        let start = check.file_abs_path.as_deref().and_then(|it| it.strip_suffix(below));
        let start = start.unwrap_or_default().to_owned();
        let named = |below: &str| Named {
            absolute: Some(format!("{start}{below}")).filter(|_| !start.is_empty()),
            below: below.to_owned(),
        };
        let calls = check.breadcrumbs.map(|it| it.source_module_).unwrap_or_default();
        let outermost = calls.first().map(|it| it.path.strip_prefix(&start).unwrap_or(&it.path));
        let levels = check.resource.as_deref().map_or(0, |it| it.matches("module.").count());
        let caller = check.caller_file_path.as_deref().map(|it| it.trim_start_matches('/'));
        // The caller of a module within a module is not the root.
        let root_file = outermost.or(caller.filter(|_| levels == 1)).map(named);
        Self {
            id: check.check_id,
            name: check.check_name.unwrap_or_default(),
            file: named(below),
            root_file,
            lines: first..=last,
            address: check.resource,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = r#"{"check_type": "terraform", "results": {"failed_checks": [{
        "check_id": "CKV_K8S_14", "check_name": "Image Tag", "file_path": "/a/main.tf",
        "file_abs_path": "/there/a/main.tf", "file_line_range": [3, 9], "resource": "a.b"
    }]}, "summary": {"checkov_version": "3.3.30"}}"#;

    #[test]
    fn a_report_is_an_object_or_a_list_of_them() {
        let one = read(ONE).unwrap();
        assert_eq!(one.version.as_deref(), Some("3.3.30"));
        let [theirs] = &one.findings[..] else { panic!("{one:?}") };
        assert_eq!((theirs.id.as_str(), &*theirs.file.below), ("CKV_K8S_14", "a/main.tf"));
        assert_eq!(theirs.file.absolute.as_deref(), Some("/there/a/main.tf"));
        assert_eq!(theirs.root_file, None);
        assert_eq!(theirs.lines, 3..=9);
        assert_eq!(read(&format!("[{ONE}, {ONE}]")).unwrap().findings.len(), 2);
        let nothing = r#"{"passed": 0, "failed": 0, "checkov_version": "3.3.30"}"#;
        assert_eq!(read(nothing).unwrap().findings, []);
    }

    #[test]
    fn the_root_is_that_of_the_outermost_call() {
        let of = |address: &str, more: &str| {
            let text = ONE.replace("\"a.b\"", &format!("\"{address}\", {more}"));
            read(&text).unwrap().findings.remove(0).root_file.map(|it| it.below)
        };
        let caller = "\"caller_file_path\": \"/r/main.tf\"";
        let calls = "\"breadcrumbs\": {\"source_module_\": [
            {\"path\": \"/there/root/main.tf\"}, {\"path\": \"/there/m/main.tf\"}]}";
        assert_eq!(of("module.m.a.b", caller).as_deref(), Some("r/main.tf"));
        assert_eq!(of("module.m.module.n.a.b", caller), None);
        let both = format!("{caller}, {calls}");
        assert_eq!(of("module.m.module.n.a.b", &both).as_deref(), Some("root/main.tf"));
    }

    #[test]
    fn what_is_no_report_is_refused() {
        for (text, why) in [
            ("", "is no JSON: "),
            (&ONE[..100], "is no JSON: "),
            ("{}", "is no report of checkov's: it has neither"),
            ("3", "is no report of checkov's: "),
            (&ONE.replace("check_id", "id"), "is no report of checkov's: missing field `check_id`"),
            (&ONE.replace("[3, 9]", "[-3, 9]"), "is no report of checkov's: "),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.starts_with(why), "{error} of {text}");
        }
    }
}
