//! Images, environments and deployments: what is made of them, and how it is read back.

use super::*;

/// A service that is built once, and goes to staging and then to production.
fn shop() -> Pipeline {
    pipeline(
        r##"{
        "name": "Shop",
        "triggers": {
            "push": {"branches": ["main"]}, "pull_request": {},
            "dispatch": {"inputs": {"level": {"description": "How much?"}}}
        },
        "jobs": {
            "test": {"stage": "test", "run": "make test", "expected": "3m"},
            "tell": {"stage": "verify", "run": "make tell"}
        },
        "images": {
            "app": {
                "repository": "ghcr.io/acme/shop", "context": "service", "dockerfile": "service/Containerfile",
                "args": {"VERSION": "1", "B": "c=d"}, "platform": "linux/arm64", "max_size": "200MB",
                "max_critical_cves": 1, "paths": ["service"], "timeout": "1h", "expected": "300s"
            },
            "jobs": {
                "repository": "registry.example.com/shop/jobs", "sbom": false, "sign": false,
                "login": {
                    "username_from": "vars.USER", "password_from": "secrets.PASSWORD", "environment": "registry"
                }
            },
            "tools": {
                "repository": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/tools",
                "role": "arn:aws:iam::123456789012:role/push"
            }
        },
        "environments": [
            {"name": "staging", "branches": ["main", "release/*"]},
            {"name": "Production EU", "url": "https://shop.example.com", "rollback_environment": "back"},
            {"name": "asia"}
        ],
        "oidc": {"aws": {"role": "arn:aws:iam::123456789012:role/deploy-{environment}", "region": "eu-west-1"}},
        "deploy_timeout": "3600s",
        "deployments": {
            "app": {
                "image": "app", "migrate": "make migrate", "verify": "make smoke\nmake more\n",
                "rollback": "make clean", "setup": "python@3.12",
                "env": {"A": "${HOME}"}, "env_from": {"TOKEN": "secrets.TOKEN"}, "paths": ["service"],
                "platform": {"ecs": {
                    "cluster": "shop-{environment}", "service": "app", "standby_service": "app-2",
                    "listener_rule": "arn:aws:elasticloadbalancing:eu-west-1:1:listener-rule/app/a/b/c/d"
                }},
                "strategy": {"canary": {"steps": [10, 50], "wait": "300s", "analysis": "make analyse"}}
            },
            "jobs": {
                "image": "jobs", "verify": "make smoke",
                "platform": {"ecs": {"cluster": "shop", "service": "jobs"}},
                "strategy": {"feature_flag": {
                    "steps": [1, 100], "enable": "make on", "disable": "make off", "analysis": "make look"
                }}
            },
            "tools": {
                "image": "tools", "verify": "true",
                "platform": {"ecs": {
                    "cluster": "shop", "service": "a", "standby_service": "b", "container": "main",
                    "listener_rule": "arn:aws:elasticloadbalancing:eu-west-1:1:listener-rule/app/a/b/c/d"
                }},
                "strategy": {"blue_green": {"analysis": "make look"}}
            }
        },
        "time_budget": "2h"
    }"##,
    )
}

#[test]
fn what_was_rendered_is_observed_as_it_was_said() {
    let pipeline = applied(shop());
    assert_eq!(pipeline.check().to_vec(), []);
    let found = found(&pipeline);
    let observed = Pipeline::observe(Some(&pipeline), &found);
    assert_eq!(observed.document, pipeline, "{}", found.text);
}

#[test]
fn an_import_says_the_same_document() {
    let pipeline = applied(shop());
    let observed = Pipeline::observe(None, &found(&pipeline));
    let imported = observed.document;
    assert_eq!(imported.held.unmanaged, BTreeMap::new().into());
    assert_eq!(imported.render(), pipeline.render());
    assert_eq!(imported.environments, pipeline.environments);
    assert_eq!(imported.oidc, pipeline.oidc);
    assert_eq!(imported.deploy_timeout, "1h".into());
    let told = imported.check();
    assert!(!told.has_error(), "what is read could have been said: {told:?}");
}

