"""python -m benchmarks.backfill: a bulk run over a large catalogue, planned and asked for.

Products are made in a PostgreSQL database of their own (dropped afterwards; SQLite where no server
answers), each with one photo, whose file they share. A run over all of them is planned; then one
asks for two colours of each, or of --ask of them. Messages to workers are counted and not sent.
Memory is the process's own resident size, read every thousand products: growing with the catalogue
it would end a weekend's run. Last, a stub that needs no time makes the pictures of a few small
photos: what is left is what a variant image costs beyond imaging.
"""

import argparse
import os
import resource
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path

from benchmarks.report import Table, number, write
from tests.databases import new_database
from tests.servers import POSTGRES

ROOT = Path(__file__).resolve().parent.parent
RESULTS = Path(__file__).resolve().parent / "results"
PLOT = ROOT / "docs/images/backfill-memory.svg"
COLOURS = ("#24345C", "#AA8020")
EVERY = 1000
MADE = 200
"""Photos of which pictures are made by a stub."""
BATCH = 2000


def main() -> int:
    """Make the catalogue, run, print the table and keep it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--products", type=int, default=10_000)
    parser.add_argument("--ask", type=int, help="products asked for; all")
    options = parser.parse_args()
    folder = tempfile.TemporaryDirectory(prefix="oscar-gan-backfill-")
    with folder as os.environ["SHOP_VAR_DIR"], _database() as kind:
        os.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"
        import django

        django.setup()
        figures = _measure(options.products, options.ask)
    _report(options.products, figures, kind)
    return 0


def _measure(products: int, ask: int | None) -> dict:
    from django.core.management import call_command
    from django.db import connection, reset_queries

    from oscar_gan import engine
    from tests.stubs import StubGenerator

    engine.GENERATORS["recolour"] = lambda device="auto": StubGenerator()

    call_command("migrate", verbosity=0)
    connection.force_debug_cursor = False
    fill(products)
    from oscar_gan.services import backfill, dispatch, planning
    from oscar_gan.services.selection import Selection

    selection = Selection(colours=COLOURS)
    plan = _timed(planning.plan(selection=selection))
    sent = []
    dispatch.send = lambda pk: sent.append(1)
    run = backfill.start(selection=selection, limit=ask)
    asked = _timed(backfill.run(run=run))
    again = _timed(backfill.run(run=backfill.start(selection=selection, limit=ask)))

    connection.force_debug_cursor = True
    reset_queries()
    before = len(connection.queries)
    extra = fill(100)
    list(
        backfill.run(
            run=backfill.start(selection=Selection(products=tuple(extra), colours=COLOURS))
        )
    )
    queries = (len(connection.queries) - before) / 100
    connection.force_debug_cursor = False
    return {
        "plan": plan,
        "ask": asked,
        "again": again,
        "queries": queries,
        "sent": len(sent),
        "making": _making(),
    }


def _making() -> list[float]:
    """Milliseconds of each of two pictures that a stub makes of a small photo, photo by photo."""
    from oscar_gan.services import backfill, generation
    from oscar_gan.services.selection import Selection
    from tests.factories import photo_bytes

    wanted = Selection(products=tuple(fill(MADE, photo_bytes())), colours=COLOURS)
    laps = []
    for outcome in backfill.run(run=backfill.start(selection=wanted)):
        begun = time.perf_counter()
        generation.run(outcome.request.pk)
        laps.append(1000 * (time.perf_counter() - begun) / len(COLOURS))
    return laps


def _timed(outcomes) -> dict:
    """Seconds of all, seconds per thousand and resident size after each thousand."""
    sizes, laps, begun = [_resident()], [], time.perf_counter()
    lap = begun
    count = 0
    for count, _each in enumerate(outcomes, 1):
        if count % EVERY == 0:
            now = time.perf_counter()
            laps.append(now - lap)
            lap = now
            sizes.append(_resident())
    return {"seconds": time.perf_counter() - begun, "count": count, "sizes": sizes, "laps": laps}


def _resident() -> float:
    """MiB that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def fill(count: int, photo: bytes = b"") -> list[int]:
    """Make products with a photo each, the demo's T-shirt unless given; returns their ids."""
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage
    from oscar.core.loading import get_model

    Product, ProductClass = (
        get_model("catalogue", "Product"),
        get_model("catalogue", "ProductClass"),
    )
    ProductImage = get_model("catalogue", "ProductImage")
    kind, _new = ProductClass.objects.get_or_create(name="Clothing")
    photo = photo or (ROOT / "demo/photos/harbour-t-shirt-red.jpg").read_bytes()
    name = f"images/products/{sha256(photo).hexdigest()[:8]}.jpg"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(photo))
    made = []
    for first in range(0, count, BATCH):
        products = Product.objects.bulk_create(
            Product(
                title=f"Shirt {uuid.uuid4().hex[:8]}",
                slug="shirt",
                upc=uuid.uuid4().hex,
                product_class=kind,
                structure="standalone",
            )
            for _number in range(min(BATCH, count - first))
        )
        ProductImage.objects.bulk_create(
            ProductImage(product=product, original=name, display_order=0) for product in products
        )
        made += [product.pk for product in products]
    return made


