"""python -m benchmarks.review: how long the review page itself takes per decision, by keys alone.

Opens the demo shop in a folder of its own, makes 50 pictures of its products with the shipped
generator, and goes through them in Chromium by keyboard: approvals, rejections with reasons,
undos, looks at the original. Timed is what a person waits for: from the key that decides until the
next card has the focus and its two pictures are decoded and painted. Nobody looks at anything
here, so a person's own time comes on top.
"""

import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from itertools import product
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from benchmarks.report import Table, number, write
from shop.demo import STAFF_EMAIL, STAFF_PASSWORD, free_port, prepare
from shop.stack import Stack

RESULTS = Path(__file__).resolve().parent / "results"
COUNT = 50
COLOURS = {
    "Navy": "#24345C",
    "Forest green": "#235A3C",
    "Mustard": "#D29B2A",
    "Plum": "#5A2A55",
    "Sand": "#CDB892",
    "Brick": "#A4452C",
}
PLAN = ("a", "a", "r1", "a", "ba", "r3", "au", "a", "a", "ru")
"""Keys per card, in turn: b is held first; u takes the decision back, then it is made again."""
LOOK_SECONDS = 1.0
"""A short look at each card, in the second run."""
GOAL_SECONDS = 600 / 200
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
WATCH = """
() => {
    const cards = "[data-gan-card]";
    const settled = async () => {
        const card = document.activeElement?.closest(cards);
        if (!card) return !document.querySelector('[data-status="awaiting_review"]');
        const frames = [...card.querySelectorAll(".gan-frame img")];
        frames.forEach((image) => { image.loading = "eager"; });
        await Promise.all(frames.map((image) => image.decode()));
        return true;
    };
    const frame = () => new Promise(requestAnimationFrame);
    window.ganTimes = [];
    document.addEventListener("keydown", ({ key, target, timeStamp }) => {
        const before = document.activeElement?.closest(cards);
        const decides = key === "a" || (/^[0-9]$/.test(key) && target.closest("[open]"));
        if (!decides) return;
        (async () => {
            while (document.activeElement?.closest(cards) === before) await frame();
            while (!(await settled())) await frame();
            await frame();
            await frame();
            window.ganTimes.push(performance.now() - timeStamp);
        })();
    }, true);
}
"""


def main() -> int:
    """Make the pictures, go through them twice, and write the results; 2 without Chromium."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("Chromium is missing; `make services` installs it.", file=sys.stderr)
        return 2
    # Playwright runs an event loop in this thread, which Django takes for an async view.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with tempfile.TemporaryDirectory(prefix="oscar-gan-review-") as folder:
        prepare(Path(folder))
        made = make_pictures()
        address = {"var": Path(folder), "host": "127.0.0.1", "port": free_port("127.0.0.1")}
        with Stack(**address) as stack, sync_playwright() as playwright:
            stack.wait_until_ready()
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            runs = {}
            for name, look in (("no pause", 0.0), ("a look of 1 s", LOOK_SECONDS)):
                wait_for_review(made)
                runs[name] = go_through(browser, stack.address, look) | check(made)
            browser.close()
    report(runs)
    return 0


def make_pictures() -> list[int]:
    """The ids of 50 variant images of the demo's photos, made by the shipped generator."""
    from oscar.core.loading import get_model

    from oscar_gan.models import VariantImage
    from oscar_gan.services import generation
    from oscar_gan.services.colours import Target
    from oscar_gan.services.requests import request_variants

    photos = get_model("catalogue", "ProductImage").objects.order_by("pk")
    wanted = list(product(photos, COLOURS.items()))
    made = VariantImage.objects.filter(status="awaiting_review")
    for photo, (label, colour) in wanted:
        if made.count() == COUNT:
            break
        target = Target(label=label, colour=colour)
        request = request_variants(source=photo, targets=[target], send=False)
        generation.run(request.pk)
        print(f"\r{made.count()} of {COUNT} pictures", end="", flush=True)
    print()
    assert made.count() == COUNT, f"only {made.count()} of {COUNT} pictures could be made"
    return list(made.values_list("pk", flat=True))


def wait_for_review(made: list[int]) -> None:
    """All of them undecided again, and nothing in the log."""
    from oscar_gan.models import Review, VariantImage

    Review.objects.all().delete()
    VariantImage.objects.filter(pk__in=made).update(status="awaiting_review")


