"""Publishing from the dashboard: the preview, the deed, and taking it back; one or many."""

from __future__ import annotations

import pytest
from django.urls import reverse

from oscar_gan.models import BackfillRun, Publication, PublishingRun
from oscar_gan.services import publish_runs, publishing, review
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/dashboard/variants/publications/"
BULK = "/dashboard/variants/publish/"


@pytest.fixture
def navy(parent, staff):
    """An approved navy picture of the parent, whose navy children have none."""
    option = factories.AttributeOption.objects.get(group__name="colour", option="Navy")
    variant = factories.make_variant(parent.images.get(), option=option)
    review.approve(variant=variant, reviewer=staff)
    return variant


def url(variant) -> str:
    return reverse("oscar_gan:gan-variant-publish", args=[variant.pk])


def galleries(response) -> set:
    return {change.product for change in response.context["preview"].galleries}


def test_the_preview_lists_every_gallery_and_changes_none(browser, navy, parent):
    response = browser.get(url(navy))
    upcs = {product.upc for product in galleries(response)}
    assert upcs == {f"{parent.upc}-Navy-M", f"{parent.upc}-Navy-L"}
    assert response.context["form"]["scope"].value() == "colour"
    assert "shoppers see another colour’s" in response.content.decode()
    assert not Publication.objects.exists()


@pytest.mark.parametrize(("scope", "count"), [("gallery", 1), ("colour", 2), ("both", 3)])
def test_the_preview_follows_the_address(browser, navy, scope, count):
    response = browser.get(url(navy), {"scope": scope, "position": "lead", "replace": "on"})
    assert len(galleries(response)) == count
    form = response.context["form"]
    assert (form["scope"].value(), form["position"].value()) == (scope, "lead")
    assert form["replace"].value() is True


def test_nonsense_in_the_address_shows_a_page(browser, navy):
    assert browser.get(url(navy), {"scope": "moon"}).status_code == 200


def test_a_place_that_is_none_says_why(browser, approved):
    response = browser.get(url(approved), {"scope": "colour"})
    assert "not one of this product" in response.content.decode()
    assert browser.get(url(approved)).context["form"]["scope"].value() == "gallery"


@pytest.mark.parametrize(("scope", "count"), [("gallery", 1), ("colour", 2)])
def test_publishing_adds_the_picture_and_says_where(browser, navy, scope, count):
    response = browser.post(url(navy), {"scope": scope}, follow=True)
    assert response.request["PATH_INFO"] == LIST
    publication = Publication.objects.get()
    assert (publication.images.count(), publication.position) == (count, "last")
    noun = "gallery" if count == 1 else "galleries"
    assert f"Navy is now in {count} {noun}." in response.content.decode()


def test_the_whole_rule_is_published(browser, navy):
    browser.post(url(navy), {"scope": "colour", "position": "lead", "replace": "on"})
    publication = Publication.objects.get()
    assert (publication.position, publication.replace) == ("lead", True)


@pytest.mark.parametrize("scope", ["", "everywhere"])
def test_a_place_must_be_chosen(browser, navy, scope):
    response = browser.post(url(navy), {"scope": scope})
    assert response.status_code == 200
    assert "scope" in response.context["form"].errors
    assert not Publication.objects.exists()


def test_a_place_that_is_none_is_refused_in_place(browser, approved):
    response = browser.post(url(approved), {"scope": "colour"})
    assert response.context["form"].non_field_errors()
    assert not Publication.objects.exists()


def test_what_is_not_approved_or_already_out_cannot_be_published(browser, made, staff):
    assert "cannot be published now" in browser.get(url(made)).content.decode()
    assert browser.post(url(made), {"scope": "gallery"}).context["form"].non_field_errors()
    review.approve(variant=made, reviewer=staff)
    publishing.publish(variant=made, scope="gallery", published_by=staff)
    assert "cannot be published now" in browser.get(url(made)).content.decode()


def test_why_the_policy_did_not_publish_it_is_shown(browser, approved, settings):
    assert "Not published by itself" not in browser.get(url(approved)).content.decode()
    settings.OSCAR_GAN = {"PUBLISH_POLICY": "oscar_gan.services.publish_policies.within_tolerance"}
    page = browser.get(url(approved)).content.decode()
    assert "Not published by itself: no colourway says how far this colour may be off." in page


# Many at once


