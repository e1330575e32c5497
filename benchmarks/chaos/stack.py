"""The chaos shop's processes: broker, S3, beat, workers with wrong clocks; all replaced."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from benchmarks.chaos import phases
from tests import faulty_s3, s3_server
from tests.workers.processes import Processes

SKEWS = {"one": 0.0, "two": 26.0, "three": -26.0}
"""Workers by name, and by how many hours their clocks are wrong: more than a sweep waits."""

DEAF = 25.0
"""Seconds without any work after which a worker is replaced, if there is some."""


class ChaosStack(Processes):
    """Servers and workers of one run. `beat_rests`: do not replace beat for now."""

    def __init__(self, var: Path, *, database: str, broker: str | None) -> None:
        (var / "phases").mkdir(parents=True)
        self.orders = var / "s3.json"
        self.own_broker = broker is None
        self._redis_port = s3_server.free_port()
        self.broker = broker or f"redis://127.0.0.1:{self._redis_port}/0"
        port = s3_server.free_port()
        self.settings = {
            "DJANGO_SETTINGS_MODULE": "benchmarks.chaos.settings",
            "OSCAR_GAN_TEST_DATABASE": database,
            "CHAOS_BROKER": self.broker,
            "CHAOS_S3": f"http://127.0.0.1:{port}",
        }
        super().__init__(var, self.settings)
        self.running: dict[str, subprocess.Popen] = {}
        self.beat_rests = False
        self.replaced = 0
        self.deaf = 0
        self._last_sign: dict[int, float] = {}
        faulty_s3.order(self.orders, None)
        self.running["s3"] = self.start("s3", f"tests.faulty_s3 {port} {self.orders}")
        self.start_broker()
        self.wait(lambda: _listens(port), "the S3 server answers")
        s3_server.create_bucket(self.settings["CHAOS_S3"])

    def staff(self) -> None:
        """Start what is not running: workers, and beat unless it rests."""
        for name, hours in SKEWS.items():
            if self._is_gone(name):
                command = (
                    f"celery -A shop worker -n {name}@%h -c 2 -l WARNING --without-gossip"
                    " --without-mingle --without-heartbeat"
                    " -Q interactive,backfill,training,housekeeping"
                )
                self._replace(name, command, CHAOS_SKEW=str(hours))
        if self._is_gone("beat") and not self.beat_rests:
            self._replace("beat", "celery -A shop beat -l WARNING --pidfile=")

    def start_broker(self) -> None:
        """A Redis that keeps nothing on disk, so that a restart is a flush as well."""
        if not self.own_broker:
            return
        command = shutil.which("redis-server") or "redis-server"
        with self.log("redis").open("ab") as log:
            self.running["redis"] = subprocess.Popen(
                [command, "--port", str(self._redis_port), "--bind", "127.0.0.1", "--save", ""]
                + ["--dir", str(self.var), "--appendonly", "no"],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._started.append(self.running["redis"])
        self.wait(lambda: _listens(self._redis_port), "the broker answers")

    def kill_broker(self) -> None:
        self.kill(self.running["redis"])

    def kill_process(self, process: int) -> str:
        """SIGKILL one process of a pool; returns the phase it was in, exactly, or "" if gone."""
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGSTOP)  # so that it cannot go on while it is looked at
            phase = phases.of(process)
            os.kill(process, signal.SIGKILL)
            phases.forget(process)
            return phase
        phases.forget(process)
        return ""

    def kill_worker(self, process: int) -> str:
        """SIGKILL the whole worker that this process belongs to, as when a machine fails."""
        try:
            leader = os.getsid(process)
        except ProcessLookupError:
            return ""
        worker = next((w for w in self.running.values() if w.pid == leader), None)
        if worker is None:
            return ""
        with suppress(ProcessLookupError):
            os.killpg(leader, signal.SIGSTOP)
        phase = phases.of(process)
        self.kill(worker)
        return phase

    def replace_deaf(self) -> None:
        """Kill workers in which nothing has happened for a while, although there is work.

        After a restart of Redis a worker of kombu 5.7 may live on without hearing messages.
        """
        for name in SKEWS:
            worker = self.running[name]
            if time.monotonic() - self._last_sign.get(worker.pid, 0.0) > DEAF:
                self.kill(worker)
                self.deaf += 1

    def watch(self) -> None:
        """Note which workers are at work now, and forget processes that are gone."""
        self.clean_phases()
        for process, phase in phases.now():
            if phase in phases.PHASES:
                with suppress(ProcessLookupError):
                    self._last_sign[os.getsid(process)] = time.monotonic()

    def clean_phases(self) -> None:
        """Forget processes that are gone."""
        for process, _phase in list(phases.now()):
            if not Path(f"/proc/{process}").exists():
                phases.forget(process)

    def _is_gone(self, name: str) -> bool:
        return name not in self.running or self.running[name].poll() is not None

    def _replace(self, name: str, command: str, **environment: str) -> None:
        self.replaced += name in self.running
        self.running[name] = self.start(name, command, **environment)
        self._last_sign[self.running[name].pid] = time.monotonic()


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