#[test]
fn a_hand_edit_is_seen_at_its_attribute() {
    let pipeline = applied(shop());
    let found = found(&pipeline);
    let value = |it: &Pipeline| {
        let text = json::encode(&it.encode_value(), &Pipeline::object_type()).unwrap();
        stanchion_cty::json::parse(&text).unwrap()
    };
    let at = |it: &stanchion_cty::spanned::Node, path: &str| {
        path.split('.').try_fold(it.clone(), |it, step| match step.parse::<usize>() {
            Ok(i) => it.items().get(i).cloned(),
            Err(_) => it.get(step).cloned(),
        })
    };
    for (from, to, path, seen) in [
        ("MAX_SIZE: \"200000000\"", "MAX_SIZE: \"5\"", "images.app.max_size", "5B"),
        ("MAX_CRITICAL: \"1\"", "MAX_CRITICAL: \"7\"", "images.app.max_critical_cves", "7"),
        (
            "REPOSITORY: ghcr.io/acme/shop",
            "REPOSITORY: ghcr.io/evil/x",
            "images.app.repository",
            "ghcr.io/evil/x",
        ),
        ("context: service", "context: elsewhere", "images.app.context", "elsewhere"),
        ("B=c=d", "B=x", "images.app.args.B", "x"),
        (
            "PASSWORD: ${{ secrets.PASSWORD }}",
            "PASSWORD: ${{ secrets.OTHER }}",
            "images.jobs.login.password_from",
            "secrets.OTHER",
        ),
        (
            "role-to-assume: arn:aws:iam::123456789012:role/push",
            "role-to-assume: arn:aws:iam::1:role/x",
            "images.tools.role",
            "arn:aws:iam::1:role/x",
        ),
        ("run: make migrate", "run: make all", "deployments.app.migrate", "make all"),
        ("make more", "make less", "deployments.app.verify", "make smoke\nmake less\n"),
        ("run: make clean", "run: make it", "deployments.app.rollback", "make it"),
        (
            "CLUSTER: shop-staging",
            "CLUSTER: other",
            "deployments.app.platform.ecs.cluster",
            "other",
        ),
        (
            "TOKEN: ${{ secrets.TOKEN }}",
            "TOKEN: ${{ secrets.X }}",
            "deployments.app.env_from.TOKEN",
            "secrets.X",
        ),
        ("WEIGHT: \"50\"", "WEIGHT: \"60\"", "deployments.app.strategy.canary.steps.1", "60"),
        (
            "SECONDS_TO_WAIT: \"300\"",
            "SECONDS_TO_WAIT: \"60\"",
            "deployments.app.strategy.canary.wait",
            "1m",
        ),
        (
            "run: make analyse",
            "run: make nothing",
            "deployments.app.strategy.canary.analysis",
            "make nothing",
        ),
        (
            "run: make on",
            "run: make half",
            "deployments.jobs.strategy.feature_flag.enable",
            "make half",
        ),
        (
            "run: make off",
            "run: make worse",
            "deployments.jobs.strategy.feature_flag.disable",
            "make worse",
        ),
        (
            "startsWith(github.ref_name, 'release/')",
            "startsWith(github.ref_name, 'x/')",
            "environments.0.branches.1",
            "x/*",
        ),
        (
            "url: https://shop.example.com",
            "url: https://evil.example.com",
            "environments.1.url",
            "https://evil.example.com",
        ),
        ("environment: back", "environment: front", "environments.1.rollback_environment", "front"),
        (
            "role/deploy-",
            "role/admin-",
            "oidc.aws.role",
            "arn:aws:iam::123456789012:role/admin-{environment}",
        ),
        ("aws-region: eu-west-1", "aws-region: us-east-1", "oidc.aws.region", "us-east-1"),
        (
            "timeout-minutes: 60\n    environment",
            "timeout-minutes: 90\n    environment",
            "deploy_timeout",
            "1h30m",
        ),
    ] {
        assert!(found.text.contains(from), "there is no {from}");
        let edited = Found { text: found.text.replace(from, to), ..found.clone() };
        let document = Pipeline::observe(Some(&pipeline), &edited).document;
        let (before, after) = (value(&pipeline), value(&document));
        let shown = at(&after, path).unwrap_or_else(|| panic!("{path} is gone by {to}"));
        let shown = match &shown.data {
            stanchion_cty::spanned::Data::String(it) => it.to_string(),
            stanchion_cty::spanned::Data::Number { text, .. } => text.to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(shown, seen, "{to}");
        // All else is as it was: what can be said otherwise stays as the user has said it.
        for name in
            ["images", "environments", "oidc", "deployments", "jobs", "triggers", "deploy_timeout"]
        {
            if !path.starts_with(name) {
                let both =
                    [&before, &after].map(|it| at(it, name).map(|it| crate::normal::one_line(&it)));
                assert_eq!(both[0], both[1], "{name} after {to}");
            }
        }
    }
}

#[test]
fn what_is_taken_away_is_planned_again() {
    let pipeline = applied(shop());
    let found = found(&pipeline);
    for id in [
        "verify-app-in-staging",
        "rollback-jobs-in-production-eu",
        "deploy-tools-to-staging",
        "publish-app",
        "image-jobs",
    ] {
        let start = found.text.find(&format!("\n  {id}:\n")).unwrap() + 1;
        let rest = &found.text[start + 4..];
        let end =
            rest.match_indices("\n  ").find(|(i, _)| !rest[i + 3..].starts_with(' ')).unwrap().0;
        let text = format!("{}{}", &found.text[..start], &rest[end + 1..]);
        let edited = Found { text, ..found.clone() };
        let document = Pipeline::observe(Some(&pipeline), &edited).document;
        assert_ne!(document, pipeline, "{id}");
        assert!(edited.node().is_some(), "{id}");
    }
}

#[test]
fn what_can_not_be_delivered_is_told_at_its_place_with_the_cure() {
    let heads = |patch: &str| -> Vec<String> {
        let base = r#"{
            "name": "Shop", "triggers": {"push": {"branches": ["main"]}, "dispatch": INPUTS},
            "jobs": {JOBS"test": {"stage": "test", "run": "x", "expected": "1m"}},
            "images": {"app": {"repository": "REPOSITORY", "expected": "1m"}},
            "environments": [{"name": "staging"}ENVIRONMENTS],
            "oidc": OIDC,
            "deployments": {"app": {
                "image": "IMAGE", "verify": "x", "platform": {"ecs": {"cluster": "a", "service": "b"}}MORE
            }}
        }"#;
        let defaults = [
            ("INPUTS", "{}"),
            ("JOBS", ""),
            ("REPOSITORY", "ghcr.io/a/b"),
            ("ENVIRONMENTS", ""),
            ("OIDC", r#"{"aws": {"role": "arn:aws:iam::1:role/a", "region": "a"}}"#),
            ("IMAGE", "app"),
            ("MORE", ""),
        ];
        let (name, said) = patch.split_once('=').unwrap();
        let text = defaults.iter().fold(base.to_owned(), |text, (it, default)| {
            text.replacen(it, if *it == name { said } else { default }, 1)
        });
        pipeline(&text).check().iter().map(ToString::to_string).collect()
    };
    assert_eq!(heads("MORE="), [""; 0]);
    for (patch, expected) in [
        (
            "IMAGE=ap",
            "deployments[\"app\"].image is \"ap\", an image that nobody builds; did you mean \"app\"?",
        ),
        (
            "REPOSITORY=registry.example.com/a",
            "images[\"app\"].repository is in registry.example.com, which needs a user and a password; say `login`",
        ),
        (
            "INPUTS={\"inputs\": {\"App_digest\": {\"description\": \"x\"}}}",
            "triggers.dispatch.inputs[\"App_digest\"] is asked anyway, for an earlier image \"app\"; give it another name",
        ),
        (
            "JOBS=\"image-app\": {\"stage\": \"lint\", \"run\": \"x\", \"expected\": \"1m\"},",
            "jobs[\"image-app\"] has the id of the job \"image app\", which is made; give it another key",
        ),
        (
            "ENVIRONMENTS=, {\"name\": \"Staging!\"}",
            "environments[1].name is \"Staging!\", and the jobs of \"staging\" have the same ids; give each environment a name of its own, in letters and digits",
        ),
        (
            "ENVIRONMENTS=, {\"name\": \"staging\"}",
            "environments[1].name is \"staging\", which stands before already; give each environment a name of its own, in letters and digits",
        ),
        (
            "MORE=, \"env\": {\"CLUSTER\": \"x\"}",
            "deployments[\"app\"].env[\"CLUSTER\"] is a variable that the platform has already; give it another name",
        ),
        (
            "MORE=, \"env_from\": {\"IMAGE\": \"github.sha\"}",
            "deployments[\"app\"].env_from[\"IMAGE\"] is a variable that every deployment has already; give it another name",
        ),
        (
            "MORE=, \"env_from\": {\"A\": \"matrix.x\"}",
            "deployments[\"app\"].env_from[\"A\"] refers to matrix.x, which the job's matrix does not have; give the job a `matrix`",
        ),
        (
            "MORE=, \"setup\": \"python\"",
            "deployments[\"app\"].setup is \"python\", whose version moves by itself; name a version, as in \"python@3.12\"",
        ),
        (
            "MORE=, \"strategy\": {\"feature_flag\": {\"steps\": [1, 2, 3, 4, 5, 6], \"enable\": \"x\", \"disable\": \"y\"}}",
            "deployments[\"app\"].strategy waits 30m in all, and a deployment is ended after 30m; wait less, take fewer steps, or raise `deploy_timeout`",
        ),
    ] {
        assert_eq!(heads(patch), [expected], "{patch}");
    }
}

#[test]
fn the_way_to_the_gate_leads_over_images() {
    let mut pipeline = shop();
    pipeline.complete();
    assert_eq!(pipeline.computed.critical_path, Leaf::Known(vec!["image-jobs".into()]));
    assert_eq!(pipeline.computed.critical_path_duration, "10m".into());
    pipeline.time_budget = "4m".into();
    let told = pipeline.check()[0].to_string();
    assert!(
        told.starts_with("time_budget is 4m, and the way to the gate takes 5m: image-app (5m)"),
        "{told}"
    );
}

#[test]
fn every_check_has_its_name() {
    let mut pipeline = shop();
    pipeline.complete();
    let names = pipeline.computed.check_names.known().unwrap().clone();
    let names: Vec<&str> = names.iter().map(|it| it.known().unwrap().as_str()).collect();
    assert_eq!(
        &names[..10],
        [
            "Shop changes",
            "tell",
            "test",
            "image app",
            "publish app",
            "image jobs",
            "publish jobs",
            "image tools",
            "publish tools",
            "deploy app to staging"
        ]
    );
    assert_eq!(&names[10..12], ["verify app in staging", "roll app back in staging"]);
    assert_eq!(names.last(), Some(&"Shop gate"));
    assert_eq!(names.len(), 9 + 3 * 3 * 3 + 1);
}
