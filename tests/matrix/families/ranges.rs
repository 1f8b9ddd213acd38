//! Values that an attribute can't hold: each is refused at its place before anything is done.

use stanchion_tests::{Diagnostic, Terraform};

use crate::suite::{self, Case, case};
use stanchion_tests::place::{Place, with_trial};

pub(crate) struct Family;

/// A resource's attribute with a value that it can't hold, and what is said of it.
const WRONG: &[(&str, &str, &str, &str)] = &[
    (
        "trial_kinds",
        "whole",
        "9223372036854775808",
        "from -9223372036854775808 to 9223372036854775807, and is 922337203685477",
    ),
    (
        "trial_kinds",
        "whole",
        "-9223372036854775809",
        "from -9223372036854775808 to 9223372036854775807, and is -9223372036854775809",
    ),
    (
        "trial_kinds",
        "whole",
        "1.5",
        "must be a whole number from -9223372036854775808 to 9223372036854775807, and is 1.5",
    ),
    ("trial_kinds", "whole32", "2147483648", "from -2147483648 to 2147483647, and is 2147483648"),
    ("trial_kinds", "whole32", "-2147483649", "from -2147483648 to 2147483647, and is -2147483649"),
    ("trial_kinds", "whole32", "0.5", "from -2147483648 to 2147483647, and is 0.5"),
    ("trial_kinds", "small", "256", "from 0 to 255, and is 256"),
    ("trial_kinds", "small", "-1", "from 0 to 255, and is -1"),
    ("trial_kinds", "float", "1e309", "from -1.7976931348623157e308 to 1.7976931348623157e308"),
    ("trial_kinds", "float", "-1e309", "from -1.7976931348623157e308 to 1.7976931348623157e308"),
    ("trial_kinds", "float32", "3.5e38", "from -3.4028235e38 to 3.4028235e38"),
    ("trial_kinds", "float32", "-3.5e38", "from -3.4028235e38 to 3.4028235e38"),
    ("trial_thing", "weight", "0", "weight must be at least 1"),
    ("trial_kinds", "pairs", "[{ value = 1 }]", "attribute \"key\" is required"),
    ("trial_kinds", "pair_map", "{ x = { key = null } }", "pair_map[\"x\"].key must not be null"),
    ("trial_kinds", "pairs", "[{ key = null }]", "pairs[0].key must not be null"),
    ("trial_kinds", "flag", "\"maybe\"", "a bool is required"),
    ("trial_kinds", "list", "[{}]", "string required"),
    ("trial_kinds", "set", "[\"many\"]", "a number is required"),
];

pub(crate) struct World {
    told: Vec<Diagnostic>,
}

impl suite::Family for Family {
    const NAME: &'static str = "ranges";
    const MAKES: bool = false;
    type World = World;

    fn prepare(terraform: &Terraform) -> World {
        let place = Place::new(terraform);
        let blocks = WRONG.iter().enumerate().map(|(i, (resource, attribute, value, _))| {
            format!("resource \"{resource}\" \"r{i}\" {{\n  name = \"r{i}\"\n  {attribute} = {value}\n}}\n")
        });
        place.workspace.write("main.tf", with_trial(&blocks.collect::<String>()));
        let output = place.workspace.run(["validate", "-json"]);
        let mut told = Diagnostic::all(&output.stdout);
        told.retain(|it| it.severity == "error");
        World { told }
    }

    fn cases() -> Vec<Case<World>> {
        let cases = WRONG.iter().enumerate().map(|(i, (resource, attribute, value, words))| {
            case(format!("{attribute} = {value}"), move |world: &World| {
                // After the block that names the provider, each resource has four lines: its value
                // is on the third. For a path that leads into a value, older versions show no more
                // than the resource, on the first.
                let first = with_trial("").lines().count() + i * 4;
                let is_here = |it: &&Diagnostic| {
                    let line = it.place.split(':').nth(1).and_then(|it| it.parse::<usize>().ok());
                    let is_inside = words.contains("].");
                    line == Some(first + 2) || (is_inside && line == Some(first))
                };
                let told: Vec<_> = world.told.iter().filter(is_here).collect();
                assert_eq!(told.len(), 1, "{:?}", world.told);
                assert!(["", &format!("{resource}.r{i}")].contains(&told[0].address.as_str()));
                let said = format!("{} {}", told[0].summary, told[0].detail);
                assert!(said.contains(words), "{said}");
            })
        });
        let all = case("nothing else is refused", |world: &World| {
            assert_eq!(world.told.len(), WRONG.len(), "{:?}", world.told);
        });
        cases.chain([all]).collect()
    }
}
