"""Every page under axe-core (WCAG 2.0 to 2.2, A and AA), on a desktop and on a phone.

Nothing serious or critical may be found in what we own, in English and in Chinese, and no page may
be wider than a phone. What Oscar's own frame around our pages does wrong is listed in FRAME.

With OSCAR_GAN_SCREENSHOTS set, every page is kept at both sizes and in both languages under
out/screenshots, to be looked at (`make screenshots`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser import places
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.places import NO_PAGES, STAFF, STOREFRONT, shop
from tests.browser.visiting import visit

__all__ = ["shop", "visit"]
pytestmark = pytest.mark.django_db(transaction=True)

LANGUAGES = ("en-gb", "zh-hans")
AXE = Axe().axe_script
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """async ([tags, ours]) => {
    const options = { runOnly: tags, resultTypes: ["violations"], elementRef: true };
    const found = await axe.run(document, options);
    return found.violations.flatMap(({ id, impact, nodes }) => nodes.map((node) => ({
        rule: id, impact, html: node.element.outerHTML.replace(/\\s+/g, " ").slice(0, 120),
        why: [...node.any, ...node.all, ...node.none].map((check) => check.message).join(" "),
        path: node.target.join(" "), parents: ancestors(node.element),
        ours: Boolean(node.element.closest(ours)),
    })));
    function ancestors(element) {
        const names = [];
        for (let at = element; at; at = at.parentElement) {
            names.push(at.tagName.toLowerCase(), ...[...at.classList].map((name) => "." + name));
            if (at.id) names.push("#" + at.id);
        }
        return names;
    }
}"""
FRAME = {
    ("list", ".navbar-accounts"): "Oscar's dashboard puts the log-out form between list items.",
}
"""Violations of Oscar's own frame, by axe's rule and an element that holds them: the reason."""


def violations(page, ours: str) -> Iterator[str]:
    """What axe finds serious or critical in `ours`, less what FRAME excuses."""
    for found in page.evaluate(RUN, [TAGS, ours]):
        excused = any(
            rule == found["rule"] and holder in found["parents"] for rule, holder in FRAME
        )
        if found["ours"] and found["impact"] in ("serious", "critical") and not excused:
            yield f"{found['rule']} ({found['path']}): {found['html']} {found['why']}"


def problems(page, ours: str, keep: Callable[[str], None]) -> Iterator[str]:
    """All that is wrong with the page at both sizes, one line each; `keep` is told the size."""
    page.evaluate(AXE)
    for name, size in {"desktop": DESKTOP, "phone": PHONE}.items():
        page.set_viewport_size(size)
        keep(name)
        yield from (f"{name}: {line}" for line in violations(page, ours))
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > PHONE["width"]:
        yield f"phone: {width} pixels wide"


def test_every_page_is_looked_at():
    assert places.pages_without_a_line() == set()
    assert {place.name for place in STAFF} & NO_PAGES == set()


@pytest.fixture
def keep(screenshot) -> Callable[[str, str], None]:
    """Keep a picture of the page, of this name and size, if pictures are asked for."""

    def keep(name: str, size: str) -> None:
        if os.environ.get("OSCAR_GAN_SCREENSHOTS"):
            screenshot(f"{name.replace(':', ' ')} {size}")

    return keep


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("pages", [STAFF, STOREFRONT], ids=["staff", "storefront"])
def test_nothing_serious_is_found(page, shop, visit, keep, pages, language):
    found = {}
    for place in pages:
        visit(place.url(shop), language)
        assert page.evaluate("document.documentElement.lang") == language
        if lines := list(problems(page, place.ours, partial(keep, f"{language}/{place}"))):
            found[str(place)] = lines
    assert found == {}, "\n".join(
        f"{name}\n    " + "\n    ".join(lines) for name, lines in found.items()
    )
