"""Generators, trainings and comparisons as their pages show them, and what the buttons ask for."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from celery.schedules import crontab
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from oscar_gan.errors import InvalidRequest, InvalidTransition
from oscar_gan.gan_dashboard.charts import figure, line_chart, nice_ticks, thinned
from oscar_gan.gan_dashboard.generators import charts, version_rows
from oscar_gan.gan_dashboard.training_runs import remaining, summary
from oscar_gan.models import GeneratorEvent, GeneratorVersion, TrainingRun
from oscar_gan.services import feedback, registry, retraining, review
from tests import factories

pytestmark = pytest.mark.django_db

Status = GeneratorVersion.Status


@pytest.fixture
def trainer():
    return factories.make_user("train_generators")


@pytest.fixture
def page(login, trainer):
    """Open one of the pages and return its HTML, with single spaces."""
    client = login(trainer)

    def page(name, *args, **query) -> str:
        response = client.get(reverse(f"oscar_gan:{name}", args=args), query)
        assert response.status_code == 200
        return re.sub(r"\s+", " ", response.content.decode())

    return page


@pytest.fixture
def post(login, trainer):
    """Press a button as a page does, and return the sentence shown."""
    client = login(trainer)

    def post(name, *args, **data) -> str:
        address = reverse(f"oscar_gan:{name}", args=args)
        response = client.post(address, data, follow=True)
        return "; ".join(str(message) for message in response.context["messages"])

    return post


@pytest.fixture(autouse=True)
def decisions(monkeypatch):
    """What counting the decisions gives."""
    counted = SimpleNamespace(total=312, wanted=100, photos=57, wanted_photos=40)
    counted.enough_photos = True
    monkeypatch.setattr(feedback, "new_decisions", lambda name: counted)
    return counted


@pytest.fixture
def champion():
    return factories.make_generator_version(version="2")


@pytest.fixture
def challenger(champion):
    return factories.make_generator_version(
        version="2+shop.1", status=Status.CHALLENGER, parent=champion
    )


@pytest.fixture
def asked(monkeypatch):
    """What the services were asked to do, as (name, arguments)."""
    calls = []
    for service in ("promote", "roll_back", "pin", "unpin"):

        def call(service=service, /, **given):
            calls.append((service, given))

        monkeypatch.setattr(registry, service, call, raising=False)
    return calls


def test_a_new_shop_sees_what_will_be_here(page):
    html = page("gan-generator-list")
    assert "The generator that came with the package" in html
    assert "Nothing was trained yet" in html
    assert "<svg" not in html


def test_who_serves_since_when_and_by_whom(page, champion, challenger, trainer):
    GeneratorEvent.objects.create(
        version=champion, previous=challenger, kind="rolled-back", by=trainer, note="Halos"
    )
    html = page("gan-generator-list")
    assert "recolour 2</strong>" in html
    assert f"by {trainer.email} · “Halos”" in html
    assert "with the package" in html


def test_another_configured_generator_is_pointed_out(page, champion, settings):
    settings.OSCAR_GAN = {"GENERATOR": "classic"}
    assert "new pictures are made by that one, not by recolour" in page("gan-generator-list")


def test_feedback_in_a_sentence_and_the_button(page, champion):
    html = page("gan-generator-list")
    assert "<strong>312</strong> quality decisions so far; the schedule waits for 100." in html
    assert "<strong>57</strong> photos have an outline to trust; 40 are needed." in html
    assert train_button(html).endswith(' data-loading-text="Starting…" >')


def test_decisions_count_since_the_last_training(page, champion, challenger):
    factories.make_training(champion, status="done", result=challenger)
    assert "new quality decisions since the training of 2+shop.1" in page("gan-generator-list")


def test_the_button_says_why_it_is_off(page, champion, decisions):
    decisions.enough_photos = False
    html = page("gan-generator-list")
    assert 'disabled aria-describedby="gan_train_hurdle"' in train_button(html)
    assert "Too little to learn from" in html
    decisions.enough_photos = True
    factories.make_training(champion)
    assert "one at a time" in page("gan-generator-list")


def test_the_schedule_is_read_from_the_settings(page, champion, settings):
    settings.CELERY_BEAT_SCHEDULE = {}
    assert "No schedule looks at this" in page("gan-generator-list")
    settings.CELERY_BEAT_SCHEDULE = {
        "any-name": {"task": "oscar_gan.retrain", "schedule": crontab(hour=3, minute=0)}
    }
    assert re.search(r"Next look: [^.]* 3 a\.m\.", page("gan-generator-list"))


@pytest.mark.parametrize("passed", [True, False])
def test_only_what_passed_against_the_champion_is_promoted(page, champion, challenger, passed):
    comparison = factories.make_full_comparison(challenger, champion, passed=passed)
    address = reverse("oscar_gan:gan-generator-promote", args=[challenger.pk])
    assert ("Promote…" in page("gan-generator-list")) == passed
    assert (address in page("gan-comparison", comparison.pk)) == passed


def test_hurdles_are_named(page, champion, challenger):
    assert "has not been compared" in page("gan-generator-list")
    old = factories.make_generator_version(version="1", status=Status.RETIRED)
    comparison = factories.make_full_comparison(challenger, old)
    assert "compared with an earlier champion" in page("gan-generator-list")
    assert "It cannot be promoted" in page("gan-comparison", comparison.pk)
    factories.make_full_comparison(challenger, champion)
    champion.pinned = True
    champion.save()
    assert "recolour 2 is pinned; unpin it first." in page("gan-generator-list")


def test_only_former_champions_are_rolled_back_to(page, champion, challenger):
    former = factories.make_generator_version(version="1", status=Status.RETIRED)
    never = factories.make_generator_version(version="0", status=Status.RETIRED)
    GeneratorEvent.objects.create(version=champion, previous=former, kind="promoted")
    html = page("gan-generator-list")
    for version, expected in ((former, True), (never, False), (challenger, False)):
        address = reverse("oscar_gan:gan-generator-roll-back", args=[version.pk])
        assert (address in html) == expected


def test_decisions_go_to_the_registry(post, champion, challenger, trainer, asked):
    assert post("gan-generator-promote", challenger.pk, note="Better") == (
        "recolour 2+shop.1 serves from now on."
    )
    assert post("gan-generator-roll-back", champion.pk) == "recolour 2 serves again."
    assert post("gan-generator-pin", champion.pk) == "recolour 2 is pinned and stays champion."
    assert post("gan-generator-unpin", champion.pk) == "recolour 2 is not pinned any more."
    assert asked == [
        ("promote", {"version": challenger, "by": trainer, "note": "Better"}),
        ("roll_back", {"name": "recolour", "by": trainer, "to": champion, "note": ""}),
        ("pin", {"version": champion, "by": trainer}),
        ("unpin", {"version": champion, "by": trainer}),
    ]


def test_a_note_has_a_limit(post, challenger, asked):
    assert "at most 500 characters" in post("gan-generator-promote", challenger.pk, note="x" * 501)
    assert asked == []


def test_what_the_registry_refuses_is_shown(post, champion, challenger, monkeypatch):
    def promote(**given):
        raise InvalidTransition("recolour 2 is pinned; unpin it first.")

    monkeypatch.setattr(registry, "promote", promote, raising=False)
    message = post("gan-generator-promote", challenger.pk)
    assert message == "recolour 2 is pinned; unpin it first."


def test_training_starts_and_refuses(login, trainer, champion, monkeypatch):
    client = login(trainer)
    run = factories.make_training(champion)
    monkeypatch.setattr(retraining, "start", lambda **given: run)
    response = client.post(reverse("oscar_gan:gan-training-start"))
    assert response.url == reverse("oscar_gan:gan-training-run", args=[run.pk])

    def refuse(**given):
        assert given == {"name": "recolour", "by": trainer}
        raise InvalidRequest("Another one is under way.")

    monkeypatch.setattr(retraining, "start", refuse)
    response = client.post(reverse("oscar_gan:gan-training-start"))
    assert response.url == reverse("oscar_gan:gan-generator-list")
    response = client.post(
        reverse("oscar_gan:gan-training-start"), headers={"accept": "application/json"}
    )
    assert response.status_code == 409
    assert response.json()["message"] == "Another one is under way."


def test_cancelling_says_when_it_was_too_late(post, champion, monkeypatch):
    run = factories.make_training(champion, status="done")
    monkeypatch.setattr(retraining, "cancel", lambda **given: False)
    assert post("gan-training-cancel", run.pk) == "It had ended already."


def test_figures_are_in_table_and_chart(page, champion, challenger, source, staff):
    request = factories.make_request(source, generator=champion)
    for number in range(4):
        picture = factories.make_variant(source, request=request, delta_e=0.25)
        if number:
            review.approve(variant=picture, reviewer=staff)
        else:
            review.reject(variant=picture, reviewer=staff, reason="edge")
    html = page("gan-generator-list")
    assert "3 of 4; 30 % to 95 %" in html
    assert "2 (serves now): 75 %." in html
    assert "2 (serves now): 0.25." in html
    assert html.count('role="img"') == 2


def test_charts_are_drawn_alike_in_every_language(champion, source, settings):
    settings.USE_THOUSAND_SEPARATOR = True
    request = factories.make_request(source, generator=champion)
    factories.make_variant(source, request=request, delta_e=0.37)
    folder = "oscar_gan/dashboard/partials"

    def places(language: str) -> list[str]:
        with translation.override(language):
            context = {"chart": charts(version_rows())["errors"], "id": "errors"}
            drawn = render_to_string(f"{folder}/dot_chart.html", context)
            curves = [line_chart([(1, 0.37), (1500, 0.2)], last=1500)]
            drawn += render_to_string(f"{folder}/curves.html", {"curves": curves})
        return re.findall(r' (?:x|y|x1|y1|d|cx|points|viewBox|transform)="([^"]*)"', drawn)

    assert len(places("en")) > 20
    assert places("de") == places("en")


def test_queries_do_not_grow_with_versions(
    login, trainer, champion, django_assert_max_num_queries
):
    for number in range(12):
        version = factories.make_generator_version(
            version=f"2+shop.{number}", status=Status.CHALLENGER, parent=champion
        )
        factories.make_full_comparison(version, champion)
        factories.make_training(champion, status="done", result=version)
        GeneratorEvent.objects.create(version=version, kind="passed", by=trainer)
    client = login(trainer)
    with django_assert_max_num_queries(20):
        client.get(reverse("oscar_gan:gan-generator-list"))


def test_the_log_has_pages(page, champion):
    for number in range(31):
        GeneratorEvent.objects.create(version=champion, kind="pinned", note=f"note {number}.")
    assert "note 30." in page("gan-generator-list")
    assert "note 0." not in page("gan-generator-list")
    assert "note 0." in page("gan-generator-list", page=2)


def test_variant_images_of_one_version(page, login, staff, champion, challenger, source):
    for version, label in ((champion, "Navy"), (challenger, "Mustard")):
        request = factories.make_request(source, generator=version)
        factories.make_variant(source, label=label, request=request)
    address = reverse("oscar_gan:gan-variant-list")
    html = login(staff).get(address, {"generator": challenger.pk}).content.decode()
    assert "Canvas bag in Mustard" in html
    assert "Canvas bag in Navy" not in html
    assert f"?status=approved&amp;generator={challenger.pk}" in html


def test_status_is_json_with_curves_on_request(login, trainer, champion):
    run = factories.make_training(
        champion, status="running", phase="training", step=100, seconds=200.0,
        history={"matte": [[step, 1 / step] for step in range(1, 101)], "<b>": [[1, 2.0]]},
    )  # fmt: skip
    client = login(trainer)
    address = reverse("oscar_gan:gan-training-status", args=[run.pk])
    status = client.get(address).json()
    assert (status["done"], status["total"], status["finished"]) == (100, 400, False)
    assert status["texts"]["steps"] == "Step 100 of 400"
    assert status["texts"]["remaining"] == "about 10 min, then the comparison"
    assert "charts" not in status
    drawn = client.get(address, {"charts": 1}).json()["charts"]
    assert drawn["main"].count("<polyline") == 1
    assert "&lt;b&gt;" in drawn["rest"]
    assert len(json.dumps(drawn)) < 10_000


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Waiting for a training worker."),
        ({"status": "running", "phase": "comparing"}, "Comparing the challenger"),
        ({"status": "done"}, "Finished."),
        ({"status": "cancelled"}, "Cancelled; nothing has changed"),
        ({"status": "failed", "problem": "Out of memory."}, "Failed; nothing has changed"),
    ],
)
def test_each_state_has_its_sentence(page, champion, fields, sentence):
    run = factories.make_training(champion, **fields)
    assert summary(run).startswith(sentence)
    assert remaining(run) == "—"
    html = page("gan-training-run", run.pk)
    assert sentence in html
    assert fields.get("problem", "") in html
    finished = "status" in fields and fields["status"] != "running"
    assert ('data-finished="1"' in html) == finished


def test_a_run_that_nobody_takes_up_asks_for_a_worker(champion):
    run = factories.make_training(champion)
    TrainingRun.objects.update(created_at=timezone.now() - timedelta(minutes=3))
    run.refresh_from_db()
    assert "is one running?" in summary(run)


def test_what_is_learnt_from_is_told(page, champion, staff):
    share = {"decisions": 20, "approved": 15, "drawn": 2, "weight": 4.0, "share": 0.5}
    run = factories.make_training(
        champion,
        decisions=41,
        manifest_digest="5b1f0c9a" * 8,
        summary={
            "labels": {"rejected": 5, "corrected": 7, "new-label": 1},
            "splits": {"train": 10},
            "left_out": {"opted-out": 4, "some-new-reason": 2},
            "decisions": {"ignored": {"not-wanted": 3}},
            "settings": {"reviewer_share": 0.5},
            "licence": "Own photos",
            "reviewers": [
                {"id": staff.pk, **share, "left_out": ""},
                {"id": 9999, **share, "share": 0.2, "left_out": ""},
                {"id": None, **share, "share": 0, "left_out": "rejects everything"},
            ],
        },
    )
    html = page("gan-training-run", run.pk)
    for text in (
        "41 quality decisions",
        'Outline drawn or corrected by staff</td><td class="text-right">7',
        "new-label",
        "Product or partner opted out",
        "some-new-reason",
        "3 rejections taught nothing",
        staff.email,
        "capped, so that no one decides alone",
        "counts in full",
        "left out: rejects everything",
        "Licence of the photos: Own photos.",
        "Manifest 5b1f0c9a5b1f.",
    ):
        assert text in html


def test_the_comparison_shows_gates_and_pictures(page, champion, challenger, source):
    comparison = factories.make_full_comparison(challenger, champion, passed=False, photo=source)
    html = page("gan-comparison", comparison.pk)
    assert "Refused: the outline is worse." in html
    assert html.count("is-refused") == 2  # the verdict and one gate
    assert "Worse by 0.020." in html
    for text in ("+0.030", "+0.020 to +0.040", "−1.00", "−2.00 to ±0", "0.004", "IoU 0.940"):
        assert text in html
    gates = html.index("Gates")
    assert gates < html.index("Worse by 0.020.") < html.index("overlap with the truth")
    assert "1 gate of one group of products, passed" in html
    assert html.count("/pictures/0/") == 8  # four pictures, each a link
    comparison.report["pictures"][0]["classic"] = None
    comparison.save()
    assert "Not made" in page("gan-comparison", comparison.pk)


def test_pictures_of_a_comparison_are_private_files(login, trainer, champion, challenger, source):
    comparison = factories.make_full_comparison(challenger, champion, photo=source)
    client = login(trainer)

    def answer(position, kind):
        arguments = [comparison.pk, position, kind]
        return client.get(reverse("oscar_gan:gan-comparison-picture", args=arguments))

    assert answer(0, "challenger")["Content-Type"] == "image/jpeg"
    assert answer(0, "photo").status_code == 302  # the shop's own thumbnail
    assert answer(0, "digest").status_code == 404
    assert answer(1, "challenger").status_code == 404
    source.delete()
    assert answer(0, "photo").status_code == 404


def test_runs_are_listed(page, champion, trainer):
    run = factories.make_training(champion, status="failed", problem="No GPU.", started_by=trainer)
    html = page("gan-training-list")
    assert reverse("oscar_gan:gan-training-run", args=[run.pk]) in html
    assert "No GPU." in html


def test_the_navigation_shows_the_entry_to_who_may(login, trainer, staff, bystander):
    address = reverse("oscar_gan:gan-generator-list")
    reviewer = factories.make_user("review_variants")
    for user, expected in ((trainer, True), (staff, True), (reviewer, False)):
        html = login(user).get(reverse("dashboard:index")).content.decode()
        assert (address in html) == expected


def test_charts_are_small_and_true():
    assert nice_ticks(0.58) == [0, 0.2, 0.4, 0.6]
    assert nice_ticks(0.01)[-1] >= 0.01
    assert nice_ticks(900)[-1] >= 900
    points = [(step, float(step)) for step in range(1000)]
    kept = thinned(points)
    assert len(kept) == 80
    assert kept[-1] == points[-1]
    assert thinned(points[:3]) == points[:3]
    chart = line_chart([(0, 1.0), (5, float("nan")), (10, 3.0)], last=20)
    assert chart["points"] == "48.0,112.0 180.0,10.0"
    assert line_chart([], last=0)["last"] is None
    assert [figure(value) for value in (0, 0.01234, 1.234, 123.4, -0.5)] == [
        "0", "0.0123", "1.23", "123", "-0.500",
    ]  # fmt: skip


def train_button(html: str) -> str:
    """The opening tag of the button that starts a training."""
    return re.search(r"<button[^>]*>(?=<i class=\"fas fa-graduation-cap)", html)[0]
