//! Which patterns come to everything.

use crate::facts::glob;

/// What is enough to do everything.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Power {
    /// All actions.
    All,
    /// All actions on permissions.
    Permissions,
}

impl Power {
    /// Whether a pattern of actions matches all of them.
    pub(super) fn is_in(self, pattern: &str) -> bool {
        let pattern = pattern.to_ascii_lowercase();
        let matches = |action: &str| pattern.ends_with('*') && glob(&pattern, action);
        let is_all = is_wild(&pattern) && matches("s3:a") && matches("execute-api:a");
        is_all || self == Self::Permissions && matches("iam:")
    }

    /// Whether a pattern of resources matches all that the actions are about.
    pub(super) fn has_resources(self, pattern: &str) -> bool {
        let parts = pattern.splitn(6, ':').collect::<Vec<_>>();
        let is_all = match parts.as_slice() {
            ["arn", partition] => is_wild(partition),
            ["arn", _, rest @ ..] => rest.iter().all(|it| is_wild(it)),
            _ => is_wild(pattern),
        };
        let is_of_iam = match parts.as_slice() {
            [arn, _, service, region, _, resource] => {
                glob(arn, "arn")
                    && glob(service, "iam")
                    && glob(region, "")
                    && (is_wild(resource) || *resource == "*/*")
            }
            _ => false,
        };
        is_all || self == Self::Permissions && is_of_iam
    }
}

/// Whether a pattern is made of wildcards only, and matches texts of any length.
pub(super) fn is_wild(pattern: &str) -> bool {
    pattern.contains('*') && pattern.chars().all(|it| matches!(it, '*' | '?' | ':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_all_actions_if_it_matches_every_one() {
        for (pattern, is_all, is_permissions) in [
            ("*", true, true),
            ("**", true, true),
            ("*:*", true, true),
            ("?*", true, true),
            ("??:*", false, false),
            ("iam:*", false, true),
            ("IAM:*", false, true),
            ("i*", false, true),
            ("i?m:**", false, true),
            ("iam:Get*", false, false),
            ("iam:?", false, false),
            ("s3:*", false, false),
            ("*:Get*", false, false),
            ("*s", false, false),
            ("", false, false),
        ] {
            assert_eq!(Power::All.is_in(pattern), is_all, "{pattern}");
            assert_eq!(Power::Permissions.is_in(pattern), is_permissions, "{pattern}");
        }
    }

    #[test]
    fn a_pattern_is_all_resources_if_it_matches_every_one() {
        for (pattern, is_all, is_permissions) in [
            ("*", true, true),
            ("**", true, true),
            ("arn:*", true, true),
            ("arn:aws:*", true, true),
            ("arn:*:*:*:*:*", true, true),
            ("*:*", true, true),
            ("arn:aws:iam::*:*", false, true),
            ("arn:aws:iam::111111111111:*", false, true),
            ("arn:aws:*::111111111111:*/*", false, true),
            ("arn:aws:iam::111111111111:role/*", false, false),
            ("arn:aws:s3:::*", false, false),
            ("arn:aws:*:eu-central-1:*:*", false, false),
            ("arn:aws", false, false),
        ] {
            assert_eq!(Power::All.has_resources(pattern), is_all, "{pattern}");
            assert_eq!(Power::Permissions.has_resources(pattern), is_permissions, "{pattern}");
        }
    }
}
