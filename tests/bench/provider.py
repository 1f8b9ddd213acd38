"""What is measured of the provider: its start, size and memory, what a call costs, and 1,000 resources
beside as many of Terraform's own."""

import sys
from pathlib import Path
from statistics import median
from typing import NamedTuple

from figure import Figure, of
from start import controls, starts
from workload import PEERS, PIPELINES, TEXTS, Cost, Workload

PROVIDER, BENCH = "terraform-provider-stanchion", "terraform-provider-bench"
# The programs that are measured, each with its package.
PROGRAMS = [(PROVIDER, PROVIDER), ("stanchion-tests", BENCH)]
MEGABYTE = 1_000_000


def measured(quick: bool, folder: Path, terraform: Path, environment: dict, programs: Path, steps) -> list[Figure]:
    """All figures of the provider, in the order in which they are taken."""
    bench = Bench(QUICK if quick else FULL, folder, terraform, environment, programs, steps)
    figures = [*bench.size(), *bench.start()]
    bench.count()
    return [*figures, *bench.compared(), *bench.pipelines()]


class Plan(NamedTuple):
    """How much is measured."""

    # Resources in the large configuration, and in the small one that it is compared with.
    large: int
    small: int
    # Pairs of runs with the large configuration, ours and Terraform's own. With each pair of plans
    # goes a run with the small configuration.
    applies: int
    plans: int
    # Batches of starts, and starts in each.
    batches: int
    starts: int


class Calls(NamedTuple):
    """How many calls Terraform makes: of each resource, and besides."""

    each: int
    fixed: int

    def of(self, resources: int) -> int:
        return self.fixed + resources * self.each


FULL = Plan(large=1000, small=100, applies=3, plans=5, batches=5, starts=30)
QUICK = Plan(large=300, small=100, applies=1, plans=2, batches=3, starts=10)


