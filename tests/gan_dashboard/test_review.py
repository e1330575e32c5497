"""The review queue: what a card shows, what a decision does, how the list is narrowed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

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
        "pace": "",
    }


def test_approving_says_what_the_publish_policy_makes_of_it(decide, source, settings):
    policy = "oscar_gan.services.publish_policies.within_tolerance"
    settings.OSCAR_GAN = {**settings.OSCAR_GAN, "PUBLISH_POLICY": policy}
    colourway = Colourway.objects.create(name="Brand blue", colour="#24345C", tolerance=0.5)
    near, far = (
        factories.make_variant(source, label=name, delta_e=error, colourway=colourway)
        for name, error in (("Near", 0.3), ("Far", 1.2))
    )
    said = {
        each.label: decide(each, "approve", headers=JSON).json()["message"] for each in (near, far)
    }
    assert said["Near"] == "Near was approved and is being published."
    assert said["Far"] == (
        "Far was approved, not published: the colour error, ΔE 1.2, is over the tolerance of"
        " Brand blue, ΔE 0.5."
    )


def test_what_is_approved_leads_to_publishing_it_together(queue, source, approved):
    waiting = factories.make_variant(source, label="Mustard")
    html = queue(status="approved")
    assert f"/dashboard/variants/publish/?variant={approved.pk}" in html
    assert f"variant={waiting.pk}" not in html
    assert "/dashboard/variants/publish/?variant" not in queue()


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
    for number in range(26):
        variant = factories.make_variant(
            source, label=f"Colour {number}", target=f"#0000{number:02}"
        )
        review.approve(variant=variant, reviewer=staff)
    publishing.publish(variant=variant, scope="gallery", published_by=staff)
    browser.get(LIST, {"status": "approved"})  # content types and permissions are cached now
    # Session, user, 2 permissions, counts, page, reviews with their people, publications, 2 for
    # the pace, 4 for the filters' choices; nothing per card.
    with django_assert_max_num_queries(15):
        response = browser.get(LIST, {"status": "approved"})
    assert len(response.context["variants"]) == 24


def test_the_most_doubtful_come_first(browser, source):
    strict = Colourway.objects.create(name="Brand blue", colour="#24345C", tolerance=0.5)
    note = {"code": "small-photo", "message": "Small.", "values": {}}
    grave = {"code": "weak-matte", "message": "Unclear.", "values": {}}
    factories.make_variant(source, label="Sure", target="#000001", delta_e=0.2)
    factories.make_variant(source, label="Off", target="#000002", delta_e=1.9)
    factories.make_variant(source, label="Strict", target="#000003", delta_e=0.9, colourway=strict)
    factories.make_variant(source, label="Blurred", target="#000004", delta_e=0.2, structure=0.8)
    factories.make_variant(source, label="Note", target="#000005", findings=[note])
    factories.make_variant(source, label="Grave", target="#000006", findings=[note, grave])
    labels = [variant.label for variant in browser.get(LIST).context["variants"]]
    assert labels == ["Grave", "Note", "Strict", "Off", "Blurred", "Sure"]


def test_the_queue_is_read_from_an_index(browser, made):
    plan = browser.get(LIST).context["variants"].explain()
    assert connection.vendor != "sqlite" or "INDEX gan_variant_doubt" in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize(
    ("params", "labels"),
    [
        ({"colour": "nav"}, {"Navy"}),
        ({"colour": "#af2430"}, {"Red"}),
        ({"error_from": "1"}, {"Red"}),
        ({"error_to": "1"}, {"Navy"}),
        ({"error_from": "x"}, {"Navy", "Red"}),
        ({"warning": "any"}, {"Red"}),
        ({"warning": "none"}, {"Navy"}),
        ({"warning": "noise"}, {"Red"}),
        ({"warning": "skin"}, set()),
        ({"warning": "2"}, {"Red"}),
        ({"warning": "3"}, set()),
        ({"warning": "nonsense"}, {"Navy", "Red"}),
    ],
)
def test_the_list_is_narrowed_by_what_was_measured(browser, source, params, labels):
    noise = {"code": "noise", "message": "Noise.", "values": {}}
    factories.make_variant(source, label="Navy", delta_e=0.5)
    factories.make_variant(source, label="Red", delta_e=1.5, findings=[noise])
    found = browser.get(LIST, params).context["variants"]
    assert {variant.label for variant in found} == labels


def test_the_list_is_narrowed_by_who_sells_and_what_it_is(browser, product, made, parent):
    child = parent.children.first()
    factories.make_variant(factories.add_photo(child), label="Red")
    hat = factories.make_product(class_name="Hats", partner=factories.make_partner())
    factories.make_variant(hat.images.get(), label="Mustard")

    def labels(**params):
        return {variant.label for variant in browser.get(LIST, params).context["variants"]}

    hats = hat.stockrecords.get().partner
    assert labels(partner=hats.pk) == {"Mustard"}
    assert labels(product_class=hat.product_class.pk) == {"Mustard"}
    assert labels(product_class=product.product_class.pk) == {"Navy", "Red"}


def test_partner_staff_choose_among_their_own_partners(login, partner_user, partner):
    factories.make_partner("Elsewhere")
    form = login(partner_user).get(LIST).context["form"]
    assert list(form.fields["partner"].queryset) == [partner]


def test_filters_keep_their_place_in_the_address(queue, source):
    factories.make_variant(source, label="Navy", delta_e=0.5)
    html = queue(colour="Navy", error_to="1", status="awaiting")
    assert 'href="?status=approved&amp;colour=Navy&amp;error_to=1"' in html
    assert 'href="?status=awaiting&amp;error_to=1"' in html  # without the colour
    assert "Remove this filter:" in html


@pytest.fixture
def several(source):
    return [
        factories.make_variant(source, label=f"Colour {number}", target=f"#00000{number}")
        for number in range(3)
    ]


@pytest.fixture
def decide_all(browser):
    def decide_all(variants, headers=None, **data):
        data["variants"] = [variant.pk for variant in variants]
        return browser.post(reverse("oscar_gan:gan-variant-decide"), data, headers=headers)

    return decide_all


def test_many_are_decided_in_one_request(decide_all, several):
    data = decide_all(several, JSON, decision="approved").json()
    assert data["message"] == "3 pictures were approved."
    assert [(each["id"], each["status"]) for each in data["outcomes"]] == [
        (variant.pk, "approved") for variant in several
    ]
    assert Review.objects.filter(decision="approved").count() == 3


def test_a_reason_rejects_many(decide_all, several):
    response = decide_all(several, reason="edge", next=f"{LIST}?colour=x")
    assert response.url == f"{LIST}?colour=x"
    assert set(Review.objects.values_list("decision", "reason")) == {("rejected", "edge")}


def test_of_many_each_has_its_own_outcome(decide_all, several, staff, partner):
    review.approve(variant=several[1], reviewer=staff)
    gone = VariantImage(pk=several[-1].pk + 1000)
    data = decide_all([*several, gone], JSON, reason="edge").json()
    assert [each["problem"] for each in data["outcomes"]] == ["", "This picture is approved.", ""]
    assert [each["status"] for each in data["outcomes"]] == ["rejected", "approved", "rejected"]
    assert data["message"] == (
        "2 pictures were rejected. 1 is not there any more. Colour 1: This picture is approved."
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "Choose whether to approve"),
        ({"decision": "rejected"}, "Choose why these"),
        ({"decision": "burnt"}, "Select a valid choice"),
    ],
)
def test_deciding_many_needs_a_decision(decide_all, several, data, message):
    response = decide_all(several, JSON, **data)
    assert response.status_code == 409
    assert message in response.json()["message"]
    assert not Review.objects.exists()


def test_deciding_many_needs_pictures(decide_all, several, approved):
    for variants in ([], [VariantImage(pk="x")], [VariantImage(pk="9" * 40)]):
        response = decide_all(variants, JSON, decision="approved")
        assert response.json()["message"] == "Choose at least one picture first."
    response = decide_all([approved], JSON, decision="approved")
    assert response.status_code == 409  # nothing was done, so nothing succeeded


def test_many_are_undone_in_one_request(decide_all, several, staff):
    decide_all(several, decision="approved")
    publishing.publish(variant=several[0], scope="gallery", published_by=staff)
    data = decide_all(several, JSON, decision="undone").json()
    assert [each["status"] for each in data["outcomes"]] == [
        "approved",
        "awaiting_review",
        "awaiting_review",
    ]
    assert "is published; revert" in data["outcomes"][0]["problem"]


def test_the_pace_is_shown_to_who_reviews(browser, login, source, staff):
    log(source, staff, 0, 2, 5, 200)
    log(source, factories.make_user("review_variants"), 0, 7)
    assert "2.5" in browser.get(LIST).context["pace"]
    assert "everybody: 3.0 s" in browser.get(LIST).context["pace"]
    assert login(factories.make_user("view_variantimage")).get(LIST).context["pace"] == ""


def test_partner_staff_see_their_own_pace_only(login, source, staff, partner_user):
    log(source, staff, 0, 7)
    log(source, partner_user, 0, 3)
    pace = login(partner_user).get(LIST).context["pace"]
    assert "3.0 s per decision" in pace
    assert "everybody" not in pace


def log(source, reviewer, *seconds):
    """Approvals by one person at these seconds."""
    start = timezone.now() - timedelta(hours=1)
    for second in seconds:
        variant = factories.make_variant(source, label="Red")
        made = factories.make_review(variant, reviewer)
        Review.objects.filter(pk=made.pk).update(created_at=start + timedelta(seconds=second))


def test_the_empty_queue_says_what_to_do_next(queue):
    assert "Nothing waits for review" in queue()
    assert VariantImage.objects.count() == 0
