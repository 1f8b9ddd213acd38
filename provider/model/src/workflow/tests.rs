//! What workflows say, and the names of their checks.

use super::*;

fn names(job: &str) -> Result<Vec<String>, String> {
    let text = format!("on: push\njobs:\n  test:\n{job}");
    check_names(&text).map_err(|it| it.0)
}

fn of_matrix(matrix: &str) -> Vec<String> {
    names(&format!("    strategy:\n      matrix: {matrix}\n")).unwrap()
}

#[test]
fn a_check_is_named_by_its_job_or_its_id() {
    assert_eq!(names("    runs-on: x\n").unwrap(), ["test"]);
    assert_eq!(names("    name: Unit tests\n").unwrap(), ["Unit tests"]);
    assert_eq!(names("    name: ''\n").unwrap(), ["test"]);
}

#[test]
fn a_matrix_makes_one_check_for_each_combination() {
    assert_eq!(
        of_matrix("{os: [linux, mac], python: [3.9, 3.10, '3.10']}"),
        [
            "test (linux, 3.9)",
            "test (linux, 3.1)",
            "test (linux, 3.10)",
            "test (mac, 3.9)",
            "test (mac, 3.1)",
            "test (mac, 3.10)",
        ]
    );
    assert_eq!(
        of_matrix("{a: [true, '', null, {x: 1, y: [2]}]}"),
        ["test (true)", "test", "test", "test (1, 2)",]
    );
    assert_eq!(of_matrix("{a: []}"), Vec::<String>::new());
}

#[test]
fn what_is_excluded_is_no_check_and_what_is_included_may_be_one() {
    assert_eq!(
        of_matrix("{a: [1, 2], b: [x, y], exclude: [{a: 1, b: Y}, {a: 2}]}"),
        ["test (1, x)"]
    );
    assert_eq!(
        of_matrix("{a: [{v: 1, w: 2}, {v: 2, w: 2}], exclude: [{a: {v: 1}}]}"),
        ["test (2, 2)"]
    );
    // An include that fits a combination adds to it, and its name stays as it is.
    assert_eq!(of_matrix("{a: [1, 2], include: [{a: 1, extra: z}]}"), ["test (1)", "test (2)"]);
    assert_eq!(of_matrix("{a: [1], include: [{extra: z}]}"), ["test (1)"]);
    assert_eq!(of_matrix("{a: [1], include: [{a: 3, extra: z}]}"), ["test (1)", "test (3, z)"]);
    assert_eq!(of_matrix("{include: [{a: 1, b: x}, {a: 2}]}"), ["test (1, x)", "test (2)"]);
    // The example of GitHub's page.
    let documented = "{fruit: [apple, pear], animal: [cat, dog], include: [{color: green}, \
                      {color: pink, animal: cat}, {fruit: apple, shape: circle}, {fruit: banana}, \
                      {fruit: banana, animal: cat}]}";
    assert_eq!(
        of_matrix(documented),
        [
            "test (apple, cat)",
            "test (apple, dog)",
            "test (pear, cat)",
            "test (pear, dog)",
            "test (banana)",
            "test (banana, cat)",
        ]
    );
}

#[test]
fn a_name_may_name_values_of_the_matrix() {
    let of = |name: &str, matrix: &str| {
        names(&format!("    name: {name}\n    strategy: {{matrix: {matrix}}}\n"))
    };
    let matrix = "{os: [linux], v: [{major: 1}], include: [{os: linux, extra: e}]}";
    for (name, expected) in [
        ("Build", "Build (linux, 1)"),
        ("Build ${{ matrix.os }}", "Build linux"),
        ("${{matrix.OS}}-${{ matrix['v'].major }}-${{ matrix.extra }}", "linux-1-e"),
        ("Build ${{ matrix.none }}", "Build "),
        ("Build ${{ matrix.os", "Build ${{ matrix.os"),
    ] {
        assert_eq!(of(&format!("'{}'", name.replace('\'', "''")), matrix).unwrap(), [expected]);
    }
    for name in ["${{ github.ref }}", "${{ matrix.os || 'x' }}", "${{ matrix.v }}"] {
        assert!(of(&format!("\"{name}\""), matrix).unwrap_err().contains("its name holds"));
    }
}

#[test]
fn a_name_is_cut_as_github_cuts_it() {
    let long = of_matrix(&format!("{{a: [{}]}}", "x".repeat(120)));
    assert_eq!(long, [format!("test ({}...", "x".repeat(91))]);
    assert_eq!(long[0].len(), 100);
    let fits = of_matrix(&format!("{{a: [{}]}}", "x".repeat(93)));
    assert_eq!(fits, [format!("test ({})", "x".repeat(93))]);
}

