//! The constructs of the language, each of which stands in a tree. An action is none of them: neither
//! Terraform itself nor the tests' own provider has one that could be planned.

use crate::tree::Tree;

/// A construct, and whether it stands in a tree.
pub(crate) struct Construct {
    pub(crate) name: &'static str,
    pub(crate) stands_in: fn(&Tree) -> bool,
}

macro_rules! constructs {
    ($($name:literal $stands_in:expr,)*) => {
        pub(crate) const CONSTRUCTS: &[Construct] =
            &[$(Construct { name: $name, stands_in: $stands_in },)*];
    };
}

constructs! {
    ".tf" |it| file(it, ".tf"),
    ".tofu" |it| it.is_tofu && file(it, ".tofu"),
    ".tf.json" |it| file(it, ".tf.json"),
    "override file" |it| file(it, "_override.tf"),
    "override.tf" |it| it.files.contains_key("override.tf"),
    "override in JSON" |it| file(it, "override.tf.json"),
    "terraform.tfvars" |it| it.files.contains_key("terraform.tfvars"),
    "terraform.tfvars.json" |it| it.files.contains_key("terraform.tfvars.json"),
    "*.auto.tfvars" |it| file(it, ".auto.tfvars"),
    "*.auto.tfvars.json" |it| file(it, ".auto.tfvars.json"),
    "TF_VAR_" |it| it.environment.iter().any(|it| it.0.starts_with("TF_VAR_")),
    "--var" |it| it.arguments.iter().any(|it| it.0 == "var"),
    "--var-file" |it| it.arguments.iter().any(|it| it.0 == "var-file"),
    "--var of an undeclared variable" |it| refused(it, "Value for undeclared variable"),
    "lock file" |it| file(it, ".terraform.lock.hcl"),
    "local module" |it| set(it, "source") && says(it, "\"./"),
    "fetched module, modules.json" |it| file(it, "modules/modules.json"),
    "count" |it| set(it, "count"),
    "for_each" |it| set(it, "for_each"),
    "provider block with an alias" |it| block(it, "provider") && set(it, "alias"),
    "providers passed to a module" |it| set(it, "providers") && set(it, "configuration_aliases"),
    "moved" |it| block(it, "moved"),
    "import" |it| block(it, "import"),
    "removed" |it| block(it, "removed"),
    "check" |it| block(it, "check") && block(it, "assert"),
    "data source" |it| block(it, "data"),
    "ephemeral resource" |it| block(it, "ephemeral"),
    "list, in a file of queries" |it| file(it, ".tfquery.hcl") && block(it, "list"),
    "function of Terraform's own provider" |it| says(it, "provider::terraform::"),
    "function of a provider" |it| says(it, "provider::trial::"),
    "function of a provider not declared" |it| refused(it, "Unknown provider function"),
    "module that calls itself" |it| it.ours.as_deref() == Some("Module loop"),
    "optional attribute with a default" |it| says(it, "optional("),
    "sensitive" |it| set(it, "sensitive"),
    "ephemeral variable" |it| set(it, "ephemeral"),
    "nullable" |it| set(it, "nullable"),
    "local" |it| block(it, "locals"),
    "output" |it| block(it, "output"),
    "each" |it| says(it, "each.key") && says(it, "each.value"),
    "count.index" |it| says(it, "count.index"),
    "self" |it| says(it, "self."),
    "path" |it| says(it, "path.module") && says(it, "path.root") && says(it, "path.cwd"),
    "terraform.workspace" |it| says(it, "terraform.workspace"),
    "dynamic" |it| block(it, "dynamic"),
    "dynamic with an iterator" |it| block(it, "dynamic") && set(it, "iterator"),
    "lifecycle" |it| block(it, "lifecycle"),
    "depends_on" |it| set(it, "depends_on"),
    "provisioner" |it| block(it, "provisioner"),
    "connection" |it| block(it, "connection"),
    "validation" |it| block(it, "validation"),
    "precondition" |it| block(it, "precondition"),
    "postcondition" |it| block(it, "postcondition"),
    "missing argument" |it| refused(it, "Missing required argument"),
    "undeclared reference" |it| refused(it, "Reference to undeclared"),
    "unsupported argument" |it| refused(it, "Unsupported argument"),
    "cycle" |it| refused(it, "Cycle"),
}

fn refused(tree: &Tree, cause: &str) -> bool {
    tree.refused.as_deref().is_some_and(|it| it.starts_with(cause))
}

fn file(tree: &Tree, end: &str) -> bool {
    tree.files.keys().any(|it| it.ends_with(end))
}

fn says(tree: &Tree, words: &str) -> bool {
    tree.files.values().any(|it| it.contains(words))
}

/// Whether an attribute of that name is written.
fn set(tree: &Tree, name: &str) -> bool {
    follows(tree, name, |it| {
        let value = it.trim_start().trim_start_matches('"').trim_start();
        value.starts_with(['=', ':']) && !value.starts_with("==")
    })
}

/// Whether a block of that kind is written.
fn block(tree: &Tree, kind: &str) -> bool {
    follows(tree, kind, |it| {
        let line = it.lines().next().unwrap_or_default();
        line.starts_with(' ')
            && line.contains('{')
            && !line.split('{').next().unwrap().contains('=')
    })
}

/// Whether a whole word stands somewhere with something behind it.
fn follows(tree: &Tree, word: &str, is: fn(&str) -> bool) -> bool {
    let is_letter = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '.' | '-');
    tree.files.values().any(|text| {
        text.match_indices(word).any(|(at, _)| {
            let (before, behind) = (&text[..at], &text[at + word.len()..]);
            !before.ends_with(is_letter) && !behind.starts_with(is_letter) && is(behind)
        })
    })
}
