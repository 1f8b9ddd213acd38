//! Pages that are made from code: compared by the tests, written anew by `UPDATE=1`.

use std::fs;

use crate::repository;

/// Fails unless the file says `expected`; with `UPDATE=1` in the environment writes it so.
#[track_caller]
pub fn page_is(path: &str, expected: &str) {
    let file = repository().join(path);
    if std::env::var_os("UPDATE").is_some() {
        if let Some(folder) = file.parent()
            && let Err(error) = fs::create_dir_all(folder)
        {
            panic!("{}: {error}", folder.display());
        }
        if let Err(error) = fs::write(&file, expected) {
            panic!("{}: {error}", file.display());
        }
        return;
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        found == expected,
        "{path} is not up to date; UPDATE=1 cargo test writes it anew. It should be:\n{expected}"
    );
}

/// The fenced blocks of a page that stand under `<!-- of: SOURCE -->`, without their indent.
#[must_use]
#[track_caller]
pub fn blocks_of(path: &str, source: &str) -> Vec<String> {
    let file = repository().join(path);
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) => panic!("{}: {error}", file.display()),
    };
    let mark = format!("<!-- of: {source} -->\n```");
    text.split(&mark)
        .skip(1)
        .filter_map(|it| it.split_once('\n')?.1.split_once("```"))
        .map(|(block, _)| block.to_owned())
        .collect()
}

/// A page with the block under `<!-- of: SOURCE -->` replaced by what it should say.
#[must_use]
#[track_caller]
pub fn with_block(path: &str, source: &str, text: &str) -> String {
    let file = repository().join(path);
    let page = match fs::read_to_string(&file) {
        Ok(page) => page,
        Err(error) => panic!("{}: {error}", file.display()),
    };
    let mark = format!("<!-- of: {source} -->\n```");
    let parts = page.split_once(&mark).and_then(|(before, rest)| {
        let (language, rest) = rest.split_once('\n')?;
        let (_, after) = rest.split_once("```")?;
        Some(format!("{before}{mark}{language}\n{text}```{after}"))
    });
    parts.unwrap_or_else(|| panic!("{path} has no block under {mark}"))
}
