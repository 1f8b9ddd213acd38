//! A whole provider: one resource, a file with a text in it.

use std::{fs, io};

use stanchion_cty::schema::Block;
use stanchion_cty::{Path, Problem, Problems};
use stanchion_framework::{AnyManaged, Context, Environment, Failure, Managed, Provider};
use stanchion_framework::{managed, plugin, serve};

struct Minimal;

#[derive(Block)]
struct Settings {}

/// A text in a file.
#[derive(Block)]
struct Note {
    /// Where the file is.
    #[attr(replace)]
    path: String,
    /// What stands in it.
    text: String,
}

impl Provider for Minimal {
    type Settings = Settings;
    type Client = ();

    fn configure(&self, _: Settings, _: &Environment) -> Result<(), Problems> {
        Ok(())
    }

    fn resources(&self) -> Vec<AnyManaged<Self>> {
        vec![managed(Notes)]
    }
}

struct Notes;

impl Managed<Minimal> for Notes {
    const TYPE: &'static str = "minimal_note";
    type State = Note;

    async fn create(
        &self,
        planned: Note,
        _: Note,
        _: &mut Context<Minimal>,
    ) -> Result<Note, Failure<Note>> {
        fs::write(&planned.path, &planned.text).map_err(problem)?;
        Ok(planned)
    }

    async fn read(&self, state: Note, _: &mut Context<Minimal>) -> Result<Option<Note>, Problems> {
        let text = fs::read_to_string(&state.path).ok();
        Ok(text.map(|text| Note { text, ..state }))
    }

    async fn update(
        &self,
        _: Note,
        planned: Note,
        config: Note,
        cx: &mut Context<Minimal>,
    ) -> Result<Note, Failure<Note>> {
        self.create(planned, config, cx).await
    }

    async fn delete(&self, state: Note, _: &mut Context<Minimal>) -> Result<(), Problems> {
        fs::remove_file(&state.path).map_err(|error| vec![problem(error)])
    }
}

fn problem(error: io::Error) -> Problem {
    Problem::error(Path::root(), format!("can't be written: {error}"))
}

fn main() -> std::process::ExitCode {
    let identity = plugin::Identity {
        address: "example/minimal",
        name: "terraform-provider-minimal",
        version: env!("CARGO_PKG_VERSION"),
    };
    serve(identity, Minimal)
}
