"""What is measured of the linter: how fast and in how much memory it reads and evaluates, beside the bare
parse of hcl-edit and beside checkov."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from figure import Figure, of

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
sys.path.append(str(HERE / "corpus"))

import corpus  # noqa: E402

LINTER, EVALUATE, PEER = "stanchion", "evaluate", "stanchion-bench-peer"
# The programs that are measured, each with its package; the peer is built beside them.
PROGRAMS = [(LINTER, LINTER), ("stanchion-tests", EVALUATE)]
MEGABYTE = 1_000_000


class Plan(NamedTuple):
    """How much is measured."""

    # Bytes of the small repository, and how many times that the large one has.
    bytes: int
    times: int
    # Instances in the stacks of which the text is the same.
    instances: tuple[int, int]
    rounds: int
    # Whether instructions are counted, and the other linter is run: minutes each.
    slow: bool


FULL = Plan(bytes=500_000, times=16, instances=(1_500, 6_000), rounds=5, slow=True)
QUICK = Plan(bytes=250_000, times=8, instances=(750, 3_000), rounds=3, slow=False)


class Cost(NamedTuple):
    """Seconds of the processor, seconds on the clock, what the program has counted, and the most memory that
    was resident in it, in bytes, or in this program where that is more."""

    cpu: float
    wall: float
    counts: dict[str, int]
    resident: int


def measured(quick: bool, folder: Path, terraform: Path, environment: dict, programs: Path, steps) -> list[Figure]:
    """All figures of the linter, in the order in which they are taken."""
    bench = Bench(QUICK if quick else FULL, folder / "linter", terraform, environment, programs, steps)
    bench.prepare()
    figures = [*bench.speed(), *bench.memory(), *bench.instances(), *bench.cluster(), *bench.empty()]
    return [*figures, *bench.instructions()] if bench.plan.slow else figures


class Bench:
    """The measures, each in turns with what it is compared with."""

    def __init__(self, plan: Plan, folder: Path, terraform: Path, environment: dict, programs: Path, steps):
        self.plan, self.folder, self.terraform = plan, folder, terraform
        self.environment, self.programs, self.steps = environment, programs, steps
        self.peer = built_peer(programs)

    def prepare(self) -> None:
        """Writes what is read, and sees that it is what Terraform and the linter take."""
        plan = self.plan
        self.steps.step(f"Writing configurations: {plan.bytes / MEGABYTE:g} MB and {plan.times} times as much, instances, a cluster")
        least, most = plan.instances
        written = {
            "small": corpus.repository(plan.bytes),
            "large": corpus.repository(plan.bytes * plan.times),
            "least": corpus.instances.files(least),
            "most": corpus.instances.files(most),
            "cluster": corpus.cluster.files(),
        }
        for name, files in written.items():
            corpus.write(self.folder / name, files)
        for name in ("small", "least", "cluster"):
            self.formatted(name)
        for name in written:
            counts = self.evaluate(name).counts
            if counts["faults"] or counts["refusals"]:
                sys.exit(f"the configurations in {self.folder / name} are refused: {counts}")
            self.steps.say(
                f"{name}: {counts['files']:,} files, {counts['bytes'] / MEGABYTE:.3g} MB,"
                f" {counts['roots']:,} root modules, {counts['instances']:,} instances"
            )

    def formatted(self, name: str) -> None:
        """Sees that Terraform reads the files and would write them so."""
        words = [self.terraform, "fmt", "-check", "-recursive", self.folder / name]
        done = subprocess.run(words, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"terraform fmt would change {name}:\n{done.stdout}{done.stderr}")

    def speed(self) -> list[Figure]:
        plan = self.plan
        self.steps.step(f"Reading and evaluating, beside the bare parse of hcl-edit, in turns: {plan.rounds} rounds")
        loads, ones, twos, peers, whole = [], [], [], [], []
        for _ in range(plan.rounds):
            peers.append(run([self.peer, self.folder / "large"]))
            ones.append(self.evaluate("large"))
            twos.append(self.evaluate("large", threads=2))
            loads.append(self.evaluate("large", "load"))
            whole.append(run([self.programs / LINTER, "lint", self.folder / "large"], {"RAYON_NUM_THREADS": "1"}))
            self.steps.say(
                f"processor: all {ones[-1].cpu:.2f} s, of that reading {loads[-1].cpu:.2f} s, hcl-edit {peers[-1].cpu:.2f} s;"
                f"  clock: {ones[-1].wall:.2f} s, by two {twos[-1].wall:.2f} s"
            )
        counts = ones[0].counts
        if any(peers[0].counts[it] != counts[it] for it in ("files", "bytes", "faults")):
            sys.exit(f"the peer has read something else: {peers[0].counts} and {counts}")
        size = counts["bytes"] / MEGABYTE
        per_second = lambda costs: [size / it.cpu for it in costs]
        return [
            of("reading and evaluating, on one core", per_second(ones), "MB/s", 14, is_least=True),
            of("for comparison: reading alone", per_second(loads), "MB/s"),
            of("for comparison: `stanchion lint`", per_second(whole), "MB/s"),
            of("for comparison: the bare parse of hcl-edit", per_second(peers), "MB/s"),
            of("reading and evaluating, by hcl-edit's parse", [a.cpu / b.cpu for a, b in zip(ones, peers)], "×", 2.4),
            of("on two cores: clock", [a.wall / b.wall for a, b in zip(ones, twos)], "×", 1.6, clock=True, is_least=True),
        ]

    def memory(self) -> list[Figure]:
        small, large = self.evaluate("small").counts, self.evaluate("large").counts
        each = (large["peak"] - small["peak"]) / (large["bytes"] - small["bytes"])
        return [
            Figure("memory for one more byte of source", each, "B", bound=11),
            Figure("memory besides", (small["peak"] - each * small["bytes"]) / MEGABYTE, "MB", bound=20),
        ]

    def instances(self) -> list[Figure]:
        plan = self.plan
        least, most = plan.instances
        self.steps.step(f"{least:,} and {most:,} instances of the same text, in turns: {plan.rounds} rounds")
        few, many, none = [], [], []
        corpus.write(self.folder / "none", corpus.instances.files(0))
        for _ in range(plan.rounds):
            for costs, name in ((none, "none"), (few, "least"), (many, "most")):
                costs.append(self.evaluate(name))
        number = lambda costs: costs[0].counts["instances"]
        # The least is taken of each, as what else runs only ever adds.
        between = lambda less, more: (cpu(more) - cpu(less)) * MEGABYTE / (number(more) - number(less))
        peak = (many[0].counts["peak"] - few[0].counts["peak"]) / (number(many) - number(few))
        return [
            Figure("memory for one more instance", peak, "B", bound=1000),
            Figure(f"one more instance up to {least:,}, of the processor", between(none, few), "µs"),
            Figure(f"one more instance up to {most:,}, of the processor", between(few, many), "µs"),
        ]

    def cluster(self) -> list[Figure]:
        plan = self.plan
        words = [self.programs / LINTER, "lint", self.folder / "cluster"]
        alone = [run(words) for _ in range(4 * plan.rounds)]
        ours = of("`stanchion lint` of the cluster, of the processor", [it.cpu for it in alone], "s", bound=0.15)
        if not plan.slow:
            return [ours]
        self.steps.step("The cluster by checkov (minutes)")
        checkov = installed("checkov")
        # Nothing is asked of the network, and only what the linter reads is looked for.
        words = [checkov, "--directory", self.folder / "cluster", "--framework", "terraform", "--quiet", "--compact",
                 "--skip-download", "--download-external-modules", "false"]
        theirs = run(words, whole_environment=True, statuses=(0, 1))
        return [
            ours,
            Figure("checkov of the cluster, of the processor", theirs.cpu, "s"),
            Figure("checkov, by `stanchion lint`: processor", theirs.cpu / ours.value, "×", bound=500, is_least=True),
        ]

    def empty(self) -> list[Figure]:
        folder = self.folder / "empty"
        folder.mkdir(parents=True, exist_ok=True)
        words = [self.programs / LINTER, "lint", folder]
        # That there is nothing to judge is no clean run, and has a status of its own.
        batches = [[run(words, statuses=(2,)).wall for _ in range(20)] for _ in range(self.plan.rounds)]
        # What else runs only ever adds, so the batch that met the least of it is nearest to the truth.
        walls = [median(it) * 1000 for it in batches]
        title = "`stanchion lint` of an empty folder, on the clock, best batch"
        return [Figure(title, min(walls), "ms", 10, (min(walls), max(walls)), clock=True)]

    def instructions(self) -> list[Figure]:
        self.steps.step("Counting instructions with callgrind (minutes)")
        small, large = self.counted("small"), self.counted("large")
        return [
            Figure("instructions for a byte of source, 1 ×", small, ""),
            Figure(f"instructions for a byte of source, {self.plan.times} ×", large, "", bound=round(small * 1.1)),
        ]

    def counted(self, name: str) -> float:
        words = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", self.programs / EVALUATE, self.folder / name]
        environment = os.environ | {"RAYON_NUM_THREADS": "1"}
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
        found = re.search(r"Collected : (\d+)", done.stderr)
        if done.returncode != 0 or not found:
            sys.exit(f"callgrind has failed:\n{done.stderr}")
        return int(found[1]) / counts_of(done.stdout)["bytes"]

    def evaluate(self, name: str, *words: str, threads: int = 1) -> Cost:
        return run([self.programs / EVALUATE, self.folder / name, *words], {"RAYON_NUM_THREADS": str(threads)})


def run(words: list, environment: dict | None = None, whole_environment: bool = False, statuses: tuple[int, ...] = (0,)) -> Cost:
    """Runs a program to its end; what it cost is that of its own process and of those that it waited for."""
    said, end = os.pipe()
    actions = [(os.POSIX_SPAWN_DUP2, end, 1), (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0)]
    given = dict(os.environ) if whole_environment else {}
    texts = [str(it) for it in words]
    before = time.perf_counter()
    process = os.posix_spawn(texts[0], texts, given | (environment or {}), file_actions=actions)
    os.close(end)
    with open(said, errors="replace") as lines:
        text = lines.read()
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - before
    if os.waitstatus_to_exitcode(status) not in statuses:
        sys.exit(f"{' '.join(texts)} has failed (status {os.waitstatus_to_exitcode(status)})\n{text[-2000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, counts_of(text), usage.ru_maxrss * 1024)


def cpu(costs: list[Cost]) -> float:
    return min(it.cpu for it in costs)


def counts_of(text: str) -> dict[str, int]:
    return {name: int(number) for name, number in re.findall(r"\b(\w+)=(\d+)\b", text)}


def built_peer(programs: Path) -> Path:
    """The peer as it is among given programs; else it is built, as fast as it can be."""
    if (programs / PEER).exists():
        return programs / PEER
    target = REPOSITORY / "target" / "bench-peer"
    words = ["cargo", "build", "--release", "--quiet", "--locked", "--target-dir", target]
    if subprocess.run(words, cwd=HERE / "peer", check=False).returncode != 0:
        sys.exit(f"{PEER} could not be built")
    return target / "release" / PEER


def installed(part: str, *words: str) -> Path:
    done = subprocess.run([REPOSITORY / "tests/parts" / part, *words], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{part} could not be installed")
    return Path(done.stdout.strip())
