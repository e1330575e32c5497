"""What web processes compute is limited by the minute, for each person."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse

from oscar_gan.services import rates
from tests import factories

pytestmark = pytest.mark.django_db
MINUTE = 1_800_000_000 - 1_800_000_000 % 60


@pytest.fixture(autouse=True)
def clock(monkeypatch, settings):
    cache.clear()
    settings.OSCAR_GAN = {"MAX_PREVIEWS_PER_MINUTE": 2}
    now = {"time": MINUTE + 20}
    monkeypatch.setattr(rates.time, "time", lambda: now["time"])
    yield now
    cache.clear()


@pytest.fixture
def url(product, source):
    return reverse("oscar_gan:gan-look-preview", args=[source.pk])


def test_scripts_are_told_when_to_go_on(login, superuser, url, clock):
    client = login(superuser)
    assert [client.get(url).status_code for _number in range(2)] == [409, 409]  # no look named
    refused = client.get(url)
    assert refused.status_code == 429
    assert refused["Retry-After"] == "40"
    assert refused.json() == {
        "message": "Previews were asked for 3 times in this minute; the limit is 2."
        " Go on in 40 seconds.",
        "code": "too-often",
    }
    clock["time"] += 40
    assert client.get(url).status_code == 409


def test_people_read_it_too(login, superuser, source):
    client = login(superuser)
    page = reverse("oscar_gan:gan-outline", args=[source.pk])
    shown = [client.get(page, headers={"Accept": "text/html"}) for _number in range(3)]
    assert [each.status_code for each in shown] == [200, 200, 429]
    assert shown[-1]["Content-Type"].startswith("text/plain")
    assert b"Go on in 40 seconds." in shown[-1].content


def test_everybody_has_a_count_of_their_own(login, superuser, url):
    client = login(superuser)
    for _number in range(3):
        client.get(url)
    other = factories.make_user(superuser=True)
    assert login(other).get(url).status_code == 409


def test_who_may_not_see_it_is_not_counted(login, url):
    client = login(factories.make_user())
    assert {client.get(url).status_code for _number in range(4)} == {403}


def test_a_full_cache_that_drops_counts_lets_people_work(monkeypatch, superuser):
    monkeypatch.setattr(rates.cache, "add", lambda *given: True)
    for _number in range(5):
        rates.count(user=superuser)
