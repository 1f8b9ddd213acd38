//! Mistakes in blocks: each is refused at its place before anything is done.

use stanchion_tests::place::{Place, with_trial};
use stanchion_tests::{Diagnostic, Terraform};

use crate::suite::{self, Case, case};

pub(crate) struct Family;

/// A configuration with all the mistakes, and what is said of it.
pub(crate) struct World {
    text: String,
    told: Vec<Diagnostic>,
}

impl suite::Family for Family {
    const NAME: &'static str = "mistakes in blocks";
    const MAKES: bool = false;
    type World = World;

    fn prepare(terraform: &Terraform) -> World {
        let place = Place::new(terraform);
        let text = configuration();
        place.workspace.write("main.tf", &text);
        let told = Diagnostic::all(&place.workspace.run(["validate", "-json"]).stdout);
        World { text, told }
    }

    fn cases() -> Vec<Case<World>> {
        let mistake = |name: &str, line: &'static str, said: &'static str| {
            case(name, move |it: &World| it.assert_said(line, said))
        };
        vec![
            mistake(
                "a missing block is refused",
                "rule { # no step",
                "At least 1 \"step\" blocks are required.",
            ),
            mistake(
                "a second single block is refused",
                "limit { most = 2 }",
                "Only one block of type \"limit\" is allowed.",
            ),
            mistake(
                "an unknown argument in a block is refused at its place",
                "size = 1",
                "An argument named \"size\" is not expected here.",
            ),
            mistake(
                "an unknown block in a block is refused at its place",
                "stair {}",
                "Blocks of type \"stair\" are not expected here.",
            ),
            mistake(
                "a missing argument in a block is refused at its place",
                "rule { # no key",
                "The argument \"key\" is required",
            ),
            mistake(
                "a value of another type in a block is refused at its place",
                "most = \"many\"",
                "a number is required",
            ),
            mistake(
                "a computed value in a block can't be written",
                "made = \"by hand\"",
                "rule[0].made is the provider's to say: Leave it out.",
            ),
            mistake(
                "two blocks of one name are refused",
                "door \"d\" { most = 2 }",
                "The door labels must be unique.",
            ),
            mistake(
                "a duration that is none is refused at its place",
                "create = \"soon\"",
                "timeouts.create is no duration",
            ),
        ]
    }
}

impl World {
    /// Asserts that this is said of the line.
    #[track_caller]
    fn assert_said(&self, line: &str, said: &str) {
        let number = self.text.lines().position(|it| it.contains(line)).unwrap() + 1;
        let place = format!("main.tf:{number}:");
        let of_line = || self.told.iter().filter(|it| it.place.starts_with(&place));
        let found = of_line().any(|it| it.severity == "error" && format!("{it}").contains(said));
        assert!(found, "{place} {:#?}", self.told);
    }
}

fn configuration() -> String {
    let step = "step { run = \"r\" }";
    let mistakes = [
        "rule { # no step\n    key = \"k\"\n  }".to_owned(),
        "limit { most = 1 }\n  limit { most = 2 }".to_owned(),
        "limit {\n    size = 1\n  }".to_owned(),
        "limit {\n    stair {}\n  }".to_owned(),
        format!("rule {{ # no key\n    {step}\n  }}"),
        "limit {\n    most = \"many\"\n  }".to_owned(),
        format!("rule {{\n    key = \"k\"\n    made = \"by hand\"\n    {step}\n  }}"),
        "door \"d\" { most = 1 }\n  door \"d\" { most = 2 }".to_owned(),
        "timeouts {\n    create = \"soon\"\n  }".to_owned(),
    ];
    let mistakes = mistakes.iter().enumerate();
    with_trial(&mistakes.map(|(i, it)| block(i, it)).collect::<String>())
}

fn block(i: usize, inner: &str) -> String {
    format!("resource \"trial_block\" \"wrong_{i}\" {{\n  name = \"wrong_{i}\"\n  {inner}\n}}\n")
}
