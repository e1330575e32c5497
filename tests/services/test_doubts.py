"""Doubt: what is worst decides, in one number that is stored."""

import pytest

from oscar_gan.gan_dashboard.findings import FINDINGS, NAMES
from oscar_gan.models import Colourway, VariantImage
from oscar_gan.models.jobs import UNSCORED
from oscar_gan.services import doubts, generation, housekeeping
from oscar_gan.services.requests import request_variants
from tests import factories


def score(*codes, delta_e=0.4, structure=0.99, tolerance=None):
    findings = [{"code": code, "message": "", "values": {}} for code in codes]
    return doubts.score(
        findings=findings, delta_e=delta_e, structure=structure, tolerance=tolerance
    )


def test_severity_then_colour_error_then_structure():
    rising = [
        score(delta_e=0.4, structure=1.0),
        score(delta_e=0.4, structure=0.5),
        score(delta_e=0.5, structure=1.0),
        score(delta_e=0.5, structure=1.0, tolerance=0.5),
        score(delta_e=5000.0, structure=0.0),
        score("small-photo", delta_e=0.0, structure=1.0),
        score("small-photo", "noise"),
        score("weak-matte", delta_e=0.0, structure=1.0),
        score("weak-matte", delta_e=5000.0, structure=0.0),
        UNSCORED,
    ]
    assert rising == sorted(set(rising))


def test_what_was_not_measured_is_no_doubt():
    assert score(delta_e=None, structure=None) == 0


def test_every_finding_has_a_severity_and_a_name_and_unknown_ones_count_as_middling():
    assert set(doubts.SEVERITIES) == set(FINDINGS) == set(NAMES)
    assert set(doubts.SEVERITIES.values()) == {1, 2, 3}
    assert doubts.severity_of("what-a-plugin-says") == 2


@pytest.mark.django_db
def test_those_of_one_severity_are_found(source):
    for code in ("noise", "skin", "small-photo"):
        finding = {"code": code, "message": "", "values": {}}
        factories.make_variant(source, label=code, findings=[finding], delta_e=9.0)
    factories.make_variant(source, label="fine")
    factories.make_variant(source, label="old", doubt=UNSCORED)
    found = VariantImage.objects.all()
    for severity, label in enumerate(["fine", "small-photo", "noise", "skin"]):
        assert [each.label for each in doubts.with_severity(found, severity)] == [label]


@pytest.mark.django_db
def test_a_picture_is_scored_when_it_is_made(source, sent, stub_generator):
    strict = Colourway.objects.create(name="Strict", colour="#24345C", tolerance=0.1)
    target = factories.Target(label="Strict", colour="#24345C", colourway=strict)
    request = request_variants(source=source, targets=[target])
    generation.run(request.pk)
    variant = request.variants.get()
    assert variant.doubt == doubts.score_of(variant) >= 25  # ΔE 0.25 in tolerances of 0.1


@pytest.mark.django_db
def test_another_tolerance_scores_what_awaits_review_anew(source, staff):
    navy = Colourway.objects.create(name="Navy", colour="#24345C", tolerance=2)
    waiting = factories.make_variant(source, colourway=navy, delta_e=1.0)
    decided = factories.make_variant(source, colourway=navy, delta_e=1.0)
    factories.make_review(decided, staff)
    before = waiting.doubt
    navy.tolerance = 0.5
    navy.save()
    for variant in (waiting, decided):
        variant.refresh_from_db()
    assert waiting.doubt == pytest.approx(before + 15)
    assert decided.doubt == before


@pytest.mark.django_db
def test_housekeeping_scores_what_was_made_before(source, monkeypatch):
    monkeypatch.setattr(doubts, "_CHUNK", 2)
    made = [factories.make_variant(source, doubt=UNSCORED) for _ in range(5)]
    factories.make_variant(source, status="queued")
    assert doubts.score_missing() == 5
    made[0].refresh_from_db()
    assert made[0].doubt < 10
    VariantImage.objects.filter(pk=made[0].pk).update(doubt=UNSCORED)
    housekeeping.sweep()
    assert not VariantImage.objects.filter(doubt=UNSCORED, status="awaiting_review").exists()


@pytest.mark.django_db
def test_scoring_costs_no_query_per_picture(source, django_assert_num_queries):
    for _ in range(4):
        factories.make_variant(source, doubt=UNSCORED)
    # Read, write, and a look for more.
    with django_assert_num_queries(3):
        doubts.score_missing()
