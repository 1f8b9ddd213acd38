"""What is measured of the linter at work: one changed file of a large repository before a commit, and the
whole of a larger one by the rules of four families, beside checkov with the nearest checks and beside
ripgrep, which only looks for a word."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median

from figure import Figure, of
from linter import LINTER, MEGABYTE, cpu, installed, run

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE / "corpus"))

import corpus  # noqa: E402

PROGRAMS = [(LINTER, LINTER)]
FAMILIES = ("drift-", "iam-", "image-", "secret-")
# Teams with one stack each, and teams with two: 40 root modules in about 1,000 files.
ONE_STACK, TWO_STACKS = 14, 13
WHOLE = 9 * MEGABYTE
# What other linters are given of the whole, unless BENCH_FULL=1.
SHARE = 8


def measured(quick: bool, folder: Path, terraform: Path, environment: dict, programs: Path, steps) -> list[Figure]:
    """All figures of the daily work, in the order in which they are taken."""
    rounds = 3 if quick else 5
    bench = Bench(folder / "daily", programs / LINTER, rounds, steps)
    figures = [*bench.staged(), *bench.whole()]
    return figures if quick else [*figures, *bench.others()]


class Bench:
    """The measures of one program in one folder."""

    def __init__(self, folder: Path, program: Path, rounds: int, steps):
        self.folder, self.program, self.rounds, self.steps = folder, program, rounds, steps
        listed = subprocess.run([program, "rules", "--format", "json"], capture_output=True, text=True, check=True)
        self.rules = json.loads(listed.stdout)["rules"]

    def staged(self) -> list[Figure]:
        folder = self.folder / "repository"
        files = {}
        for number in range(ONE_STACK + TWO_STACKS):
            left_out = corpus.ENVIRONMENTS[1 if number < ONE_STACK else 2 :]
            made = corpus.team(number).items()
            files |= {path: text for path, text in made if not any(f"/stacks/{it}/" in path for it in left_out)}
        corpus.write(folder, files)
        git = lambda *words: subprocess.run(
            ["git", "-c", "user.name=bench", "-c", "user.email=bench@example.com", *words], cwd=folder, check=True,
            capture_output=True,
        )
        git("init", "--quiet")
        git("add", "--all")
        git("commit", "--quiet", "--message", "all")
        changed = sorted(folder.glob("*/stacks/*/locals.tf"))[0]
        changed.write_text(changed.read_text() + '\nlocals {\n  changed = "today"\n}\n')
        git("add", "--all")
        roots = len({Path(it).parent for it in files if "/stacks/" in it})
        size = sum(len(it) for it in files.values()) / len(files)
        self.steps.step(f"One changed file among {len(files):,} of {size / 1000:.2g} kB in {roots} root modules, staged")
        words = [self.program, "lint", "--staged", folder]
        path = {"PATH": os.environ["PATH"]}
        batches = [[run(words, path, statuses=(0, 1)) for _ in range(10)] for _ in range(self.rounds)]
        # What else runs only ever adds, so the batch that met the least of it is nearest to the truth.
        walls = [median(it.wall for it in batch) * 1000 for batch in batches]
        cpus = [it.cpu * 1000 for batch in batches for it in batch]
        return [
            Figure("`stanchion lint --staged`, on the clock, best batch", min(walls), "ms", 50, (min(walls), max(walls)), clock=True),
            of("`stanchion lint --staged`, of the processor, git's included", cpus, "ms"),
        ]

    def whole(self) -> list[Figure]:
        self.write("whole", WHOLE)
        rg = installed("python-program", "rg")
        ours, floor = [], []
        self.steps.step(f"The whole of {WHOLE / MEGABYTE:g} MB, beside ripgrep, in turns: {self.rounds} rounds")
        for _ in range(self.rounds):
            ours.append(self.lint("whole"))
            floor.append(run([rg, "--no-config", "--count", "resource", self.folder / "whole"]))
            self.steps.say(f"stanchion {ours[-1].cpu:.2f} s of the processor, {ours[-1].wall:.2f} s on the clock; ripgrep {floor[-1].cpu:.2f} s")
        return [
            of(f"`stanchion lint` by {len(self.kept())} rules, of the processor", [it.cpu for it in ours], "s", bound=0.8),
            of("`stanchion lint`, on the clock", [it.wall for it in ours], "s", clock=True),
            of("`stanchion lint`, resident memory", [it.resident / MEGABYTE for it in ours], "MB", bound=150),
            of("for comparison: ripgrep for a word, of the processor", [it.cpu for it in floor], "s"),
        ]

    def others(self) -> list[Figure]:
        share = 1 if os.environ.get("BENCH_FULL") == "1" else SHARE
        name = "whole" if share == 1 else "share"
        if share != 1:
            self.write(name, WHOLE // share)
        checks = sorted({it["id"] for rule in self.kept() for it in rule["peers"] if it["linter"] == "checkov"})
        self.steps.step(f"{'The same' if share == 1 else f'One {share}th of it'} by checkov with {len(checks)} checks (minutes)")
        # Without the settings that it would not know.
        words = [installed("checkov"), "--directory", self.folder / name, "--framework", "terraform", "--quiet", "--compact",
                 "--skip-download", "--download-external-modules", "false", "--check", ",".join(checks)]
        theirs = run(words, whole_environment=True, statuses=(0, 1))
        ours = cpu([self.lint(name) for _ in range(self.rounds)])
        what = "all" if share == 1 else f"1/{share}"
        return [
            Figure(f"checkov of {what}, with the nearest checks, of the processor", theirs.cpu, "s"),
            Figure(f"checkov, by `stanchion lint` of {what}: processor", theirs.cpu / ours, "×"),
        ]

    def lint(self, name: str):
        # What it finds costs too: the chain of each finding, and the text of it.
        return run([self.program, "lint", self.folder / name], statuses=(0, 1))

    def kept(self) -> list[dict]:
        """The rules of the families."""
        return [it for it in self.rules if it["id"].startswith(FAMILIES)]

    def write(self, name: str, size: int) -> None:
        """Writes a repository in another process: the memory of this one would count as the linter's."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        words = [sys.executable, HERE / "corpus/corpus.py", "repository", folder, "--bytes", str(size)]
        subprocess.run(words, check=True, capture_output=True)
        # What is no repository of its own would have the settings of the one that it lies in.
        (folder / ".git").mkdir()
        off = "".join(f'{it["id"]} = "off"\n' for it in self.rules if it not in self.kept())
        (folder / "stanchion.toml").write_text(f"[rules]\n{off}")
