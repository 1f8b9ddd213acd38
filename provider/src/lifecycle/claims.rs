//! Who holds which address in one run of Terraform.
//!
//! Terraform asks for each object by itself, without its name; two objects on one path would write
//! over each other, plan after plan. A run is one configured provider: what another run knows is
//! forgotten, and then the target's compare and swap decides.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use stanchion_cty::{Path, Problem};
use tokio::sync::OwnedMutexGuard;

/// The addresses that the objects of one run hold.
#[derive(Debug, Default)]
pub(crate) struct Claims(Mutex<Claimed>);

#[derive(Debug, Default)]
struct Claimed {
    /// How many objects were planned.
    objects: usize,
    /// The number of the object that is planned at an address.
    planned: BTreeMap<String, String>,
    /// Whose turn it is at an address.
    turns: BTreeMap<String, Arc<tokio::sync::Mutex<()>>>,
    /// What this run has written.
    written: BTreeSet<String>,
    /// The folders that we have made, as far as this run has heard of them.
    folders: BTreeSet<String>,
}

impl Claims {
    /// Plans an object at an address, and gives it a number.
    ///
    /// An object is planned once in a run; one that is to be replaced a second time, which then
    /// says what number it was given `before`.
    ///
    /// # Errors
    /// Another object is planned there.
    pub(crate) fn plan(&self, address: &str, before: Option<&str>) -> Result<String, Problem> {
        let mut claimed = self.lock();
        if claimed.planned.get(address).is_some_and(|holder| Some(holder.as_str()) != before) {
            let message = format!("would write {address}, as another resource does");
            let cure = "give one of them another name, or take it out; if both are in the state, by \
                        `state rm` first, as to destroy one of them removes the file of both";
            return Err(Problem::error(Path::root(), message).cure(cure));
        }
        claimed.objects += 1;
        let number = before.map_or_else(|| claimed.objects.to_string(), str::to_owned);
        claimed.planned.insert(address.to_owned(), number.clone());
        Ok(number)
    }

    /// Waits until no other deed is under way at an address. Two resources can have deeds there: one
    /// that is destroyed, and one that is made.
    pub(crate) async fn turn(&self, address: &str) -> OwnedMutexGuard<()> {
        let turn = Arc::clone(self.lock().turns.entry(address.to_owned()).or_default());
        turn.lock_owned().await
    }

    /// Hears that something was written at an address.
    pub(crate) fn written(&self, address: &str) {
        self.lock().written.insert(address.to_owned());
    }

    /// Whether this run has written there: what is removed from there is the object's before.
    pub(crate) fn is_written(&self, address: &str) -> bool {
        self.lock().written.contains(address)
    }

    /// Hears of folders that we have made. Those of them and of all before that are above an address.
    pub(crate) fn folders_above(&self, address: &str, made: Vec<String>) -> Vec<String> {
        let mut claimed = self.lock();
        claimed.folders.extend(made);
        let is_above = |it: &&String| {
            address.strip_prefix(it.as_str()).is_some_and(|rest| rest.starts_with('/'))
        };
        claimed.folders.iter().filter(is_above).cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Claimed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