class Bench:
    """The measures, in the order in which they are taken."""

    def __init__(self, plan: Plan, folder: Path, terraform: Path, environment: dict, programs: Path, steps):
        self.plan, self.folder, self.terraform = plan, folder, terraform
        self.environment, self.programs, self.steps = environment, programs, steps
        self.calls: dict[str, Calls] = {}

    def size(self) -> list[Figure]:
        bytes_ = (self.programs / PROVIDER).stat().st_size
        return [Figure("the provider's executable", bytes_ / MEGABYTE, "MB", bound=8)]

    def start(self) -> list[Figure]:
        plan = self.plan
        self.steps.step(f"Starting the provider {plan.batches} × {plan.starts} times, up to its handshake")
        batches, idle = [], []
        for _ in range(plan.batches):
            idle.extend(controls(plan.starts))
            batches.append(starts(self.programs / PROVIDER, self.folder / "sockets", plan.starts))
        walls = [median(it.wall for it in batch) * 1000 for batch in batches]
        every = [it for batch in batches for it in batch]
        # What else runs only ever adds, so the batch that met the least of it is nearest to the truth.
        return [
            Figure("start to handshake, median of the best batch", min(walls), "ms", 2.5, (min(walls), max(walls)), True),
            of("start to handshake, of the processor", [it.cpu * 1000 for it in every], "ms"),
            of("for comparison: a shell that prints a line", [it * 1000 for it in idle], "ms"),
            of("memory at the handshake", [it.memory / MEGABYTE for it in every], "MB", bound=8),
        ]

    def count(self) -> None:
        self.steps.step("Counting the calls that Terraform makes for 1, 10 and 20 resources")
        for name, text, program, deeds in (
            ("bench", TEXTS, BENCH, ["apply", "plan"]),
            ("stanchion", PIPELINES, PROVIDER, ["apply", "plan", "refresh"]),
        ):
            counts = {it: self.counted(name, text, program, deeds, it) for it in (1, 10, 20)}
            each = (counts[20] - counts[10]) // 10
            calls = self.calls[name] = Calls(each, counts[10] - 10 * each)
            # Otherwise the number for a larger configuration could not be told from these.
            if any(calls.of(it) != counts[it] for it in counts):
                sys.exit(f"the calls do not grow evenly with the resources: {counts}")
            print(f"    {', '.join(deeds)}: {calls.each} for each resource, {calls.fixed} for the provider")

    def counted(self, name: str, text: str, program: str, deeds: list[str], count: int) -> int:
        workload = self.workload("counted", text, count).with_trace(name, self.programs / program)
        for deed in deeds:
            getattr(workload, deed)()
        return workload.calls().total()

    def number(self, resources: int) -> int:
        """The calls in an apply and an empty plan of so many resources."""
        return self.calls["bench"].of(resources)

    def both(self, count: int) -> float:
        """The provider's processor time for an apply and an empty plan of so many resources."""
        workload = self.workload("small", TEXTS, count).with_provider("bench", self.programs / BENCH)
        return workload.apply().provider + workload.plan().provider

    def compared(self) -> list[Figure]:
        plan, large = self.plan, f"{self.plan.large:,}"
        single, small = [], []
        costs: dict[str, list[tuple[Cost, Cost]]] = {"apply": [], "plan": []}
        self.steps.step(f"{large} resources beside {large} terraform_data, in turns: {plan.applies} applies, {plan.plans} empty plans")
        for i in range(plan.plans):
            # In between, so that what else runs weighs on all alike.
            single.append(self.both(1))
            small.append(self.both(plan.small))
            if i < plan.applies:
                ours = self.workload("ours", TEXTS, plan.large).with_provider("bench", self.programs / BENCH)
                theirs = self.workload("theirs", PEERS, plan.large)
                costs["apply"].append((ours.apply(), theirs.apply()))
                self.say("apply", costs["apply"][-1])
            costs["plan"].append((ours.plan(), theirs.plan()))
            self.say("plan", costs["plan"][-1])

        figures = []
        whole = [apply.provider + plan.provider for (apply, _), (plan, _) in zip(costs["apply"], costs["plan"])]
        each = [it * 1000 / self.number(plan.large) for it in whole]
        figures.append(of(f"the provider's processor time per call, {large} resources", each, "ms", bound=0.3))
        # The process's own start is in all three, and weighs more where there are fewer calls. The
        # least is taken of each, as what else runs only ever adds.
        marginal = [
            (min(it) - min(single)) * 1000 / (self.number(count) - self.number(1))
            for it, count in ((small, plan.small), (whole, plan.large))
        ]
        figures.append(Figure(f"one more call at {plan.small} resources", marginal[0], "ms"))
        figures.append(Figure(f"one more call at {large} resources", marginal[1], "ms"))
        # What grows with the resources already there would show as several times as much.
        figures.append(Figure(f"growth from {plan.small} to {large}", marginal[1] / marginal[0], "×", bound=1.25))
        memory = max(ours.memory for it in costs.values() for ours, _ in it) / MEGABYTE
        figures.append(Figure(f"memory with {large} resources, at most", memory, "MB", bound=8))
        for name, title in (("apply", f"apply of {large}"), ("plan", f"empty plan of {large}")):
            pairs = costs[name]
            cpu = [ours.cpu / theirs.cpu for ours, theirs in pairs]
            wall = [ours.wall / theirs.wall for ours, theirs in pairs]
            figures.append(of(f"{title}: processor, ours by terraform_data", cpu, "×", bound=1.3))
            figures.append(of(f"{title}: clock, ours by terraform_data", wall, "×", bound=1.3, clock=True))
            figures.append(of(f"{title}: clock, ours", [ours.wall for ours, _ in pairs], "s"))
            figures.append(of(f"{title}: clock, terraform_data", [theirs.wall for _, theirs in pairs], "s"))
        return figures

    def pipelines(self) -> list[Figure]:
        large = f"{self.plan.large:,}"
        self.steps.step(f"{large} stanchion_pipeline of four jobs, each a file: apply, empty plan, refresh")
        workload = self.workload("pipelines", PIPELINES, self.plan.large)
        workload.with_provider("stanchion", self.programs / PROVIDER)
        apply, plan, refresh = workload.apply(), workload.plan(), workload.refresh()
        cost = sum(it.provider for it in (apply, plan, refresh))
        memory = max(it.memory for it in (apply, plan, refresh)) / MEGABYTE
        calls = self.calls["stanchion"].of(self.plan.large)
        written = sum(1 for _ in (workload.folder / "configuration" / ".github/workflows").iterdir())
        if written != self.plan.large:
            sys.exit(f"{written} files were written for {large} pipelines")
        return [
            Figure(f"{large} stanchion_pipeline: apply, clock", apply.wall, "s"),
            Figure(f"{large} stanchion_pipeline: empty plan, clock", plan.wall, "s"),
            Figure(
                f"{large} stanchion_pipeline: the provider's processor time per call",
                cost * 1000 / calls, "ms", bound=1,
            ),
            Figure(f"{large} stanchion_pipeline: memory, at most", memory, "MB", bound=12),
        ]

    def workload(self, name: str, text: str, count: int) -> Workload:
        return Workload(self.folder / name, self.terraform, self.environment, text, count)

    def say(self, name: str, pair: tuple[Cost, Cost]) -> None:
        ours, theirs = pair
        self.steps.say(
            f"{name:5}  clock {ours.wall:6.2f} s by {theirs.wall:6.2f} s,"
            f"  processor {ours.cpu:6.2f} s by {theirs.cpu:6.2f} s,  of that the provider {ours.provider:.2f} s"
        )
