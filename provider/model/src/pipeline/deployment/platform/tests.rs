//! Which platform carries out which strategy, and what is told of what can't be.

use stanchion_cty::schema::{decode_object, validate};
use stanchion_cty::{Path, Problems, Severity, json};

use super::*;

const STRATEGIES: [&str; 4] = ["rolling", "blue_green", "canary", "feature_flag"];

fn platforms(said: &str) -> Platforms {
    let value = json::decode(said, &Platforms::object_type()).unwrap();
    let told = validate(&Platforms::object(), &value);
    assert!(told.is_empty(), "{told:?}");
    decode_object(&value, &Path::root()).unwrap()
}

/// The first clause of each error.
fn told(said: &str, strategy: &str, has_image: bool, has_aws: bool) -> Vec<String> {
    let around = Around { strategy, has_image: Some(has_image), has_aws: Some(has_aws) };
    let mut problems = Problems::new();
    platforms(said).check(&around, &Path::root().attribute("platform"), &mut problems);
    assert!(problems.iter().all(|it| it.severity == Severity::Error));
    problems.iter().map(|it| it.to_string()).collect()
}

#[test]
fn each_platform_moves_the_traffic_by_a_strategy_or_says_why_not() {
    let table = NAMES.iter().map(|name| {
        let cells = STRATEGIES.map(|strategy| match refuses(name, strategy) {
            None => "carried out",
            Some(reason) => {
                assert!(reason.contains("say `rolling`"), "no cure: {reason}");
                "refused"
            }
        });
        (*name, cells)
    });
    let (yes, no) = ("carried out", "refused");
    assert_eq!(
        table.collect::<Vec<_>>(),
        [
            ("ecs", [yes, yes, yes, yes]),
            ("kubernetes", [yes, yes, yes, yes]),
            ("railway", [yes, no, no, yes]),
            ("vercel", [yes, yes, no, yes]),
            ("command", [yes, yes, yes, yes]),
        ]
    );
}

#[test]
fn a_strategy_that_is_carried_out_has_the_scripts_of_its_deeds_and_no_others() {
    use Deed::{Deploy, Former, Rollback, Settle, Shift, Stage};
    for name in NAMES {
        for strategy in STRATEGIES {
            let has = [Former, Deploy, Stage, Shift, Settle, Rollback];
            let has = has.map(|deed| script(name, strategy, deed).is_some());
            let expected = match (refuses(name, strategy).is_some(), is_beside(strategy)) {
                (true, _) => [false; 6],
                (false, false) => [true, true, false, false, false, true],
                (false, true) => [true, false, true, true, true, true],
            };
            assert_eq!(has, expected, "{name} {strategy}");
        }
    }
}

#[test]
fn every_variable_that_a_platform_says_is_read_by_a_script() {
    let deeds =
        [Deed::Former, Deed::Deploy, Deed::Stage, Deed::Shift, Deed::Settle, Deed::Rollback];
    for said in [
        r#"{"ecs": {"cluster": "c", "service": "s"}}"#,
        r#"{"kubernetes": {"namespace": "n", "deployment": "d"}}"#,
        r#"{"railway": {"service": "s", "environment": "e"}}"#,
        r#"{"vercel": {"project": "p", "team": "t"}}"#,
        r#"{"command": {"current": "c", "rollback": "r"}}"#,
    ] {
        let platforms = platforms(said);
        let it = platforms.said().unwrap();
        let texts = STRATEGIES
            .iter()
            .flat_map(|strategy| deeds.iter().filter_map(|deed| script(it.name, strategy, *deed)));
        let texts = texts.collect::<String>();
        for (name, _) in it.variables.iter().chain(&it.expressions) {
            assert!(texts.contains(name), "no script of {} reads {name}", it.name);
        }
    }
}

#[test]
fn a_platform_is_read_back_from_its_variables() {
    let said = platforms(
        r#"{"railway": {"service": "s", "environment": "e", "token_from": "secrets.T"}}"#,
    );
    let it = said.said().unwrap();
    let of = |all: &[(&'static str, &Leaf<String>)], name: &str| {
        all.iter().find(|it| it.0 == name).map_or(Leaf::Null, |it| it.1.clone())
    };
    let read =
        Platforms::of(it.name, &|name| of(&it.variables, name), &|name| of(&it.expressions, name));
    assert_eq!(read, Some(said.clone()));
    assert_eq!(Platforms::of("nosuch", &|_| Leaf::Null, &|_| Leaf::Null), None);
}

#[test]
fn what_a_deployment_lacks_is_told_with_its_place() {
    let ecs = r#"{"ecs": {"cluster": "c", "service": "s"}}"#;
    assert_eq!(told(ecs, "rolling", true, true), [""; 0]);
    assert_eq!(
        told(ecs, "rolling", false, false),
        [
            "platform.ecs needs an image: ECS runs nothing else; say `image` of the deployment",
            "platform.ecs needs a login to AWS; say `oidc.aws` of the pipeline",
        ]
    );
    assert_eq!(
        told(ecs, "canary", true, true),
        [
            "platform.ecs.standby_service must be said: canary moves the traffic between two services",
            "platform.ecs.listener_rule must be said: canary moves the traffic between two services",
        ]
    );
    let same = r#"{"kubernetes": {"namespace": "n", "deployment": "d", "standby_deployment": "d",
        "http_route": "r", "eks_cluster": "c", "kubeconfig_from": "secrets.K"}}"#;
    assert_eq!(
        told(same, "blue_green", true, false),
        [
            "platform.kubernetes must say by what it logs in; say either `eks_cluster` or `kubeconfig_from`",
            "platform.kubernetes.eks_cluster needs a login to AWS; say `oidc.aws` of the pipeline",
            "platform.kubernetes.standby_deployment must be another Deployment than `deployment`",
        ]
    );
    let command = r#"{"command": {"current": "c", "deploy": "d", "rollback": "r"}}"#;
    assert_eq!(told(command, "feature_flag", false, false), [""; 0]);
    assert_eq!(
        told(command, "canary", false, false),
        [
            "platform.command.stage must be said: canary runs it",
            "platform.command.shift must be said: canary runs it",
            "platform.command.deploy is not run with canary; leave it out",
        ]
    );
    let vercel = r#"{"vercel": {"project": "p", "team": "t"}}"#;
    assert_eq!(
        told(vercel, "rolling", true, false),
        [
            "platform.vercel gets what the job builds, not an image; leave `image` of the deployment out"
        ]
    );
    assert_eq!(
        told(r#"{"railway": {"service": "s", "environment": "e"}}"#, "rolling", false, false),
        [
            "platform.railway needs an image, which is what the service gets; say `image` of the deployment"
        ]
    );
    let both = r#"{"ecs": {"cluster": "c", "service": "s"}, "command": {"current": "c", "deploy": "d", "rollback": "r"}}"#;
    for said in ["{}", both] {
        let value = json::decode(said, &Platforms::object_type()).unwrap();
        let told: Vec<_> =
            validate(&Platforms::object(), &value).iter().map(ToString::to_string).collect();
        let all = "must have exactly one of ecs, kubernetes, railway, vercel, command";
        assert!(told.len() == 1 && told[0].contains(all), "{told:?}");
    }
}
