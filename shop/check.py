"""`make demo CHECK=1`: do the main job over HTTP as staff and shopper would, and report.

Log in, design a print, press the button on a product for three colours and that print, wait for
the worker, approve, publish, look at the storefront and at the published files, revert, and
compare every gallery with what it was before.
"""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from oscar_gan.conf import get_config

from .browser import Browser, BrowserError, Page
from .designing import design
from .stack import Stack, StackError

PRODUCT = "NH-TEE"
COLOURS = 3
PRINT = "Print of the check"
LIMIT = 180
"""Seconds that the worker has for all of them."""


class Miss(Exception):
    """Something was not as it must be."""


@dataclass
class Variant:
    """One picture on its way."""

    id: int
    label: str
    target: str
    delta_e: float
    seconds: float
    """From the press on the button until the page knew that it was done."""


def run(stack: Stack, *, email: str, password: str) -> int:
    """Do the job against a running stack; prints the report and returns the exit code."""
    started = time.monotonic()
    try:
        _Check(stack).run(email, password)
    except (Miss, BrowserError, StackError) as miss:
        _say(f"MISSED: {miss}")
        for log in sorted(stack.logs.glob("*.log")):
            tail = log.read_text(errors="replace").splitlines()[-10:]
            _say(f"--- {log.name}", *tail)
        return 1
    _say(f"Everything works: {time.monotonic() - started:.1f} s in all.")
    return 0


