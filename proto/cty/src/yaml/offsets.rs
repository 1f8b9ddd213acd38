//! Places in a text, from the parser's count to ours.

use saphyr_parser::Marker;

/// Where the characters of a text are: the parser counts characters, and we count bytes.
pub(super) struct Offsets {
    /// The offset of each character, if they are not all one byte long.
    characters: Option<Vec<usize>>,
    first: usize,
    end: usize,
}

impl Offsets {
    /// Of the text that begins at the offset `first` of `text`.
    pub(super) fn new(text: &str, first: usize) -> Self {
        let behind = text.get(first..).unwrap_or_default();
        let characters = (!behind.is_ascii())
            .then(|| behind.char_indices().map(|(offset, _)| first + offset).collect());
        Self { characters, first, end: text.len() }
    }

    pub(super) fn of(&self, marker: Marker) -> usize {
        let found = match &self.characters {
            Some(offsets) => offsets.get(marker.index()).copied(),
            None => Some(self.first + marker.index()),
        };
        found.unwrap_or(self.end).min(self.end)
    }
}
