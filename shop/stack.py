"""The demo's processes: web server, two workers and beat, started and ended together."""

from __future__ import annotations

import os
import subprocess  # noqa: S404
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import guard

ROOT = Path(__file__).resolve().parent.parent

# Two workers, so that a person who waits never waits behind a backfill.
COMMANDS = {
    "web": "gunicorn shop.wsgi --bind {host}:{port} --worker-class gthread --threads 8"
    " --no-control-socket",
    "worker-interactive": "celery -A shop worker -Q interactive -n interactive@%h",
    "worker-background": "celery -A shop worker -Q housekeeping,backfill,training -n background@%h"
    " -B",
}
WORKER_OPTIONS = "-c 1 -l INFO --without-gossip --without-mingle --without-heartbeat"
START_LIMIT = 60
"""Seconds until the web server must answer."""


class StackError(Exception):
    """A process of the demo did not start or ended by itself; the message quotes its log."""


class Stack:
    """Web server and workers on one var folder; a context manager that leaves none behind."""

    def __init__(self, *, var: Path, host: str, port: int) -> None:
        self.var = var
        self.address = f"http://{host}:{port}"
        self.logs = var / "logs"
        self._fields = {"host": host, "port": port, "var": var}
        self._processes: dict[str, subprocess.Popen] = {}
        self._guard: subprocess.Popen | None = None

    def __enter__(self) -> Stack:
        for folder in (self.logs, self.var / "broker", self.var / "broker-control"):
            folder.mkdir(parents=True, exist_ok=True)
        self._guard = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "shop.guard"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            for name, command in COMMANDS.items():
                self._start(name, command.format(**self._fields).split())
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *exception) -> None:
        self.stop()

    def _start(self, name: str, arguments: list[str]) -> None:
        if arguments[0] == "celery":
            arguments += WORKER_OPTIONS.split()
        with (self.logs / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", *arguments],
                cwd=ROOT,
                env={**os.environ, "SHOP_VAR_DIR": str(self.var)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches the launcher alone, which ends them
            )
        self._processes[name] = process
        self._guard.stdin.write(f"{process.pid}\n".encode())
        self._guard.stdin.flush()

    def processes(self) -> dict[str, int]:
        """The ids of the processes by name; each leads a session of its own."""
        return {name: process.pid for name, process in self._processes.items()}

    def wait_until_ready(self) -> None:
        """Return once the shop answers; StackError when it does not or a process ended."""
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            self.raise_if_dead()
            try:
                with urllib.request.urlopen(f"{self.address}/", timeout=30):  # noqa: S310
                    return
            except urllib.error.HTTPError as error:
                raise StackError(self._describe("web", f"answered {error.code}")) from error
            except OSError:
                time.sleep(0.1)
        raise StackError(self._describe("web", f"did not answer within {START_LIMIT} s"))

    def raise_if_dead(self) -> None:
        """StackError when one of the processes has ended."""
        for name, process in self._processes.items():
            if process.poll() is not None:
                raise StackError(self._describe(name, f"ended with code {process.returncode}"))

    def _describe(self, name: str, what: str) -> str:
        log = self.logs / f"{name}.log"
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        return f"{name} {what}. The end of {log}:\n{tail}"

    def stop(self) -> None:
        """End every process: each may finish its present work, within the guard's grace."""
        guard.end(process.pid for process in self._processes.values())
        for process in self._processes.values():
            process.wait()
        self._guard.stdin.close()
        self._guard.wait()
