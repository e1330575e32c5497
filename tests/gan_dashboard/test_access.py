"""Who may open what: every address, every role. Foreign products do not exist (404)."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from oscar_gan.apps import OscarGanConfig
from oscar_gan.errors import InvalidRequest
from oscar_gan.models import (
    BackfillRun,
    Colourway,
    Matte,
    Palette,
    PrintSheet,
    Publication,
    PublishingRun,
    Review,
    Style,
    VariantImage,
)
from oscar_gan.services import mattes, publishing, registry, retraining, sheets, wishes
from tests import factories

pytestmark = pytest.mark.django_db

VIEWERS = {"view", "generate", "review", "publish", "partner", "superuser"}
GENERATORS = {"generate", "partner", "superuser"}
REVIEWERS = {"review", "partner", "superuser"}
PUBLISHERS = {"publish", "partner", "superuser"}
COLOURISTS = {"manage_colourways", "partner", "superuser"}
LOG_READERS = {"view_log", "partner", "superuser"}
TRAINERS = {"train", "superuser"}
DESIGNERS = {"manage_prints", "partner", "superuser"}
EITHER = GENERATORS | DESIGNERS
ROLES = (
    "view",
    "generate",
    "review",
    "publish",
    "manage_colourways",
    "manage_prints",
    "train",
    "view_log",
    "partner",
    "superuser",
)
CODENAMES = {
    "view": "view_variantimage",
    "generate": "generate_variants",
    "review": "review_variants",
    "publish": "publish_variants",
    "manage_colourways": "manage_colourways",
    "manage_prints": "manage_prints",
    "train": "train_generators",
    "view_log": "view_auditevent",
}


@dataclass(frozen=True)
class Page:
    """An address, who may open it, and which of the `things` it is about."""

    name: str
    allowed: set[str]
    about: str | None = None
    method: str = "get"
    expected: int = 200

    def url(self, things: dict) -> str:
        thing = things.get(self.about)
        places = {
            "gan-sheet-weights": [0],
            "gan-sheet-picture": [0],
            "gan-comparison-picture": [0, "challenger"],
        }
        arguments = [thing.pk, *places.get(self.name, [])] if thing else []
        return reverse(f"oscar_gan:{self.name}", args=arguments)


PAGES = [
    Page("gan-variant-list", VIEWERS),
    Page("gan-variant-image", VIEWERS, "variant"),
    Page("gan-matte-image", VIEWERS, "matte"),
    Page("gan-source-preview", VIEWERS, "source", expected=302),
    Page("gan-outline", GENERATORS, "source"),
    Page("gan-outline-preview", GENERATORS, "source", "post"),
    Page("gan-outline-patches", GENERATORS, "source"),
    Page("gan-outline-siblings", GENERATORS, "source"),
    Page("gan-product-generate", GENERATORS, "product"),
    Page("gan-analyse", GENERATORS, "product", "post"),
    Page("gan-estimate", GENERATORS),
    Page("gan-request-list", VIEWERS),
    Page("gan-request-status", VIEWERS, "request"),
    Page("gan-request-cancel", GENERATORS, "request", "post", 302),
    Page("gan-request-retry", GENERATORS, "request", "post", 302),
    Page("gan-variant-approve", REVIEWERS, "variant", "post", 302),
    Page("gan-variant-reject", REVIEWERS, "variant", "post", 302),
    Page("gan-variant-undo", REVIEWERS, "variant", "post", 302),
    Page("gan-variant-decide", REVIEWERS, None, "post", 302),
    Page("gan-variant-takes", VIEWERS, "variant"),
    Page("gan-variant-again", GENERATORS, "variant", "post", 302),
    Page("gan-variant-publish", PUBLISHERS, "variant"),
    Page("gan-publication-list", PUBLISHERS),
    Page("gan-publication-revert", PUBLISHERS, "publication", "post", 302),
    Page("gan-publish", PUBLISHERS),
    Page("gan-publishing-run", PUBLISHERS, "publishing run"),
    Page("gan-publishing-run-revert", PUBLISHERS, "publishing run", "post", 302),
    Page("gan-radar", VIEWERS),
    Page("gan-radar-fill", GENERATORS, None, "post", 302),
    Page("gan-photo-search", EITHER | COLOURISTS),
    Page("gan-look-preview", EITHER, "source"),
    Page("gan-print-picture", VIEWERS | DESIGNERS, "print"),
    Page("gan-print-list", DESIGNERS),
    Page("gan-print-designer", DESIGNERS),
    Page("gan-print-update", DESIGNERS, "print"),
    Page("gan-print-delete", DESIGNERS, "print"),
    Page("gan-style-delete", DESIGNERS, "style", "post", 302),
    Page("gan-sheet-create", DESIGNERS, None, "post", 302),
    Page("gan-sheet-status", DESIGNERS, "sheet"),
    Page("gan-sheet-weights", DESIGNERS, "sheet"),
    Page("gan-sheet-picture", DESIGNERS, "sheet"),
    Page("gan-colourway-list", COLOURISTS),
    Page("gan-colourway-create", COLOURISTS),
    Page("gan-colourway-update", COLOURISTS, "colourway"),
    Page("gan-colourway-delete", COLOURISTS, "colourway"),
    Page("gan-colourway-import", COLOURISTS),
    Page("gan-colourway-export", COLOURISTS),
    Page("gan-colour-pick", COLOURISTS),
    Page("gan-pick-photo", GENERATORS | COLOURISTS, "source"),
    Page("gan-cloth-measure", COLOURISTS),
    Page("gan-palette-create", COLOURISTS),
    Page("gan-palette-update", COLOURISTS, "palette"),
    Page("gan-palette-delete", COLOURISTS, "palette"),
    Page("gan-run-list", VIEWERS),
    Page("gan-preferences", VIEWERS),
    Page("gan-run", VIEWERS, "run"),
    Page("gan-run-status", VIEWERS, "run"),
    Page("gan-run-cancel", GENERATORS, "run", "post", 302),
    Page("gan-run-pause", GENERATORS, "run", "post", 302),
    Page("gan-run-report", VIEWERS, "run"),
    Page("gan-log", LOG_READERS),
    Page("gan-log-export", LOG_READERS),
    Page("gan-generator-list", TRAINERS),
    Page("gan-generator-promote", TRAINERS, "challenger", "post", 302),
    Page("gan-generator-roll-back", TRAINERS, "challenger"),
    Page("gan-generator-pin", TRAINERS, "challenger", "post", 302),
    Page("gan-generator-unpin", TRAINERS, "challenger", "post", 302),
    Page("gan-training-start", TRAINERS, None, "post", 302),
    Page("gan-training-list", TRAINERS),
    Page("gan-training-run", TRAINERS, "training"),
    Page("gan-training-status", TRAINERS, "training"),
    Page("gan-training-samples", TRAINERS, "training"),
    Page("gan-training-cancel", TRAINERS, "training", "post", 302),
    Page("gan-comparison", TRAINERS, "comparison"),
    Page("gan-comparison-picture", TRAINERS, "comparison"),
]
OF_NO_PRODUCT = (None, "sheet", "challenger", "training", "comparison")
about_products = [page for page in PAGES if page.about not in OF_NO_PRODUCT]


@pytest.fixture
def things(product, source, matte_data, superuser, partner, partner_user, stub_printer) -> dict:
    """One of everything, all of it of `partner`."""
    sheet = sheets.request_sheet(wish=wishes.Wish(), inks=3, requested_by=partner_user)
    sheets.run(sheet.pk)
    published = factories.make_variant(source, status=VariantImage.Status.APPROVED)
    return {
        "product": product,
        "source": source,
        "variant": factories.make_variant(source),
        "request": factories.make_request(source),
        "matte": mattes.add_staff_matte(source=source, data=matte_data),
        "publishing run": PublishingRun.objects.create(started_by=partner_user),
        "publication": publishing.publish(
            variant=published, scope="gallery", published_by=superuser
        ),
        "colourway": Colourway.objects.create(name="Kelp", colour="#203020", partner=partner),
        "palette": Palette.objects.create(name="Spring", partner=partner),
        "run": BackfillRun.objects.create(started_by=partner_user),
        "print": factories.make_print(created_by=partner_user),
        "sheet": sheet,
        "style": Style.objects.create(name="Worn", style="faded", created_by=partner_user),
        **trained_things(),
    }


def trained_things() -> dict:
    """A finished training, the challenger it made and how that compares."""
    champion = factories.make_generator_version()
    challenger = factories.make_generator_version(
        version="1+shop.1", status="challenger", parent=champion
    )
    return {
        "challenger": challenger,
        "training": factories.make_training(
            champion, result=challenger, status="done", samples_name=factories.make_draft()
        ),
        "comparison": factories.make_full_comparison(challenger, champion),
    }


@pytest.fixture(autouse=True)
def _deciding(monkeypatch):
    """What decisions about generators do is tested with their services."""
    for name in ("promote", "roll_back", "pin", "unpin"):
        monkeypatch.setattr(registry, name, lambda **given: None, raising=False)
    monkeypatch.setattr(retraining, "start", _refuse)
    monkeypatch.setattr(retraining, "cancel", lambda **given: False)


def _refuse(**given):
    raise InvalidRequest("Not here.")


@pytest.fixture
def roles(partner_user, superuser) -> dict:
    users = {role: factories.make_user(codename) for role, codename in CODENAMES.items()}
    return {**users, "partner": partner_user, "superuser": superuser}


def visit(client, page: Page, things: dict):
    things["style"].save()  # it was deleted by whoever came before
    data = {
        "gan-look-preview": {"print": things["print"].pk},
        "gan-analyse": {"source": things["source"].pk},
        "gan-outline-preview": {"base": things["matte"].pk},
    }
    return getattr(client, page.method)(page.url(things), data.get(page.name, {}))


def test_every_address_of_the_app_is_in_the_table():
    assert {page.name for page in PAGES} == set(OscarGanConfig.permissions_map)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_role_gets_in_where_it_may_and_nowhere_else(page, roles, things, login):
    answers = {role: visit(login(roles[role]), page, things).status_code for role in ROLES}
    assert answers == {role: page.expected if role in page.allowed else 403 for role in ROLES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_strangers_are_sent_to_the_login_page(page, things, login):
    response = visit(login(None), page, things)
    assert response.status_code == 302
    assert response.url.startswith(reverse("dashboard:login"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_customers_and_staff_without_permissions_are_refused(page, things, login, bystander):
    customer = get_user_model().objects.create_user("customer", "c@example.com", "secret")
    for user in (customer, bystander):
        assert visit(login(user), page, things).status_code == 403


@pytest.mark.parametrize("page", about_products, ids=lambda page: page.name)
def test_other_partners_products_do_not_exist(page, things, login):
    stranger = factories.make_partner_user(factories.make_partner())
    assert visit(login(stranger), page, things).status_code == 404


def test_lists_show_partner_staff_only_their_own(things, login, partner_user):
    other = factories.make_product(title="Somebody's hat", partner=factories.make_partner())
    factories.make_variant(other.images.get())
    for name in ("gan-variant-list", "gan-request-list"):
        page = login(partner_user).get(reverse(f"oscar_gan:{name}"), {"status": "all"})
        assert "Canvas bag" in page.content.decode()
        assert "Somebody" not in page.content.decode()


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.method == "post"], ids=lambda page: page.name
)
def test_reading_changes_nothing(page, things, login, superuser):
    before = snapshot()
    assert login(superuser).get(page.url(things)).status_code == 405
    assert snapshot() == before


@pytest.mark.parametrize(
    "name", ["gan-product-generate", "gan-variant-approve", "gan-variant-publish"]
)
def test_posts_without_a_csrf_token_are_refused(name, things, login, superuser):
    about = "product" if name == "gan-product-generate" else "variant"
    client = login(superuser, enforce_csrf_checks=True)
    response = client.post(reverse(f"oscar_gan:{name}", args=[things[about].pk]), {})
    assert response.status_code == 403


def snapshot() -> tuple:
    statuses = list(VariantImage.objects.order_by("pk").values_list("pk", "status"))
    live = Publication.objects.live().count()
    counts = [model.objects.count() for model in (Review, Matte, PrintSheet, Style)]
    return statuses, live, *counts
