//! What is refused before anything is planned: where it is told, how often, and in which words.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use stanchion_lang::{Argument, Evaluation, Inputs, NoDataSources, NoFiles, Source, Workspace};

fn workspace(files: &[(&str, &str)]) -> Workspace {
    Workspace::new(files.iter().map(|(path, text)| Source::new(*path, text.as_bytes().to_vec())))
}

/// What a check of the root module refuses: places, short words and sentences.
fn refused(files: &[(&str, &str)], inputs: &Inputs) -> Vec<String> {
    let workspace = workspace(files);
    assert_eq!(workspace.faults(), []);
    let root = workspace.module("").unwrap();
    let evaluation = Evaluation::new(&workspace, root, inputs, &NoFiles, &NoDataSources);
    let refusals = evaluation.check();
    let place = |span| evaluation.place(span).map(|it| it.to_string()).unwrap_or_default();
    refusals.iter().map(|it| format!("{}: {}: {}", place(it.span), it.summary, it.detail)).collect()
}

fn faults(files: &[(&str, &str)]) -> Vec<String> {
    let workspace = workspace(files);
    let told = workspace.faults().iter();
    told.map(|it| format!("{}: {}", workspace.place(it.span).unwrap(), it.message)).collect()
}

#[test]
fn a_cycle_is_told_once_with_all_its_members() {
    let main = "locals {\n  a = { x = 1, y = local.b }\n  b = terraform_data.c.id\n}\n\
                resource \"terraform_data\" \"c\" { input = local.a.x }\n\
                output \"d\" { value = local.a }\n";
    assert_eq!(
        refused(&[("main.tf", main)], &Inputs::default()),
        ["main.tf:2:3: Cycle: local.a, local.b, terraform_data.c depend on each other."]
    );
}

#[test]
fn a_cycle_through_a_module_names_its_arguments_and_outputs() {
    let main =
        "module \"m\" {\n  source = \"./m\"\n  in     = module.m.out\n  other  = module.m.two\n}\n";
    let module = "variable \"in\" {}\nvariable \"other\" {}\noutput \"out\" { value = var.in }\n\
                  output \"two\" { value = 2 }\n";
    assert_eq!(
        refused(&[("main.tf", main), ("m/main.tf", module)], &Inputs::default()),
        ["main.tf:1:1: Cycle: module.m.out, module.m.var.in depend on each other."]
    );
}

#[test]
fn a_module_that_is_called_twice_tells_its_cycle_once() {
    let main = "module \"x\" { source = \"./m\" }\nmodule \"y\" { source = \"./m\" }\n";
    let module = "locals {\n  a = local.b\n  b = local.a\n}\n";
    assert_eq!(
        refused(&[("main.tf", main), ("m/main.tf", module)], &Inputs::default()),
        ["m/main.tf:2:3: Cycle: local.a, local.b depend on each other."]
    );
}

#[test]
fn an_argument_for_no_variable_is_refused_and_a_file_may_say_more() {
    let argument = |name: &str| Argument::Variable { name: name.into(), text: "1".into() };
    let files = [("main.tf", "variable \"a\" {}\n"), ("terraform.tfvars", "b = 1\n")];
    let inputs = Inputs {
        arguments: vec![argument("a"), argument("nope")],
        environment: vec![("c".into(), "1".into())],
        ..Inputs::default()
    };
    let told = refused(&files, &inputs);
    assert_eq!(told.len(), 1, "{told:?}");
    let begin =
        "--var nope:1:1: Value for undeclared variable: A variable named \"nope\" was assigned";
    assert!(told[0].starts_with(begin), "{told:?}");
}

#[test]
fn a_module_from_elsewhere_is_one_gap_and_no_refusal() {
    let main = "module \"m\" {\n  source   = \"./m\"\n  for_each = toset([\"a\", \"b\"])\n}\n\
                output \"x\" { value = [for it in module.m : it.x] }\n";
    let module = "module \"far\" {\n  source = \"terraform-aws-modules/vpc/aws\"\n}\n\
                  output \"x\" { value = module.far.id }\n";
    let workspace = workspace(&[("main.tf", main), ("m/main.tf", module)]);
    let root = workspace.module("").unwrap();
    let inputs = Inputs::default();
    let evaluation = Evaluation::new(&workspace, root, &inputs, &NoFiles, &NoDataSources);
    assert_eq!(evaluation.check(), []);
    let gaps = evaluation.gaps();
    let told: Vec<_> =
        gaps.iter().map(|it| (workspace.place(it.span).unwrap(), &*it.why)).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].0.to_string(), "m/main.tf:1:1");
    assert_eq!(told[0].1, "calls a module from elsewhere, which is not in .terraform/modules");
}

#[test]
fn what_stands_outside_of_blocks_and_names_that_are_none_are_faults() {
    let main =
        "x = 1\nresource \"a_b\" {}\nvariable \"1a\" {}\nvariable \"count\" {}\noutput \"ok\" {}\n";
    assert_eq!(
        faults(&[("main.tf", main)]),
        [
            "main.tf:1:1: gives x a value outside of any block; a local stands in a locals block, the \
             value of a variable in a .tfvars file",
            "main.tf:2:1: has 1 labels behind resource, which takes a type and a name",
            "main.tf:3:1: names variable \"1a\": a name begins with a letter or an underscore, and has \
             letters, digits, underscores and dashes",
            "main.tf:4:1: names a variable count, which means something else in module blocks",
        ]
    );
}
