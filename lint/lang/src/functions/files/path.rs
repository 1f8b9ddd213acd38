//! Paths as Go's `path/filepath` takes them apart, with `/` between the parts.

/// The shortest path that means the same: without `.`, without `..` behind a name.
pub(super) fn clean(path: &str) -> String {
    let is_absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|it| *it != "..") => {
                parts.pop();
            }
            ".." if is_absolute => {}
            _ => parts.push(part),
        }
    }
    match (is_absolute, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

/// The last part.
pub(super) fn base(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    match (path.is_empty(), trimmed.is_empty()) {
        (true, _) => ".",
        (false, true) => "/",
        (false, false) => trimmed.rsplit('/').next().unwrap_or(trimmed),
    }
}

/// All but the last part.
pub(super) fn folder(path: &str) -> String {
    clean(path.rfind('/').and_then(|at| path.get(..=at)).unwrap_or_default())
}

/// A path seen from a folder; both are clean.
pub(super) fn relative(folder: &str, path: &str) -> String {
    let parts = |it| str::split(it, '/').filter(|it| !matches!(*it, "" | "."));
    let shared = parts(folder).zip(parts(path)).take_while(|(a, b)| a == b).count();
    let up = parts(folder).skip(shared).map(|_| "..");
    up.chain(parts(path).skip(shared)).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::{base, clean, folder, relative};

    #[test]
    fn paths_are_taken_apart_as_go_does() {
        assert_eq!([clean("a/./b/../c//"), clean("../a/.."), clean("/../a")], ["a/c", "..", "/a"]);
        assert_eq!([base("a/b/"), base(""), base("//"), base("x")], ["b", ".", "/", "x"]);
        assert_eq!([folder("a/b/"), folder("a"), folder("/a")], ["a/b", ".", "/"]);
        assert_eq!(relative("a/b", "a/c/d"), "../c/d");
        assert_eq!(relative(".", "a"), "a");
    }
}
