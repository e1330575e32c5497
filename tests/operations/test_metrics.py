"""Metrics: what Prometheus' own parser reads, for whom, and at what price."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from oscar_gan.imaging.findings import Finding
from oscar_gan.models import GenerationRequest, Heartbeat, Publication, Review, VariantImage
from oscar_gan.services import generation, heartbeats
from oscar_gan.services.requests import request_variants
from tests import factories

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-enough-letters"
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}
Status = VariantImage.Status


@pytest.fixture(autouse=True)
def _on(settings, stub_generator, sent):
    settings.OSCAR_GAN = {"MONITORING_TOKEN": TOKEN}
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def scrape(client):
    """Every sample by its name and labels, as the parser reads them."""

    def scrape() -> dict:
        response = client.get("/metrics", headers=AUTHORIZED)
        assert response["Content-Type"].startswith("text/plain; version=0.0.4")
        families = text_string_to_metric_families(response.content.decode())
        return {
            (sample.name.removeprefix("oscar_gan_"), *sorted(sample.labels.values())): sample.value
            for family in families
            for sample in family.samples
        }

    return scrape


@pytest.fixture
def made(source, stub_generator):
    """One request: a picture that was made and one that was refused; another one waits."""
    stub_generator.refuse = {
        factories.COLOURS["Forest green"]: Finding("texture-lost", "Too little texture is left.")
    }
    request = request_variants(source=source, targets=factories.targets("Navy", "Forest green"))
    generation.run(request.pk)
    request_variants(source=source, targets=factories.targets("Mustard"), queue="backfill")
    return request


def test_states_queues_and_reasons(made, scrape):
    GenerationRequest.objects.filter(queue="backfill").update(
        created_at=timezone.now() - timedelta(minutes=5)
    )
    found = scrape()
    assert found["variants", "awaiting_review"] == 1
    assert found["variants", "refused"] == found["variants", "queued"] == 1
    assert found["variants", "approved"] == 0
    assert found["variant_problems", "refused", "texture-lost"] == 1
    assert found["requests", "done"] == found["requests", "queued"] == 1
    assert found["queue_requests", "backfill"] == 1
    assert found["queue_requests", "interactive"] == 0
    assert 300 <= found["queue_oldest_seconds", "backfill"] < 330


def test_histograms_of_the_last_hour(made, scrape):
    found = scrape()
    assert found["delta_e_count",] == 2
    assert found["delta_e_bucket", "0.25"] == found["delta_e_bucket", "+Inf"] == 2
    assert found["delta_e_sum",] == pytest.approx(0.5)
    for phase in ("wait", "analyse"):
        assert found["phase_seconds_count", phase] == 1
    assert found["phase_seconds_count", "make"] == 2
    VariantImage.objects.update(finished_at=timezone.now() - timedelta(hours=2))
    assert scrape()["delta_e_count",] == 0


def test_decisions_publications_and_what_serves(made, scrape, staff):
    variant = made.variants.get(status=Status.AWAITING_REVIEW)
    Review.objects.create(variant=variant, decision="rejected", reason="edge", reviewer=staff)
    Publication.objects.create(variant=variant, scope="gallery", reverted_at=timezone.now())
    heartbeats.beat(heartbeats.REAPER)
    found = scrape()
    assert found["decisions_total", "edge", "rejected"] == 1
    assert found["phase_seconds_count", "decide"] == 1
    assert (found["publications_total",], found["publications_live",]) == (1, 0)
    assert found["renditions_missing",] == 1
    assert found["heartbeat_age_seconds", "reap"] < 5
    champion = next(key for key in found if key[0] == "champion_info")
    assert {"recolour", "stub"} < set(champion)


def test_an_empty_shop_has_figures_too(scrape):
    found = scrape()
    assert found["variants", "approved"] == 0
    assert found["training_runs", "running"] == 0
    assert found["build_info", "0.1.0"] == 1


def test_a_scrape_costs_the_same_however_much_there_is(made, django_assert_num_queries, client):
    with django_assert_num_queries(13):
        client.get("/metrics", headers=AUTHORIZED)
    with django_assert_num_queries(7):  # what is counted over all rows is remembered
        client.get("/metrics", headers=AUTHORIZED)


def test_nobody_else_reads_them(client, settings, superuser):
    assert client.get("/metrics").status_code == 403
    wrong = {"Authorization": "Bearer a-token-of-other-letters"}
    assert client.get("/metrics", headers=wrong).status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 403
    settings.OSCAR_GAN = {}
    assert client.get("/metrics", headers=AUTHORIZED).status_code == 404


@pytest.mark.parametrize(
    ("address", "status"), [("10.1.2.3", 200), ("::1", 200), ("11.0.0.1", 403), ("", 403)]
)
def test_addresses_may_be_let_in(client, settings, address, status):
    settings.OSCAR_GAN = {"MONITORING_IPS": ["10.0.0.0/8", "::1"]}
    assert client.get("/metrics", REMOTE_ADDR=address).status_code == status


def test_without_the_library_it_says_what_to_install(client, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "oscar_gan.operations.metrics", None)
    response = client.get("/metrics", headers=AUTHORIZED)
    assert response.status_code == 501
    assert "django-oscar-gan[metrics]" in response.content.decode()


def test_beats_are_one_row_each():
    for _ in range(3):
        heartbeats.beat(heartbeats.REAPER)
    assert Heartbeat.objects.count() == 1
