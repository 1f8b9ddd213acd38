//! Policies that only bound what others grant.

use std::collections::{HashMap, HashSet};

use stanchion_lang::{Evaluation, Resource};

use super::member::Member;
use super::text::{self, Piece, Text};
use super::{Grant, Policy};

/// Leaves out what is some identity's permissions boundary and attached to nobody: a boundary
/// grants nothing.
pub(super) fn leave_out<'w>(
    cx: &Evaluation<'w>,
    resources: &[Resource<'w>],
    policies: Vec<Policy>,
) -> Vec<Policy> {
    let mut boundaries = Named::default();
    for resource in resources {
        if let Some(found) = cx.view(resource).attribute("permissions_boundary") {
            text::of(cx, &found.value).iter().for_each(|it| boundaries.add(it));
        }
    }
    if boundaries.addresses.is_empty() && boundaries.names.is_empty() {
        return policies;
    }
    let mut attached = Named::default();
    for policy in &policies {
        if let Grant::Managed(arns) = &policy.grant {
            arns.iter().for_each(|it| attached.add(it));
        }
    }
    let names = resources.iter().filter(|it| it.ty == "aws_iam_policy").filter_map(|it| {
        let name = cx.view(it).attribute("name")?.value;
        Some((it.address.to_string(), name.as_str()?.to_owned()))
    });
    let names = names.collect::<HashMap<_, _>>();
    let is_in = |policy: &Policy, named: &Named| {
        let name = names.get(&*policy.address);
        named.addresses.contains(&*policy.address)
            || name.is_some_and(|it| named.names.contains(it))
    };
    let is_boundary = |it: &Policy| is_in(it, &boundaries) && !is_in(it, &attached);
    policies.into_iter().filter(|it| !is_boundary(it)).collect()
}

/// What ARNs name.
#[derive(Default)]
struct Named {
    /// Addresses of resources.
    addresses: HashSet<String>,
    /// Names of policies in an account.
    names: HashSet<String>,
}

impl Named {
    fn add(&mut self, arn: &Member<Text>) {
        match arn {
            Member::One(it) => {
                let address = it.name().and_then(|it| it.strip_suffix(".arn"));
                self.addresses.extend(address.map(str::to_owned));
                // An ARN that is put together of an account and a name.
                if let Some(Piece::Known(end)) = it.pieces.last()
                    && let Some((_, name)) = end.rsplit_once('/')
                {
                    self.names.insert(name.to_owned());
                }
            }
            Member::Either(of, _) => of.iter().flatten().for_each(|it| self.add(it)),
            Member::Unknown(_) => {}
        }
    }
}
