"""python -m docs.screenshots: the manuals' pictures of pages, taken in a demo shop of its own.

`make screenshots` calls it. It opens the shop in a temporary folder, does what staff do (ask for
colours, correct an outline, approve, publish) in the system's Chromium, and writes docs/images.

`python -m docs.screenshots FOLDER` takes the pictures of generators instead, in the shop of that
folder: one where generators were trained and compared, which nobody can do in a minute.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from shop.demo import STAFF_EMAIL, STAFF_PASSWORD, free_port, prepare
from shop.stack import Stack

IMAGES = Path(__file__).resolve().parent / "images"
WINDOW = {"width": 1280, "height": 900}
WIDTH = 960
"""Pixels of the pictures kept."""
TALLEST = 1900
"""Pixels; the rest of a longer page is more of the same."""
PATIENCE_MS = 60_000
SETTLED_MS = 700
"""Longer than any transition on our pages."""
PRODUCT = "NH-TEE"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


def main(folder: str | None = None) -> int:
    """Take the pictures; 2 without Chromium."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("Chromium is missing; `make services` installs it.", file=sys.stderr)  # noqa: T201
        return 2
    if folder:
        prepare(Path(folder))
        _shoot(chromium, Path(folder), _generators)
        return 0
    with tempfile.TemporaryDirectory(prefix="oscar-gan-screenshots-") as new:
        prepare(Path(new))
        _shoot(chromium, Path(new), partial(_tour, **_product()))
    return 0


def _shoot(chromium: str, var: Path, tour: Callable[[Page], None]) -> None:
    """Open the shop of folder `var`, log in and do what `tour` does."""
    with Stack(var=var, host="127.0.0.1", port=free_port("127.0.0.1")) as stack:
        stack.wait_until_ready()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            context = browser.new_context(viewport=WINDOW, base_url=stack.address)
            context.set_default_timeout(PATIENCE_MS)
            context.route("**/*", _stay_in(urlsplit(stack.address).netloc))
            page = context.new_page()
            _log_in(page)
            tour(page)
            browser.close()


def _product() -> dict:
    from oscar.core.loading import get_model

    product = get_model("catalogue", "Product").objects.get(upc=PRODUCT)
    child = product.children.get(upc="NH-TEE-FOREST-M")
    return {
        "pk": product.pk,
        "source": product.images.first().pk,
        "address": child.get_absolute_url(),
    }


def _stay_in(host: str):
    """No CDN: Oscar falls back to its own jQuery."""

    def decide(route, request):
        known = urlsplit(request.url).netloc in ("", host)
        return route.continue_() if known else route.abort()

    return decide


def _log_in(page: Page) -> None:
    page.goto("/dashboard/login/")
    page.fill("#id_username", STAFF_EMAIL)
    page.fill("#id_password", STAFF_PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/dashboard/")


def _tour(page: Page, *, pk: int, source: int, address: str) -> None:
    page.goto(f"/dashboard/variants/products/{pk}/")
    page.wait_for_selector(".gan-mask img[src]")
    _keep(page, "generate")
    page.click(".gan-submit button[type=submit]")
    page.wait_for_url("**#gan_variants")
    page.wait_for_selector("#gan_variants .gan-progress[data-finished]")
    page.wait_for_selector("#gan_variants .gan-tile img")
    _keep(page, "tab", page.locator("#gan_variants"))

    page.goto(f"/dashboard/variants/?product={pk}")
    page.wait_for_load_state("networkidle")
    _keep(page, "review")

    page.goto(f"/dashboard/variants/sources/{source}/outline/")
    page.wait_for_selector("[data-gan-tools]:not([hidden])")
    page.locator(".gan-mode", has_text="Keep as it is").click()
    stage = page.locator("[data-gan-sheet]").bounding_box()
    with page.expect_response("**/outline/preview/"):
        page.mouse.click(stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] * 0.203)
    _keep(page, "outline", width=720)

    page.goto(f"/dashboard/variants/?product={pk}")
    with page.expect_response("**/approve/"):
        page.locator("form[action$='/approve/'] button").first.click()
    page.goto(f"/dashboard/variants/?status=approved&product={pk}")
    page.locator("a[href*='/publish/']").first.click()
    page.wait_for_load_state("networkidle")
    _keep(page, "publish")
    page.locator("form[method=post] button[type=submit]").last.click()
    page.wait_for_load_state("networkidle")

    page.goto(address)
    page.wait_for_load_state("networkidle")
    _keep(page, "storefront")
    _restyle(page, pk)


def _restyle(page: Page, pk: int) -> None:
    """Design a print and see it on the product; then the form, with a print and a style ticked."""
    page.goto(f"/dashboard/variants/prints/design/?kind=floral&seed=3&count=3&product={pk}")
    page.wait_for_selector("[data-gan-designer]:not([aria-busy]) [data-gan-status]:not(:empty)")
    page.get_by_role("radio", name="Floral tile 2").check(force=True)
    page.locator("[data-gan-place] > summary").click()
    page.locator("[data-gan-place] label", has_text="Harbour T-shirt").first.click()
    page.wait_for_selector("[data-gan-place] [data-gan-look-picture][src^='blob:']")
    _keep(page, "designer", width=720)

    page.goto(f"/dashboard/variants/products/{pk}/")
    for name in ("Prints", "Styles"):
        page.locator("details > summary", has_text=name).first.click()
    page.locator("[data-gan-look=print] input[type=checkbox]").first.check(force=True)
    page.get_by_label("Stone wash").check(force=True)
    page.wait_for_load_state("networkidle")
    _keep(page, "looks", page.locator("#gan_looks + .card"), width=640)


def _generators(page: Page) -> None:
    """The page of generators, its newest training and its newest comparison."""
    for name, link in {
        "generators": "",
        "training": "runs/",
        "comparison": "comparisons/",
    }.items():
        page.goto("/dashboard/variants/generators/")
        if link:
            page.locator(f"td a[href*='/generators/{link}']").first.click()
        page.evaluate("document.querySelectorAll('img').forEach(i => i.loading = 'eager')")
        page.wait_for_load_state("networkidle")
        _keep(page, name)


def _keep(page: Page, name: str, part=None, width: int = WIDTH) -> None:
    """Write the whole page (or a part of it) as docs/images/NAME.png."""
    page.mouse.move(0, 0)
    page.wait_for_timeout(SETTLED_MS)
    # A window as high as the page: what sticks to its foot would else lie across the middle.
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({**WINDOW, "height": height})
    page.evaluate("scrollTo(0, 0)")
    data = (part or page).screenshot()
    page.set_viewport_size(WINDOW)
    with Image.open(io.BytesIO(data)) as picture:
        height = round(picture.height * width / picture.width)
        small = picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
    small = small.crop((0, 0, width, min(height, TALLEST)))
    small.save(IMAGES / f"{name}.png", optimize=True)
    print(f"{name}.png: {small.width} × {small.height}")  # noqa: T201


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
