"""The measured shop's processes, and photos to work on; this process speaks for its web."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from tests.workers.processes import Processes

PATIENCE = 600
"""Seconds until a measurement is given up."""


class Shop(Processes):
    """Tables in the database that the environment names; starts workers on it."""

    def __init__(self) -> None:
        import django

        super().__init__(Path(os.environ["SHOP_VAR_DIR"]), {})
        for folder in ("broker", "broker-control"):
            (self.var / folder).mkdir()
        django.setup()
        from django.core.management import call_command

        call_command("migrate", run_syncdb=True, verbosity=0)

    def worker(
        self,
        *,
        processes: int = 1,
        pool: str = "prefork",
        cores: Sequence[int] = (),
        **environment,
    ) -> subprocess.Popen:
        """A worker that is ready, kept on `cores` (all)."""
        name = uuid.uuid4().hex[:8]
        command = (
            f"celery -A shop worker -n {name}@%h -c {processes} -P {pool} -Q interactive -l INFO"
            " --without-gossip --without-mingle --without-heartbeat"
        )
        mine = os.sched_getaffinity(0)
        os.sched_setaffinity(0, cores or mine)  # children inherit it
        try:
            worker = self.start(name, command, **environment)
        finally:
            os.sched_setaffinity(0, mine)
        self.wait(lambda: " ready." in self.log(name).read_text(), f"{name} ready")
        return worker

    def memory(self, worker: subprocess.Popen) -> float:
        """MiB of a worker's processes, shared pages counted once."""
        return sum(_share(int(entry.name), worker.pid) for entry in Path("/proc").glob("[0-9]*"))


def _share(process: int, leader: int) -> float:
    with suppress(ProcessLookupError, FileNotFoundError):
        if os.getsid(process) == leader:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return 0.0


def until(condition: Callable[[], bool], pause: float = 0.005) -> None:
    """Return once it holds; TimeoutError if that takes too long."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing happened for {PATIENCE} s")
        time.sleep(pause)


def sources(count: int, data: bytes) -> list:
    """`count` products with a photo each: the same picture, but files that differ by a comment."""
    from tests import factories

    found = []
    for number in range(count):
        product = factories.make_product(upc=uuid.uuid4().hex, photo=False)
        comment = b"\xff\xfe\x00\x08" + f"{number:06d}".encode()
        found.append(factories.add_photo(product, data[:2] + comment + data[2:]))
    return found


def ask(source, colours: Sequence[str]):
    """A request for these colours, sent."""
    from oscar_gan.services.colours import Target
    from oscar_gan.services.requests import request_variants

    return request_variants(source=source, targets=[Target(label=c, colour=c) for c in colours])


def closed(count: int) -> bool:
    """Whether that many requests are done; AssertionError if one failed."""
    from oscar_gan.models import GenerationRequest

    finished = GenerationRequest.objects.exclude(status__in=("queued", "running"))
    bad = finished.exclude(status="done").first()
    assert bad is None, f"a request {bad.status}: {bad.problem}"
    return finished.count() >= count


def forget() -> None:
    """No requests, pictures or outlines any more, so that all is made again."""
    from oscar_gan.models import GenerationRequest, Matte, VariantImage

    VariantImage.objects.all().delete()
    GenerationRequest.objects.all().delete()
    Matte.objects.all().delete()


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of them do not exceed."""
    return statistics.quantiles(values, n=1000, method="inclusive")[round(1000 * share) - 1]
