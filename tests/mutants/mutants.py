#!/usr/bin/env python3
"""Takes each cure of docs/pitfalls.md out once, and says which test saw it. The status is 1 if one saw
nothing.

Usage: tests/mutants/mutants.py [ROW…]     the mutants of these rows; all by default

The mutants stand in tests/mutants/list.txt. Each is made in a copy of the repository below
target/mutants, so that nothing here changes; the copy is built by itself, which takes minutes the
first time. A mutant that does not compile is no answer, and one that hangs is seen by that.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
COPY = REPOSITORY / "target" / "mutants" / "tree"

# Seconds for one test: far more than any takes, on a busy machine too.
PATIENCE = 300


def main() -> None:
    parser = argparse.ArgumentParser(description="Takes each cure of docs/pitfalls.md out once.")
    parser.add_argument("rows", nargs="*", type=int, metavar="ROW", help="only the mutants of this row")
    rows = parser.parse_args().rows
    mutants = [it for it in listed(HERE / "list.txt") if not rows or it.row in rows]
    if not mutants:
        raise SystemExit("there is no mutant of these rows")
    refresh()
    lacking = [it for it in mutants if COPY.joinpath(it.file).read_text().count(it.find) != 1]
    if lacking:
        raise SystemExit("\n".join(f"{it.file} does not hold once what is to be taken out: {it}" for it in lacking))
    print("building, and running the tests with all cures in place", flush=True)
    all_pass([test for mutant in mutants for test in mutant.tests])
    unseen = [mutant for mutant in mutants if not is_seen(mutant)]
    print(f"{len(mutants) - len(unseen)} of {len(mutants)} mutants were seen")
    if unseen:
        raise SystemExit("\n".join(f"not seen: {it}" for it in unseen))


def all_pass(tests: list[str]) -> None:
    """Ends where one of the tests does not pass with all cures in place."""
    places = {place(test) for test in tests}
    for packages, target in {(packages, target) for packages, target, _ in places}:
        names = [name for *at, name in places if at == [packages, target]]
        said = refused(packages, target)
        done = cargo(["test", *packages, *target, "--", "--exact", *names], None)
        if said or f"ok. {len(names)} passed" not in done.text:
            raise SystemExit(f"with all cures in place these do not pass:\n{said or done.text}")


@dataclass
class Mutant:
    """A cure taken out, and the tests of its row that must see it."""

    row: int
    cure: str
    file: str = ""
    found: list[str] = field(default_factory=list)
    put: list[str] = field(default_factory=list)
    tests: list[str] = field(default_factory=list)

    @property
    def find(self) -> str:
        return "\n".join(self.found)

    def __str__(self) -> str:
        return f"{self.row}: {self.cure}"


def listed(path: Path) -> list[Mutant]:
    """The list: a line `ROW: CURE`, and below it `in FILE`, what is taken out on lines that begin with
    `-` and a blank, what is put there on lines that begin with `+`, and a line `by TEST` for each test."""
    mutants: list[Mutant] = []
    for line in path.read_text().splitlines():
        sign, rest = line[:1], line[2:]
        if match := re.match(r"(\d+): (.+)", line):
            mutants.append(Mutant(int(match[1]), match[2]))
        elif sign == "-":
            mutants[-1].found.append(rest)
        elif sign == "+":
            mutants[-1].put.append(rest)
        elif line.startswith("in "):
            mutants[-1].file = line.removeprefix("in ")
        elif line.startswith("by "):
            mutants[-1].tests.append(line.removeprefix("by "))
        elif line and not line.startswith("#"):
            raise SystemExit(f"{path}: {line}: is none of the list's lines")
    return mutants


def refresh() -> None:
    """Brings the copy in line with the files that git knows or would add. What is the same stays
    untouched, so that cargo does not build it again."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True).stdout
    wanted = {name for name in names.split("\0") if name and REPOSITORY.joinpath(name).is_file()}
    for name in wanted:
        source, target = REPOSITORY / name, COPY / name
        if not target.is_file() or target.read_bytes() != source.read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    for folder, folders, files in os.walk(COPY):
        inside = Path(folder).relative_to(COPY)
        if inside == Path("."):
            folders[:] = [it for it in folders if it != "target"]
        for name in files:
            if str(inside / name) not in wanted:
                Path(folder, name).unlink()


