"""Mapping colours on the generate page, and what review shows of it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from oscar_gan.models import VariantImage
from oscar_gan.services.requests import request_analysis

pytestmark = pytest.mark.django_db
BASES = ["#AF2430", "#F4F1EA"]


@pytest.fixture
def analysed(source, run, stub_generator):
    """A worker has found two colours in the photo."""
    stub_generator.palette = (("#AF2430", 0.7), ("#F4F1EA", 0.3))
    run(request_analysis(source=source)[1])
    return source


@pytest.fixture
def choose(browser, source):
    def choose(*targets, **fields):
        url = reverse("oscar_gan:gan-product-generate", args=[source.product_id])
        data = {"source": source.pk, "map_base": BASES, "map_target": targets, **fields}
        return browser.post(url, data)

    return choose


def rows(browser, source):
    url = reverse("oscar_gan:gan-product-generate", args=[source.product_id])
    return browser.get(url).context["map_rows"]


def test_the_products_colours_are_listed_with_their_share(browser, analysed):
    assert [(row.base, row.percent) for row in rows(browser, analysed)] == [
        ("#AF2430", 70),
        ("#F4F1EA", 30),
    ]


def test_nothing_is_offered_before_the_analysis_or_for_one_colour(browser, source, run):
    assert rows(browser, source) == []
    run(request_analysis(source=source)[1])
    assert rows(browser, source) == []


def test_a_mapping_becomes_one_picture(choose, analysed):
    choose("#0b3d91", "", map_name="Navy on cream")
    variant = VariantImage.objects.get()
    assert (variant.label, variant.target) == ("Navy on cream", "#0B3D91")
    assert variant.recipe["targets"] == {"#AF2430": "#0B3D91", "#F4F1EA": None}


def test_it_may_go_along_with_plain_colours(choose, analysed):
    choose("#0B3D91", "#D29B2A", more="#123456")
    labels = set(VariantImage.objects.values_list("label", flat=True))
    assert labels == {"#123456", "#0B3D91 / #D29B2A"}


def test_what_is_no_colour_is_refused_in_place_and_kept_to_correct(choose, analysed):
    response = choose("#0B3D91", "beige-ish")
    assert "map_name" in response.context["form"].errors
    assert [row.value for row in response.context["map_rows"]] == ["#0B3D91", "beige-ish"]
    assert not VariantImage.objects.exists()


def test_a_mapping_without_an_analysis_is_refused(choose):
    assert "map_name" in choose("#0B3D91", "").context["form"].errors


def test_empty_lines_are_no_mapping(choose, analysed):
    choose("", " ", more="#123456")
    assert VariantImage.objects.get().recipe["kind"] == "colour"


def test_review_shows_each_colour_with_its_error(choose, analysed, browser, run):
    choose("#0B3D91", "", map_name="Navy on cream")
    run(VariantImage.objects.get().request)
    page = browser.get(reverse("oscar_gan:gan-variant-list")).content.decode()
    table = page.split("Mapped colours")[1].split("</table>")[0]
    assert table.count("ΔE 0.2") + table.count("ΔE 0.3") == 1
    assert "#0B3D91" in table
    assert "stays" in table
