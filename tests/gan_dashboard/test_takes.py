"""The page of takes: what differs in words, an earlier one approved, another one asked for."""

from __future__ import annotations

import pytest
from django.urls import reverse

from oscar_gan.services import looks, mattes, review, takes
from oscar_gan.services.colours import look_target
from oscar_gan.services.requests import request_variants
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(ask, run):
    return run(ask("Navy")).variants.get()


@pytest.fixture
def page(browser):
    def page(variant, **params):
        return browser.get(reverse("oscar_gan:gan-variant-takes", args=[variant.pk]), params)

    return page


@pytest.fixture
def again(browser):
    def again(variant, path, value, **data):
        url = reverse("oscar_gan:gan-variant-again", args=[variant.pk])
        return browser.post(url, {"path": path, "value": value, **data}, follow=True)

    return again


def test_the_page_says_what_differs_from_the_chosen_take(page, first, source, matte_data):
    corrected = mattes.add_staff_matte(source=source, data=matte_data)
    takes.regenerate(variant=first, path="target", value="#1F2A44")
    takes.regenerate(variant=first, path="matte", value=str(corrected.pk))
    response = page(first)
    rows = [
        [(difference["name"], difference["value"]) for difference in take["differences"]]
        for take in response.context["takes"]
    ]
    assert rows == [
        [],
        [("Colour", "#1F2A44")],
        [("Outline", f"corrected ({corrected.digest[:8]})")],
    ]
    assert "Take 3" in response.content.decode()


def test_one_change_from_the_page(again, first):
    response = again(first, "target", "#1F2A44")
    assert "Navy is being made again; changed: Colour." in response.content.decode()
    assert [take["variant"].status for take in response.context["takes"]] == [
        "awaiting_review",
        "queued",
    ]


def test_what_cannot_be_changed_says_why(again, first):
    html = again(first, "target", "blue-ish").content.decode()
    assert "blue-ish" in html
    assert "alert-danger" in html


def test_a_print_is_placed_in_per_cent(page, again, source, run):
    target = look_target(look=looks.print_look(factories.make_print()))
    variant = run(request_variants(source=source, targets=[target])).variants.get()
    html = page(variant).content.decode()
    assert 'value="25.0" class="form-control" min="2.0" max="200.0"' in html
    take = again(variant, "print.placement.scale", "40").context["takes"][1]
    assert take["variant"].recipe["print"]["placement"]["scale"] == 0.4
    assert take["differences"][0]["value"] == "40.0"
    assert "wide is no number" in again(
        variant, "print.placement.x", "wide"
    ).content.decode().replace("&#x27;", "")


def test_styles_are_changed_in_words(page, source, run):
    target = look_target(look=looks.style_look("heather", colours=["#24345C"]))
    variant = run(request_variants(source=source, targets=[target])).variants.get()
    labels = [form.label for form in page(variant).context["changes"]]
    assert labels == [
        "Strength",
        "Length of the fibres",
        "Share of the second yarn",
        "Direction in degrees",
        "Colour 1",
        "Variation",
    ]


def test_an_earlier_take_that_was_rejected_is_approved(browser, page, first, staff):
    review.reject(variant=first, reviewer=staff, reason="edge")
    approve = reverse("oscar_gan:gan-variant-approve", args=[first.pk])
    assert approve in page(first).content.decode()
    browser.post(approve)
    first.refresh_from_db()
    assert first.status == "rejected"  # from the queue, a decision stands
    browser.post(approve, {"earlier": "1"})
    first.refresh_from_db()
    assert first.status == "approved"


def test_without_permission_nothing_is_offered(login, first):
    viewer = login(factories.make_user("view_variantimage"))
    html = viewer.get(reverse("oscar_gan:gan-variant-takes", args=[first.pk])).content.decode()
    assert "Make it again" not in html
    assert "btn-success" not in html


@pytest.mark.parametrize(
    ("given", "back"),
    [
        ("/dashboard/variants/?colour=x", "/dashboard/variants/?colour=x"),
        ("https://elsewhere.example/", "/dashboard/variants/"),
    ],
)
def test_the_way_back_leads_to_the_queue(page, first, given, back):
    assert page(first, next=given).context["next"] == back


def test_many_takes_cost_as_many_queries_as_one(
    page, first, source, django_assert_max_num_queries
):
    for number in range(6):
        factories.make_variant(
            source, target=f"#00000{number}", request=first.request, status="rejected"
        )
    page(first)
    # Session, user, permissions of 3 kinds with the product, the take, its takes, mattes,
    # champion; nothing per take.
    with django_assert_max_num_queries(14):
        response = page(first)
    assert len(response.context["takes"]) == 7
