//! Which file is what, by its name.

/// What a file is, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    /// A part of a module.
    Configuration {
        /// Whether it is merged into the others.
        is_override: bool,
    },
    /// Values of variables.
    Variables,
    /// `.terraform.lock.hcl`.
    Lock,
    /// `.terraform/modules/modules.json`.
    Manifest,
    /// Written for Terragrunt.
    Terragrunt,
}

/// Whether a file of that name belongs to a configuration, so that a workspace wants to have it: the
/// last part of its path is enough. `.terraform/modules/modules.json` is wanted besides.
#[must_use]
pub fn is_configuration(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or(name);
    if name == LOCK || TERRAGRUNT.contains(&name) {
        return true;
    }
    // What editors leave behind is passed over, as Terraform does.
    let is_ignored = name.starts_with('.')
        || name.ends_with('~')
        || name.starts_with('#') && name.ends_with('#');
    let ends = ["tf", "tofu", "tfvars"].iter().any(|it| {
        let name = name.strip_suffix(".json").unwrap_or(name);
        name.strip_suffix(it).is_some_and(|it| it.ends_with('.'))
    });
    ends && !is_ignored
}

/// Whether Terraform loads a file of that name by itself from a root module's folder: all that
/// [`is_configuration`] but for variable files that have to be named. The last part of its path is
/// enough.
#[must_use]
pub fn is_loaded(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or(name);
    let stem = name.strip_suffix(".json").unwrap_or(name);
    let is_automatic = stem == "terraform.tfvars" || stem.ends_with(".auto.tfvars");
    is_configuration(name) && (is_automatic || !stem.ends_with(".tfvars"))
}

/// Whether a file or folder of that path lies where Terraform puts the modules that it fetches.
#[must_use]
pub fn is_fetched(path: &str) -> bool {
    path.split('/').any(|it| it == ".terraform")
}

const LOCK: &str = ".terraform.lock.hcl";
const TERRAGRUNT: &[&str] = &["terragrunt.hcl", "terragrunt.hcl.json"];
const MANIFEST: &str = ".terraform/modules/modules.json";

pub(crate) fn kind(path: &str) -> FileKind {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (stem, plain) = (name.strip_suffix(".json").unwrap_or(name), name == LOCK);
    if plain {
        FileKind::Lock
    } else if root_of_manifest(path).is_some() {
        FileKind::Manifest
    } else if TERRAGRUNT.contains(&name) {
        FileKind::Terragrunt
    } else if stem.ends_with(".tfvars") {
        FileKind::Variables
    } else {
        let stem = stem.strip_suffix(".tf").or_else(|| stem.strip_suffix(".tofu")).unwrap_or(stem);
        let is_override = stem == "override" || stem.ends_with("_override");
        FileKind::Configuration { is_override }
    }
}

/// The folder of the root module whose remote modules a file lists.
pub(crate) fn root_of_manifest(path: &str) -> Option<&str> {
    let root = path.strip_suffix(MANIFEST)?;
    if root.is_empty() { Some("") } else { root.strip_suffix('/') }
}

/// The file that gives way to one of OpenTofu's.
pub(crate) fn shadowed(path: &str) -> Option<String> {
    match path.strip_suffix(".tofu") {
        Some(stem) => Some(format!("{stem}.tf")),
        None => path.strip_suffix(".tofu.json").map(|stem| format!("{stem}.tf.json")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_name_says() {
        let part = FileKind::Configuration { is_override: false };
        let over = FileKind::Configuration { is_override: true };
        for (path, is) in [
            ("a/main.tf", part),
            ("main.tofu.json", part),
            ("override.tf", over),
            ("a/x_override.tf.json", over),
            ("override.tofu", over),
            ("myoverride.tf", part),
            ("x.auto.tfvars", FileKind::Variables),
            ("a/terraform.tfvars.json", FileKind::Variables),
            ("a/.terraform.lock.hcl", FileKind::Lock),
            (".terraform/modules/modules.json", FileKind::Manifest),
            ("a/.terraform/modules/modules.json", FileKind::Manifest),
            ("live/terragrunt.hcl", FileKind::Terragrunt),
        ] {
            assert_eq!(kind(path), is, "{path}");
        }
        assert_eq!(root_of_manifest("a/b/.terraform/modules/modules.json"), Some("a/b"));
        assert_eq!(root_of_manifest("x.terraform/modules/modules.json"), None);
    }

    #[test]
    fn a_variable_file_is_loaded_by_its_name_or_has_to_be_named() {
        for name in ["main.tf", "terraform.tfvars", "x.auto.tfvars.json", "terraform.tfvars.json"] {
            assert!(is_loaded(name), "{name}");
        }
        for name in ["prod.tfvars", "auto.tfvars", "x.tfvars.json", "a/my-terraform.tfvars"] {
            assert!(!is_loaded(name), "{name}");
        }
    }

    #[test]
    fn what_terraform_passes_over_is_no_configuration() {
        for name in ["main.tf", "a/b.tf.json", "x.tofu", "y.tfvars.json", ".terraform.lock.hcl"] {
            assert!(is_configuration(name), "{name}");
        }
        for name in [".main.tf", "main.tf~", "#main.tf#", "maintf", "a.json", "x.tf.bak", "tf"] {
            assert!(!is_configuration(name), "{name}");
        }
    }
}