def is_seen(mutant: Mutant) -> bool:
    """Whether each of its tests fails, said in a line each."""
    file = COPY / mutant.file
    text = file.read_text()
    file.write_text(text.replace(mutant.find, "\n".join(mutant.put)))
    try:
        outcomes = [(test, run(test)) for test in mutant.tests]
    finally:
        file.write_text(text)
    print(f"{mutant}\n    {mutant.file}")
    for test, outcome in outcomes:
        print(f"    {test}: {'PASSES' if outcome == 'ok' else outcome}", flush=True)
    return all(outcome not in ("ok", DOES_NOT_COMPILE) for _, outcome in outcomes)


DOES_NOT_COMPILE = "DOES NOT COMPILE"


def run(test: str) -> str:
    """What becomes of a test: `ok`, or why it fails."""
    packages, target, name = place(test)
    if said := refused(packages, target):
        print(said)
        return DOES_NOT_COMPILE
    done = cargo(["test", *packages, *target, "--", "--exact", name], PATIENCE)
    if done.status is None:
        return f"hangs for {PATIENCE} s"
    return "ok" if done.status == 0 and "ok. 1 passed" in done.text else reason(done.text)


def refused(packages: tuple[str, ...], target: tuple[str, ...]) -> str:
    """What the compiler says against the tests and the programs that they start, which could not be
    told from a failure later; nothing, if all is built."""
    builds = [["test", "--quiet", "--no-run", *packages, *target]]
    if target != ("--lib",):
        builds.append(["build", "--quiet", "--bins", "--examples", *packages])
    for words in builds:
        if (built := cargo(words, None)).status != 0:
            return built.text
    return ""


def reason(text: str) -> str:
    """What a failed test said first, in one line."""
    match = re.search(r"panicked at ([^\n]*):\d+:\n(.*?)(?:\nnote: |\n\n|\Z)", text, re.DOTALL)
    if not match:
        return "fails"
    # Of a program's output, what it says is wrong.
    said = " ".join(match[2].replace("│", " ").split())
    said = said[said.find("Error: ") :] if "Error: " in said else said
    return f"fails at {match[1]}: {said[:240]}"


def place(test: str) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Cargo's options for its package and for its target, and the test's own name, for a name as
    docs/pitfalls.md has it."""
    first, rest = test.split("::", 1)
    if first == "documents":
        return ("--workspace",), ("--test", "documents"), rest
    if first == "provider":
        return ("-p", "terraform-provider-stanchion"), ("--lib",), rest
    if "tests::" not in test and not first.startswith("plugin_"):
        # With the features of the whole workspace, as the programs that the tests ask for are built.
        return ("--workspace",), ("--test", "framework"), test
    if first == "cty":
        return ("-p", "stanchion-cty"), ("--lib",), rest
    if first == "derive":
        return ("-p", "stanchion-cty-derive"), ("--lib",), rest
    if first.startswith("plugin_"):
        return ("-p", "stanchion-framework"), ("--test", first), rest
    return ("-p", "stanchion-framework"), ("--lib",), test


@dataclass
class Done:
    """How a command ended, None where it had to be ended, and all that it printed."""

    status: int | None
    text: str


def cargo(words: list[str], limit: float | None) -> Done:
    """Runs cargo in the copy, and ends it with all that it has started where it takes too long."""
    environment = {**os.environ, "RUST_BACKTRACE": "0", "PARTS_DIR": str(REPOSITORY / "target" / "parts")}
    environment.pop("CARGO_TARGET_DIR", None)
    process = subprocess.Popen(
        ["cargo", *words],
        cwd=COPY,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        text, _ = process.communicate(timeout=limit)
        return Done(process.returncode, text)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        text, _ = process.communicate()
        return Done(None, text)


if __name__ == "__main__":
    started = time.monotonic()
    try:
        main()
    finally:
        print(f"({time.monotonic() - started:.0f} s)", file=sys.stderr)
