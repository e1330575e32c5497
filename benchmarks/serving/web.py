"""Pages under load: a shop of 100,000 pictures behind gunicorn, asked by many at once.

Two processes of eight threads, as the image runs them, share the cores with whoever asks.
"""

from __future__ import annotations

import http.client
import json
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import cycle
from typing import NamedTuple

from benchmarks.serving import shop

PRODUCTS, EACH = 1000, 100
"""Products, and pictures of each."""
LISTED = 20
CALLS = 160
CROWD = 8
TOKEN = "c" * 32
"""Of CSRF: cookie and header must agree, and nothing else is asked."""


class Page(NamedTuple):
    """What is asked for, again and again; a POST where there is more than one path."""

    name: str
    paths: list[str]
    posts: bool = False


def main() -> None:
    """Print the figures as JSON, milliseconds."""
    place = shop.Shop()
    try:
        staff, decisions, shoppers, cookies = _fill()
        with _server(place) as port, _server(place, SERVING_STOCK="1") as stock:
            found = {"staff": [_measure(page, port, cookies) for page in [*staff, decisions]]}
            found["shoppers"] = []
            for page in shoppers:
                found["shoppers"].append(_measure(page, stock, {}, prefix="Oscar's own: "))
                found["shoppers"].append(_measure(page, port, {}))
    finally:
        place.close()
    print(json.dumps(found))


def _fill() -> tuple[list[Page], Page, list[Page], dict]:
    """The rows; the pages of staff, their decisions, the pages of shoppers, a staff session."""
    from django.core.management import call_command
    from django.test import Client
    from django.urls import reverse
    from oscar.apps.catalogue.categories import create_from_breadcrumbs

    from benchmarks.backfill import fill
    from benchmarks.storefront.catalogue import warm
    from oscar_gan.models import GenerationRequest, VariantImage
    from tests import factories

    factories.make_colourways()
    category = create_from_breadcrumbs("Shirts")
    parents = [
        factories.make_parent(
            colours=tuple(factories.COLOURS), with_photo=tuple(factories.COLOURS)
        )
        for _ in range(LISTED)
    ]
    for parent in parents:
        parent.categories.add(category)
    warm()
    call_command("rebuild_index", interactive=False, verbosity=0)
    images = factories.ProductImage.objects.filter(product__in=fill(PRODUCTS, _photo()))
    made = _made(images)
    awaiting = VariantImage.objects.filter(status="awaiting_review")
    client = Client()
    client.force_login(factories.make_user(superuser=True))
    cookies = {"sessionid": client.cookies["sessionid"].value, "csrftoken": TOKEN}
    product = made[0].product_id
    queue = reverse("oscar_gan:gan-variant-list")
    request = GenerationRequest.objects.order_by("pk").first()
    tab = reverse("dashboard:catalogue-product", args=[product])
    staff = [
        Page(f"review queue, {awaiting.count():,} pictures wait", [queue]),
        Page("review queue of one product", [f"{queue}?product={product}"]),
        Page("review queue, its last page", [f"{queue}?page=last"]),
        Page(f"product with {EACH} pictures", [tab]),
        Page("form of Generate", [reverse("oscar_gan:gan-product-generate", args=[product])]),
        Page("state of a request", [reverse("oscar_gan:gan-request-status", args=[request.pk])]),
        Page("requests", [reverse("oscar_gan:gan-request-list")]),
        Page("log", [reverse("oscar_gan:gan-log")]),
    ]
    keys = awaiting.order_by("pk").values_list("pk", flat=True)[: 3 * CALLS]
    approvals = [reverse("oscar_gan:gan-variant-approve", args=[pk]) for pk in keys]
    shoppers = [
        Page("product of four colours", [parents[0].get_absolute_url()]),
        Page(f"list of {LISTED} products", [category.get_absolute_url()]),
    ]
    return staff, Page("a decision", approvals, posts=True), shoppers, cookies


def _photo() -> bytes:
    from tests import factories

    return factories.photo_bytes(size=(640, 480))


