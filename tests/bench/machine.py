"""The machine that is measured on: what it is, and how much of it others use meanwhile."""

import os
import platform
import resource
import sys
from pathlib import Path
from typing import NamedTuple

# More than this share of the processors used by others, and a duration says little.
NOISY = 0.1


def describe() -> dict[str, object]:
    """What a reader needs to know to compare."""
    model = [it.split(":", 1)[1].strip() for it in lines("/proc/cpuinfo") if it.startswith("model name")]
    memory = next(int(it.split()[1]) for it in lines("/proc/meminfo") if it.startswith("MemTotal:"))
    system = [it.split("=", 1)[1].strip('"') for it in lines("/etc/os-release") if it.startswith("PRETTY_NAME=")]
    return {
        "processor": model[0] if model else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(memory / 2**20, 1),
        "system": system[0] if system else platform.system(),
        "kernel": platform.release(),
        "load": round(os.getloadavg()[0], 2),
    }


def require_linux() -> None:
    if not Path("/proc/self/schedstat").exists():
        print("Processes are measured through /proc/PID/schedstat, which only Linux has.", file=sys.stderr)
        sys.exit(2)


class Moment(NamedTuple):
    """The accounts of the whole machine and of this program with all that it has started, in seconds."""

    total: float
    busy: float
    own: float

    @staticmethod
    def now() -> "Moment":
        ticks = [int(it) / os.sysconf("SC_CLK_TCK") for it in lines("/proc/stat")[0].split()[1:9]]
        user, nice, system, idle, waiting, hard, soft, stolen = ticks
        usages = [resource.getrusage(it) for it in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        own = sum(it.ru_utime + it.ru_stime for it in usages)
        return Moment(sum(ticks), user + nice + system + hard + soft + stolen, own)

    def others_since(self) -> float:
        """The share of all processors' time that other programs have used since then."""
        now = Moment.now()
        others = (now.busy - self.busy) - (now.own - self.own)
        return max(0.0, others / max(now.total - self.total, 0.01))


def lines(file: str) -> list[str]:
    try:
        return Path(file).read_text().splitlines()
    except OSError:
        return []
