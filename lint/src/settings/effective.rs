//! The rules that hold for a file, of all that the settings say about its path.

use std::collections::BTreeMap;
use std::sync::Arc;

use stanchion_lang::{FileId, Workspace};

use super::{Level, RuleSettings, Rules, Settings};
use crate::custom::Custom;
use crate::finding::RuleCount;
use crate::paths::Paths;
use crate::rules::{Configured, RULES};

/// For which profiles something is, one bit each. What is in a file of some profiles and a root
/// module of others is under all of them.
pub(crate) type Profiles = u64;

/// More profiles have no bit.
pub(super) const MOST_PROFILES: usize = 64;

/// The rules under each combination of profiles that a workspace has.
pub(crate) struct Effective {
    lists: BTreeMap<Profiles, Vec<Configured>>,
    files: BTreeMap<FileId, Profiles>,
    roots: BTreeMap<Arc<str>, Profiles>,
    ids: Vec<String>,
}

impl Effective {
    /// The rules for all files and root modules of a workspace.
    pub(crate) fn new(settings: &Settings, workspace: &Workspace, paths: &Paths) -> Self {
        let profiles = |path: &str| settings.profiles_of(path, paths);
        let files: BTreeMap<_, _> =
            workspace.files().iter().map(|it| (it.id(), profiles(it.path()))).collect();
        let roots = workspace.roots().into_iter().map(|it| {
            let folder = if it.folder.is_empty() { "." } else { &*it.folder };
            (it.folder.clone(), profiles(folder))
        });
        let roots: BTreeMap<_, _> = roots.collect();
        let mut lists = BTreeMap::new();
        let mut of_files: Vec<Profiles> = files.values().copied().collect();
        of_files.sort_unstable();
        of_files.dedup();
        let mut of_roots: Vec<Profiles> = roots.values().copied().chain([0]).collect();
        of_roots.sort_unstable();
        of_roots.dedup();
        for file in of_files.iter().chain([&0]) {
            for root in &of_roots {
                lists.entry(file | root).or_insert_with(|| settings.rules_under(file | root));
            }
        }
        Self { lists, files, roots, ids: settings.ids() }
    }

    /// The ids of all rules that there are, those that are off too.
    pub(crate) fn ids(&self) -> &[String] {
        &self.ids
    }

    /// The profiles of a root module.
    pub(crate) fn of_root(&self, folder: &Arc<str>) -> Profiles {
        self.roots.get(folder).copied().unwrap_or(0)
    }

    /// The profiles of a file.
    pub(crate) fn of_file(&self, file: FileId) -> Profiles {
        self.files.get(&file).copied().unwrap_or(0)
    }

    /// The combinations of profiles that files have in a root module of these profiles, and the
    /// rules under each.
    pub(crate) fn under(&self, root: Profiles) -> impl Iterator<Item = (Profiles, &[Configured])> {
        let within = move |it: &Profiles| it & root == root;
        self.lists.iter().filter(move |(it, _)| within(it)).map(|(it, list)| (*it, &**list))
    }

    /// Nothing counted yet, for each rule that judges somewhere.
    pub(crate) fn counts(&self) -> Vec<RuleCount> {
        let all = || self.lists.values().flatten();
        let of = |id: &String| all().find(|it| *it.id == **id).map(RuleCount::of);
        self.ids.iter().filter_map(of).collect()
    }

    /// Whether a rule judges what is in a file, at least in some root module.
    pub(crate) fn judges(&self, rule: &str, file: FileId) -> bool {
        let of_file = self.of_file(file);
        let mut lists = self.lists.iter().filter(|(it, _)| *it & of_file == of_file);
        lists.any(|(_, list)| list.iter().any(|it| &*it.id == rule))
    }
}

impl Settings {
    /// The ids of all rules, our own first.
    pub(super) fn ids(&self) -> Vec<String> {
        let ours = RULES.iter().map(|it| it.id.to_owned());
        ours.chain(self.custom.iter().map(|it| it.id.to_string())).collect()
    }

    fn profiles_of(&self, path: &str, paths: &Paths) -> Profiles {
        if self.profiles.is_empty() {
            return 0;
        }
        let Some(path) = paths.below(&self.folder, path) else { return 0 };
        let matching = self.profiles.iter().enumerate();
        let bits = matching.filter(|(_, it)| it.matches.is_match(&path)).map(|(at, _)| 1 << at);
        bits.fold(0, |all, bit| all | bit)
    }

    /// The rules under some profiles, without those that are off.
    fn rules_under(&self, profiles: Profiles) -> Vec<Configured> {
        let merged = self.merged(profiles);
        let none = RuleSettings::default();
        let said = |id: &str| merged.get(id).unwrap_or(&none);
        let severity = |id: &str, default| match said(id).level.as_ref().map(|it| it.value) {
            Some(Level::Off) => None,
            Some(Level::On(severity)) => Some(severity),
            None => Some(default),
        };
        let one = |entry: &'static crate::rules::Entry| {
            let severity = severity(entry.id, entry.severity)?;
            let values = said(entry.id).values.iter();
            let values = values.map(|(name, it)| (name.clone(), it.value.clone()));
            // That they can be read was seen when the file was.
            entry.configured(severity, values.collect()).ok()
        };
        let custom = |it: &Custom| {
            let severity = severity(&it.id, it.severity)?;
            Some(Configured { id: it.id.clone(), severity, judge: Box::new(it.clone()) })
        };
        let custom = self.custom.iter().filter_map(custom);
        RULES.iter().filter_map(one).chain(custom).collect()
    }

    fn merged(&self, profiles: Profiles) -> Rules {
        let mut merged = self.rules.clone();
        for (at, profile) in self.profiles.iter().enumerate() {
            if profiles & (1 << at) == 0 {
                continue;
            }
            for (id, said) in &profile.rules {
                let of = merged.entry(id.clone()).or_default();
                if said.level.is_some() {
                    of.level.clone_from(&said.level);
                }
                of.values.extend(said.values.iter().map(|(name, it)| (name.clone(), it.clone())));
            }
        }
        merged
    }
}
