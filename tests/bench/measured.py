"""Runs a provider where Terraform expects one, and notes what it cost once it has ended.

Usage: measured.py PROGRAM RECORD ARGUMENTS…
Appends a line to RECORD: the processor's seconds and the greatest resident memory in bytes, both of
the provider's own process alone, and the processor's seconds of this Python. Terraform's accounts
hold the sum of all its children only.
"""

import os
import signal
import sys
import time

program, record = sys.argv[1:3]


def peak(process: int) -> int:
    """The greatest resident memory so far; 0 of a process that has ended."""
    try:
        with open(f"/proc/{process}/status") as lines:
            return next((int(it.split()[1]) * 1024 for it in lines if it.startswith("VmHWM:")), 0)
    except OSError:
        return 0


# The end of the child is waited for below; the child itself must not inherit that.
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
# As the provider itself: Ctrl-C is Terraform's to handle.
signal.signal(signal.SIGINT, signal.SIG_IGN)
child = os.posix_spawn(program, [program, *sys.argv[3:]], os.environ, setsigmask=[])
memory = 0
while True:
    ended, status, usage = os.wait4(child, os.WNOHANG)
    if ended:
        break
    # What the kernel sums up at the end includes the memory of whoever forked: this Python.
    memory = max(memory, peak(child))
    signal.sigtimedwait({signal.SIGCHLD}, 0.1)
own = time.process_time()
with open(record, "a") as lines:
    lines.write(f"{usage.ru_utime + usage.ru_stime:.6f} {memory} {own:.6f}\n")
# Nothing is left to clean up, and Terraform waits.
os._exit(abs(os.waitstatus_to_exitcode(status)))
