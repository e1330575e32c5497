"""Processes of one shop that can be watched and killed, each with a log and a session."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60
"""Seconds until waiting ends and the logs are shown."""


class Processes:
    """Starts processes on the folder `var`, and leaves none behind once closed."""

    def __init__(self, var: Path, environment: dict[str, str]) -> None:
        self.var = var
        self.environment = {**os.environ, "SHOP_VAR_DIR": str(var), **environment}
        self._started: list[subprocess.Popen] = []

    def start(
        self, name: str, command: str, *, pipe=subprocess.DEVNULL, **environment: str
    ) -> subprocess.Popen:
        """Run `python -m command`; what it prints goes to a log, or stdout to `pipe`."""
        with self.log(name).open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *command.split()],
                cwd=ROOT,
                env={**self.environment, **environment},
                stdin=pipe,
                stdout=log if pipe == subprocess.DEVNULL else pipe,
                stderr=log,
                start_new_session=True,
            )
        self._started.append(process)
        return process

    def log(self, name: str) -> Path:
        return self.var / f"{name}.log"

    def kill(self, process: subprocess.Popen) -> None:
        """SIGKILL a process with all of its session, as when the machine fails."""
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def wait(self, condition, what: str):
        """What `condition` gives once that is true; AssertionError, with the logs, if never."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if found := condition():
                return found
            time.sleep(0.1)
        raise AssertionError(f"Not within {PATIENCE} s: {what}.\n{self.tails()}")

    def close(self) -> None:
        for process in self._started:
            self.kill(process)

    def tails(self) -> str:
        return "\n".join(
            f"--- {log.name}\n" + "\n".join(log.read_text(errors="replace").splitlines()[-25:])
            for log in sorted(self.var.glob("*.log"))
        )
