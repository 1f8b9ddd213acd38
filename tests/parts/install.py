"""Puts a real program under target/parts once, whole and pinned, however many ask at a time.

Each installer beside this file is a small script: it prints the path of the executable on standard
output, and says something on standard error only when it has work to do.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Callable, NamedTuple

HERE = Path(__file__).resolve().parent
# Not cargo's target folder: whoever moves that one need not install everything again.
PARTS = Path(os.environ.get("PARTS_DIR") or HERE.parent.parent / "target" / "parts").resolve()


class Version(NamedTuple):
    """A line of the file `versions`."""

    number: str
    package: str
    note: str


def versions(part: str) -> list[Version]:
    """The pinned versions of a part, oldest first."""
    lines = (HERE / "versions").read_text().splitlines()
    rows = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    return [Version(row[1], row[2], " ".join(row[3:])) for row in rows if row[0] == part]


def wanted(part: str, arguments: list[str]) -> Version:
    """The version that the command line names, or the newest."""
    known = versions(part)
    if not arguments:
        return known[-1]
    for version in known:
        if [version.number] == arguments:
            return version
    listed = ", ".join(version.number for version in known)
    raise SystemExit(f"{part} {' '.join(arguments)} is not in tests/parts/versions, which lists {listed}")


def once(name: str, title: str, inputs: list[Path], make: Callable[[Path], None]) -> Path:
    """The folder of a part, which `make` fills if it is not there yet.

    The folder's name carries a digest of the inputs, so that a changed pin is another folder. It
    appears by a rename: whoever sees it sees all of it.
    """
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in inputs)).hexdigest()[:8]
    home = PARTS / f"{name}-{digest}"
    if home.is_dir():
        return home
    PARTS.mkdir(parents=True, exist_ok=True)
    with open(PARTS / f".{home.name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if home.is_dir():
            return home
        print(f"installing {title} …", file=sys.stderr, flush=True)
        for stale in PARTS.glob(f".{home.name}.new-*"):
            shutil.rmtree(stale, ignore_errors=True)
        new = Path(tempfile.mkdtemp(prefix=f".{home.name}.new-", dir=PARTS))
        try:
            make(new)
            new.chmod(0o755)
            new.rename(home)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    return home


def run(command: list[object], what: str, **options: object) -> None:
    """Runs a command in silence; when it fails, what it printed is the end of the script."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options
        )
    except OSError as error:
        raise SystemExit(f"{what}: {words[0]} does not start: {error.strerror}") from None
    if done.returncode != 0:
        raise SystemExit(f"{what} failed (status {done.returncode}): {' '.join(words)}\n{done.stdout.rstrip()}")


def pip(requirements: Path, target: Path, python: str | None = None) -> None:
    """Installs exactly the wheels whose hashes the requirements list, into a folder of their own.

    `python` picks the wheels of that Python whichever one runs: for wheels that carry a program or
    a shared library, not a module.
    """
    chosen = ["--python-version", python] if python else []
    # --target also keeps to the rules of a system whose Python is managed by its packages.
    run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--only-binary=:all:",
         *chosen, "--require-hashes", "--requirement", requirements, "--target", target],
        f"pip install {requirements.parent.name} {requirements.stem}",
        env=os.environ | {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"},
    )
