//! Kubernetes, by kubectl.

use stanchion_cty::schema::{Block, Leaf, matches, not_blank};
use stanchion_cty::{Path, Problem, Problems};

use super::{
    Around, Beside, InPlace, Platform, beside, in_place, is_beside, needs, scripts, variables,
};
use crate::pipeline::expression::{expressions, one_line, plain};
use crate::pipeline::lens::is_said;

/// A Deployment of Kubernetes.
///
/// Its container gets the new image. With `blue_green` and `canary` there are two Deployments, each
/// behind a Service of its own, and the weights of an HTTPRoute of the Gateway API share the traffic. The
/// login may get and patch Deployments and HTTPRoutes, and read EndpointSlices and events.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub struct Kubernetes {
    /// The namespace.
    #[attr(required, check = is_name())]
    pub namespace: Leaf<String>,
    /// The Deployment's name. It must exist and want at least one replica.
    #[attr(required, check = is_name())]
    pub deployment: Leaf<String>,
    /// The container whose image is replaced. Without it there must be only one.
    #[attr(optional, check = is_name())]
    pub container: Leaf<String>,
    /// The Deployment beside it, for `blue_green` and `canary`: with each deployment the two swap what
    /// they are, and the one without traffic has no replicas.
    #[attr(optional, check = is_name())]
    pub standby_deployment: Leaf<String>,
    /// The HTTPRoute whose rules name both Services, for `blue_green` and `canary`.
    #[attr(optional, check = is_name())]
    pub http_route: Leaf<String>,
    /// The Service before the Deployment. Without it, it has the Deployment's name.
    #[attr(optional, check = is_name())]
    pub service: Leaf<String>,
    /// The Service before the Deployment beside it. Without it, it has that one's name.
    #[attr(optional, check = is_name())]
    pub standby_service: Leaf<String>,
    /// The cluster's name in Amazon EKS, which the login to AWS may enter.
    #[attr(optional, check = not_blank(), check = plain(), check = one_line())]
    pub eks_cluster: Leaf<String>,
    /// What holds a kubeconfig, where the cluster is not of EKS: `"secrets.KUBE_CONFIG"`.
    #[attr(optional, check = expressions())]
    pub kubeconfig_from: Leaf<String>,
}

/// A name of Kubernetes's, in which `{environment}` may stand.
fn is_name() -> stanchion_cty::schema::Check {
    matches("must be a name of Kubernetes's: small letters, digits, `-` and `.`", |it| {
        let bare = it.replace("{environment}", "x");
        let ends = |it: Option<char>| it.is_some_and(|it| it.is_ascii_alphanumeric());
        ends(bare.chars().next())
            && ends(bare.chars().last())
            && bare.len() <= 253
            && bare
                .chars()
                .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || "-.".contains(it))
    })
}

impl Platform for Kubernetes {
    const NAME: &'static str = "kubernetes";

    variables! {
        "NAMESPACE": namespace, "DEPLOYMENT": deployment, "CONTAINER": container,
        "STANDBY_DEPLOYMENT": standby_deployment, "HTTP_ROUTE": http_route, "SERVICE": service,
        "STANDBY_SERVICE": standby_service, "EKS_CLUSTER": eks_cluster;
        "KUBE_CONFIG": kubeconfig_from
    }

    fn refuses(_: &str) -> Option<&'static str> {
        None
    }

    fn check(&self, around: &Around<'_>, at: &Path, problems: &mut Problems) {
        if around.has_image == Some(false) {
            let says = "needs an image: Kubernetes runs nothing else";
            problems.push(Problem::error(at.clone(), says).cure("say `image` of the deployment"));
        }
        let logins = [is_said(&self.eks_cluster), is_said(&self.kubeconfig_from)];
        if logins == [Some(false); 2] || logins == [Some(true); 2] {
            let says = "must say by what it logs in";
            let cure = "say either `eks_cluster` or `kubeconfig_from`";
            problems.push(Problem::error(at.clone(), says).cure(cure));
        }
        if self.eks_cluster.known().is_some() && around.has_aws == Some(false) {
            let says = "needs a login to AWS";
            let cure = "say `oidc.aws` of the pipeline";
            problems.push(Problem::error(at.attribute("eks_cluster"), says).cure(cure));
        }
        if is_beside(around.strategy) {
            let why = format!("{} moves the traffic between two Deployments", around.strategy);
            needs(&self.standby_deployment, "standby_deployment", &why, at, problems);
            needs(&self.http_route, "http_route", &why, at, problems);
            let both = (self.deployment.known(), self.standby_deployment.known());
            if let (Some(one), Some(other)) = both
                && one == other
            {
                let says = "must be another Deployment than `deployment`";
                problems.push(Problem::error(at.attribute("standby_deployment"), says));
            }
        }
    }

    const IN_PLACE: InPlace = in_place!("kubernetes/" after ["kubernetes/deployment.sh"]);
    const BESIDE: Option<Beside> = Some(
        beside!("kubernetes/beside/" after ["kubernetes/deployment.sh", "kubernetes/beside/route.sh"]),
    );
}
