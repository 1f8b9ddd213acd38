#!/usr/bin/env python3
"""Fuzzes the decoders, guided by coverage, and says what was done. The status is 1 if a law broke.

Usage: tests/fuzz/fuzz.py [--seconds N] [--keep] [TARGET…]     all targets by default
  --seconds N  fuzz each target for so long (600)
  --keep       do not fuzz: write what the last runs found, minimised, to tests/fuzz/corpus

What a run finds stays in target/fuzz/corpus, where the next run goes on; an input that broke a law
stays in target/fuzz/found. To keep one, copy it to tests/fuzz/corpus/TARGET under a name that says
what it is about: the tests replay that folder.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
KEPT = HERE / "corpus"
MADE = REPOSITORY / "target" / "fuzz"

# Longer inputs find the same and take longer, but for what grows faster than they do.
LONGEST = 4096
# Seconds for one input: far more than any takes, on a busy machine too.
PATIENCE = 60
# The most that the files from fuzzing are worth in the repository, in bytes for each target.
WORTH = 60_000


def main() -> None:
    arguments = read_arguments()
    cargo_fuzz = Cargo(installed())
    known = cargo_fuzz.run("list", folder=True).stdout.split()
    strange = [it for it in arguments.targets if it not in known]
    if strange:
        raise SystemExit(f"there is no target {strange[0]}: there are {', '.join(known)}")
    targets = arguments.targets or known
    if arguments.keep:
        for target in targets:
            keep(cargo_fuzz, target)
        return
    print(f"building {len(targets)} targets (minutes the first time)", flush=True)
    for target in targets:
        cargo_fuzz.run("build", target)
    broken = [target for target in targets if not fuzz(cargo_fuzz, target, arguments.seconds)]
    if broken:
        raise SystemExit(f"a law was broken by {', '.join(broken)}")


class Cargo:
    """cargo-fuzz on our folder."""

    def __init__(self, program: Path) -> None:
        self.program = program

    def run(self, command: str, *words: object, folder: bool = False, check: bool = True) -> subprocess.CompletedProcess:
        """Runs it in silence; where it must succeed and does not, what it printed is the end."""
        place = ["--fuzz-dir", HERE] + ([] if folder else ["--target-dir", MADE])
        # Coverage and sanitizers are options of the compiler that the stable one hides.
        done = subprocess.run(
            [str(it) for it in [self.program, command, *place, *words]], cwd=REPOSITORY, check=False, text=True,
            errors="replace", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            # A text is one file, which more threads do not read faster; to start them takes longest.
            env=os.environ | {"RUSTC_BOOTSTRAP": "1", "RUST_BACKTRACE": "0", "RAYON_NUM_THREADS": "1"},
        )
        if check and done.returncode != 0:
            raise SystemExit(f"cargo fuzz {command} failed (status {done.returncode})\n{done.stderr.rstrip()}")
        return done


def fuzz(cargo_fuzz: Cargo, target: str, seconds: int) -> bool:
    """Runs a target and prints what it did; false if it found an input that breaks the law."""
    corpus, found = MADE / "corpus" / target, MADE / "found" / target
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    print(f"{target}: {seconds} s", flush=True)
    done = cargo_fuzz.run(
        "run", target, corpus, KEPT / target, "--",
        f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-timeout={PATIENCE}", "-rss_limit_mb=4096",
        # Threads that have not quite ended would look like leaks.
        f"-artifact_prefix={found}/", "-print_final_stats=1", "-detect_leaks=0", check=False,
    )
    said = lambda pattern: (re.findall(pattern, done.stderr) or ["?"])[-1]
    executions = said(r"stat::number_of_executed_units:\s*(\d+)")
    edges, files = said(r"cov: (\d+)"), len(list(corpus.iterdir()))
    print(f"    {executions} executions, {edges} edges covered, {files} inputs in {shown(corpus)}")
    if done.returncode == 0:
        return True
    lines = done.stderr.splitlines()
    # The law that broke stands where the panic is told; the rest is libFuzzer's own.
    begins = next((i for i, it in enumerate(lines) if "panicked at" in it or "ERROR:" in it), max(len(lines) - 20, 0))
    print("\n".join(f"    {it[:600]}" for it in lines[begins : begins + 6]))
    for artifact in re.findall(r"Test unit written to (\S+)", done.stderr):
        print(f"    the input is {shown(Path(artifact))}")
    return False


def keep(cargo_fuzz: Cargo, target: str) -> None:
    """Adds the inputs to the kept corpus that it lacks for its coverage, the shortest first."""
    scratch = MADE / "kept" / target
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    for source in (KEPT / target, MADE / "corpus" / target):
        for file in source.iterdir():
            shutil.copy2(file, scratch)
    cargo_fuzz.run("cmin", target, scratch)
    for file in (KEPT / target).iterdir():
        # What has no digest for a name was put there by a person, or is a seed.
        if is_digest(file.name):
            file.unlink()
    size = 0
    kept = 0
    for file in sorted(scratch.iterdir(), key=lambda it: (it.stat().st_size, it.name)):
        size += file.stat().st_size
        if is_digest(file.name) and size <= WORTH:
            shutil.copy2(file, KEPT / target)
            kept += 1
    print(f"{target}: {kept} inputs kept")


def is_digest(name: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{40}", name) is not None


def installed() -> Path:
    done = subprocess.run([REPOSITORY / "tests/parts/cargo-fuzz"], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit("cargo-fuzz could not be installed")
    return Path(done.stdout.strip())


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--keep", action="store_true")
    return parser.parse_args()


def shown(path: Path) -> str:
    """A path as it is seen from the repository."""
    return str(path.relative_to(REPOSITORY)) if path.is_relative_to(REPOSITORY) else str(path)


if __name__ == "__main__":
    main()
