//! A whole provider: one resource, a file with a text in it.

use std::{fs, process::ExitCode};

use stanchion_cty::{Problems, schema::Block};
use stanchion_framework::{AnyManaged, Environment, Failure, Managed, Provider};
use stanchion_framework::{managed, plugin, serve};

struct Minimal;

impl Provider for Minimal {
    type Settings = ();
    type Client = ();

    fn configure(&self, (): (), _: &Environment) -> Result<(), Problems> {
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

type Context = stanchion_framework::Context<Minimal>;

impl Managed<Minimal> for Notes {
    const TYPE: &'static str = "minimal_note";
    type State = Note;

    async fn create(&self, note: Note, _: Note, _: &mut Context) -> Result<Note, Failure<Note>> {
        fs::write(&note.path, &note.text)?;
        Ok(note)
    }

    async fn read(&self, note: Note, _: &mut Context) -> Result<Option<Note>, Problems> {
        Ok(fs::read_to_string(&note.path).ok().map(|text| Note { text, ..note }))
    }

    async fn delete(&self, note: Note, _: &mut Context) -> Result<(), Problems> {
        Ok(fs::remove_file(&note.path)?)
    }
}

fn main() -> ExitCode {
    let (address, name) = ("example/minimal", "terraform-provider-minimal");
    serve(plugin::Identity { address, name, version: env!("CARGO_PKG_VERSION") }, Minimal)
}
