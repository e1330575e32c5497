"""The review queue: what a card shows, what a decision does, how the list is narrowed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from oscar_gan.models import Colourway, Review, VariantImage
from oscar_gan.services import publishing, review
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/dashboard/variants/"
JSON = {"accept": "application/json"}


@pytest.fixture
def queue(browser):
    """The queue's page as text, narrowed by these parameters."""
    return lambda **params: browser.get(LIST, params).content.decode()


@pytest.fixture
def decide(browser):
    def decide(variant, action, headers=None, **data):
        url = reverse(f"oscar_gan:gan-variant-{action}", args=[variant.pk])
        response = browser.post(url, data, headers=headers)
        variant.refresh_from_db()
        return response

    return decide


def test_a_card_shows_colours_and_measures(queue, source):
    factories.make_variant(source, delta_e=0.42, structure=0.973)
    html = queue()
    assert "ΔE 0.4" in html
    assert "97 %" in html
    assert 'fill="#24345C"' in html


@pytest.mark.parametrize(
    ("delta_e", "badge"), [(1.9, "badge-success"), (2.4, "badge-warning"), (3.4, "badge-danger")]
)
def test_the_colour_errors_badge_follows_its_size(queue, source, delta_e, badge):
    factories.make_variant(source, delta_e=delta_e)
    assert f'<span class="badge {badge}">ΔE {delta_e}</span>' in queue()


def test_a_strict_colourway_is_judged_strictly(queue, source):
    strict = Colourway.objects.create(name="Brand blue", colour="#24345C", tolerance=0.5)
    factories.make_variant(source, delta_e=1.2, colourway=strict)
    assert '<span class="badge badge-warning">ΔE 1.2</span>' in queue()


def test_warnings_come_before_the_measures(queue, source):
    finding = {"code": "noise", "message": "Noise grew 3 times.", "values": {}}
    factories.make_variant(source, findings=[finding])
    html = queue()
    assert html.index("Noise grew 3 times.") < html.index("Asked for")


def test_whatever_people_typed_is_escaped(queue, source):
    factories.make_variant(source, label="<script>alert(1)</script>", target="#111111")
    assert "<script>alert(1)" not in queue()


def test_refused_and_failed_ones_say_why(queue, source):
    factories.make_variant(source, status="refused", problem="Nearly black.", problem_code="x")
    factories.make_variant(source, status="failed", problem="Broken file.", problem_code="y")
    html = queue(status="unmade")
    assert "Nearly black." in html
    assert "Broken file." in html
    assert html.count("Try again") == 1
    assert "Use another photo or matte" in html


def test_approving_and_taking_it_back(decide, made, staff):
    decide(made, "approve")
    assert made.status == "approved"
    decide(made, "undo")
    assert made.status == "awaiting_review"
    decisions = made.reviews.values_list("decision", "reviewer")
    assert list(decisions) == [("approved", staff.pk), ("undone", staff.pk)]


def test_rejecting_keeps_reason_and_comment(decide, made):
    decide(made, "reject", reason="bleeding", comment="Left sleeve")
    logged = made.reviews.get()
    assert (made.status, logged.reason, logged.comment) == ("rejected", "bleeding", "Left sleeve")


@pytest.mark.parametrize("data", [{}, {"reason": ""}, {"reason": "because"}])
def test_rejecting_needs_one_of_the_reasons(decide, made, data):
    response = decide(made, "reject", JSON, **data)
    assert response.status_code == 409
    assert made.status == "awaiting_review"


def test_a_script_gets_the_new_state(decide, made):
    data = decide(made, "approve", JSON).json()
    assert data == {
        "message": "Navy was approved.",
        "status": "approved",
        "status_label": "Approved",
        "badge": "badge-success",
    }


def test_deciding_twice_is_refused_with_the_reason(decide, approved):
    response = decide(approved, "approve", JSON)
    assert response.status_code == 409
    assert "not awaiting review" in response.json()["message"]
    assert Review.objects.count() == 1


def test_what_is_published_cannot_be_undone_here(queue, decide, published):
    variant = published.variant
    undo = reverse("oscar_gan:gan-variant-undo", args=[variant.pk])
    assert undo not in queue(status="approved")
    assert decide(variant, "undo", JSON).status_code == 409
    assert variant.status == "approved"


def test_decided_ones_say_who_and_why(queue, decide, made, staff):
    decide(made, "reject", reason="edge", comment="Halo")
    html = queue(status="rejected")
    assert staff.email in html
    assert "Edge or halo" in html
    assert "Halo" in html


def test_without_permission_to_review_there_are_no_buttons(login, made):
    html = login(factories.make_user("view_variantimage")).get(LIST).content.decode()
    assert made.label in html
    assert "data-gan-form" not in html


@pytest.mark.parametrize(
    ("status", "labels"),
    [
        ("awaiting", {"Navy"}),
        ("approved", {"Red"}),
        ("unmade", {"Mustard"}),
        ("all", {"Navy", "Red", "Mustard"}),
        ("nonsense", {"Navy"}),
    ],
)
def test_the_list_is_narrowed_by_state(browser, source, status, labels):
    for label, state in [("Navy", "awaiting_review"), ("Red", "approved"), ("Mustard", "failed")]:
        factories.make_variant(source, label=label, status=state)
    response = browser.get(LIST, {"status": status})
    assert {variant.label for variant in response.context["variants"]} == labels
    counts = {item["key"]: item["count"] for item in response.context["filters"]}
    assert (counts["awaiting"], counts["approved"], counts["unmade"], counts["all"]) == (
        1,
        1,
        1,
        3,
    )


def test_the_list_is_narrowed_by_product_and_by_words(browser, product, made, parent):
    child = parent.children.first()
    factories.make_variant(factories.add_photo(child), label="Red")

    def labels(**params):
        return {variant.label for variant in browser.get(LIST, params).context["variants"]}

    assert labels(product=product.pk) == {"Navy"}
    assert labels(product=parent.pk) == {"Red"}
    assert labels(q="canvas") == {"Navy"}
    assert labels(q="BAG") == {"Navy"}
    assert labels(q=parent.title) == {"Red"}
    assert labels(q="nothing like it") == set()
    assert labels(product="x", q="") == {"Navy", "Red"}


@pytest.mark.parametrize("page", ["0", "99", "x"])
def test_a_page_that_is_gone_shows_what_is_left(browser, made, page):
    assert list(browser.get(LIST, {"page": page}).context["variants"]) == [made]


def test_a_full_page_costs_as_many_queries_as_a_short_one(
    browser, source, staff, django_assert_max_num_queries
):
    for number in range(14):
        variant = factories.make_variant(
            source, label=f"Colour {number}", target=f"#0000{number:02}"
        )
        review.approve(variant=variant, reviewer=staff)
    publishing.publish(variant=variant, scope="gallery", published_by=staff)
    browser.get(LIST, {"status": "approved"})  # content types and permissions are cached now
    # Session, user, 2 permissions, counts, page count, page, reviews, publications, reviewers'
    # names come along; nothing per card.
    with django_assert_max_num_queries(12):
        response = browser.get(LIST, {"status": "approved"})
    assert len(response.context["variants"]) == 12


def test_the_empty_queue_says_what_to_do_next(queue):
    assert "Nothing waits for review" in queue()
    assert VariantImage.objects.count() == 0