#[test]
fn what_a_run_alone_tells_is_open() {
    for matrix in [
        "${{ fromJSON(needs.a.outputs.m) }}",
        "{a: \"${{ fromJSON('[1]') }}\"}",
        "{a: [\"${{ github.ref }}\"]}",
        "{include: \"${{ fromJSON('[]') }}\"}",
    ] {
        let found = names(&format!("    strategy:\n      matrix: {matrix}\n")).unwrap_err();
        assert!(found.contains("its matrix holds an expression"), "{found}");
    }
    let many = (0..257).map(|it| it.to_string()).collect::<Vec<_>>().join(", ");
    assert!(names(&format!("    strategy: {{matrix: {{a: [{many}]}}}}\n")).is_err());
}

#[test]
fn a_called_workflow_names_its_checks_below_the_caller() {
    let inner = "jobs:\n  build:\n    strategy: {matrix: {v: [1, 2]}}\n  lint: {name: Lint}\n";
    let middle = "jobs:\n  all: {uses: ./.github/workflows/inner.yml}\n";
    let endless = "jobs:\n  all: {uses: ./.github/workflows/endless.yml}\n";
    let called = |path: &str| match path {
        ".github/workflows/inner.yml" => Some(inner.to_owned()),
        ".github/workflows/middle.yml" => Some(middle.to_owned()),
        ".github/workflows/endless.yml" => Some(endless.to_owned()),
        _ => None,
    };
    let names = |uses: &str| {
        let text = format!("jobs:\n  ci:\n    name: CI\n    uses: {uses}\n");
        Workflow::read(&text, &called).unwrap().jobs["ci"].check_names.clone()
    };
    let below = ["CI / build (1)", "CI / build (2)", "CI / Lint"].map(str::to_owned).to_vec();
    assert_eq!(names("./.github/workflows/inner.yml"), CheckNames::Known(below));
    let deep = ["CI / all / build (1)", "CI / all / build (2)", "CI / all / Lint"];
    let deep = deep.map(str::to_owned).to_vec();
    assert_eq!(names("./.github/workflows/middle.yml"), CheckNames::Known(deep));
    for unknown in
        ["./.github/workflows/endless.yml", "./none.yml", "a/b/.github/workflows/c.yml@v1"]
    {
        assert!(matches!(names(unknown), CheckNames::Open(why) if why.contains("not known here")));
    }
}

#[test]
fn a_workflow_says_its_triggers_jobs_and_what_it_uses() {
    let sha = "0".repeat(40);
    let text = format!(
        "name: CI\non:\n  push: {{branches: [main]}}\n  pull_request:\njobs:\n  a:\n    runs-on: \
         [self-hosted, x]\n    needs: b\n    environment: {{name: prod}}\n    timeout-minutes: 5\n    \
         permissions: {{contents: read, id-token: write}}\n    steps:\n      - uses: \
         actions/checkout@{sha} # v4.1.0 of May\n      - run: x\n      - uses: 'a/b/c@main' # tag=v2\n      \
         - uses: ./here\n      - uses: docker://alpine@sha256:00\n      - uses: docker://alpine:3\n  b:\n    \
         uses: o/r/.github/workflows/x.yml@v1\n    permissions: read-all\n    runs-on: {{group: big}}\n"
    );
    let workflow = Workflow::read(&text, &|_| None).unwrap();
    assert_eq!(workflow.name.as_deref(), Some("CI"));
    let trigger = |it: &str| workflow.triggers[it].as_str();
    assert_eq!((trigger("push"), trigger("pull_request")), ("{\"branches\": [\"main\"]}", ""));
    let a = &workflow.jobs["a"];
    assert_eq!(
        (&a.needs[..], &a.runs_on[..]),
        (&["b".to_owned()][..], &["self-hosted".to_owned(), "x".to_owned()][..])
    );
    assert_eq!((a.environment.as_deref(), a.timeout_minutes.as_deref()), (Some("prod"), Some("5")));
    assert_eq!(a.permissions["id-token"], "write");
    let b = &workflow.jobs["b"];
    assert_eq!((&b.permissions["*"][..], &b.runs_on[..]), ("read", &["big".to_owned()][..]));
    assert_eq!(workflow.check_names(), ["a"], "what b calls is not known");
    let uses: Vec<_> = workflow
        .uses
        .iter()
        .map(|it| {
            let (step, version) =
                (it.step.map_or(-1, |it| it as i64), it.version.as_deref().unwrap_or("-"));
            let reference = it.reference.as_deref().unwrap_or("-");
            format!("{} {step} {} {reference} {version} {}", it.job, it.action, it.is_pinned)
        })
        .collect();
    assert_eq!(
        uses,
        [
            format!("a 0 actions/checkout {sha} v4.1.0 true"),
            "a 2 a/b/c main v2 false".to_owned(),
            "a 3 ./here - - true".to_owned(),
            "a 4 docker://alpine sha256:00 - true".to_owned(),
            "a 5 docker://alpine:3 - - false".to_owned(),
            "b -1 o/r/.github/workflows/x.yml v1 - false".to_owned(),
        ]
    );
}

