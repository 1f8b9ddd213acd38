"""From the start of a provider's process to its handshake, as Terraform waits for it."""

import os
import signal
import time
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"


class Start(NamedTuple):
    """Seconds on the clock, seconds of the processor, bytes of resident memory: all at the handshake."""

    wall: float
    cpu: float
    memory: int


def starts(program: Path, folder: Path, count: int) -> list[Start]:
    """Starts the provider so many times, one after the other."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = {
        "TF_PLUGIN_MAGIC_COOKIE": COOKIE,
        "PLUGIN_PROTOCOL_VERSIONS": "5,6",
        "PLUGIN_UNIX_SOCKET_DIR": str(folder),
        # Any P-521 certificate: one as Terraform makes for each run. Its key is nobody's any more.
        "PLUGIN_CLIENT_CERT": (HERE / "client.pem").read_text(),
    }
    measured = [start([str(program)], environment) for _ in range(count)]
    for socket in folder.iterdir():
        socket.unlink()
    return measured


def controls(count: int) -> list[float]:
    """The same of a program that does nothing but print a line: what starting costs by itself."""
    return [start(["/bin/sh", "-c", "echo; read line"], {}).wall for _ in range(count)]


def start(words: list[str], environment: dict[str, str]) -> Start:
    answer, end = os.pipe()
    empty, hold = os.pipe()
    quiet = (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0)
    actions = [(os.POSIX_SPAWN_DUP2, end, 1), (os.POSIX_SPAWN_DUP2, empty, 0), quiet]
    before = time.perf_counter()
    # Python's own fork would copy its memory's tables first; this is what Terraform does, too.
    process = os.posix_spawn(words[0], words, environment, file_actions=actions)
    os.close(end)
    said = b""
    while not said.endswith(b"\n"):
        part = os.read(answer, 65536)
        if not part:
            break
        said += part
    wall = time.perf_counter() - before
    cpu, memory = usage(process)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    for it in (answer, empty, hold):
        os.close(it)
    if not said.endswith(b"\n"):
        raise RuntimeError(f"{words[0]} ended without a handshake")
    return Start(wall, cpu, memory)


def usage(process: int) -> tuple[float, int]:
    """The processor's seconds of all threads, and the greatest resident memory in bytes."""
    tasks = Path(f"/proc/{process}/task").iterdir()
    cpu = sum(int((it / "schedstat").read_text().split()[0]) for it in tasks) / 1e9
    status = Path(f"/proc/{process}/status").read_text().splitlines()
    return cpu, next(int(it.split()[1]) * 1024 for it in status if it.startswith("VmHWM:"))
