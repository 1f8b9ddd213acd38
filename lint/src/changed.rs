//! What a change takes part in: which root modules it reaches, and which findings.

pub(crate) mod readers;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use stanchion_lang::{Module, Workspace, is_configuration};

use crate::finding::{Finding, Location, Report, Subject};
use crate::module_address::step;
use crate::paths::Paths;
use crate::settings;
use crate::suppress::heads;

/// The lines that were changed, by the absolute paths of their files.
#[derive(Debug, Default)]
pub(crate) struct Changed {
    files: BTreeMap<PathBuf, Lines>,
}

/// Lines of a file, counted from 1.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Lines {
    All,
    Some(Vec<RangeInclusive<u32>>),
}

impl Changed {
    /// Adds a file.
    pub(crate) fn add(&mut self, path: PathBuf, lines: Lines) {
        self.files.insert(path, lines);
    }

    /// The folders of what was changed, and of the configurations whose fetched modules were.
    pub(crate) fn folders(&self) -> BTreeSet<PathBuf> {
        let folders = self.files.keys().filter_map(|it| it.parent());
        let owners = |it: &Path| {
            let fetched = it.ancestors().find(|it| it.ends_with(".terraform"))?;
            fetched.parent().map(Path::to_owned)
        };
        folders.flat_map(|it| [Some(it.to_owned()), owners(it)]).flatten().collect()
    }

    /// The changed files that are no configuration themselves, but may be read by one.
    pub(crate) fn others(&self) -> Vec<&Path> {
        let is_other =
            |it: &&Path| it.file_name().is_some_and(|it| !is_configuration(&it.to_string_lossy()));
        self.files.keys().map(PathBuf::as_path).filter(is_other).collect()
    }

    /// Whether a file was changed, by its absolute path.
    pub(crate) fn contains(&self, path: &Path) -> bool {
        self.files.contains_key(path)
    }

    /// The settings file that holds in a folder, if it is changed: then everything is judged by other
    /// rules than before.
    pub(crate) fn settings(&self, folder: &Path) -> Option<&Path> {
        let is_settings = |it: &&PathBuf| it.file_name().is_some_and(|it| it == settings::NAME);
        let holds = |it: &&PathBuf| it.parent().is_some_and(|it| folder.starts_with(it));
        self.files.keys().filter(is_settings).find(holds).map(PathBuf::as_path)
    }

    /// Takes the lines that read a changed file for changed.
    pub(crate) fn spread(&mut self, workspace: &Workspace, paths: &Paths) {
        let others: Vec<PathBuf> = self.others().into_iter().map(Path::to_owned).collect();
        let others: Vec<&Path> = others.iter().map(PathBuf::as_path).collect();
        if others.is_empty() {
            return;
        }
        for file in workspace.files().iter().filter(|it| is_configuration(it.path())) {
            let folder = paths.absolute(file.folder());
            let lines = readers::readers(file.text(), &folder, &others);
            if lines.is_empty() {
                continue;
            }
            let none = || Lines::Some(Vec::new());
            match self.files.entry(paths.absolute(file.path())).or_insert_with(none) {
                Lines::All => {}
                Lines::Some(all) => all.extend(lines.into_iter().map(|it| it..=it)),
            }
        }
    }