fn spelled(text: &str) -> String {
    one_line(&in_one_spelling(&parse(text, Dialect::Core).unwrap()))
}

#[test]
fn what_github_reads_alike_has_one_spelling() {
    for (text, other) in [
        ("on: push", "on: {push: {}}"),
        ("on: [push, pull_request]", "on: {push: null, pull_request: {}}"),
        ("on: {push: {branches: main}}", "on: {push: {branches: [main]}}"),
        ("concurrency: a", "concurrency: {group: a}"),
        ("env: {A: 1.50, B: true, C: x}", "env: {A: '1.5', B: 'true', C: x}"),
        ("env: {A: '${{github.sha}}'}", "env: {A: '${{ github.sha }}'}"),
        ("env: {A: 'a-${{github.sha}}'}", "env: {A: \"${{ format('a-{0}', github.sha) }}\"}"),
        ("jobs: {a: {needs: b}}", "jobs: {a: {needs: [b]}}"),
        ("jobs: {a: {}}", "jobs: {a: {timeout-minutes: 360}}"),
        ("jobs: {a: {if: failure()}}", "jobs: {a: {if: '${{ failure() }}'}}"),
        ("jobs: {a: {if: true}}", "jobs: {a: {if: '${{ true }}'}}"),
        ("jobs: {a: {runs-on: [x]}}", "jobs: {a: {runs-on: x}}"),
        ("jobs: {a: {environment: {name: x}}}", "jobs: {a: {environment: x}}"),
        (
            "jobs: {a: {services: {b: {ports: [80]}}}}",
            "jobs: {a: {services: {b: {ports: ['80']}}}}",
        ),
        (
            "jobs: {a: {steps: [{run: 1, with: {b: 0}}]}}",
            "jobs: {a: {steps: [{run: '1', with: {b: '0'}}]}}",
        ),
    ] {
        assert_eq!(spelled(text), spelled(other), "{text}");
        assert_eq!(spelled(&spelled(text)), spelled(text), "{text}");
    }
}

#[test]
fn what_github_reads_otherwise_stays_as_it_was_written() {
    for (text, other) in [
        ("on: {push: {branches: []}}", "on: {push: {}}"),
        ("env: {A: null}", "env: {A: ''}"),
        ("env: {A: '1.50'}", "env: {A: 1.50}"),
        ("env: {A: ' ${{ github.sha }}'}", "env: {A: '${{ github.sha }}'}"),
        ("jobs: {a: {if: 'x ${{ y }}'}}", "jobs: {a: {if: '${{ x y }}'}}"),
        ("jobs: {a: {environment: {name: x, url: y}}}", "jobs: {a: {environment: x}}"),
        ("jobs: {a: {with: {b: true}}}", "jobs: {a: {with: {b: 'true'}}}"),
        (
            "jobs: {a: {strategy: {matrix: {b: [1]}}}}",
            "jobs: {a: {strategy: {matrix: {b: ['1']}}}}",
        ),
        ("jobs: {a: {uses: x}}", "jobs: {a: {uses: x, timeout-minutes: 360}}"),
        ("jobs: {a: {timeout-minutes: 5}}", "jobs: {a: {timeout-minutes: '5'}}"),
    ] {
        assert_ne!(spelled(text), spelled(other), "{text}");
    }
}

#[test]
fn each_form_of_triggers_is_read() {
    for (on, expected) in [
        ("push", vec!["push"]),
        ("[push, pull_request]", vec!["pull_request", "push"]),
        ("{workflow_dispatch: null}", vec!["workflow_dispatch"]),
    ] {
        let workflow = Workflow::read(&format!("on: {on}\njobs: {{}}\n"), &|_| None).unwrap();
        assert_eq!(workflow.triggers.keys().collect::<Vec<_>>(), expected, "{on}");
    }
}

#[test]
fn what_is_no_workflow_says_why() {
    for (text, why) in [
        ("a: [", "line 1"),
        ("[]", "there is no map `jobs` in it"),
        ("jobs: x", "there is no map `jobs` in it"),
        ("", "there is no map `jobs` in it"),
    ] {
        let found = Workflow::read(text, &|_| None).unwrap_err().0;
        assert!(found.contains(why), "{text}: {found}");
    }
}
