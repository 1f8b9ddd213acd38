//! Lines that read files: what is changed in a file is changed for the lines that read it.

use std::path::Path;

/// What begins a call that reads a file, or asks which files there are.
const CALLS: &[&str] = &[
    "file(",
    "filebase64(",
    "filebase64sha256(",
    "filebase64sha512(",
    "fileexists(",
    "filemd5(",
    "fileset(",
    "filesha1(",
    "filesha256(",
    "filesha512(",
    "templatefile(",
];
/// Parts of a path that say no more than where the configuration is.
const KNOWN: &[&str] = &["${path.module}", "${path.root}", "${path.cwd}"];

/// The lines of a text, counted from 1, that may read one of these files: those that name it, and,
/// of a file below the folder, those that read files by a pattern or by a name that is made of parts.
/// Where such a name leads upwards, any file may be meant.
pub(crate) fn readers(text: &str, folder: &Path, files: &[&Path]) -> Vec<u32> {
    let names: Vec<String> = files
        .iter()
        .filter_map(|it| Some(it.file_name()?.to_string_lossy().into_owned()))
        .collect();
    if !names.iter().any(|it| text.contains(it)) && !CALLS.iter().any(|it| text.contains(it)) {
        return Vec::new();
    }
    let is_any_below = files.iter().any(|it| it.starts_with(folder));
    let may_be_meant = |line: &str| is_any_below || line.contains("..");
    let reads = |line: &str| {
        names.iter().any(|it| is_named(line, it)) || may_be_meant(line) && is_made_of_parts(line)
    };
    (1..).zip(text.lines()).filter(|(_, line)| reads(line)).map(|(number, _)| number).collect()
}

/// Whether a name stands there as a whole, and not as the end of another.
fn is_named(line: &str, name: &str) -> bool {
    let is_part = |it: char| it.is_alphanumeric() || matches!(it, '.' | '-' | '_');
    line.match_indices(name).any(|(at, it)| {
        !line[..at].ends_with(is_part) && !line[at + it.len()..].starts_with(is_part)
    })
}

/// Whether a line reads a file whose name can't be seen there.
fn is_made_of_parts(line: &str) -> bool {
    let begins = |call: &str| {
        let word = |it: char| it.is_alphanumeric() || it == '_';
        line.match_indices(call).filter(|(at, _)| !line[..*at].ends_with(word)).map(|it| it.0).min()
    };
    let Some(at) = CALLS.iter().filter_map(|it| begins(it)).min() else { return false };
    if begins("fileset(").is_some() {
        return true;
    }
    let rest = KNOWN.iter().fold(line[at..].to_owned(), |line, it| line.replace(it, ""));
    let after = rest.split_once('(').map_or("", |it| it.1).trim_start();
    rest.contains("${") || !after.starts_with('"') && !after.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_reads_what_it_names_and_what_its_name_may_come_to() {
        let of = |line: &str| {
            let files = [Path::new("/a/b/p.json")];
            (
                !readers(line, Path::new("/a"), &files).is_empty(),
                !readers(line, Path::new("/c"), &files).is_empty(),
            )
        };
        for (line, expected) in [
            ("policy = file(\"${path.module}/b/p.json\")", (true, true)),
            ("policy = file(\"${path.module}/b/other-p.json\")", (false, false)),
            ("policy = file(\"p.json.tpl\")", (false, false)),
            ("policy = templatefile(\"${path.module}/${each.key}.json\", {})", (true, false)),
            ("policy = file(var.name)", (true, false)),
            ("policy = file(\"${path.module}/../${var.name}.json\")", (true, true)),
            ("for_each = fileset(path.module, \"*.json\")", (true, false)),
            ("policy = file(\"q.json\")", (false, false)),
            ("policy = \"${aws_s3_bucket.b.arn}\"", (false, false)),
            ("profile(\"${a}\")", (false, false)),
        ] {
            assert_eq!(of(line), expected, "{line}");
        }
        assert_eq!(
            readers("a\nfile(\"x\")\n  \"x\"\n", Path::new("/"), &[Path::new("/x")]),
            [2, 3]
        );
    }
}