def go_through(browser, address: str, look: float) -> dict:
    """Decide about every card by keys, in a browser with an empty cache."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=address)
    page = context.new_page()
    page.route("**/*", lambda route: stay_in(route, address))
    log_in(page)
    page.goto("/dashboard/variants/")
    page.wait_for_load_state("networkidle")
    page.evaluate(f"({WATCH})()")
    page.keyboard.press("ArrowRight")
    plan = [PLAN[place % len(PLAN)] for place in range(COUNT)]
    started = time.perf_counter()
    for keys in plan:
        time.sleep(look)
        decide(page, keys)
    total = time.perf_counter() - started
    page.wait_for_selector("[data-gan-count=awaiting]:text-is('0')")
    times = page.evaluate("window.ganTimes")
    pace = page.text_content("[data-gan-pace]")
    context.close()
    return {"times": times, "total": total, "pace": pace, "plan": plan}


def decide(page: Page, keys: str) -> None:
    """One card: what its keys say, each time waiting until the page is ready for the next."""
    if keys.startswith("b"):
        page.keyboard.down("b")
        page.wait_for_timeout(100)
        page.keyboard.up("b")
        keys = keys[1:]
    press(page, "a" if keys[0] == "a" else ["r", keys[1:].replace("u", "") or "2"])
    if keys.endswith("u"):
        card = page.evaluate("document.activeElement.id")
        page.keyboard.press("u")
        page.wait_for_function("id => document.activeElement.id !== id", arg=card)
        press(page, "a" if keys[0] == "a" else ["r", "2"])


def press(page: Page, keys) -> None:
    """Decide, and wait until the next card is there to be looked at."""
    before = page.evaluate("window.ganTimes.length")
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_function("before => window.ganTimes.length > before", arg=before)


def check(made: list[int]) -> dict:
    """What the shop has on record; it must be what the keys said."""
    from django.db import connection

    from oscar_gan.models import Review, VariantImage

    states = VariantImage.objects.filter(pk__in=made)
    log = Review.objects.values_list("decision", flat=True)
    counts = {decision: list(log).count(decision) for decision in Review.Decision.values}
    plan = [PLAN[place % len(PLAN)] for place in range(COUNT)]
    rejected = sum("r" in keys for keys in plan)
    undone = sum("u" in keys for keys in plan)
    assert states.filter(status="rejected").count() == rejected
    assert states.filter(status="approved").count() == COUNT - rejected
    assert counts["undone"] == undone
    assert counts["approved"] + counts["rejected"] == COUNT + undone
    connection.close()
    return {"counts": counts}


def log_in(page: Page) -> None:
    page.goto("/dashboard/login/")
    page.fill("#id_username", STAFF_EMAIL)
    page.fill("#id_password", STAFF_PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/dashboard/")


def stay_in(route, address: str) -> None:
    """No CDN: Oscar falls back to its own jQuery."""
    route.continue_() if route.request.url.startswith(address) else route.abort()


def report(runs: dict[str, dict]) -> None:
    """Print the table and keep it."""
    table = Table(
        "Seconds the page takes per decision",
        ("run", "median", "95th percentile", "slowest", "decisions", "whole run (s)"),
        "From the key that decides until the next card has the focus and its pictures, before and"
        " after, are decoded and painted.",
    )
    left = Table(
        "What that leaves of ten minutes for 200 pictures",
        ("run", "page, 200 decisions (s)", "left for looking, per picture (s)"),
    )
    for name, run in runs.items():
        seconds = np.array(run["times"]) / 1000
        count = len(seconds)
        table.add(
            name,
            number(statistics.median(seconds), count, 3),
            number(np.percentile(seconds, 95), count, 3),
            number(seconds.max(), count, 3),
            str(count),
            number(run["total"], 1, 1),
        )
        mean = float(seconds.mean())
        left.add(name, number(200 * mean, count, 1), number(GOAL_SECONDS - mean, count, 2))
    some = next(iter(runs.values()))
    counts = ", ".join(f"{count} {decision}" for decision, count in some["counts"].items())
    facts = {
        "pictures": f"{COUNT}, made by the shipped generator from the demo shop's photos",
        "keys": f"{counts}; {sum('b' in keys for keys in some['plan'])} looks at the original",
        "pace the page showed": "; ".join(f"{name}: {run['pace']}" for name, run in runs.items()),
        "shop": "gunicorn, 8 threads, SQLite, files on disk, workers idle; Chromium, 1280 × 900",
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f}",
    }
    write([table, left], RESULTS, "review", facts)
    print(table.markdown(), left.markdown(), sep="\n")


if __name__ == "__main__":
    sys.exit(main())
