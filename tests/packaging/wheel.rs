//! The wheel: what installs it, what it says of itself, and which platforms it is for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use stanchion_tests::repository;
use tempfile::TempDir;

use super::{VERSION, pack, part, said, succeeds, wheels};

#[test]
fn uvx_runs_the_linter_out_of_the_wheel() {
    let uvx = part("uv").with_file_name("uvx");
    let cache = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(&uvx);
        command.args(["--offline", "--find-links"]).arg(wheels()).arg("stanchion").args(arguments);
        command.current_dir(repository()).env("UV_CACHE_DIR", cache.path());
        command.env("UV_NO_CONFIG", "1").output().unwrap()
    };
    let version = run(&["--version"]);
    assert!(said(&version).contains(&format!("stanchion {VERSION} (")), "{}", said(&version));
    let clean = run(&["lint", "examples/infra"]);
    assert_eq!(clean.status.code(), Some(0), "{}", said(&clean));
    assert!(said(&clean).contains("0 findings, 1 unknown in 2 roots"), "{}", said(&clean));
    let broken = run(&["lint", "examples/infra-broken"]);
    assert_eq!(broken.status.code(), Some(1), "{}", said(&broken));
}

#[test]
fn pip_installs_the_program_alone_and_removes_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let environment = folder.path().join("environment");
    let python = environment.join("bin/python3");
    succeeds(Command::new("python3").args(["-m", "venv", "--without-pip"]).arg(&environment));
    let before = names(&environment.join("bin"));
    let pip = |words: &[&str]| {
        let mut command = Command::new("python3");
        command.args(["-m", "pip", "--disable-pip-version-check", "--python"]).arg(&python);
        command.args(words).env("PIP_USER", "0").env("PIP_NO_INDEX", "1");
        succeeds(command.env("PIP_FIND_LINKS", wheels()))
    };
    pip(&["install", "--quiet", &format!("stanchion=={VERSION}")]);
    let linter = environment.join("bin/stanchion");
    let version = succeeds(Command::new(&linter).arg("--version"));
    assert!(version.starts_with(&format!("stanchion {VERSION} (")), "{version}");
    let shown = pip(&["show", "--verbose", "stanchion"]);
    for line in ["Name: stanchion", &format!("Version: {VERSION}"), "Requires: "] {
        assert!(shown.lines().any(|it| it == line), "{line} in {shown}");
    }
    pip(&["uninstall", "--quiet", "--yes", "stanchion"]);
    assert_eq!(names(&environment.join("bin")), before);
}

#[test]
fn the_metadata_is_as_pythons_own_reader_wants_it() {
    let reader = r#"
import sys, zipfile
from packaging.metadata import Metadata
from packaging.utils import parse_wheel_filename
from pathlib import Path

[wheel] = Path(sys.argv[1]).glob("*.whl")
name, version, build, tags = parse_wheel_filename(wheel.name)
archive = zipfile.ZipFile(wheel)
about = Metadata.from_email(archive.read(f"{name}-{version}.dist-info/METADATA"), validate=True)
assert (about.name, about.version) == (name, version), (about.name, about.version)
told = archive.read(f"{name}-{version}.dist-info/WHEEL").decode()
assert {f"Tag: {it}" for it in tags} == {it for it in told.splitlines() if it.startswith("Tag: ")}, told
assert about.description_content_type == "text/markdown"
for it in about.license_files:
    archive.getinfo(f"{name}-{version}.dist-info/licenses/{it}")
print(about.description, end="")
"#;
    // Of the environment in which pre-commit has the module `packaging`.
    let python = fs::canonicalize(part("pre-commit")).unwrap();
    let python = python.with_file_name("environment/bin/python3");
    let mut command = Command::new(python);
    let description = succeeds(command.args(["-c", reader]).arg(wheels()));
    let page = fs::read_to_string(repository().join("packaging/pypi/README.md")).unwrap();
    assert_eq!(description, page);
}

#[test]
fn the_record_has_the_sum_of_each_file_and_the_program_may_be_run() {
    let files = contents(&wheel_in(wheels()));
    let [record] = files.iter().filter(|it| it.contains("RECORD")).collect::<Vec<_>>()[..] else {
        panic!("{files:?}")
    };
    assert!(record.ends_with(" recorded"), "{record}");
    assert!(files.iter().all(|it| it.ends_with(" recorded")), "{files:?}");
    let program = format!("stanchion-{VERSION}.data/scripts/stanchion 755 recorded");
    assert!(files.contains(&program), "{files:?}");
}

#[test]
fn the_same_program_gives_the_same_wheel_of_the_time_that_is_asked_for() {
    let program = built("", &[]);
    let wheel = |epoch: Option<&str>| {
        let folder = tempfile::tempdir().unwrap();
        let mut command = pack(&program.1, folder.path());
        if let Some(epoch) = epoch {
            command.env("SOURCE_DATE_EPOCH", epoch);
        }
        succeeds(&mut command);
        fs::read(wheel_in(folder.path())).unwrap()
    };
    assert!(wheel(None) == wheel(None));
    assert!(wheel(Some("1700000000")) == wheel(Some("1700000000")));
    assert!(wheel(None) != wheel(Some("1700000000")));
}

