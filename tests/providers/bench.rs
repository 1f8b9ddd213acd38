//! A provider whose resource costs nothing but the framework: what `make bench` measures.

use std::process::ExitCode;

use stanchion_cty::schema::{Block, Leaf};
use stanchion_cty::{Path, Problem, Problems};
use stanchion_framework::{Context, Failure, Managed, Plain, managed, plugin, serve};

/// A text that is held by the state alone, as that of `terraform_data` is.
#[derive(Block)]
struct Note {
    /// Known after the first apply.
    #[attr(computed, keep)]
    id: Leaf<String>,
    /// Any text.
    input: String,
}

struct Notes;

impl Managed<Plain> for Notes {
    const TYPE: &'static str = "bench_note";
    type State = Note;

    async fn create(
        &self,
        planned: Note,
        _: Note,
        _: &mut Context<Plain>,
    ) -> Result<Note, Failure<Note>> {
        let Some((id, _)) = planned.input.split_once('-') else {
            let path = Path::root().attribute("input");
            return Err(Problem::error(path, "must begin with a name and a hyphen").into());
        };
        Ok(Note { id: Leaf::Known(id.to_owned()), ..planned })
    }

    async fn read(&self, state: Note, _: &mut Context<Plain>) -> Result<Option<Note>, Problems> {
        Ok(Some(state))
    }

    async fn update(
        &self,
        _: Note,
        planned: Note,
        _: Note,
        _: &mut Context<Plain>,
    ) -> Result<Note, Failure<Note>> {
        Ok(planned)
    }

    async fn delete(&self, _: Note, _: &mut Context<Plain>) -> Result<(), Problems> {
        Ok(())
    }
}

fn main() -> ExitCode {
    let identity = plugin::Identity {
        address: "stanchion/bench",
        name: "terraform-provider-bench",
        version: env!("CARGO_PKG_VERSION"),
    };
    serve(identity, Plain(|| vec![managed(Notes)]))
}
