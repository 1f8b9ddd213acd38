#!/usr/bin/env python3
"""Writes configurations of a stated size and shape, always the same, for measuring how they are read.

Usage: tests/bench/corpus/corpus.py repository FOLDER --bytes N    as many teams' folders as make up so much
       tests/bench/corpus/corpus.py instances FOLDER --instances N one stack with so many instances
       tests/bench/corpus/corpus.py cluster FOLDER                 one large module, and what calls it
Prints what is in it: how large the files are, and how often what is written.
"""

import argparse
import random
import re
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.append(str(HERE))

import cluster  # noqa: E402
import instances  # noqa: E402
from modules import MODULES  # noqa: E402
from stacks import stack  # noqa: E402
from words import TEAMS, annotated, laid_out  # noqa: E402

# Each draw of chances begins with it.
SEED = 1
# The chance of a comment before what a blank line sets apart.
COMMENTED = 0.5
ENVIRONMENTS = ("dev", "staging", "production")
# What is counted in a corpus, each by what it looks like.
COUNTED = {
    "resource blocks": r'^resource "',
    "data blocks": r'^data "',
    "module calls": r'^module "',
    "variables": r'^variable "',
    "validations": r"^  validation \{",
    "outputs": r'^output "',
    "for_each": r"^\s+for_each\s+=",
    "count": r"^\s+count\s+=",
    "dynamic blocks": r'^\s+dynamic "',
    "for expressions": r"[\[{] ?for |^\s+for ",
    "conditionals": r" \? .* : ",
    "interpolations": r"\$\{",
    "heredocs": r"<<-?\w+$",
    "policies by jsonencode": r"^\s+policy\s+= jsonencode",
    "policy documents": r'^data "aws_iam_policy_document"',
}


def main() -> None:
    arguments = read_arguments()
    files = {
        "repository": lambda: repository(arguments.bytes),
        "instances": lambda: instances.files(arguments.instances),
        "cluster": cluster.files,
    }[arguments.shape]()
    write(arguments.folder, files)
    for name, value in densities(files).items():
        print(f"{name:28}{value:>12}")


def repository(size: int) -> dict[str, str]:
    """The folders of as many teams as make up so many bytes; of more bytes, the first are the same."""
    files: dict[str, str] = {}
    number = total = 0
    while total < size:
        made = team(number)
        files |= made
        total += sum(len(it) for it in made.values())
        number += 1
    return files


def team(number: int) -> dict[str, str]:
    """Modules, and a stack for each environment that calls them."""
    random_ = random.Random(f"{SEED} {number}")
    name = TEAMS[number % len(TEAMS)]
    folder = f"{name}-{number:04d}"
    files = {}
    for module, texts in MODULES.items():
        for file, text in texts.items():
            files[f"{folder}/modules/{module}/{file}"] = text
    for environment in ENVIRONMENTS:
        for file, text in stack(random_, name, environment, number).items():
            files[f"{folder}/stacks/{environment}/{file}"] = text
    return {
        path: laid_out(annotated(random_, text, COMMENTED)).rstrip("\n") + "\n" for path, text in files.items()
    }


def densities(files: dict[str, str]) -> dict[str, str]:
    """How much there is of what, for each 10 kB where it is counted."""
    text = "".join(files.values())
    size = len(text.encode())
    blank = sum(len(it) for it in re.findall(r"^(?:\s*#.*\n|\s*\n|[ \t]+)", text, re.MULTILINE))
    found = {
        "files": f"{len(files):,}",
        "bytes": f"{size:,}",
        "bytes in a file": f"{size / len(files):,.0f}",
        "comments, blanks, indentation": f"{blank / size:.0%}",
    }
    per = size / 10_000
    counts = {name: len(re.findall(pattern, text, re.MULTILINE)) / per for name, pattern in COUNTED.items()}
    return found | {f"{name} in 10 kB": f"{it:.1f}" for name, it in counts.items()}


def write(folder: Path, files: dict[str, str]) -> None:
    """Makes the folder hold these files and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shape", choices=("repository", "instances", "cluster"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bytes", type=int, default=1_000_000)
    parser.add_argument("--instances", type=int, default=1_000)
    return parser.parse_args()


if __name__ == "__main__":
    main()