    /// The root modules that the change reaches: a configuration file of theirs or of what they call
    /// is changed, or [reads](Self::spread) one that is. `always` are files that belong to all of
    /// them.
    pub(crate) fn reached<'w>(
        &self,
        workspace: &'w Workspace,
        paths: &Paths,
        always: &[PathBuf],
    ) -> Vec<&'w Module> {
        let roots = workspace.roots();
        if always.iter().any(|it| self.has(paths, &it.to_string_lossy())) {
            return roots;
        }
        let files = workspace.files().iter().filter(|it| self.has(paths, it.path()));
        let mut changed: BTreeSet<&str> = files.map(|it| it.folder()).collect();
        let with_changed: BTreeSet<&str> = roots
            .iter()
            .filter(|it| workspace.variable_files(it).iter().any(|it| self.has(paths, it)))
            .map(|it| &*it.folder)
            .collect();
        // A file that is gone is in no list, but its folder may still be there.
        for module in roots.iter().flat_map(|it| called(workspace, it)) {
            let folder = paths.absolute(&module.folder);
            if self.files.keys().any(|it| it.parent() == Some(&folder)) {
                changed.insert(&module.folder);
            }
        }
        let is_reached = |root: &&Module| {
            with_changed.contains(&*root.folder)
                || called(workspace, root).iter().any(|it| changed.contains(&*it.folder))
        };
        roots.into_iter().filter(is_reached).collect()
    }

    /// Leaves in a report what a changed line takes part in.
    pub(crate) fn narrow(&self, workspace: &Workspace, report: &mut Report) {
        let paths = &report.paths;
        report.findings.retain(|it| self.takes_part(workspace, paths, it));
        report.excused.retain(|(it, _)| self.takes_part(workspace, paths, it));
        report.unknown.retain(|it| {
            self.touches(paths, &it.place)
                || self.touches_heads(paths, &it.place)
                || self.touches_calls(workspace, paths, &it.subject)
        });
        report.gaps.retain(|(at, _)| at.as_ref().is_none_or(|it| self.touches(paths, it)));
    }

    /// Whether a changed line is at a finding's place, on its chain, at the head of a block around
    /// it, or at a call of the module that it is in.
    fn takes_part(&self, workspace: &Workspace, paths: &Paths, finding: &Finding) -> bool {
        self.touches(paths, &finding.place)
            || self.touches_heads(paths, &finding.place)
            || finding.chain.iter().any(|it| self.touches(paths, &it.place))
            || finding.subjects.iter().any(|it| self.touches_calls(workspace, paths, it))
    }

    fn touches(&self, paths: &Paths, at: &Location) -> bool {
        self.has_lines(paths, &at.start.path, at.start.line..=at.end.line)
    }

    fn touches_heads(&self, paths: &Paths, at: &Location) -> bool {
        if self.of(paths, &at.start.path).is_none() {
            return false;
        }
        let is_json = at.start.path.ends_with(".json");
        let lines = heads(&at.text, at.span.start as usize, is_json);
        lines.into_iter().any(|it| self.has_lines(paths, &at.start.path, it))
    }

    /// Whether a call on the way to a module was changed at its head.
    fn touches_calls(&self, workspace: &Workspace, paths: &Paths, subject: &Subject) -> bool {
        let (Some(root), Some(address)) = (&subject.root, &subject.address) else { return false };
        let folder = if &**root == "." { "" } else { root };
        let mut module = workspace.module(folder);
        let mut rest = &**address;
        while let Some((name, after)) = step(rest) {
            let Some(call) = module.and_then(|it| it.calls.get(name)) else { return false };
            if let Some(at) = Location::of(workspace, call.head)
                && (self.touches(paths, &at) || self.touches_heads(paths, &at))
            {
                return true;
            }
            let source = module.and_then(|it| it.local_source(call));
            module = source.and_then(|it| workspace.module(&it));
            rest = after;
        }
        false
    }

    fn has(&self, paths: &Paths, path: &str) -> bool {
        self.of(paths, path).is_some()
    }

    fn has_lines(&self, paths: &Paths, path: &str, lines: RangeInclusive<u32>) -> bool {
        match self.of(paths, path) {
            None => false,
            Some(Lines::All) => true,
            Some(Lines::Some(all)) => {
                all.iter().any(|it| it.start() <= lines.end() && lines.start() <= it.end())
            }
        }
    }

    fn of(&self, paths: &Paths, path: &str) -> Option<&Lines> {
        self.files.get(&paths.absolute(path))
    }
}

/// A module and all that it calls.
fn called<'w>(workspace: &'w Workspace, root: &'w Module) -> Vec<&'w Module> {
    let mut seen = BTreeSet::new();
    let mut open = vec![root];
    let mut out = Vec::new();
    while let Some(module) = open.pop() {
        if seen.insert(&*module.folder) {
            out.push(module);
            let folders = module.calls.values().filter_map(|it| module.local_source(it));
            open.extend(folders.filter_map(|it| workspace.module(&it)));
        }
    }
    out
}