#[test]
fn a_wheel_is_for_the_platforms_that_its_program_runs_on() {
    let processor = std::env::consts::ARCH;
    let any =
        format!("manylinux_2_17_{processor}.manylinux2014_{processor}.musllinux_1_1_{processor}");
    assert_eq!(platforms(&built("", &["-static"]).1), any);
    // Of the time of Debian 12, whose C library is 2.36: it called these functions so since 2.34.
    let called = "#include <pthread.h>\nstatic void *f(void *it) { return it; }\n";
    let threads =
        format!("{called}static pthread_t t;\n#define BODY pthread_create(&t, 0, f, 0);\n");
    assert_eq!(platforms(&built(&threads, &[]).1), format!("manylinux_2_34_{processor}"));
    // What Apple's and Microsoft's linkers write at the head of a program, and no more of it.
    let mach = |processor: u32, command: [u32; 4]| {
        let head = [0xfeed_facf, processor, 0, 2, 1, 16, 0, 0];
        head.iter().chain(&command).flat_map(|it| it.to_le_bytes()).collect::<Vec<_>>()
    };
    let arm = mach(0x0100_000c, [0x32, 16, 1, 11 << 16]);
    let intel = mach(0x0100_0007, [0x24, 16, 10 << 16 | 12 << 8, 0]);
    let mut windows = vec![0; 0x80];
    windows[..2].copy_from_slice(b"MZ");
    windows[0x3c] = 0x40;
    windows[0x40..0x46].copy_from_slice(b"PE\0\0\x64\x86");
    for (content, platform) in
        [(arm, "macosx_11_0_arm64"), (intel, "macosx_10_12_x86_64"), (windows, "win_amd64")]
    {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("program");
        fs::write(&program, content).unwrap();
        assert_eq!(platforms(&program), platform);
    }
}

#[test]
fn what_would_not_run_elsewhere_is_refused_with_the_cure() {
    let folder = tempfile::tempdir().unwrap();
    let library = folder.path().join("libours.so");
    let source = folder.path().join("ours.c");
    fs::write(&source, "int ours(void) { return 1; }\n").unwrap();
    succeeds(Command::new("cc").args(["-shared", "-o"]).arg(&library).arg(&source));
    let place = format!("-L{}", folder.path().display());
    let foreign = built("int ours(void);\n#define BODY ours();\n", &[&place, "-lours"]);
    let text = folder.path().join("text");
    fs::write(&text, "#!/bin/sh\n").unwrap();
    let half = folder.path().join("half");
    let whole = fs::read(&foreign.1).unwrap();
    fs::write(&half, &whole[..100]).unwrap();
    for (program, why) in [
        (&foreign.1, "needs libours.so, which not every system has: link it into the program"),
        (&text, "is no executable of Linux, macOS or Windows"),
        (&half, "is cut off or damaged: build it anew"),
        (&folder.path().join("none"), "there is no program "),
    ] {
        let output = pack(program, folder.path()).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(said(&output).contains(why), "{why} in {}", said(&output));
        assert!(!said(&output).contains("Traceback"), "{}", said(&output));
    }
}

/// The platforms in the name of the wheel of a program.
fn platforms(program: &Path) -> String {
    let folder = tempfile::tempdir().unwrap();
    succeeds(&mut pack(program, folder.path()));
    let name = wheel_in(folder.path()).file_stem().unwrap().to_string_lossy().into_owned();
    name.strip_prefix(&format!("stanchion-{VERSION}-py3-none-")).unwrap().to_owned()
}

/// A program in C that does `BODY`, and the folder that it is in.
fn built(head: &str, options: &[&str]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (source, program) = (folder.path().join("main.c"), folder.path().join("program"));
    let main = "#ifndef BODY\n#define BODY\n#endif\nint main(void) { BODY return 0; }\n";
    fs::write(&source, format!("{head}{main}")).unwrap();
    succeeds(Command::new("cc").arg("-o").arg(&program).arg(&source).args(options));
    (folder, program)
}

/// The files in a wheel with their permissions, and whether the record tells their sums, as Python's
/// own libraries read it.
fn contents(wheel: &Path) -> Vec<String> {
    let reader = r#"
import base64, csv, hashlib, sys, zipfile

archive = zipfile.ZipFile(sys.argv[1])
[record] = [it for it in archive.namelist() if it.endswith("/RECORD")]
sums = {row[0]: tuple(row[1:]) for row in csv.reader(archive.read(record).decode().splitlines())}
assert list(archive.namelist())[-1] == record
for entry in archive.infolist():
    content = archive.read(entry)
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    told = ("", "") if entry.filename == record else (f"sha256={digest}", str(len(content)))
    mode = f"{entry.external_attr >> 16 & 0o777:o}"
    print(entry.filename, mode, "recorded" if sums.pop(entry.filename, None) == told else "not recorded")
assert not sums, sums
"#;
    let listed = succeeds(Command::new("python3").args(["-c", reader]).arg(wheel));
    listed.lines().map(str::to_owned).collect()
}

fn wheel_in(folder: &Path) -> PathBuf {
    let names = names(folder);
    assert_eq!(names.len(), 1, "{names:?}");
    folder.join(&names[0])
}

fn names(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name());
    let mut names: Vec<_> = files.map(|it| it.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
