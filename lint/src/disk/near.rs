//! The files that have to be read for a change: those of the folders that it can take part in.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::real::Real;
use super::tree::Tree;
use super::{is_code, parent};
use crate::changed::Changed;
use crate::changed::readers::readers;
use crate::reach::{self, Calls};

/// The files that a change can take part in, and `always` those. All are looked through as texts, which
/// costs little beside reading them as configurations.
pub(super) fn to(
    tree: &Tree,
    files: BTreeSet<PathBuf>,
    always: &[PathBuf],
    changed: &Changed,
) -> BTreeSet<PathBuf> {
    let real = Real::default();
    if always.iter().any(|it| changed.contains(&real.path(it))) {
        return files;
    }
    let all: Vec<(PathBuf, PathBuf)> = files.iter().map(|it| (real.path(it), it.clone())).collect();
    let others = changed.others();
    let is_reader = |text: &str, folder: &Path| {
        !others.is_empty() && !readers(text, folder, &others).is_empty()
    };
    let told: Vec<(Calls, bool)> = all
        .par_iter()
        .map(|(real, _)| match tree.glimpse(real).map(String::from_utf8) {
            Ok(Ok(text)) => (Calls::of(&text), is_reader(&text, &parent(real))),
            // What it says is told when it is read.
            _ => (Calls::Anything, true),
        })
        .collect();
    let code: BTreeSet<PathBuf> =
        all.iter().filter(|it| is_code(&it.1)).map(|it| parent(&it.0)).collect();
    // Variable files in a folder without configuration belong to the one above.
    let home = |folder: &Path| -> PathBuf {
        folder.ancestors().find(|it| code.contains(*it)).unwrap_or(folder).to_owned()
    };
    let mut from = changed.folders();
    from.extend(from.iter().map(|it| home(it)).collect::<Vec<_>>());
    let naming = all.iter().zip(&told).filter(|(_, (_, is_naming))| *is_naming);
    from.extend(naming.map(|((path, _), _)| home(&parent(path))));
    let calls: Vec<(PathBuf, Calls)> =
        all.iter().zip(told).map(|((path, _), (calls, _))| (path.clone(), calls)).collect();
    let near = reach::folders(&calls, &from);
    let is_near = |path: &Path| near.contains(&home(&parent(path)));
    let kept = all.into_iter().filter(|(real, path)| is_near(real) || always.contains(path));
    kept.map(|(_, path)| path).collect()
}
