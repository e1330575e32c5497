"""What staff made of each version's pictures."""

from __future__ import annotations

import pytest

from oscar_gan.models import Review, VariantImage
from oscar_gan.services import review
from oscar_gan.services.generator_statistics import VersionStatistics, statistics, wilson
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def versions():
    first = factories.make_generator_version(version="2")
    second = factories.make_generator_version(version="2+shop.1", status="challenger")
    return first, second


@pytest.fixture
def make(source):
    def make(version, count=1, **fields):
        request = factories.make_request(source, generator=version)
        return [factories.make_variant(source, request=request, **fields) for _ in range(count)]

    return make


def test_nothing_made_is_nothing_known(versions):
    assert statistics("recolour") == {}
    unknown = VersionStatistics()
    assert (unknown.rate, unknown.interval, unknown.delta_e) == (None, None, None)


def test_only_standing_decisions_about_quality_count(versions, make, staff):
    first, second = versions
    pictures = make(first, 7, delta_e=0.4)
    for picture in pictures[:3]:
        review.approve(variant=picture, reviewer=staff)
    for picture, reason in zip(pictures[3:6], ("edge", "not-wanted", "other"), strict=True):
        review.reject(variant=picture, reviewer=staff, reason=reason)
    changed = pictures[0]  # approved, undone, rejected: one decision
    review.undo(variant=changed, reviewer=staff)
    review.reject(variant=changed, reviewer=staff, reason="bleeding")
    undone = pictures[1]
    review.undo(variant=undone, reviewer=staff)
    business = pictures[3]  # was about the edge, is about business
    review.undo(variant=business, reviewer=staff)
    review.reject(variant=business, reviewer=staff, reason="not-wanted")
    make(second, 2)
    make(second, 1, status=VariantImage.Status.REFUSED)

    found = statistics("recolour")
    assert found[first.pk] == VersionStatistics(7, 1, 1, 0.4)
    assert found[first.pk].rate == 0.5
    assert (found[second.pk].made, found[second.pk].rate) == (2, None)


@pytest.mark.parametrize(
    ("values", "median"),
    [([0.7], 0.7), ([0.9, 0.1], 0.5), ([2.0, 0.1, 0.3], 0.3), ([0.1, 9.0, 0.3, 0.5], 0.4)],
)
def test_the_median_is_the_middle_of_each_version(versions, make, values, median):
    first, second = versions
    for value in values:
        make(first, delta_e=value)
    make(second, delta_e=5.0)
    found = statistics("recolour")
    assert found[first.pk].delta_e == pytest.approx(median)
    assert found[second.pk].delta_e == 5.0


def test_other_generators_are_left_alone(versions, make):
    make(factories.make_generator_version("classic"))
    assert statistics("recolour") == {}


def test_queries_do_not_grow_with_versions(make, staff, django_assert_num_queries):
    for number in range(6):
        version = factories.make_generator_version(
            version=f"2+shop.{number}", status="retired" if number else "champion"
        )
        for picture in make(version, 2):
            review.reject(variant=picture, reviewer=staff, reason=Review.Reason.EDGE)
    with django_assert_num_queries(3):
        found = statistics("recolour")
    assert [figures.rejected for figures in found.values()] == [2] * 6


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_wilson_agrees_with_published_values(successes, trials, low, high):
    """The last row is Newcombe's (1998, table I, method 3)."""
    assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-5)
