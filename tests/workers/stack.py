"""A shop with real Celery workers: processes that can be watched, held and killed."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from tests.workers.processes import Processes


class Desk:
    """A process that asks through the services, as the web does."""

    def __init__(self, process: subprocess.Popen) -> None:
        self.process = process

    def say(self, name: str, **args) -> None:
        """Start a call; `hear` has its answer."""
        self.process.stdin.write(json.dumps({"call": name, "args": args}).encode() + b"\n")
        self.process.stdin.flush()

    def hear(self):
        return json.loads(self.process.stdout.readline() or "null")


class Stack(Processes):
    """Two workers with embedded beat, and two desks that speak for web processes."""

    def __init__(self, var: Path, *, broker: str, database: str | None) -> None:
        (var / "broker").mkdir(parents=True)
        (var / "broker-control").mkdir()
        environment = {
            "DJANGO_SETTINGS_MODULE": "tests.workers.settings",
            "WORKERS_BROKER": broker,
            "OSCAR_GAN_TEST_DATABASE": database or "",
        }
        super().__init__(var, environment)
        self.desks = [
            Desk(self.start(name, "tests.workers.desk", pipe=subprocess.PIPE))
            for name in ("desk", "other-desk")
        ]
        self.workers: dict[str, subprocess.Popen] = {}

    def staff(self) -> None:
        """Start the workers that are not running, and wait until both are ready."""
        for name in ("one", "two"):
            if name not in self.workers or self.workers[name].poll() is not None:
                self.log(name).unlink(missing_ok=True)
                command = (
                    f"celery -A shop worker -n {name}-{self.var.name}@%h -c 1 -l INFO"
                    " -Q interactive,backfill,training,housekeeping -B"
                    " --without-gossip --without-mingle"
                )
                self.workers[name] = self.start(name, command)
        for name in self.workers:
            self.wait(lambda name=name: " ready." in self.log(name).read_text(), f"{name} ready")

    def call(self, name: str, **args):
        """Have a desk do something; returns its answer."""
        self.desks[0].say(name, **args)
        answer = self.desks[0].hear()
        assert answer is not None, f"The desk failed at {name}:\n{self.tails()}"
        return answer

    def ask(self, *labels: str, queue: str = "interactive") -> str:
        """Ask for colours of a new product's photo; returns the request's id."""
        return self.call(
            "ask", source=self.call("photo", colour="#AF2430"), labels=labels, queue=queue
        )

    def look(self, request: str) -> dict:
        return self.call("look", request=request)

    def wait_until_closed(self, request: str) -> dict:
        """The request once it is done, failed or cancelled."""

        def closed():
            seen = self.look(request)
            return seen if seen["status"] not in ("queued", "running") else None

        return self.wait(closed, f"request {request} closed")

    def hold(self) -> None:
        """Workers stop in the middle of their next picture until `let_go`."""
        (self.var / "started").unlink(missing_ok=True)
        (self.var / "hold").touch()

    def let_go(self) -> None:
        (self.var / "hold").unlink(missing_ok=True)

    def wait_until_started(self) -> int:
        """The id of the pool process that is in the middle of a picture."""
        started = self.var / "started"
        self.wait(lambda: started.exists() and started.read_text(), "a worker started")
        return int(started.read_text())

    def worker_of(self, process: int) -> subprocess.Popen:
        """The worker that this pool process belongs to: it leads its session."""
        leader = os.getsid(process)
        return next(worker for worker in self.workers.values() if worker.pid == leader)

    def close(self) -> None:
        self.let_go()
        super().close()
