"""Every address under values that nobody types: never an error of ours, never markup reflected.

OSCAR_GAN_FUZZ=1 gives each parameter each value alone, too (minutes).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import oscar_gan.gan_dashboard
from tests.gan_dashboard.test_access import PAGES, things

__all__ = ["things"]
pytestmark = pytest.mark.django_db

MARKUP = "\"'><script>alert(1)</script>"
VALUES = (
    "",
    "0",
    "-1",
    "9" * 30,
    str(2**63),
    "1e400",
    "nan",
    "null",
    "a\x00b",
    "../../etc/passwd",
    MARKUP,
    "𝔫" * 5000,
    '{"a": [[[[1]]]]}',
    "[1, 2",
    "[" * 3000,
    "9999-99-99",
    "²",
)
"""Empty, out of range, no numbers that look like some, a null byte, a path, markup, very long,
JSON of another shape, broken or deep, no date, no decimal digit."""
ALWAYS = {"page", "q", "status", "next", "product", "variant", "variants", "source", "before"}
"""Parameters that some page reads without having a field for it."""
FIELD = re.compile(r'name="([^"]+)"')
READ = re.compile(r"(?:GET|POST|given)\.get(?:list)?\(\"(\w+)\"")
FINE = {200, 204, 302, 304, 400, 403, 404, 405, 409, 413, 422, 429}


@pytest.fixture(scope="module")
def read_by_views() -> set[str]:
    """Names of parameters that the views ask for, read off their source."""
    folder = Path(oscar_gan.gan_dashboard.__file__).parent
    return ALWAYS.union(*(READ.findall(path.read_text()) for path in folder.rglob("*.py")))


def filled(names: set[str]) -> Iterator[dict[str, str]]:
    for value in VALUES:
        yield dict.fromkeys(names, value)
        if os.environ.get("OSCAR_GAN_FUZZ"):
            yield from ({name: value} for name in sorted(names))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_value_breaks_it(page, things, login, superuser, read_by_views):
    client = login(superuser, raise_request_exception=False)
    url = page.url(things)
    shown = client.get(url)
    fields = FIELD.findall(shown.getvalue().decode(errors="replace"))
    names = read_by_views.union(fields) - {"csrfmiddlewaretoken"}
    broken = []
    for given in filled(names):
        for method in ("get", "post") if page.method == "get" else ("post",):
            response = getattr(client, method)(url, given)
            if response.status_code not in FINE or MARKUP.encode() in response.getvalue():
                what = next(iter(given)) if len(given) == 1 else "everything"
                broken.append(
                    (method, what, next(iter(given.values()))[:20], response.status_code)
                )
    assert broken == []
