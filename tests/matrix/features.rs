//! What not every Terraform can do: the only reasons for which a case is skipped.

use stanchion_tests::Terraform;

/// Something that came with a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Feature {
    /// What it is, as the list of skips says it.
    pub(crate) name: &'static str,
    /// The first Terraform that can do it.
    since: &'static str,
    /// The first that can't do it any more, if there is one.
    until: Option<&'static str>,
    /// Whether the OpenTofu of the tests can.
    tofu: bool,
}

impl Feature {
    pub(crate) const EPHEMERAL: Self =
        Self { name: "ephemeral resources", since: "1.10.0", until: None, tofu: true };
    pub(crate) const WRITE_ONLY: Self =
        Self { name: "write-only attributes", since: "1.11.0", until: None, tofu: true };
    pub(crate) const IDENTITY: Self =
        Self { name: "identities", since: "1.12.0", until: None, tofu: true };
    /// Terraform 1.8 itself fails where it writes nested attributes that hold computed values.
    pub(crate) const GENERATES_NESTED: Self =
        Self { name: "generating nested attributes", since: "1.9.0", until: None, tofu: true };

    /// The answer that only an older Terraform gets.
    pub(crate) const NO_WRITE_ONLY: Self = Self {
        name: "a Terraform without write-only attributes",
        since: "1.8.0",
        until: Some("1.11.0"),
        tofu: false,
    };
    /// OpenTofu takes the type of such an argument for unknown, and so the function's result.
    pub(crate) const UNTYPED_NULL: Self = Self {
        name: "nulls without a type as arguments",
        since: "1.8.0",
        until: None,
        tofu: false,
    };

    /// Whether this Terraform can do it.
    pub(crate) fn is_in(&self, terraform: &Terraform) -> bool {
        if terraform.is_tofu() {
            return self.tofu;
        }
        terraform.at_least(self.since) && !self.until.is_some_and(|it| terraform.at_least(it))
    }
}
