"""Ends the demo's processes when their launcher is gone, even after `kill -9`.

The launcher writes a line with the id of each process it starts to this process's standard
input and keeps the pipe open; the pipe's end means that the launcher is gone. Each process
leads a process group of its own, so that its children end with it. Works on any POSIX system,
unlike Linux's PR_SET_PDEATHSIG.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import suppress

GRACE = 15.0
"""Seconds that a process has to finish what it is doing."""


def end(leaders: Iterable[int], *, grace: float = GRACE) -> None:
    """Ask each group's leader to stop; kill what is left of its group after `grace` seconds."""
    leaders = list(leaders)
    for leader in leaders:
        with suppress(ProcessLookupError):
            os.kill(leader, signal.SIGTERM)
    deadline = time.monotonic() + grace
    while any(map(_alive, leaders)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for leader in leaders:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)


def _alive(leader: int) -> bool:
    """Whether any process of the group is left."""
    with suppress(ChildProcessError):  # one's own children stay as zombies until waited for
        os.waitpid(leader, os.WNOHANG)
    try:
        os.killpg(leader, 0)
    except (ProcessLookupError, PermissionError):  # macOS refuses where only zombies are left
        return False
    return True


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end([int(line) for line in sys.stdin])
