//! Which statements of a policy come to everything.

use stanchion_cty::Value;

use super::power::{Power, is_wild};
use crate::facts::{
    Condition, Effect, Grant, Member, Policy, PolicyText as Text, Scope, Statement, Truth, glob,
};
use crate::finding::Confidence;
use crate::judge::Context;

/// What is found in a policy.
#[derive(Clone, Debug)]
pub(super) enum Found {
    Nothing,
    Fault(Fault),
    Unknown(String),
}

/// A grant of everything.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) confidence: Confidence,
    /// The pattern of actions, in a document.
    pub(super) at: Option<Value>,
}

/// AWS's own policies that allow everything, everything but permissions, and all permissions. The
/// source is the AWS Managed Policy Reference Guide.
const MANAGED: &[&str] = &["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"];
/// So many lists of statements are looked into, where some are one of two.
const MOST: usize = 64;

/// What is found in a policy.
pub(super) fn judge(policy: &Policy, allowed: &[String], cx: &Context<'_>) -> Found {
    match &policy.grant {
        Grant::Document(statements) => of_worlds(statements, &|world| of_document(world)),
        Grant::Managed(arns) => of_worlds(arns, &|world| of_arns(world, allowed, cx)),
    }
}

/// The members of one of the lists that a list may be, and why there may be more.
struct World<'a, T> {
    members: Vec<&'a T>,
    unknown: Option<&'a str>,
}

/// What is found whatever is chosen; unknown where it depends on that.
fn of_worlds<T>(members: &[Member<T>], judge: &dyn Fn(&World<'_, T>) -> Found) -> Found {
    let mut worlds = vec![World { members: Vec::new(), unknown: None }];
    let mut why = None;
    if !add(members, &mut worlds, &mut why) {
        return Found::Unknown("there are more choices than are looked into".to_owned());
    }
    let mut all = worlds.iter().map(judge);
    let first = all.next().unwrap_or(Found::Nothing);
    all.fold(first, |one, other| match (one, other) {
        (Found::Nothing, Found::Nothing) => Found::Nothing,
        (Found::Fault(one), Found::Fault(_)) => Found::Fault(one),
        (Found::Unknown(why), _) | (_, Found::Unknown(why)) => Found::Unknown(why),
        _ => Found::Unknown(why.unwrap_or_default().to_owned()),
    })
}

/// Adds members to all worlds, and notes on what they depend first; whether there are few enough.
fn add<'a, T>(
    members: &'a [Member<T>],
    worlds: &mut Vec<World<'a, T>>,
    why: &mut Option<&'a str>,
) -> bool {
    members.iter().all(|member| {
        match member {
            Member::One(it) => worlds.iter_mut().for_each(|world| world.members.push(it)),
            Member::Unknown(it) => {
                worlds.iter_mut().for_each(|world| world.unknown = world.unknown.or(Some(it)));
            }
            Member::Either(of, it) => {
                *why = why.or(Some(it));
                let mut other = worlds
                    .iter()
                    .map(|it| World { members: it.members.clone(), unknown: it.unknown })
                    .collect();
                if !add(&of[0], worlds, why) || !add(&of[1], &mut other, why) {
                    return false;
                }
                worlds.append(&mut other);
            }
        }
        worlds.len() <= MOST
    })
}

fn of_arns(world: &World<'_, Text>, allowed: &[String], cx: &Context<'_>) -> Found {
    let mut found = world.unknown.map_or(Found::Nothing, |it| Found::Unknown(it.to_owned()));
    for arn in &world.members {
        match of_arn(arn, allowed, cx) {
            Found::Nothing => {}
            Found::Unknown(why) => found = Found::Unknown(why),
            fault @ Found::Fault(_) => return fault,
        }
    }
    found
}

fn of_arn(arn: &Text, allowed: &[String], cx: &Context<'_>) -> Found {
    let is_of_aws = |name: &str| MANAGED.contains(&name) && !allowed.iter().any(|it| it == name);
    let fault = |name: &str| {
        let what = match name {
            "IAMFullAccess" => "all of iam:*, and with it everything else",
            "PowerUserAccess" => "everything but permissions",
            _ => "everything",
        };
        Found::Fault(Fault {
            message: format!("the policy {name} allows {what}"),
            confidence: Confidence::High,
            at: None,
        })
    };
    if let Some(reference) = arn.name() {
        // A policy that is looked up by its name, in the account or among AWS's own.
        let by_name =
            reference.strip_suffix(".arn").filter(|it| it.contains("data.aws_iam_policy."));
        let name = by_name
            .zip(cx.facts())
            .map(|(policy, facts)| facts.evaluation().evaluate(&format!("{policy}.name")).value);
        return match name.as_ref().and_then(Value::as_str) {
            Some(name) if is_of_aws(name) => fault(name),
            _ => Found::Nothing,
        };
    }
    let mut found = Found::Nothing;
    for name in MANAGED.iter().filter(|it| is_of_aws(it)) {
        // The account is aws, whatever the partition.
        let end = format!(":iam::aws:policy/{name}");
        if arn.matches_at_least(|it| it.ends_with(&end)) != Truth::No {
            return fault(name);
        }
        let may_be = arn.matches_at_least(|it| {
            let partition = it.split(':').nth(1).unwrap_or("aws");
            glob(it, &format!("arn:{partition}{end}"))
        });
        if let Truth::Unknown(why) = may_be {
            found = Found::Unknown(why);
        }
    }
    found
}

