"""Pages walked by the Tab key alone: everything is reached, and seen when it has the focus."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops

from tests.browser.places import STAFF, STOREFRONT, shop
from tests.browser.visiting import visit

__all__ = ["shop", "visit"]
pytestmark = pytest.mark.django_db(transaction=True)

WALKED = {
    *("gan-variant-list", "gan-product-generate", "gan-outline", "gan-variant-publish"),
    *("gan-print-designer", "gan-generator-list", "gan-comparison", "gan-colourway-update"),
    *("child", "standalone"),
}
"""One page of each kind of content."""
MOST_STOPS = 250
LEAST_CHANGED = 40
"""Pixels that a visible focus changes at least; a thin line under a short word has more."""
MARGIN = 6
"""Pixels around an element in which its focus may show."""

NUMBER = """(ours) => {
    const known = [];
    const wanted = "a[href], button, input, select, textarea, summary, [tabindex]";
    for (const element of document.querySelectorAll(wanted)) {
        const shown = element.checkVisibility({ visibilityProperty: true });
        const kept = element.tabIndex < 0 || element.disabled || element.type === "hidden";
        if (!shown || kept || !element.closest(ours) || element.inert) continue;
        element.dataset.stop = known.length;
        known.push(element.outerHTML.replace(/\\s+/g, " ").slice(0, 120));
    }
    return known;
}"""
"""Number what ought to be reached, and say what it is."""

WHERE = """() => {
    const element = document.activeElement;
    // Of radio buttons of one name, only the chosen one is a stop; so it stands for all.
    const group = element.type === "radio" && element.name
        ? [...element.form?.elements ?? document.querySelectorAll("input")]
            .filter((other) => other.type === "radio" && other.name === element.name)
        : [element];
    // A hidden control shows its focus on its label or between the two.
    const label = element.closest("label") ?? element.labels?.[0];
    const box = element.getBoundingClientRect();
    const hidden = Number(getComputedStyle(element).opacity) === 0 || box.width < 2;
    const boxes = hidden && label ? [box, label.getBoundingClientRect()] : [box];
    const x = Math.min(...boxes.map((each) => each.left));
    const y = Math.min(...boxes.map((each) => each.top));
    const right = Math.max(...boxes.map((each) => each.right));
    const bottom = Math.max(...boxes.map((each) => each.bottom));
    return {
        stops: group.map((each) => each.dataset.stop).filter(Boolean).map(Number),
        body: element === document.body,
        box: [x, y, right - x, bottom - y],
        html: element.outerHTML.replace(/\\s+/g, " ").slice(0, 120),
    };
}"""


def by_name(place) -> str:
    return place.title or place.name


PLACES = [place for place in (*STAFF, *STOREFRONT) if by_name(place) in WALKED and not place.query]


def picture(page, box: list[float]) -> Image.Image | None:
    """The window around `box`; None where that is outside it."""
    size = page.viewport_size
    left, top = max(0, box[0] - MARGIN), max(0, box[1] - MARGIN)
    width = min(box[0] + box[2] + MARGIN, size["width"]) - left
    height = min(box[1] + box[3] + MARGIN, size["height"]) - top
    if width < 1 or height < 1:
        return None
    clip = {"x": left, "y": top, "width": width, "height": height}
    shot = page.screenshot(clip=clip, animations="disabled", scale="css")
    return Image.open(io.BytesIO(shot)).convert("RGB")


def changed(before: Image.Image, after: Image.Image) -> int:
    """How many pixels differ."""
    red, green, blue = ImageChops.difference(before, after).split()
    largest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return sum(largest.histogram()[24:])


def walk(page, wanted: int) -> tuple[set[int], list[str]]:
    """Press Tab until it leads out of the page; the stops reached and those without a focus."""
    reached, unseen = set(), []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here = page.evaluate(WHERE)
        if here["body"] and reached:
            break
        if not here["stops"] or set(here["stops"]) <= reached:
            continue
        reached.update(here["stops"])
        focused = picture(page, here["box"])
        page.evaluate("document.activeElement.blur()")
        blurred = picture(page, here["box"])
        if focused is None:
            unseen.append(f"outside the window: {here['html']}")
        elif (pixels := changed(blurred, focused)) < LEAST_CHANGED:
            unseen.append(f"{pixels} pixels: {here['html']}")
        if len(reached) == wanted:
            break
    return reached, unseen


def test_the_places_to_walk_exist():
    assert {by_name(place) for place in PLACES} == WALKED


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES, ids=by_name)
def test_tab_reaches_everything_and_shows_where_it_is(page, shop, visit, place):
    visit(place.url(shop))
    wanted = page.evaluate(NUMBER, place.ours)
    assert wanted
    reached, unseen = walk(page, len(wanted))
    missed = [html for number, html in enumerate(wanted) if number not in reached]
    assert (missed, unseen) == ([], [])
