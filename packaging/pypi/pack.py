#!/usr/bin/env python3
"""Packs a built linter into a wheel for PyPI; prints the path of the wheel.

The wheel's platform is that of the program, as its own header tells: the oldest C library and the
oldest macOS that it runs with. The same program gives the same bytes; SOURCE_DATE_EPOCH is the time
of what lies in the wheel.

Usage: packaging/pypi/pack.py PROGRAM [--folder FOLDER]
  PROGRAM          the executable, for example target/release/stanchion
  --folder FOLDER  write to there instead of to target/dist
"""

import argparse
import base64
import hashlib
import os
import re
import sys
import time
import zipfile
from pathlib import Path

sys.dont_write_bytecode = True
import platforms

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
NAME = "stanchion"
LICENCES = ["LICENSE-APACHE", "LICENSE-MIT"]
# The earliest time that a zip can hold.
EPOCH_SECONDS = 315532800
WORDS_OF_PRERELEASES = {"alpha": "a", "beta": "b", "rc": "rc"}


def main() -> None:
    arguments = read_arguments()
    program = arguments.program
    if not program.is_file():
        raise SystemExit(f"there is no program {program}: build it with cargo build --release --package stanchion")
    content = program.read_bytes()
    try:
        platform = platforms.tag_of(content)
    except platforms.Unfit as fault:
        raise SystemExit(f"{program} {fault}") from None
    suffix = ".exe" if platform.startswith("win") else ""
    files = {f"{NAME}-{version()}.data/scripts/{NAME}{suffix}": content}
    print(write(arguments.folder, NAME, f"py3-none-{platform}", about_linter(), files))


def write(folder: Path, name: str, tag: str, about: str, files: dict[str, bytes]) -> Path:
    """Writes a wheel of this version: what is said about it, and files by their paths in it."""
    stem = f"{name.replace('-', '_')}-{version()}"
    info = f"{stem}.dist-info"
    wheel = "".join(
        f"Tag: {'-'.join((*tag.split('-')[:2], one))}\n" for one in tag.split("-")[2].split(".")
    )
    wheel = f"Wheel-Version: 1.0\nGenerator: stanchion\nRoot-Is-Purelib: false\n{wheel}"
    contents = files | {f"{info}/METADATA": about.encode(), f"{info}/WHEEL": wheel.encode()}
    contents |= {f"{info}/licenses/{it}": (REPOSITORY / it).read_bytes() for it in LICENCES}
    record = "".join(f"{path},{digest(content)},{len(content)}\n" for path, content in sorted(contents.items()))
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{stem}-{tag}.whl"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        # The record comes last, so that a wheel can be changed without being written anew.
        for path, content in [*sorted(contents.items()), (f"{info}/RECORD", f"{record}{info}/RECORD,,\n".encode())]:
            entry = zipfile.ZipInfo(path, time.gmtime(seconds())[:6])
            # A file of a Unix, whatever system this runs on: or its permissions are not read.
            entry.create_system = 3
            entry.external_attr = (0o100000 | (0o755 if "/scripts/" in path else 0o644)) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return file


def about(name: str, summary: str, more: list[str], description: str) -> str:
    """The metadata of a package of this version, by version 2.4 of the core metadata."""
    home = field("Cargo.toml", "repository")
    lines = [
        "Metadata-Version: 2.4",
        f"Name: {name}",
        f"Version: {version()}",
        f"Summary: {summary}",
        f"License-Expression: {field('Cargo.toml', 'license')}",
        *(f"License-File: {it}" for it in LICENCES),
        f"Project-URL: Repository, {home}",
        f"Project-URL: Documentation, {home}/blob/main/docs/linter.md",
        f"Project-URL: Changelog, {home}/blob/main/CHANGELOG.md",
        "Keywords: terraform,opentofu,lint,infrastructure as code",
        *more,
        "Description-Content-Type: text/markdown",
    ]
    return "\n".join(lines) + "\n\n" + description


def about_linter() -> str:
    summary = field("lint/Cargo.toml", "description")
    return about(NAME, summary, [], (HERE / "README.md").read_text())


def version() -> str:
    """The version in the words of Python: 0.2.0-rc.1 is 0.2.0rc1."""
    number = field("Cargo.toml", "version")
    found = re.fullmatch(r"(\d+\.\d+\.\d+)(?:-(alpha|beta|rc)\.(\d+))?", number)
    if not found:
        raise SystemExit(f"the version {number} has no name in Python: end it in -alpha.1, -beta.1 or -rc.1")
    release, word, count = found.groups()
    return f"{release}{WORDS_OF_PRERELEASES[word]}{count}" if word else release


def field(manifest: str, key: str) -> str:
    """A text of a Cargo.toml, without a reader of TOML, which Python 3.10 lacks."""
    return re.search(rf'^{key} = "(.+)"$', (REPOSITORY / manifest).read_text(), re.MULTILINE)[1]


def seconds() -> int:
    return max(EPOCH_SECONDS, int(os.environ.get("SOURCE_DATE_EPOCH") or EPOCH_SECONDS))


def digest(content: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path, metavar="PROGRAM")
    parser.add_argument("--folder", type=Path, default=REPOSITORY / "target" / "dist")
    return parser.parse_args()


if __name__ == "__main__":
    main()
