//! Objects that were managed as another type before.

use stanchion_cty::{Path, Problem};

use crate::{Private, RawState};

/// What an object was before a `moved` block gave it another type.
#[derive(Debug)]
pub struct MovedFrom<'a> {
    /// The address of the provider that managed it: `registry.terraform.io/hashicorp/aws`, or
    /// `terraform.io/builtin/terraform`.
    pub provider: &'a str,
    /// The type that it had: `terraform_data`.
    pub resource: &'a str,
    /// The version of that type's form in which the state is.
    pub version: i64,
    /// Its state.
    pub state: RawState,
    /// Its private data; empty where it is none of this framework's.
    pub private: Private,
    /// Its identity, where it had one.
    pub identity: Option<RawState>,
    /// The version of the identity's form.
    pub identity_version: i64,
}

impl MovedFrom<'_> {
    /// Whether it was of that type of that provider. An address without a host, such as
    /// `hashicorp/aws` or `builtin/terraform`, is that provider's in any registry.
    #[must_use]
    pub fn is(&self, provider: &str, resource: &str) -> bool {
        let without_host = self.provider.split_once('/').map(|(_, rest)| rest);
        self.resource == resource && (self.provider == provider || without_host == Some(provider))
    }

    /// A text of its state.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.state.get(name).and_then(serde_json::Value::as_str)
    }

    /// The problem of a source from which nothing can be moved.
    #[must_use]
    pub fn refused(&self) -> Problem {
        let Self { provider, resource, version, .. } = self;
        let message =
            format!("can't go on from {resource} of {provider} in version {version} of its form");
        Problem::error(Path::root(), message)
            .cure("take the `moved` block out, and import the object or let it be made anew")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_told_by_its_provider_and_its_type() {
        let from = MovedFrom {
            provider: "registry.terraform.io/hashicorp/aws",
            resource: "aws_instance",
            version: 1,
            state: RawState::new(),
            private: Private::default(),
            identity: None,
            identity_version: 0,
        };
        assert!(from.is("hashicorp/aws", "aws_instance"));
        assert!(from.is("registry.terraform.io/hashicorp/aws", "aws_instance"));
        assert!(!from.is("hashicorp/aws", "aws_vpc"));
        assert!(!from.is("other/aws", "aws_instance"));
        assert!(!from.is("example.com/hashicorp/aws", "aws_instance"));
        assert_eq!(
            from.refused().message,
            "can't go on from aws_instance of registry.terraform.io/hashicorp/aws \
             in version 1 of its form"
        );
    }
}
