//! Data that Terraform stores for the provider beside the state.

use std::collections::BTreeMap;
use std::fmt;

/// Named texts that Terraform keeps for the provider and shows to nobody.
///
/// A resource's are stored beside its state and not encrypted: never a place for a secret. An
/// ephemeral resource's are kept in memory only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Private {
    entries: BTreeMap<String, String>,
}

/// Shows the names only: an ephemeral resource keeps secrets here, in memory.
impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.entries.keys()).finish()
    }
}

impl Private {
    /// The text stored under that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.entries.get(name).map(String::as_str)
    }

    /// Stores a text under that name.
    pub fn set(&mut self, name: impl Into<String>, text: impl Into<String>) {
        self.entries.insert(name.into(), text.into());
    }

    /// Removes what is stored under that name.
    pub fn remove(&mut self, name: &str) {
        self.entries.remove(name);
    }

    /// Reads what Terraform stored; `None` if it is not ours.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        if bytes.is_empty() {
            return Some(Self::default());
        }
        serde_json::from_slice(bytes).ok().map(|entries| Self { entries })
    }

    /// What Terraform is to store: a JSON object, as some of its versions demand.
    pub(crate) fn encode(&self) -> Vec<u8> {
        if self.entries.is_empty() {
            return Vec::new();
        }
        let entries = self.entries.iter().map(|(name, text)| (name.clone(), text.clone().into()));
        serde_json::Value::Object(entries.collect()).to_string().into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_comes_back() {
        let mut private = Private::default();
        private.set("seen", "2026-01-01 \"ü\"");
        assert_eq!(Private::decode(&private.encode()), Some(private));
        assert_eq!(Private::decode(b""), Some(Private::default()));
        assert_eq!(Private::decode(b"\xff"), None);
    }
}
