//! Amazon EKS: the AWS CLI's login to a cluster of Kubernetes.

use super::kubernetes::{FORMER, IMAGE, Namespace, cluster};
use super::*;

#[test]
fn the_login_to_aws_enters_a_cluster_of_eks() {
    let it = Namespace::new("eks", "rolling", [(FORMER, 2), (FORMER, 0)], 0);
    let mut command = ecs::python("eks.py");
    command.args([cluster(), "shop"]);
    let aws = StandIn::start(command);
    let mut deployment = it.deployment.clone();
    deployment.programs.push(ecs::client());
    let said = [
        ("AWS_ENDPOINT_URL", aws.address.as_str()),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_DEFAULT_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "testing"),
        ("AWS_SECRET_ACCESS_KEY", "testing"),
        ("KUBE_CONFIG", ""),
        ("EKS_CLUSTER", "shop"),
    ];
    for (name, value) in said {
        deployment = deployment.with(name, value);
    }
    assert_eq!(deployment.former(), FORMER);
    deployment.run(Deed::Deploy).worked().says("successfully rolled out");
    assert_eq!(it.app("app"), (IMAGE.to_owned(), 2));
    deployment.with("FORMER", FORMER).run(Deed::Rollback).worked();
    assert_eq!(it.app("app"), (FORMER.to_owned(), 2));
    let no_right = "has no Deployment app that the login may read";
    deployment.with("EKS_CLUSTER", "other").run(Deed::Former).failed(no_right);
    deployment.with("AWS_SECRET_ACCESS_KEY", "another").run(Deed::Former).failed(no_right);
    assert!(!deployment.with("EKS_CLUSTER", "nowhere").run(Deed::Former).worked);
}
