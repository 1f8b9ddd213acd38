#!/usr/bin/env python3
"""Makes the files of a release for this machine, as .goreleaser.yml does for every platform: what
the registries of Terraform and OpenTofu read, and the linter. The same programs give the same bytes.

Usage: tests/dist/dist.py [--programs FOLDER] [--folder FOLDER]
  --programs FOLDER  take the two programs from there instead of building them
  --folder FOLDER    write to there instead of to target/dist; an earlier release in it is removed
"""

import argparse
import gzip
import hashlib
import io
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
PROVIDER = "terraform-provider-stanchion"
LINTER = "stanchion"
MANIFEST = REPOSITORY / "terraform-registry-manifest.json"
LICENCES = ["LICENSE-APACHE", "LICENSE-MIT"]
# The words of Go, in which the registries name a platform.
SYSTEMS = {"linux": "linux", "darwin": "darwin", "win32": "windows"}
PROCESSORS = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
SUFFIX = ".exe" if sys.platform == "win32" else ""
# The earliest time that a zip can hold.
EPOCH = (1980, 1, 1, 0, 0, 0)
EPOCH_SECONDS = 315532800


def main() -> None:
    arguments = read_arguments()
    programs = arguments.programs or build()
    folder = arguments.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for program in (PROVIDER, LINTER):
        for stale in folder.glob(f"{program}_*"):
            stale.unlink()

    version = read_version()
    system, processor = SYSTEMS.get(sys.platform), PROCESSORS.get(platform.machine().lower())
    if system is None or processor is None:
        raise SystemExit(f"{sys.platform} on {platform.machine()} is no platform of a release")
    provider = folder / f"{PROVIDER}_{version}_{system}_{processor}.zip"
    linter = folder / f"{LINTER}_{version}_{system}_{processor}.tar.gz"
    manifest = folder / f"{PROVIDER}_{version}_manifest.json"

    write_zip(provider, entries(programs / (PROVIDER + SUFFIX), LICENCES))
    write_tar(linter, entries(programs / (LINTER + SUFFIX), ["README.md", *LICENCES]))
    shutil.copyfile(MANIFEST, manifest)
    sums = folder / f"{PROVIDER}_{version}_SHA256SUMS"
    listed = sorted((provider, linter, manifest), key=lambda it: it.name)
    sums.write_text("".join(f"{digest(it)}  {it.name}\n" for it in listed))
    for file in (linter, sums, provider, manifest):
        print(f"    {shown(file)}  {file.stat().st_size / 1e6:.1f} MB")


def entries(program: Path, others: list[str]) -> list[tuple[str, int, bytes]]:
    """What lies in an archive: names, permissions and contents, in the order of the names."""
    if not program.is_file():
        raise SystemExit(f"{shown(program)} is missing")
    found = [(program.name, 0o755, program.read_bytes())]
    found += [(it, 0o644, (REPOSITORY / it).read_bytes()) for it in others]
    return sorted(found)


def write_zip(file: Path, found: list[tuple[str, int, bytes]]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, mode, content in found:
            entry = zipfile.ZipInfo(name, EPOCH)
            # A file of a Unix, whatever system this runs on: or its permissions are not read.
            entry.create_system = 3
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)


def write_tar(file: Path, found: list[tuple[str, int, bytes]]) -> None:
    with open(file, "wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for name, mode, content in found:
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode, entry.mtime = len(content), mode, EPOCH_SECONDS
                archive.addfile(entry, io.BytesIO(content))


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def read_version() -> str:
    return re.search(r'^version = "(.+)"', (REPOSITORY / "Cargo.toml").read_text(), re.MULTILINE)[1]


def build() -> Path:
    print("building the provider and the linter (minutes the first time)", flush=True)
    words = ["cargo", "build", "--release", "--locked", "--package", PROVIDER, "--package", LINTER]
    done = subprocess.run(words, cwd=REPOSITORY, check=False)
    if done.returncode != 0:
        raise SystemExit("the programs could not be built")
    target = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
    return (REPOSITORY / target).resolve() / "release"


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=Path)
    parser.add_argument("--folder", type=Path, default=REPOSITORY / "target" / "dist")
    return parser.parse_args()


def shown(path: Path) -> str:
    """A path as it is seen from the repository."""
    return str(path.relative_to(REPOSITORY)) if path.is_relative_to(REPOSITORY) else str(path)


if __name__ == "__main__":
    main()