def _report(products: int, figures: dict, database: str) -> None:
    table = Table(
        f"A bulk run over {products:,} products ({database}, no imaging)",
        ("", "products/s", "slowest thousand, s", "memory at first, MiB", "at the end, MiB"),
        note=f"{figures['queries']:.1f} queries to ask for one product;"
        f" {figures['sent']:,} messages. Beyond imaging, a variant image takes"
        f" {statistics.median(figures['making']):.0f} ms in the median"
        f" ({statistics.quantiles(figures['making'], n=20)[-1]:.0f} at the 95th percentile).",
    )
    for name, key in (("planned", "plan"), ("asked for", "ask"), ("asked again", "again")):
        found = figures[key]
        sizes = found["sizes"]
        table.add(
            name,
            number(found["count"] / found["seconds"], 1, 0),
            number(max(found["laps"], default=0), 1, 1),
            number(sizes[min(1, len(sizes) - 1)], 1, 0),
            number(statistics.median(sizes[-3:]), 1, 0),
        )
    facts = {"machine": f"{os.cpu_count()} cores", "products": products, "database": database}
    write([table], RESULTS, "backfill", facts)
    PLOT.write_text(_plot(figures["plan"]["sizes"]))
    print(table.markdown())


def _plot(sizes: list[float]) -> str:
    """Resident size over products asked for, as a small SVG."""
    width, height, left, bottom, top = 640, 260, 56, 36, 40
    highest = 1.25 * max(sizes)
    step = (width - left - 20) / max(len(sizes) - 1, 1)
    place = lambda mib: height - bottom - (height - bottom - top) * mib / highest  # noqa: E731
    points = " ".join(f"{left + step * i:.1f},{place(mib):.1f}" for i, mib in enumerate(sizes))
    labels = "".join(
        f'<text x="{left - 8}" y="{place(mib) + 4:.1f}" text-anchor="end">{mib:.0f}</text>'
        for mib in (0, max(sizes) / 2, max(sizes))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        ' font-family="sans-serif" font-size="13" fill="#333"><title>Memory of a bulk run</title>'
        f'<rect width="{width}" height="{height}" fill="#fff"/>'
        f'<text x="{left}" y="22" font-size="15">Memory of the bulk command, MiB</text>{labels}'
        f'<text x="{width - 20}" y="{height - 12}" text-anchor="end">'
        f"{(len(sizes) - 1) * EVERY:,} products planned</text>"
        f'<path d="M{left} {top}V{height - bottom}H{width - 20}" fill="none" stroke="#888"/>'
        f'<polyline points="{points}" fill="none" stroke="#1f5fa8" stroke-width="2"/></svg>\n'
    )


@contextmanager
def _database() -> Iterator[str]:
    """The shop pointed at a PostgreSQL database of its own, or at SQLite without a server."""
    import psycopg

    with ExitStack() as stack:
        try:
            address = stack.enter_context(new_database(POSTGRES, prefix="oscar_gan_backfill"))
        except psycopg.OperationalError as error:
            print(f"No PostgreSQL ({error}); on SQLite instead.", file=sys.stderr)
            yield "SQLite"
        else:
            os.environ["SHOP_DATABASE_URL"] = address
            yield "PostgreSQL"


if __name__ == "__main__":
    sys.exit(main())
