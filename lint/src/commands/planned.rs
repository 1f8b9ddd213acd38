//! The file of a plan, and the root module that it is of.

use std::cmp::Ordering;
use std::path::Path;

use stanchion_lang::Module;

use super::CouldNot;
use crate::disk;
use crate::plan::Plan;

/// The plan of a file.
pub(super) fn read(file: &Path) -> Result<Plan, CouldNot> {
    let name = disk::shown(file);
    let cure = "write it with terraform plan -out=FILE, then terraform show -json FILE > plan.json";
    let could_not = |message: String| CouldNot { message, cure: Some(cure.to_owned()) };
    let text = disk::text(file).map_err(|it| could_not(format!("{name} can't be read: {it}")))?;
    let text = text.ok_or_else(|| could_not(format!("there is no plan {name}")))?;
    Plan::read(&text).map_err(|it| CouldNot {
        message: format!("{name} {it}"),
        cure: Some(it.cure().to_owned()),
    })
}

/// The folder of the root module that a plan is of: the one that declares most of what the plan does.
pub(super) fn root<'w>(
    file: &Path,
    plan: &Plan,
    roots: &[&'w Module],
) -> Result<&'w str, CouldNot> {
    let name = disk::shown(file);
    let mut alike: Vec<_> = roots.iter().map(|it| (plan.likeness(it), &*it.folder)).collect();
    // The share of what both have in what either has, without dividing.
    let order = |a: (usize, usize), b: (usize, usize)| (b.0 * a.1.max(1)).cmp(&(a.0 * b.1.max(1)));
    alike.sort_by(|(a, one), (b, other)| order(*a, *b).then_with(|| one.cmp(other)));
    match alike.as_slice() {
        [(likeness, folder), rest @ ..] if likeness.0 > 0 || rest.is_empty() && likeness.1 == 0 => {
            let same = |it: &&((usize, usize), &str)| order(it.0, *likeness) == Ordering::Equal;
            let shown = |it: &str| if it.is_empty() { ".".to_owned() } else { it.to_owned() };
            match rest.iter().find(same) {
                None => Ok(folder),
                Some((_, other)) => Err(CouldNot {
                    message: format!(
                        "{name} may be a plan of {} or of {}",
                        shown(folder),
                        shown(other)
                    ),
                    cure: Some("name the folder of the one that it is of as PATH".to_owned()),
                }),
            }
        }
        _ => Err(CouldNot {
            message: format!("{name} is a plan of none of the root modules that were read"),
            cure: Some("name the folder that it was made in as PATH".to_owned()),
        }),
    }
}
