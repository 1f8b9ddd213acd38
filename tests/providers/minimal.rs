//! A whole provider: one resource, a file with a text in it.

use std::{fs, process::ExitCode};

use stanchion_cty::{Problems, schema::Block};
use stanchion_framework::{Context, Failure, Managed, Plain, managed, plugin::Identity, serve};

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

type Cx = Context<Plain>;

impl Managed<Plain> for Notes {
    const TYPE: &'static str = "minimal_note";
    type State = Note;

    async fn create(&self, note: Note, _: Note, _: &mut Cx) -> Result<Note, Failure<Note>> {
        fs::write(&note.path, &note.text)?;
        Ok(note)
    }

    async fn read(&self, note: Note, _: &mut Cx) -> Result<Option<Note>, Problems> {
        Ok(fs::read_to_string(&note.path).ok().map(|text| Note { text, ..note }))
    }

    async fn delete(&self, note: Note, _: &mut Cx) -> Result<(), Problems> {
        Ok(fs::remove_file(&note.path)?)
    }
}

const IDENTITY: Identity = Identity {
    address: "example/minimal",
    name: "terraform-provider-minimal",
    version: env!("CARGO_PKG_VERSION"),
};

fn main() -> ExitCode {
    serve(IDENTITY, Plain(|| vec![managed(Notes)]))
}
