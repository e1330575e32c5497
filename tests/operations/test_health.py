"""Health: alive, ready, well; fast, for everyone, and silent about where things are."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError

from oscar_gan.operations import basics, findings, health
from oscar_gan.operations.findings import NoAnswer, within
from oscar_gan.services import heartbeats

TOKEN = "a-token-of-enough-letters"
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(autouse=True)
def _asked_anew(settings):
    settings.OSCAR_GAN = {"MONITORING_TOKEN": TOKEN}
    health.forget()
    yield
    health.forget()


@pytest.fixture
def breaks(monkeypatch):
    """Let a component fail with an error that says too much."""

    def breaks(name, error=None):
        def ask():
            raise error or OSError("secret.internal:5432 refused")

        monkeypatch.setitem(health.COMPONENTS, name, ask)

    return breaks


def test_alive_asks_nobody(client):
    """No database in this test: pytest-django would fail it."""
    response = client.get("/health/live/")
    assert response.json() == {"status": "alive"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_a_healthy_shop_is_ready_and_well(client):
    heartbeats.beat(heartbeats.REAPER)
    assert client.get("/health/").status_code == 200
    response = client.get("/health/all/")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "components": dict.fromkeys(health.COMPONENTS, "ok"),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["broker", "media", "drafts", "weights", "beat"])
def test_what_a_shop_can_sell_without_takes_no_server_away(client, breaks, name):
    heartbeats.beat(heartbeats.REAPER)
    breaks(name)
    response = client.get("/health/ready/")
    assert response.status_code == 200
    assert response.json()["status"] == "degraded"
    assert response.json()["components"][name] == "problem"
    everything = client.get("/health/all/")
    assert (everything.status_code, everything.json()["status"]) == (503, "degraded")


@pytest.mark.django_db
@pytest.mark.parametrize("name", health.REQUIRED)
def test_without_the_database_nothing_is_ready(client, breaks, name):
    breaks(name, DatabaseError("could not connect to secret.internal"))
    response = client.get("/health/ready/")
    assert response.status_code == 503
    assert response.json()["status"] == "down"
    assert response.json()["components"][name] == "problem"


@pytest.mark.django_db
def test_strangers_learn_states_only(client, breaks, superuser):
    breaks("broker")
    assert "secret.internal" not in client.get("/health/all/").content.decode()
    trusted = client.get("/health/all/", headers=AUTHORIZED).json()["components"]["broker"]
    assert trusted["found"] == "OSError: secret.internal:5432 refused"
    client.force_login(superuser)
    assert "secret.internal" in client.get("/health/all/").content.decode()


@pytest.mark.django_db
def test_answers_hold_for_a_while(client, monkeypatch):
    asked = []

    def ask():
        asked.append(1)
        return findings.ok("media", "")

    monkeypatch.setitem(health.COMPONENTS, "media", ask)
    for _ in range(3):
        client.get("/health/ready/")
    assert len(asked) == 1
    monkeypatch.setattr(health, "REMEMBERED", 0)
    client.get("/health/ready/")
    assert len(asked) == 2


@pytest.mark.django_db
def test_a_server_that_swallows_connections_costs_its_limit_once(monkeypatch):
    """The answer comes before the server's, and a second question asks it nothing anew."""
    monkeypatch.setattr(basics, "ANSWER_LIMIT", 0.05)
    asked, answering = [], threading.Event()

    class Swallowing:
        def __enter__(self):
            asked.append(1)
            answering.wait(60)

        def __exit__(self, *exception):
            pass

        def as_uri(self):
            return "redis://lost//"

    monkeypatch.setattr(basics.current_app, "connection_for_write", Swallowing)
    assert "no answer within" in basics.broker().found
    assert "no answer within" in basics.broker().found
    assert asked == [1]
    assert not answering.is_set()
    answering.set()
    findings._asked["broker"].thread.join()


def test_many_who_look_at_once_ask_once():
    """Else a probe beside another would take a healthy server for a silent one."""
    asked = []

    def ask():
        asked.append(1)
        time.sleep(0.1)
        return "well"

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: within(2, "test-many", ask), range(4)))
    assert (answers, len(asked)) == (["well"] * 4, 1)


def test_within_hands_results_and_errors_on():
    assert within(1, "test-result", lambda: 7) == 7
    with pytest.raises(KeyError):
        within(1, "test-error", lambda: {}["no"])
    with pytest.raises(NoAnswer):
        within(0.01, "test-slow", lambda: time.sleep(0.1))


@pytest.mark.django_db
def test_only_reading(client):
    assert client.post("/health/ready/").status_code == 405
    assert json.loads(client.get("/health/ready/").content)["status"]