fn of_document(world: &World<'_, Statement>) -> Found {
    let mut unknown = world.unknown.map(str::to_owned);
    let mut worst: Option<Fault> = None;
    for power in [Power::All, Power::Permissions] {
        let denials = world.members.iter().map(|it| denies(it, power));
        let denied = denials.fold(Truth::No, Truth::or);
        for statement in &world.members {
            let (allowed, is_weak) = allows(statement, power);
            match allowed.and(!denied.clone()) {
                Truth::No => {}
                Truth::Unknown(why) => unknown = unknown.or(Some(why)),
                Truth::Yes => {
                    let confidence = match () {
                        () if is_weak => Confidence::Low,
                        () if statement.is_maybe.is_some() => Confidence::Medium,
                        () if world.unknown.is_some() => Confidence::Medium,
                        () => Confidence::High,
                    };
                    if worst.as_ref().is_none_or(|it| it.confidence < confidence) {
                        worst = Some(fault(statement, power, confidence));
                    }
                }
            }
        }
    }
    match (worst, unknown) {
        (Some(fault), _) => Found::Fault(fault),
        (None, Some(why)) => Found::Unknown(why),
        (None, None) => Found::Nothing,
    }
}

fn fault(statement: &Statement, power: Power, confidence: Confidence) -> Fault {
    let message = match (statement.actions.is_negated, power) {
        (true, _) => "the policy allows everything but some actions",
        (false, Power::All) => "the policy allows everything",
        (false, Power::Permissions) => {
            "the policy allows all of iam:*, and with it everything else"
        }
    };
    let at = match statement.actions.is_negated {
        true => statement.actions.first(|_| true),
        false => statement.actions.first(|it| power.is_in(it)),
    };
    let at = at.map(|it| it.value.clone());
    Fault { message: message.to_owned(), confidence, at }
}

/// Whether a statement allows so much, and whether its conditions hold where their keys are missing.
fn allows(statement: &Statement, power: Power) -> (Truth, bool) {
    let allows = match &statement.effect {
        Effect::Allow => Truth::Yes,
        Effect::Deny => Truth::No,
        Effect::Unknown(why) => Truth::Unknown(why.clone()),
    };
    let actions = match (statement.actions.is_negated, power) {
        (false, _) => statement.actions.matches_at_least(|it| power.is_in(it)),
        (true, Power::All) => !statement.actions.matches_at_least(|it| power.is_in(it)),
        // It is found as a grant of everything already.
        (true, Power::Permissions) => Truth::No,
    };
    let (is_narrowed, is_weak) = narrowed(&statement.conditions);
    let on = has_all(&statement.resources, power);
    (allows.and(actions).and(on).and(!is_narrowed), is_weak)
}

/// Whether a statement denies so much, to everybody and always.
fn denies(statement: &Statement, power: Power) -> Truth {
    let denies = match &statement.effect {
        Effect::Deny => Truth::Yes,
        Effect::Allow => return Truth::No,
        Effect::Unknown(why) => Truth::Unknown(why.clone()),
    };
    let actions = statement.actions.matches_at_least(|it| power.is_in(it));
    let actions = if statement.actions.is_negated { !actions } else { actions };
    let is_always = match statement.conditions.as_slice() {
        [] => statement.is_maybe.clone().map_or(Truth::Yes, Truth::Unknown),
        all => all.iter().fold(Truth::Yes, |truth, it| match it {
            Member::One(_) => Truth::No,
            Member::Either(_, why) | Member::Unknown(why) => truth.and(Truth::Unknown(why.clone())),
        }),
    };
    denies.and(actions).and(has_all(&statement.resources, power)).and(is_always)
}

/// Whether a statement is about all resources, or about all but some.
fn has_all(resources: &Scope, power: Power) -> Truth {
    match resources.is_negated {
        true => !resources.matches_at_least(|it| Power::All.has_resources(it)),
        false => resources.matches_at_least(|it| power.has_resources(it)),
    }
}

/// Whether conditions leave out more than a part; and if they don't, whether there is one that leaves
/// out a part, or that would leave out more, did it not hold where its key is missing.
fn narrowed(conditions: &[Member<Condition>]) -> (Truth, bool) {
    let mut is_weak = false;
    let mut is_narrowed = Truth::No;
    for it in conditions {
        let narrows = match it {
            Member::Unknown(why) => Truth::Unknown(why.clone()),
            Member::Either(of, why) => match (narrowed(&of[0]).0, narrowed(&of[1]).0) {
                (one, other) if one == other => one,
                _ => Truth::Unknown(why.clone()),
            },
            Member::One(condition) => {
                let narrows = narrows(condition);
                let operator = condition.operator.to_ascii_lowercase();
                let holds_without_key =
                    operator.starts_with("forallvalues:") || operator.ends_with("ifexists");
                // What is demanded not to be leaves out a part.
                let is_negated = operator.contains("not");
                if (holds_without_key || is_negated) && narrows != Truth::No {
                    is_weak = true;
                    Truth::No
                } else {
                    narrows
                }
            }
        };
        is_narrowed = is_narrowed.or(narrows);
    }
    (is_narrowed, is_weak)
}

/// Whether a condition leaves something out, if its key is there.
fn narrows(condition: &Condition) -> Truth {
    let operator = condition.operator.to_ascii_lowercase();
    let operator = operator.strip_suffix("ifexists").unwrap_or(&operator);
    let operator = operator.rsplit(':').next().unwrap_or(operator);
    let is_everywhere = |it: &str| matches!(it, "0.0.0.0/0" | "::/0" | "0::/0");
    match operator {
        _ if condition.key.eq_ignore_ascii_case("aws:SecureTransport") => Truth::No,
        "stringlike" | "arnlike" | "arnequals" => !condition.has_value(is_wild),
        "ipaddress" => !condition.has_value(|it| is_everywhere(it) || it == "*"),
        _ => Truth::Yes,
    }
}
