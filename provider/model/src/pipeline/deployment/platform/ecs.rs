//! Amazon ECS, by the AWS CLI.

use stanchion_cty::schema::{Block, Leaf, matches, not_blank};
use stanchion_cty::{Path, Problem, Problems};

use super::{
    Around, Beside, InPlace, Platform, beside, in_place, is_beside, needs, scripts, variables,
};
use crate::pipeline::expression::{one_line, plain};

/// A service of Amazon ECS.
///
/// Its task definition gets a revision with the new image. With `blue_green` and `canary` there are two
/// services behind two target groups of one rule, and the rule's weights share the traffic. The role
/// needs `ecs:DescribeServices`, `ecs:DescribeTaskDefinition`, `ecs:RegisterTaskDefinition`,
/// `ecs:TagResource`, `ecs:UpdateService`, `iam:PassRole` for the tasks' roles, and for two services
/// `elasticloadbalancing:DescribeRules`, `elasticloadbalancing:DescribeTargetHealth` and
/// `elasticloadbalancing:ModifyRule`.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Ecs {
    /// The cluster's name.
    #[attr(required, check = not_blank(), check = plain(), check = one_line())]
    pub cluster: Leaf<String>,
    /// The service's name. The service must exist and want at least one task.
    #[attr(required, check = not_blank(), check = plain(), check = one_line())]
    pub service: Leaf<String>,
    /// The container whose image is replaced. Without it the task definition must have only one.
    #[attr(optional, check = not_blank(), check = plain(), check = one_line())]
    pub container: Leaf<String>,
    /// The family of task definitions whose newest revision is taken, with the image replaced. Without
    /// it, that is what the service runs.
    #[attr(optional, check = not_blank(), check = plain(), check = one_line())]
    pub task_definition: Leaf<String>,
    /// The service beside it, for `blue_green` and `canary`: with each deployment the two swap what
    /// they are, and the one without traffic has no tasks.
    #[attr(optional, check = not_blank(), check = plain(), check = one_line())]
    pub standby_service: Leaf<String>,
    /// The ARN of the load balancer's rule that forwards to the target groups of both services, for
    /// `blue_green` and `canary`. A listener's default rule can't be it.
    #[attr(optional, check = plain(), check = one_line(), check = is_rule())]
    pub listener_rule: Leaf<String>,
}

fn is_rule() -> stanchion_cty::schema::Check {
    matches(
        "must be the ARN of a listener's rule: \
         \"arn:aws:elasticloadbalancing:REGION:ACCOUNT:listener-rule/app/…\"",
        |it| it.starts_with("arn:") && it.contains(":listener-rule/app/"),
    )
}

impl Platform for Ecs {
    const NAME: &'static str = "ecs";

    variables! {
        "CLUSTER": cluster, "SERVICE": service, "CONTAINER": container,
        "TASK_DEFINITION": task_definition, "STANDBY_SERVICE": standby_service,
        "LISTENER_RULE": listener_rule;
    }

    fn refuses(_: &str) -> Option<&'static str> {
        None
    }

    fn check(&self, around: &Around<'_>, at: &Path, problems: &mut Problems) {
        if around.has_image == Some(false) {
            let says = "needs an image: ECS runs nothing else";
            problems.push(Problem::error(at.clone(), says).cure("say `image` of the deployment"));
        }
        if around.has_aws == Some(false) {
            let says = "needs a login to AWS";
            problems.push(Problem::error(at.clone(), says).cure("say `oidc.aws` of the pipeline"));
        }
        if is_beside(around.strategy) {
            let why = format!("{} moves the traffic between two services", around.strategy);
            needs(&self.standby_service, "standby_service", &why, at, problems);
            needs(&self.listener_rule, "listener_rule", &why, at, problems);
            let both = (self.service.known(), self.standby_service.known());
            if let (Some(one), Some(other)) = both
                && one == other
            {
                let says = "must be another service than `service`";
                problems.push(Problem::error(at.attribute("standby_service"), says));
            }
        }
    }

    const IN_PLACE: InPlace = in_place!("ecs/" after ["ecs/service.sh"]);
    const BESIDE: Option<Beside> =
        Some(beside!("ecs/beside/" after ["ecs/service.sh", "ecs/beside/rule.sh"]));
}
