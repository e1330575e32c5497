"""Publishing from the dashboard: the preview, the deed, and taking it back."""

from __future__ import annotations

import pytest
from django.urls import reverse

from oscar_gan.models import Publication
from oscar_gan.services import publishing, review
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/dashboard/variants/publications/"


@pytest.fixture
def navy(parent, staff):
    """An approved navy picture of the parent, whose navy children have none."""
    option = factories.AttributeOption.objects.get(group__name="colour", option="Navy")
    variant = factories.make_variant(parent.images.get(), option=option)
    review.approve(variant=variant, reviewer=staff)
    return variant


def url(variant) -> str:
    return reverse("oscar_gan:gan-variant-publish", args=[variant.pk])


def test_the_preview_lists_every_gallery_and_changes_none(browser, navy, parent):
    response = browser.get(url(navy))
    gallery, colour = response.context["plans"]
    assert [it["product"] for it in gallery["galleries"]] == [parent]
    upcs = {it["product"].upc for it in colour["galleries"]}
    assert upcs == {f"{parent.upc}-Navy-M", f"{parent.upc}-Navy-L"}
    assert response.context["chosen"] == "colour"
    assert not Publication.objects.exists()


def test_a_place_that_is_none_says_why(browser, approved):
    response = browser.get(url(approved))
    assert response.context["chosen"] == "gallery"
    assert "not one of this product" in response.content.decode()


@pytest.mark.parametrize(("scope", "galleries"), [("gallery", 1), ("colour", 2)])
def test_publishing_adds_the_picture_and_says_where(browser, navy, scope, galleries):
    response = browser.post(url(navy), {"scope": scope}, follow=True)
    assert response.request["PATH_INFO"] == LIST
    assert Publication.objects.get().images.count() == galleries
    noun = "gallery" if galleries == 1 else "galleries"
    assert f"Navy is now in {galleries} {noun}." in response.content.decode()


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
