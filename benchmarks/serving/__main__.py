"""python -m benchmarks.serving: workers, brokers and pages of a shop, measured in one go.

Needs the servers of `make services`; takes about ten minutes. Every part runs in a process of its
own, on a database and in a folder of its own, dropped afterwards.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from benchmarks.report import Table, number, write
from benchmarks.serving import workers
from benchmarks.serving.shop import percentile
from benchmarks.speed import fresh, middle
from tests.databases import new_database
from tests.servers import POSTGRES, RABBITMQ, REDIS

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmarks" / "results"
BROKERS = {"embedded, SQLite": "filesystem://", "Redis": REDIS, "RabbitMQ": RABBITMQ}
LOADING = """
import json, time
begun = time.perf_counter()
from oscar_gan import engine
from benchmarks.speed import SIZES, peak_mib, synthetic_photo
imported = time.perf_counter()
generator = engine.open_generator("recolour")
photo = engine.read_photo(synthetic_photo(*SIZES[1]))
laps = []
for colour in ("#1F3A93", "#C0392B", "#F5D76E"):
    start = time.perf_counter()
    generator.recolour(photo, generator.analyse(photo), colour)
    laps.append(time.perf_counter() - start)
print(json.dumps([imported - begun, *laps, peak_mib()]))
"""


def main() -> int:
    """Measure the parts asked for and write benchmarks/results/serving.*"""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    options = parser.parse_args()
    tables = [table for part in options.parts for table in PARTS[part]()]
    for table in tables:
        print(table.markdown())
    if options.parts == list(PARTS):
        machine = f"{os.cpu_count()} cores, {platform.machine()}; all parts share them"
        facts = {"machine": machine, "figures": "median (lower to upper quartile)"}
        write(tables, RESULTS, "serving", facts)
    return 0


def run(part: str, broker: str, **environment: str) -> dict:
    """What a part says, in a shop of its own on that broker; PostgreSQL unless it is embedded."""
    embedded = broker.startswith("filesystem:")
    database = nullcontext("") if embedded else new_database(POSTGRES, prefix="oscar_gan_serving")
    with tempfile.TemporaryDirectory(prefix="oscar-gan-serving-") as folder, database as address:
        environment |= {
            "SHOP_VAR_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "benchmarks.serving.settings",
            "SERVING_BROKER": broker,
            "OSCAR_GAN_TEST_DATABASE": address,
        }
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.serving.{part}"],
            cwd=ROOT,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
    return json.loads(done.stdout.splitlines()[-1])


def loading() -> list[Table]:
    """What a process pays before its first picture."""
    rounds = [fresh("-c", LOADING) for _ in range(5)]
    imported, first, second, third, peak = zip(*rounds, strict=True)
    table = Table(
        "A new process, one thread, 1 megapixel",
        ("", "ms"),
        f"Peak memory {statistics.median(peak):.0f} MiB.",
    )
    table.add("importing the engine", milliseconds(imported))
    table.add("the first picture, networks opened, found and dyed", milliseconds(first))
    table.add("the second one", milliseconds(second))
    table.add("the third one", milliseconds(third))
    return [table]


def crews() -> list[Table]:
    """Ways to start workers."""
    found = run("workers", REDIS)
    base = statistics.median(each["rate"] for each in found[workers.WAYS[0].name])
    crew = Table(
        "Workers: four colours of a photo of 4 megapixels a request",
        ("", "pictures/s", "÷ 1 process, 1 core", "s a request", "memory, MiB"),
        f"Real Celery workers, Redis and PostgreSQL; {workers.ROUNDS} rounds of"
        f" {workers.REQUESTS} requests that wait in the queue. Memory counts shared pages once.",
    )
    for name, rounds in found.items():
        rates = [each["rate"] for each in rounds]
        seconds = [lap for each in rounds for lap in each["request"]]
        memory = [each["memory"] for each in rounds]
        ratios = [rate / base for rate in rates]
        crew.add(name, middle(rates, 1), middle(ratios, 2), middle(seconds, 2), middle(memory, 0))
    start = Table(
        "The first request of a worker that just started, one process",
        ("", "s"),
        "From asking to the last of four pictures.",
    )
    alone = [each for rounds in found.values() for each in rounds if each["warm"]]
    start.add("until the worker is ready", middle([each["ready"] for each in alone], 1))
    for place, name in enumerate(("first request", "second", "third")):
        start.add(name, middle([each["warm"][place] for each in alone], 2))
    return [crew, start]


def queues() -> list[Table]:
    """Brokers."""
    table = Table(
        "A request beside its pictures, ms",
        ("", "asking", "until a worker has it", "p95", "making, of a stub", "all, in a crowd",
         "of it between two requests"),
        "One photo, one colour, painted by a stub in no time. The first four columns: one request"
        " at a time, an idle worker. The last two: 150 at once, one worker.",
    )  # fmt: skip
    for name, broker in BROKERS.items():
        found = run("queues", broker, SERVING_STUB="1")
        alone = {key: [each[key] for each in found["alone"]] for key in found["alone"][0]}
        table.add(
            name,
            middle(alone["asking"], 0),
            middle(alone["waiting"], 0),
            number(percentile(alone["waiting"], 0.95), 1, 0),
            middle(alone["making"], 0),
            number(found["crowd"]["each"], 1, 0),
            number(found["crowd"]["between"], 1, 0),
        )
    return [table]


def pages() -> list[Table]:
    """Web pages."""
    found = run("web", REDIS, SERVING_STUB="1")
    titles = {
        "staff": "Pages of staff: 100,000 pictures in the table, 1,000 products of 100",
        "shoppers": "Pages of shoppers, beside Oscar's own templates on the same rows",
    }
    tables = []
    for kind, title in titles.items():
        columns = ("", "queries", "alone, p50", "p95", "8 at once, p50", "p95", "calls/s")
        note = "Milliseconds at the client; gunicorn, two processes of eight threads, PostgreSQL."
        table = Table(title, columns, note)
        for each in found[kind]:
            laps = [
                number(percentile(each[way], share), len(each[way]), 0)
                for way in ("alone", "crowd")
                for share in (0.5, 0.95)
            ]
            queries = "" if each["queries"] is None else str(each["queries"])
            table.add(each["name"], queries, *laps, number(each["rate"], 1, 0))
        tables.append(table)
    return tables


def milliseconds(seconds: Sequence[float]) -> str:
    """The median and the quartiles."""
    return middle([1000 * each for each in seconds], 0)


PARTS = {"loading": loading, "workers": crews, "queues": queues, "pages": pages}

if __name__ == "__main__":
    sys.exit(main())
