//! Settings: a text as stanchion.toml.

use stanchion::reading::settings;

pub(crate) fn judge(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match settings(text) {
        Ok(shown) => {
            let again = settings(&shown);
            assert_eq!(again.as_deref().map(plain), Ok(plain(&shown)), "{text:?}");
            let more = settings(&format!("{text}\n# é"));
            assert_eq!(more.as_ref(), Ok(&shown), "{text:?}");
        }
        Err(told) => {
            let (line, column) = place(&told);
            let lines: Vec<_> = text.split('\n').collect();
            assert!((1..=lines.len()).contains(&line), "{told} in {text:?}");
            let length = lines[line - 1].chars().count();
            assert!((1..=length + 1).contains(&column), "{told} in {text:?}");
        }
    }
}

/// The settings without the comments that tell where they are from.
fn plain(shown: &str) -> Vec<&str> {
    shown.lines().map(|it| it.rsplit_once(" # ").map_or(it, |(it, _)| it).trim_end()).collect()
}

/// The line and the column that `stanchion.toml:3:1: …` tells.
fn place(told: &str) -> (usize, usize) {
    let mut parts = told.splitn(4, ':').skip(1).map(|it| it.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}
