"""python -m benchmarks.storefront: the demo's product page beside Oscar's, in one run.

Both shops serve the same product, photos and database from servers of the same kind; visits
alternate, each with an empty cache, so that whatever else the machine does meets both alike.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess  # noqa: S404
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks import report
from benchmarks.speed import middle
from shop.demo import free_port, prepare
from shop.stack import ROOT, Stack

from . import catalogue, page

RESULTS = ROOT / "benchmarks" / "results"
HOST = "127.0.0.1"
COLUMNS = {
    "lcp": ("LCP, ms", 0),
    "cls": ("CLS", 3),
    "requests": ("requests", 0),
    "bytes": ("all, kB", 0),
    "pictures": ("pictures, kB", 0),
    "main": ("main picture, px", 0),
}
PAGES = {"stock": "Oscar's stock page", "ours": "our page"}
CHROMIUM = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"),
    # Nothing but the two shops: a CDN that cannot be reached would be waited for.
    f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HOST}",
]


def main() -> int:
    """Measure and write benchmarks/results/storefront.*; 2 without Chromium."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.storefront", description=__doc__)
    parser.add_argument("--repetitions", type=int, default=9)
    parser.add_argument("--shop", type=Path, help="keep the shop here, for the next run")
    options = parser.parse_args()
    repetitions = options.repetitions
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("Chromium is missing; `make services` installs it.", file=sys.stderr)  # noqa: T201
        return 2
    with tempfile.TemporaryDirectory(prefix="oscar-gan-storefront-") as folder:
        tables, version = _run(options.shop or Path(folder), chromium, repetitions)
    facts = {
        "repetitions": repetitions,
        "figures": "median (lower to upper quartile)",
        "phone": "412 × 823 at 2.625, processor 4 × slower, 1.6 Mbit/s, 150 ms",
        "desktop": "1280 × 900, no throttle; the pointer rests 0.3 s on a swatch before the click",
        "browser": f"Chromium {version}, empty cache at each visit",
        "machine": f"{os.cpu_count()} cores, {platform.machine()}; server and browser share them",
    }
    report.write(tables, RESULTS, "storefront", facts)
    for table in tables:
        print(table.markdown())  # noqa: T201
    return 0


def _run(var: Path, chromium: str, repetitions: int) -> tuple[list[report.Table], str]:
    prepare(var)
    path = catalogue.prepare(ROOT / "demo" / "photos")
    with (
        Stack(var=var, host=HOST, port=free_port(HOST)) as stack,
        _stock(var) as stock_address,
        sync_playwright() as playwright,
    ):
        stack.wait_until_ready()
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        urls = {"stock": f"{stock_address}{path}", "ours": f"{stack.address}{path}"}
        for url in urls.values():
            page.load(browser, page.DESKTOP, url)  # both servers awake
        tables = [
            _compare(browser, device, urls, repetitions) for device in (page.PHONE, page.DESKTOP)
        ]
        tables.append(_choosing(browser, urls["ours"], repetitions))
        version = browser.version
        browser.close()
    return tables, version


def _compare(browser, device: page.Device, urls: dict, repetitions: int) -> report.Table:
    found: dict[str, list[dict]] = {name: [] for name in urls}
    for number in range(repetitions):
        order = list(urls) if number % 2 else list(reversed(urls))
        for name in order:
            found[name].append(page.load(browser, device, urls[name]))
    headings = (title for title, _digits in COLUMNS.values())
    table = report.Table(f"A product page with four pictures: {device.name}", ("", *headings))
    for name, visits in found.items():
        cells = [middle([v[key] for v in visits], digits) for key, (_, digits) in COLUMNS.items()]
        table.add(PAGES[name], *cells)
    return table


def _choosing(browser, url: str, repetitions: int) -> report.Table:
    table = report.Table(
        "Choosing another colour, from the click to its picture on the screen",
        ("", "ms", "CLS"),
        note="Oscar's page has no swatches.",
    )
    for device in (page.PHONE, page.DESKTOP):
        found = [page.choose(browser, device, url, "navy") for _ in range(repetitions)]
        table.add(
            device.name,
            middle([f["swap"] for f in found], 0),
            middle([f["cls"] for f in found], 3),
        )
    return table


class _stock:
    """A second web server on the same folder, with Oscar's own templates."""

    def __init__(self, var: Path) -> None:
        self._var = var
        self._port = free_port(HOST)

    def __enter__(self) -> str:
        settings = "benchmarks.storefront.stock_settings"
        self._process = subprocess.Popen(  # noqa: S603
            [
                *(sys.executable, "-m", "gunicorn", "shop.wsgi", "--bind", f"{HOST}:{self._port}"),
                *("--worker-class", "gthread", "--threads", "8", "--no-control-socket"),
            ],
            cwd=ROOT,
            env={
                **os.environ,
                "SHOP_VAR_DIR": str(self._var),
                "DJANGO_SETTINGS_MODULE": settings,
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return f"http://{HOST}:{self._port}"

    def __exit__(self, *exception) -> None:
        self._process.terminate()
        self._process.wait()


if __name__ == "__main__":
    sys.exit(main())
