//! Reads what `git diff --unified=0` prints.

use crate::changed::Lines;

/// The files that there are after the change, seen from the repository, and their changed lines.
pub(super) fn read(diff: &[u8]) -> Vec<(String, Lines)> {
    let text = String::from_utf8_lossy(diff);
    let mut out: Vec<(String, Lines)> = Vec::new();
    // How many lines of a hunk's content are still to come: they may look like anything.
    let mut content = 0;
    let mut is_gone = true;
    for line in text.split('\n') {
        if content > 0 && line.starts_with(['+', '-']) {
            content -= 1;
            continue;
        }
        if let Some(path) = line.strip_prefix("+++ ") {
            let path = unquoted(path);
            is_gone = path == "/dev/null";
            if let Some(path) = path.strip_prefix("b/") {
                out.push((path.to_owned(), Lines::Some(Vec::new())));
            }
        } else if let Some((before, after)) = hunk(line) {
            content = before.1 + after.1;
            if let Some((_, Lines::Some(ranges))) = out.last_mut().filter(|_| !is_gone) {
                // Where lines are only gone, those on both sides take part in it.
                ranges.push(match after {
                    (start, 0) => start..=start + 1,
                    (start, count) => start..=start + count - 1,
                });
            }
        } else if line.starts_with("diff --git ") {
            content = 0;
        }
    }
    out
}

/// `@@ -3,2 +3 @@`: where lines began and begin, and how many they were and are.
fn hunk(line: &str) -> Option<((u32, u32), (u32, u32))> {
    let (before, rest) = line.strip_prefix("@@ -")?.split_once(" +")?;
    let (after, _) = rest.split_once(" @@")?;
    let range = |it: &str| match it.split_once(',') {
        Some((start, count)) => Some((start.parse().ok()?, count.parse().ok()?)),
        None => Some((it.parse().ok()?, 1)),
    };
    Some((range(before)?, range(after)?))
}

/// A path as git writes it: in quotes with escapes as of C where it has odd characters, and with a
/// tab behind it where it has blanks.
fn unquoted(path: &str) -> String {
    let path = path.trim_end_matches(['\t', '\r']);
    let Some(inner) = path.strip_prefix('"').and_then(|it| it.strip_suffix('"')) else {
        return path.to_owned();
    };
    let mut out = Vec::new();
    let mut bytes = inner.bytes().peekable();
    while let Some(it) = bytes.next() {
        if it != b'\\' {
            out.push(it);
            continue;
        }
        match bytes.next() {
            Some(b'n') => out.push(b'\n'),
            Some(b't') => out.push(b'\t'),
            Some(b'r') => out.push(b'\r'),
            Some(digit @ b'0'..=b'7') => {
                let mut code = u32::from(digit - b'0');
                while let Some(digit) = bytes.next_if(|it| (b'0'..=b'7').contains(it)) {
                    code = code * 8 + u32::from(digit - b'0');
                }
                out.push(u8::try_from(code).unwrap_or(b'?'));
            }
            Some(it) => out.push(it),
            None => {}
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_lines_are_read_whatever_they_look_like() {
        let diff = "diff --git a/a.tf b/a.tf\nindex 1..2 100644\n--- a/a.tf\n+++ b/a.tf\n\
            @@ -1 +1,2 @@ resource\n--- old\n+++ b/not.tf\n+@@ -9 +9 @@\n\
            @@ -7,2 +8,0 @@\n-x\n-y\n\
            diff --git a/gone.tf b/gone.tf\n--- a/gone.tf\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n\
            diff --git a/b c.tf b/b c.tf\n--- /dev/null\n+++ b/b c.tf\t\n@@ -0,0 +1 @@\n+x\n\
            diff --git a/q b/q\n--- a/q\n+++ \"b/\\303\\244\\t\\\"q\"\n@@ -4 +4 @@\n-x\n+y\n";
        let read = read(diff.as_bytes());
        let all: Vec<_> = read
            .iter()
            .map(|(path, lines)| match lines {
                Lines::Some(it) => (path.as_str(), it.clone()),
                Lines::All => (path.as_str(), Vec::new()),
            })
            .collect();
        let expected =
            [("a.tf", vec![1..=2, 8..=9]), ("b c.tf", vec![1..=1]), ("ä\t\"q", vec![4..=4])];
        assert_eq!(all, expected);
    }
}
