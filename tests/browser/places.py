"""Every page that people see, with a shop to see it in: what the tests of all pages walk through.

A new staff page needs one line in STAFF; `test_axe` fails until it has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from django.urls import reverse

from oscar_gan.gan_dashboard.urls import urlpatterns
from oscar_gan.models import BackfillRun, Palette, PublishingRun, Style
from oscar_gan.services import mattes, requests, sheets, wishes
from tests import factories
from tests.storefront import child_of, publish

WARNING = {
    "code": "weak-matte",
    "message": "It is not clear what the product is.",
    "values": {"confidence": 0.314, "limit": 0.5},
}
TAB = "#gan_variants, [href='#gan_variants']"
COLOURS = ("Red", "Navy", "Forest green", "Mustard")


@dataclass(frozen=True)
class Place:
    """A page: the name of its address, the thing of `make_shop` it is about, what follows it.

    `ours` selects what we answer for, where a page is Oscar's and holds something of ours.
    """

    name: str
    about: str | None = None
    query: str = ""
    title: str = ""
    ours: str = "html"

    def __str__(self) -> str:
        return self.title or self.name + self.query

    def url(self, shop: SimpleNamespace) -> str:
        if callable(address := getattr(getattr(shop, self.about or "", None), self.name, None)):
            return address() + self.query
        arguments = [getattr(shop, self.about).pk] if self.about else []
        prefix = "oscar_gan:" if self.name.startswith("gan-") else ""
        return reverse(f"{prefix}{self.name}", args=arguments) + self.query


STAFF = (
    Place("dashboard:catalogue-product", "tee", "#gan_variants", ours=TAB),
    Place("gan-variant-list"),
    Place("gan-variant-list", query="?status=all"),
    Place("gan-variant-list", query="?status=all&q=nothing"),
    Place("gan-product-generate", "tee"),
    Place("gan-product-generate", "bare", title="gan-product-generate without a photo"),
    Place("gan-outline", "source"),
    Place("gan-variant-publish", "approved"),
    Place("gan-variant-publish", "made", title="gan-variant-publish too early"),
    Place("gan-request-list"),
    Place("gan-request-list", query="?status=all"),
    Place("gan-publication-list"),
    Place("gan-print-list"),
    Place("gan-print-designer"),
    Place("gan-print-update", "print"),
    Place("gan-print-delete", "print"),
    Place("gan-generator-list"),
    Place("gan-generator-roll-back", "retired"),
    Place("gan-training-list"),
    Place("gan-training-run", "training"),
    Place("gan-comparison", "comparison"),
    Place("gan-outline-siblings", "source"),
    Place("gan-variant-takes", "made"),
    Place("gan-variant-list", query="?status=approved"),
    Place("gan-publish", query="?status=approved"),
    Place("gan-publishing-run", "publishing"),
    Place("gan-radar"),
    Place("gan-run-list"),
    Place("gan-run", "run"),
    Place("gan-preferences"),
    Place("gan-log"),
    Place("gan-colourway-import"),
    Place("gan-colour-pick"),
    Place("gan-cloth-measure"),
    Place("gan-palette-create"),
    Place("gan-palette-update", "palette"),
    Place("gan-palette-delete", "palette"),
    Place("gan-colourway-list"),
    Place("gan-colourway-create"),
    Place("gan-colourway-update", "colourway"),
    Place("gan-colourway-delete", "colourway"),
)
NO_PAGES = {
    "gan-colourway-export",
    "gan-log-export",
    "gan-outline-patches",
    "gan-pick-photo",
    "gan-run-report",
    "gan-run-status",
    "gan-estimate",
    "gan-look-preview",
    "gan-matte-image",
    "gan-photo-search",
    "gan-print-picture",
    "gan-request-status",
    "gan-sheet-picture",
    "gan-sheet-status",
    "gan-sheet-weights",
    "gan-source-preview",
    "gan-training-samples",
    "gan-training-status",
    "gan-comparison-picture",
    "gan-variant-image",
}
"""Addresses that answer with a file, a picture or JSON."""
STOREFRONT = (
    Place("get_absolute_url", "tee", title="parent"),
    Place("get_absolute_url", "child", title="child"),
    Place("get_absolute_url", "gap", title="child without a photo"),
    Place("get_absolute_url", "bag", title="standalone"),
    Place("get_absolute_url", "bag", "?colour=navy", title="standalone in another colour"),
    Place("catalogue:index", title="listing"),
    Place("made_url", "shown", title="how a picture was made"),
)


def pages_without_a_line() -> set[str]:
    """Names of staff pages that can be opened and stand neither in STAFF nor in NO_PAGES."""
    opened = {
        pattern.name for pattern in urlpatterns() if hasattr(pattern.callback.view_class, "get")
    }
    return opened - {place.name for place in STAFF} - NO_PAGES


def make_shop(photo: bytes, matte: bytes, watcher) -> SimpleNamespace:
    """One of everything that a page can be about, in the states that look different.

    `watcher` is who did it all. Needs the stubs of the generator and the printer.
    """
    partner = factories.make_partner("North Harbour Supply")
    colourways = factories.make_colourways()
    tee = factories.make_parent(
        colours=COLOURS, sizes=("M", "L"), with_photo=("Red",), partner=partner
    )
    tee.title = "Harbour T-shirt"
    tee.save()
    source = tee.images.get()
    bag = factories.make_product(title="Canvas bag", colour="Red", partner=partner)
    bare = factories.make_product(title="Bare stool", partner=partner, photo=False)
    factories.add_photo(bag, photo)
    mattes.add_staff_matte(source=source, data=matte)
    states(source)
    requests.request_variants(source=bag.images.first(), targets=factories.targets("Mustard"))
    for label in ("Navy", "Mustard"):
        publish(bag.images.first(), label=label)
    shown = publish(source, label="Navy", scope="colour")
    sheet = sheets.request_sheet(wish=wishes.Wish(seed=7), inks=3, requested_by=watcher)
    sheets.run(sheet.pk)
    Style.objects.create(name="Worn", style="faded", created_by=watcher)
    return SimpleNamespace(
        tee=tee,
        child=child_of(tee, "Navy"),
        gap=child_of(tee, "Forest green"),
        bag=bag,
        shown=SimpleNamespace(made_url=lambda: f"/made/{shown.images.first().pk}/"),
        bare=bare,
        source=source,
        made=factories.make_variant(source, label="Mustard", findings=[WARNING]),
        approved=approved(tee, watcher),
        colourway=colourways[0],
        palette=Palette.objects.create(name="Spring"),
        run=BackfillRun.objects.create(started_by=watcher),
        publishing=PublishingRun.objects.create(started_by=watcher),
        print=factories.make_print(created_by=watcher),
        **generators(bag.images.first(), watcher),
    )


def states(source) -> None:
    """A variant image in each state."""
    for status in ("awaiting_review", "refused", "failed", "cancelled", "queued"):
        factories.make_variant(source, label="Forest green", status=status)


def approved(tee, watcher):
    """An approved picture of a colour that has children."""
    option = child_of(tee, "Mustard").attr.colour
    variant = factories.make_variant(tee.images.get(), label="Mustard", option=option)
    factories.make_review(variant, watcher)
    return variant


def generators(photo, watcher) -> dict:
    """A champion, the version before it, a challenger with its training and comparison."""
    retired = factories.make_generator_version(version="0", status="retired")
    champion = factories.make_generator_version(parent=retired)
    challenger = factories.make_generator_version(
        version="1+shop.1", status="challenger", parent=champion
    )
    for reason in ("", "edge", "bleeding"):
        made = factories.make_variant(photo, request=factories.make_request(photo))
        factories.make_review(made, watcher, reason)
    summary = {
        "labels": {"corrected": 18, "approved": 97, "rejected": 31},
        "splits": {"train": 101, "validation": 15, "shadow": 30},
        "left_out": {"opted-out": 4},
        "decisions": {"quality": 312, "new": 312, "ignored": {"not-wanted": 9}},
        "licence": "the shop's own photos",
        "reviewers": [
            {
                **{"id": watcher.pk, "decisions": 210, "approved": 150, "drawn": 3},
                **{"weight": 20, "share": 0.5, "left_out": ""},
            }
        ],
    }
    training = factories.make_training(
        champion,
        status="running",
        phase="training",
        step=120,
        seconds=312.0,
        decisions=312,
        started_by=watcher,
        history={"matte": [[1, 0.6], [60, 0.4], [120, 0.3]]},
        samples_name=factories.make_draft(),
        summary=summary,
    )
    factories.make_training(champion, result=challenger, status="done", scheduled=True)
    return {
        "retired": retired,
        "training": training,
        "comparison": factories.make_full_comparison(challenger, champion, photo=photo),
    }


@pytest.fixture
def shop(transactional_db, sent, stub_generator, stub_printer, photo, matte_data, superuser):
    return make_shop(photo, matte_data, superuser)
