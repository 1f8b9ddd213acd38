#!/usr/bin/env python3
"""Measures what a user waits for and pays: of the provider, its start, size and memory, what a call costs,
and 1,000 resources beside as many of Terraform's own; of the linter, how fast it reads and evaluates, and
in how much memory, beside the bare parse of another parser and beside another linter; of its daily work, a
commit and a whole repository. Says of each figure
whether its bound holds.

Usage: tests/bench/bench.py [provider|linter|daily…] [--quick] [--json FILE] [--programs FOLDER] [--folder FOLDER]
  provider, linter, daily   measure only that
  --quick            fewer runs, and less: 300 resources instead of 1,000, no callgrind, no other linter
  --json FILE        write the figures there, too
  --programs FOLDER  take the programs from there instead of building them
  --folder FOLDER    work in there instead of in target/bench

Ends with status 1 if a bound is broken. A duration is not held against us where other programs use
the processors meanwhile; the processor's own seconds always are.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
sys.dont_write_bytecode = True
sys.path.append(str(HERE.parent / "demo"))

import daily  # noqa: E402
import linter  # noqa: E402
import provider  # noqa: E402
from demo import choose_terraform, clean_environment  # noqa: E402
from figure import Figure, shown  # noqa: E402
from machine import Moment, describe, require_linux  # noqa: E402

PARTS = {"provider": provider, "linter": linter, "daily": daily}


def main() -> None:
    arguments = read_arguments()
    require_linux()
    folder = arguments.folder.resolve()
    environment = clean_environment(folder)
    steps = Steps()

    steps.step("Choosing a Terraform")
    terraform = choose_terraform(environment)
    parts = [PARTS[it] for it in arguments.parts or PARTS]
    programs = arguments.programs
    if programs is None:
        steps.step("Building as for a release (a few minutes the first time)")
        programs = build([program for part in parts for program in part.PROGRAMS])

    machine, moment = describe() | {"terraform": version(terraform, environment)}, Moment.now()
    figures = []
    for part in parts:
        figures += part.measured(arguments.quick, folder, terraform, environment, programs.resolve(), steps)
    others = moment.others_since()
    report(figures, machine, others)
    print(f"\n{steps.seconds():.0f} s in all.")
    if arguments.json:
        write(arguments.json, figures, machine, others, arguments.quick)
    sys.exit(any(it.verdict(others) == "BROKEN" for it in figures))


class Steps:
    """Says what is being done, and when that began."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    def seconds(self) -> float:
        return time.monotonic() - self.began

    def step(self, title: str) -> None:
        print(f"{self.seconds():4.0f} s  {title}", flush=True)

    def say(self, text: str) -> None:
        print(f"    {self.seconds():4.0f} s  {text}", flush=True)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help="provider, linter or daily")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--programs", type=Path)
    parser.add_argument("--folder", type=Path, default=REPOSITORY / "target" / "bench")
    arguments = parser.parse_args()
    strange = [it for it in arguments.parts if it not in PARTS]
    if strange:
        parser.error(f"there is no part {strange[0]}: there are {', '.join(PARTS)}")
    return arguments


def version(terraform: Path, environment: dict[str, str]) -> str:
    said = subprocess.run([terraform, "version"], env=environment, capture_output=True, text=True, check=False).stdout
    # Some versions print a warning first.
    return next((line for line in said.splitlines() if re.fullmatch(r"\w+ v[\d.]+\S*", line)), terraform.name)


def build(wanted: list[tuple[str, str]]) -> Path:
    """Builds programs of packages; gives their folder."""
    # One after the other: built together, each would have the features that the other asks for.
    for package, program in wanted:
        words = ["cargo", "build", "--release", "--quiet", "--package", package, "--bin", program]
        if subprocess.run(words, cwd=REPOSITORY, check=False).returncode != 0:
            sys.exit(f"{program} could not be built")
    return REPOSITORY / os.environ.get("CARGO_TARGET_DIR", "target") / "release"


def report(figures: list[Figure], machine: dict, others: float) -> None:
    print("\n{processor}, {cores} cores, {memory_gib} GiB, {system}, Linux {kernel}, {terraform}".format(**machine))
    print(f"Load {machine['load']} at the start; other programs used {others:.0%} of the processors meanwhile.\n")
    print(f"{'':66}{'median':>8}{'least to greatest':>20}{'bound':>7}")
    for it in figures:
        spread = f"{shown(it.spread[0])} to {shown(it.spread[1])}" if it.spread else ""
        bound = "" if it.bound is None else ("≥ " if it.is_least else "≤ ") + shown(it.bound)
        print(f"{it.name:66}{shown(it.value):>8}{spread:>20}{bound:>7} {it.unit:4} {it.verdict(others)}".rstrip())
    if any(it.verdict(others) == "unclear" for it in figures):
        print("\nunclear: over its bound, but on a busy machine. Measure again when nothing else runs.")


def write(file: Path, figures: list[Figure], machine: dict, others: float, quick: bool) -> None:
    rows = [it._asdict() | {"verdict": it.verdict(others) or None} for it in figures]
    text = json.dumps({"machine": machine, "others": round(others, 3), "quick": quick, "figures": rows}, indent=2)
    file.write_text(text + "\n")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