def _made(images) -> list:
    """`EACH` pictures of every photo, most of them waiting; they share a file."""
    from django.utils import timezone

    from oscar_gan.models import GenerationRequest, VariantImage
    from tests import factories

    first = factories.make_variant(images[0])
    common = {
        field: getattr(first, field)
        for field in ("file_name", "digest", "width", "height", "made", "recipe", "source_digest")
    }
    now = timezone.now()
    rows = []
    for image in images:
        request = GenerationRequest.objects.create(
            product_id=image.product_id,
            source=image,
            source_digest=first.source_digest,
            generator=first.request.generator,
            status="done",
            finished_at=now,
        )
        rows += [
            VariantImage(
                request=request,
                product_id=image.product_id,
                source=image,
                recipe_digest=uuid.uuid4().hex,
                label=f"Colour {number}",
                target="#24345C",
                status="approved" if number % 7 == 0 else "awaiting_review",
                delta_e=number % 40 / 10,
                structure=0.98,
                doubt=number % 40 / 10,
                finished_at=now,
                **common,
            )
            for number in range(EACH)
        ]
    return VariantImage.objects.bulk_create(rows, batch_size=2000)


@contextmanager
def _server(place: shop.Shop, **environment: str) -> Iterator[int]:
    """A web server of the shop's; gives its port."""
    from tests.s3_server import free_port

    port = free_port()
    command = (
        f"gunicorn shop.wsgi --bind 127.0.0.1:{port} --worker-class gthread --workers 2"
        " --threads 8 --no-control-socket"
    )
    server = place.start(f"web-{port}", command, **environment)

    def answers() -> bool:
        with suppress(OSError):
            return _call(http.client.HTTPConnection("127.0.0.1", port), "/health/live/", {}) == 200
        return False

    place.wait(answers, "the web server answers")
    yield port
    server.terminate()
    server.wait()


def _call(link: http.client.HTTPConnection, path: str, cookies: dict, posts: bool = False) -> int:
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    if posts:
        headers |= {"X-CSRFToken": TOKEN, "Accept": "application/json"}
    link.request("POST" if posts else "GET", path, headers=headers)
    answer = link.getresponse()
    answer.read()
    return answer.status


def _measure(page: Page, port: int, cookies: dict, prefix: str = "") -> dict:
    """Milliseconds of each call: one after the other, then many at once; calls a second."""
    paths = cycle(page.paths).__next__
    alone, _ = _crowd(1, CALLS // 2, port, paths, cookies, page.posts)
    crowd, seconds = _crowd(CROWD, CALLS, port, paths, cookies, page.posts)
    return {
        "name": prefix + page.name,
        "queries": _queries(paths(), cookies, page.posts) if not prefix else None,
        "alone": alone,
        "crowd": crowd,
        "rate": len(crowd) / seconds,
    }


def _crowd(
    people: int, calls: int, port: int, path: Callable[[], str], cookies: dict, posts: bool
) -> tuple[list[float], float]:
    laps: list[float] = []
    bad: list[int] = []

    def person() -> None:
        link = http.client.HTTPConnection("127.0.0.1", port)
        for number in range(calls // people + 1):
            begun = time.perf_counter()
            status = _call(link, path(), cookies, posts)
            if status != 200:
                bad.append(status)
            elif number:  # the first one connects
                laps.append(1000 * (time.perf_counter() - begun))

    threads = [threading.Thread(target=person) for _ in range(people)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not bad, f"answers {sorted(set(bad))}"
    return laps, time.perf_counter() - begun


def _queries(path: str, cookies: dict, posts: bool) -> int:
    """How many queries a call asks, in this process."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    headers = {"host": "localhost"} | ({"accept": "application/json"} if posts else {})
    client = Client(headers=headers)
    for name, value in cookies.items():
        client.cookies[name] = value
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(path) if posts else client.get(path)
    assert answer.status_code == 200, f"{path} answers {answer.status_code}"
    return len(asked)


if __name__ == "__main__":
    os.environ["SERVING_STUB"] = "1"
    main()
