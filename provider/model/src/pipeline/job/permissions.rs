//! What a job's token may do.

use std::collections::BTreeMap;

use stanchion_cty::schema::{Block, Check, Leaf, not_blank, not_empty, one_of};
use stanchion_cty::yaml::Item;
use stanchion_cty::{Kind, Path, Problem, Problems};

use super::{Draft, Part, Remains, Scope};
use crate::NotKnown;
use crate::pipeline::expression::one_line;
use crate::pipeline::lens::{known, text};

/// What a job's token may do.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Permissions {
    /// What the job's token may do beyond reading the repository: scope, such as `pull-requests` or
    /// `packages` → access and reason. Without it the token reads the repository and no more.
    #[attr(optional, check = not_empty(), check = are_scopes())]
    pub permissions: Leaf<BTreeMap<String, Leaf<Permission>>>,
}

/// What a token may do with something.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Permission {
    /// What it may do.
    #[attr(required, check = one_of(&["read", "write", "none"]))]
    pub access: Leaf<String>,
    /// What for, in a few words. It stands beside the permission in the workflow.
    #[attr(required, check = not_blank(), check = one_line())]
    pub reason: Leaf<String>,
}

/// The scopes of a token:
/// <https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#permissions>.
const SCOPES: &[&str] = &[
    "actions",
    "attestations",
    "checks",
    "contents",
    "deployments",
    "discussions",
    "id-token",
    "issues",
    "models",
    "packages",
    "pages",
    "pull-requests",
    "security-events",
    "statuses",
];

/// What the checkout needs.
const CHECKOUT: (&str, &str, &str) = ("contents", "read", "to check the repository out");

fn are_scopes() -> Check {
    let says = format!("must have scopes of a token as keys: {}", SCOPES.join(", "));
    Check::new(says, |it| match it.kind() {
        Kind::Map(_, entries) => entries.keys().all(|it| SCOPES.contains(&&**it)),
        _ => true,
    })
}

impl Part for Permissions {
    fn check(&self, cx: &Scope<'_>, problems: &mut Problems) {
        let access = |scope: &str| self.permissions.known()?.get(scope)?.known()?.access.known();
        let path = |scope: &str| cx.path().attribute("permissions").key(scope).attribute("access");
        if access("contents").is_some_and(|it| it == "none") {
            let message = "is \"none\", with which the repository can't be checked out";
            let cure = "take the permission away: the job reads the repository without it";
            problems.push(Problem::error(path("contents"), message).cure(cure));
        }
        for (scope, only) in [("id-token", "write"), ("models", "read")] {
            let other = access(scope).filter(|it| *it != only && *it != "none");
            if let Some(other) = other {
                let message = format!("is {other:?}, which there is not for {scope}");
                let cure = format!("say {only:?} or \"none\"");
                problems.push(Problem::error(path(scope), message).cure(cure));
            }
        }
    }

    fn render(&self, _: &Scope<'_>, draft: &mut Draft) -> Result<(), NotKnown> {
        let (scope, access, reason) = CHECKOUT;
        let mut all = BTreeMap::from([(scope, Item::string(access).beside(reason))]);
        for (scope, it) in known(&self.permissions)?.into_iter().flatten() {
            let Some(it) = known(it)? else { continue };
            let access = known(&it.access)?.map(String::as_str).unwrap_or_default();
            let item = Item::string(access);
            all.insert(
                scope,
                match known(&it.reason)? {
                    Some(reason) => item.beside(reason.as_str()),
                    None => item,
                },
            );
        }
        draft.keys.push(("permissions", Item::map(all)));
        Ok(())
    }

    fn read(prior: Option<&Self>, _: &Scope<'_>, found: &mut Remains<'_>) -> Self {
        let prior = prior.and_then(|it| it.permissions.known());
        let entries = found.node.get("permissions").map(stanchion_cty::spanned::Node::entries);
        let mut read = BTreeMap::new();
        for entry in entries.unwrap_or_default() {
            let before = prior.and_then(|it| it.get(&*entry.key));
            let access = text(&entry.value);
            if before.is_none() && (&*entry.key, access) == (CHECKOUT.0, Some(CHECKOUT.1)) {
                continue;
            }
            let reason = before.and_then(Leaf::known).map(|it| it.reason.clone());
            let access = access.map(Leaf::from).unwrap_or_default();
            let it = Permission { access, reason: reason.unwrap_or_default() };
            read.insert(entry.key.to_string(), Leaf::Known(it));
        }
        Self { permissions: if read.is_empty() { Leaf::Null } else { Leaf::Known(read) } }
    }

    fn only_configured(&self, cx: &Scope<'_>) -> Vec<Path> {
        let all = self.permissions.known().into_iter().flatten();
        let without = all.filter(|(_, it)| it.known().is_some_and(|it| it.reason.is_null()));
        let path = cx.path().attribute("permissions");
        without.map(|(scope, _)| path.key(scope.as_str()).attribute("reason")).collect()
    }
}