class _Check:
    def __init__(self, stack: Stack) -> None:
        from oscar.core.loading import get_model

        self.stack = stack
        self.staff = Browser(stack.address)
        self.shopper = Browser(stack.address)
        self.product = get_model("catalogue", "Product").objects.get(upc=PRODUCT)

    def run(self, email: str, password: str) -> None:
        self._log_in(email, password)
        before = _galleries()
        seconds = design(self.staff, self.stack, PRINT)
        _say(f"Print designer: a sheet of tiles in {seconds:.1f} s, one of them saved.")
        variants = self._generate()
        for variant in variants:
            self._review(variant)
            self._publish(variant)
        for variant in variants:
            self._look(variant)
        published = _galleries()
        self._revert(len(variants))
        after = _galleries()
        if after != before:
            raise Miss(f"The galleries are not what they were: {before} became {after}.")
        for row in published.keys() - before.keys():
            if self.shopper.status(published[row]["url"]) == 200:
                raise Miss(f"{published[row]['url']} is still there after the revert.")
        _say(f"Reverted: all {len(after)} catalogue pictures are byte for byte what they were.")

    def _log_in(self, email: str, password: str) -> None:
        form = self.staff.get("/dashboard/login/").form("id", "dashboard_login_form")
        form.set("username", email)
        form.set("password", password)
        page = self.staff.submit(form)
        if not urlsplit(page.url).path.startswith("/dashboard"):
            raise Miss(f"Logging in as {email} led to {page.url}.")

    def _generate(self) -> list[Variant]:
        """Press the button on the product's page, for the first colours without a picture.

        And for the print, which stands for none of them.
        """
        listed = self.staff.get("/dashboard/catalogue/").link(
            f"/dashboard/catalogue/products/{self.product.pk}/"
        )
        button = self.staff.get(listed).link(f"/variants/products/{self.product.pk}/")
        from oscar_gan.models import Print

        form = self.staff.get(button).form("data-gan-generate")
        ticked = form.values("colours")
        if len(ticked) < COLOURS:
            raise Miss(f"The form ticks {len(ticked)} colours without a picture, not {COLOURS}.")
        form.set("colours", *ticked[:COLOURS])
        form.set("prints", str(Print.objects.get(name=PRINT).pk))
        return self._wait(self.staff.submit(form))

    def _wait(self, page: Page) -> list[Variant]:
        """Poll what the page polls until the request is finished."""
        pressed = time.monotonic()
        url = next(
            (each["data-status-url"] for each in page.elements if "data-status-url" in each), None
        )
        if url is None:
            raise Miss(f"{page.url} shows no progress after the button was pressed.")
        arrived: dict[int, float] = {}
        while time.monotonic() - pressed < LIMIT:
            self.stack.raise_if_dead()
            status = self.staff.get(url).json()
            for each in status["variants"]:
                if each["finished"]:
                    arrived.setdefault(each["id"], time.monotonic() - pressed)
            if status["finished"]:
                return self._made(status["variants"], arrived)
            time.sleep(0.2)
        raise Miss(f"The worker did not finish within {LIMIT} s; last seen: {status}.")

    def _made(self, rows: list[dict], arrived: dict[int, float]) -> list[Variant]:
        _say(f"{self.product.get_title()}: {len(rows) - 1} colours and a print")
        variants = []
        for row in rows:
            if row["status"] != "awaiting_review":
                raise Miss(f"{row['label']} ended as {row['status']}: {row['problem']}")
            seconds = arrived[row["id"]]
            variants.append(
                Variant(row["id"], row["label"], row["target"], row["delta_e"], seconds)
            )
            _say(
                f"  {row['label']:<18} {row['target']}  ΔE {row['delta_e']:4.2f}  {seconds:5.1f} s"
            )
        return variants

    def _review(self, variant: Variant) -> None:
        page = self.staff.get(f"/dashboard/variants/?product={self.product.pk}")
        approve = f"/dashboard/variants/images/{variant.id}/approve/"
        self.staff.submit(page.form("action", approve))

    def _publish(self, variant: Variant) -> None:
        """Publish where the page proposes: to the child products of that colour, if any."""
        page = self.staff.get(f"/dashboard/variants/?status=approved&product={self.product.pk}")
        page = self.staff.get(page.link(f"/images/{variant.id}/publish/"))
        form = next((each for each in page.forms if each.values("scope")), None)
        if form is None:
            raise Miss(f"{page.url} proposes no gallery to publish to.")
        self.staff.submit(form)

    def _look(self, variant: Variant) -> None:
        """As a shopper: choose the colour on the product's page, open its picture.

        The print stands for no colour that is sold: it is in the product's own gallery.
        """
        page = self.shopper.get(self.product.get_absolute_url())
        if variant.label != PRINT:
            page = self._choose(page, variant)
        folder = f"/{get_config().published_prefix}/"
        new = {link["href"] for link in page.links if folder in link["href"]}
        if len(new) != 1:
            raise Miss(f"{page.url} shows {len(new)} published pictures, not 1.")
        self._compare(variant, self.shopper.get(new.pop()).data)

    def _choose(self, page: Page, variant: Variant) -> Page:
        swatch = next(
            (each["href"] for each in page.links if each.get("data-gan-swatch") == variant.label),
            None,
        )
        if swatch is None:
            raise Miss(f"{page.url} has no swatch for {variant.label}.")
        return self.shopper.get(swatch)

    def _compare(self, variant: Variant, data: bytes) -> None:
        """The file is a JPEG that says what it is, of the source's size, and another picture."""
        from PIL import Image

        from oscar_gan.imaging.provenance import read_provenance

        source = self.product.images.first().original
        with Image.open(io.BytesIO(data)) as picture, Image.open(source.open()) as original:
            picture.load()
            if (picture.format, picture.size) != ("JPEG", original.size):
                raise Miss(f"{variant.label} is {picture.format} of {picture.size} pixels.")
            size = f"{picture.width} × {picture.height}"
            if picture.convert("RGB").tobytes() == original.convert("RGB").tobytes():
                raise Miss(f"{variant.label} is the source photo.")
        provenance = read_provenance(data)
        if variant.target not in provenance.get("colour", ""):
            raise Miss(f"{variant.label} does not say what it is: {provenance}.")
        kind = provenance["digital_source_type"]
        _say(f"Published {variant.label}: JPEG, {size}, {len(data) // 1000} kB, marked {kind}.")

    def _revert(self, expected: int) -> None:
        for _ in range(expected):
            page = self.staff.get("/dashboard/variants/publications/")
            form = next((each for each in page.forms if each.action.endswith("/revert/")), None)
            if form is None:
                raise Miss(f"{page.url} offers nothing to revert.")
            self.staff.submit(form)


def _galleries() -> dict[int, dict]:
    """Every picture of the catalogue: its row and the digest of its file."""
    from oscar.core.loading import get_model

    images = get_model("catalogue", "ProductImage").objects.order_by("pk")
    rows = images.values("pk", "product_id", "original", "caption", "display_order", "code")
    found = {row["pk"]: row for row in rows}
    for image in images:
        with image.original.open("rb") as file:
            found[image.pk]["digest"] = sha256(file.read()).hexdigest()
        found[image.pk]["url"] = image.original.url
    return found


def _say(*lines: str) -> None:
    for line in lines:
        print(line, flush=True)  # noqa: T201
