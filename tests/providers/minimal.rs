//! A whole provider: one resource, a file with a text in it.

use std::{fs, io, process::ExitCode};

use stanchion_cty::{Path, Problem, Problems, schema::Block};
use stanchion_framework::{AnyManaged, Environment, Failure, Managed, Provider};
use stanchion_framework::{managed, plugin, serve};

struct Minimal;

#[derive(Block)]
struct Settings {}

type Context = stanchion_framework::Context<Minimal>;

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

/// A text in a file.
#[derive(Block)]
struct Note {
    /// Where the file is.
    #[attr(replace)]
    path: String,
    /// What stands in it.
    #[attr(replace)]
    text: String,
}

struct Notes;

impl Managed<Minimal> for Notes {
    const TYPE: &'static str = "minimal_note";
    type State = Note;

    async fn create(&self, note: Note, _: Note, _: &mut Context) -> Result<Note, Failure<Note>> {
        fs::write(&note.path, &note.text).map_err(problem)?;
        Ok(note)
    }

    async fn read(&self, note: Note, _: &mut Context) -> Result<Option<Note>, Problems> {
        let text = fs::read_to_string(&note.path).ok();
        Ok(text.map(|text| Note { text, ..note }))
    }

    async fn delete(&self, note: Note, _: &mut Context) -> Result<(), Problems> {
        fs::remove_file(&note.path).map_err(|error| vec![problem(error)])
    }
}

fn problem(error: io::Error) -> Problem {
    Problem::error(Path::root(), format!("is not as it should be: {error}"))
}

const IDENTITY: plugin::Identity = plugin::Identity {
    address: "example/minimal",
    name: "terraform-provider-minimal",
    version: env!("CARGO_PKG_VERSION"),
};

fn main() -> ExitCode {
    serve(IDENTITY, Minimal)
}
