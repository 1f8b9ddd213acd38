//! Who holds which address, as far as one configured provider has seen.
//!
//! Terraform asks for each object by itself, without its name; two objects on one path would write
//! over each other, plan after plan. Mostly a configured provider lives for one run, but `terraform
//! test` may keep it for many: to be planned again is no sign of another object, and what is held
//! against an object here holds in all of its runs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use stanchion_cty::{Path, Problem};
use tokio::sync::OwnedMutexGuard;

/// What is known of addresses and their objects.
#[derive(Debug, Default)]
pub(crate) struct Claims(Mutex<Claimed>);

#[derive(Debug, Default)]
struct Claimed {
    /// How many plans there were.
    plans: usize,
    /// The last plan at an address since something was written or removed there.
    planned: BTreeMap<String, Planned>,
    /// Whose turn it is at an address.
    turns: BTreeMap<String, Arc<tokio::sync::Mutex<()>>>,
    /// The object that has written at an address, by its mark.
    holders: BTreeMap<String, String>,
    /// The folders that we have made.
    folders: BTreeSet<String>,
}

/// An object that is planned.
#[derive(Clone, Debug, Default)]
pub(crate) struct Planned {
    /// Whether it is not there yet, or is to be replaced.
    pub(crate) is_new: bool,
    /// The number that its plan was given before: that of what is to be replaced.
    pub(crate) number: Option<String>,
    /// Its mark, if it has written since it has one.
    pub(crate) mark: Option<String>,
    /// The digest of the document, if that is known.
    pub(crate) digest: Option<String>,
}

impl Claims {
    /// Plans an object at an address, and gives the plan a number.
    ///
    /// # Errors
    /// Another object is planned there. It is a warning where both are new, since then it may be one
    /// that is planned by two runs of a test; the second to be made is refused.
    pub(crate) fn plan(
        &self,
        address: &str,
        object: Planned,
        warn: impl FnOnce(Problem),
    ) -> Result<String, Problem> {
        let mut claimed = self.lock();
        if let Some(before) = claimed.planned.get(address) {
            let is_replaced = object.number.is_some() && object.number == before.number;
            let differ =
                |a: &Option<String>, b: &Option<String>| a.is_some() && b.is_some() && a != b;
            match (before.is_new, object.is_new) {
                _ if is_replaced => {}
                (true, true) if differ(&before.digest, &object.digest) => warn(twice(address)),
                (false, false) if differ(&before.mark, &object.mark) => return Err(twice(address)),
                (true, true) | (false, false) => {}
                (true, false) | (false, true) => return Err(twice(address)),
            }
        }
        claimed.plans += 1;
        let number = object.number.clone().unwrap_or_else(|| claimed.plans.to_string());
        let planned = Planned { number: Some(number.clone()), ..object };
        claimed.planned.insert(address.to_owned(), planned);
        Ok(number)
    }

    /// Forgets what was planned at an address: nothing is there any more.
    pub(crate) fn gone(&self, address: &str) {
        self.lock().planned.remove(address);
    }

    /// Waits until no other deed is under way at an address. Two resources can have deeds there: one
    /// that is destroyed, and one that is made.
    pub(crate) async fn turn(&self, address: &str) -> OwnedMutexGuard<()> {
        let turn = Arc::clone(self.lock().turns.entry(address.to_owned()).or_default());
        turn.lock_owned().await
    }

    /// The mark of the object that has written at an address, and has not been removed since.
    pub(crate) fn holder(&self, address: &str) -> Option<String> {
        self.lock().holders.get(address).cloned()
    }

    /// Hears that an object has written at an address.
    pub(crate) fn written(&self, address: &str, mark: &str) {
        let mut claimed = self.lock();
        claimed.planned.remove(address);
        claimed.holders.insert(address.to_owned(), mark.to_owned());
    }

    /// Hears that what was at an address is removed.
    pub(crate) fn removed(&self, address: &str) {
        let mut claimed = self.lock();
        claimed.planned.remove(address);
        claimed.holders.remove(address);
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

fn twice(address: &str) -> Problem {
    let message = format!("would write {address}, as another resource does");
    let cure = "give one of them another name, or take it out; if both are in the state, by \
                `state rm` first, as to destroy one of them removes the file of both";
    Problem::error(Path::root(), message).cure(cure)
}

/// What is said of an object that is to be made where another one was just written.
pub(crate) fn held(address: &str) -> Problem {
    let message = format!("would overwrite {address}, which another resource has just written");
    Problem::error(Path::root(), message).cure("give one of them another name, or take it out")
}