def test_a_choice_of_pictures_is_previewed_and_published(browser, navy, approved, staff):
    ids = {"variant": [navy.pk, approved.pk]}
    response = browser.get(BULK, {**ids, "scope": "gallery"})
    assert galleries(response) == {navy.product, approved.product}
    response = browser.post(BULK, {**ids, "scope": "gallery"})
    run = PublishingRun.objects.get()
    assert response.url == reverse("oscar_gan:gan-publishing-run", args=[run.pk])
    assert "0 of 2 published, 2 to go" in browser.get(response.url).content.decode()
    publish_runs.work(run.pk)
    assert "2 of 2 published" in browser.get(response.url).content.decode()
    assert Publication.objects.live().count() == 2


def test_a_whole_bulk_run_is_published(browser, source, approved):
    bulk = BackfillRun.objects.create()
    factories.make_variant(
        source, status="approved", request=factories.make_request(source, run=bulk, status="done")
    )
    response = browser.get(BULK, {"run": bulk.pk})
    assert len(response.context["variants"]) == 1
    browser.post(BULK, {"run": bulk.pk, "scope": "gallery"})
    assert PublishingRun.objects.get().backfill == bulk


@pytest.mark.parametrize("query", [{"run": "nonsense"}, {"run": "0" * 32}])
def test_a_bulk_run_that_is_none_is_not_found(browser, query):
    assert browser.get(BULK, query).status_code == 404


@pytest.mark.parametrize("query", [{}, {"variant": "x"}, {"variant": "999999"}])
def test_nothing_to_publish_says_so(browser, query):
    page = browser.get(BULK, query).content.decode()
    assert "Nothing can be published here now" in page
    response = browser.post(BULK, {**query, "scope": "gallery"})
    assert response.context["form"].non_field_errors()


def test_a_failure_is_told_beside_its_picture(browser, approved, staff):
    run = publish_runs.start(
        variants=[approved], rule=publishing.Rule(scope="colour"), started_by=staff
    )
    publish_runs.work(run.pk)
    page = browser.get(reverse("oscar_gan:gan-publishing-run", args=[run.pk])).content.decode()
    assert "0 of 1 published, 1 failed" in page
    assert "not one of this product" in page


def test_reverting_a_run_takes_all_of_it_back(browser, approved, product, staff):
    run = publish_runs.start(
        variants=[approved], rule=publishing.Rule(scope="gallery"), started_by=staff
    )
    publish_runs.work(run.pk)
    revert = reverse("oscar_gan:gan-publishing-run-revert", args=[run.pk])
    page = reverse("oscar_gan:gan-publishing-run", args=[run.pk])
    assert revert in browser.get(page).content.decode()
    response = browser.post(revert, follow=True)
    assert "Everything that this run published was taken back." in response.content.decode()
    assert product.images.count() == 1
    assert revert not in response.content.decode()


# Taking back, the list


def test_reverting_takes_it_out_with_one_click(browser, published, product):
    assert product.images.count() == 2
    revert = reverse("oscar_gan:gan-publication-revert", args=[published.pk])
    assert revert in browser.get(LIST).content.decode()
    response = browser.post(revert, follow=True)
    assert "was taken out of the galleries again" in response.content.decode()
    assert product.images.count() == 1
    assert revert not in browser.get(LIST).content.decode()


def test_reverting_twice_says_so(browser, published, staff):
    publishing.revert(publication=published, reverted_by=staff)
    revert = reverse("oscar_gan:gan-publication-revert", args=[published.pk])
    response = browser.post(revert, follow=True)
    assert "reverted already" in response.content.decode()


@pytest.mark.parametrize(("status", "count"), [("live", 1), ("reverted", 1), ("all", 2)])
def test_the_list_is_narrowed_by_state(browser, published, source, staff, status, count):
    other = factories.make_variant(source, label="Mustard")
    review.approve(variant=other, reviewer=staff)
    again = publishing.publish(variant=other, scope="gallery", published_by=staff)
    publishing.revert(publication=again, reverted_by=staff)
    assert len(browser.get(LIST, {"status": status}).context["publications"]) == count


def test_what_people_removed_by_hand_is_marked(browser, published):
    published.images.get().image.delete()
    assert "removed by hand" in browser.get(LIST).content.decode()


def test_a_long_list_costs_no_query_per_row(browser, source, staff, django_assert_max_num_queries):
    for number in range(8):
        variant = factories.make_variant(source, label=str(number), target=f"#00000{number}")
        review.approve(variant=variant, reviewer=staff)
        publishing.publish(variant=variant, scope="gallery", published_by=staff)
    browser.get(LIST)
    with django_assert_max_num_queries(12):
        assert len(browser.get(LIST).context["publications"]) == 8
