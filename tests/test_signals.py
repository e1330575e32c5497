"""Every change of state sends its signal, after the commit; docs/extending.md lists them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.dispatch import Signal

from oscar_gan import engine, signals
from oscar_gan.errors import UnusablePhoto
from oscar_gan.services import (
    generation,
    leases,
    mattes,
    publish_runs,
    publishing,
    requests,
    review,
)
from oscar_gan.services.publish_rules import Rule
from tests import factories

pytestmark = pytest.mark.django_db
SIGNALS = {name: each for name, each in vars(signals).items() if isinstance(each, Signal)}
OF_GENERATORS = {"generator_trained", "generator_promoted"}
"""Followed by tests/services/test_promotion.py and tests/services/retraining."""


@pytest.fixture
def heard():
    """Names of the signals that were sent, in order, each with its row."""
    heard: list[tuple[str, object]] = []
    listeners = []
    for name, signal in SIGNALS.items():

        def listen(sender, signal, name=name, **what):
            heard.append((name, next(iter(what.values()))))

        signal.connect(listen)
        listeners.append((signal, listen))
    yield heard
    for signal, listen in listeners:
        signal.disconnect(listen)


@pytest.fixture
def walk(heard, sent, stub_generator, django_capture_on_commit_callbacks):
    """Do something, commit, and return the names of what was heard meanwhile."""

    def walk(act, *args, **kwargs):
        before = len(heard)
        with django_capture_on_commit_callbacks(execute=True):
            act(*args, **kwargs)
            assert len(heard) == before, "a signal before the commit"
        return [name for name, _row in heard[before:]]

    return walk


def run_all(*requests):
    for request in requests:
        generation.run(request.pk)


def test_a_walk_through_all_of_them(
    walk, heard, source, staff, matte_data, stub_generator, django_capture_on_commit_callbacks
):
    told = set()

    def step(expected, act, *args, **kwargs):
        names = walk(act, *args, **kwargs)
        assert sorted(names) == sorted(expected)
        told.update(names)
        return [row for _name, row in heard[len(heard) - len(names) :]]

    def ask(*labels):
        step(
            ["request_created"],
            requests.request_variants,
            source=source,
            targets=factories.targets(*labels),
            requested_by=staff,
        )
        return heard[-1][1]

    step(["matte_saved"], mattes.add_staff_matte, source=source, data=matte_data)
    stub_generator.refuse["#D29B2A"] = engine.Finding("noise", "It would be noise.")
    stub_generator.fail["#235A3C"] = UnusablePhoto("Too dark.")
    request = ask("Navy", "Mustard", "Forest green")
    step(
        ["request_started", "variant_generated", "variant_refused", "variant_failed"]
        + ["request_finished"],
        run_all,
        request,
    )
    navy = request.variants.get(label="Navy")
    step(["variant_approved"], review.approve, variant=navy, reviewer=staff)
    step(["variant_undone"], review.undo, variant=navy, reviewer=staff)
    step(["variant_rejected"], review.reject, variant=navy, reviewer=staff, reason="edge")
    review.undo(variant=navy, reviewer=staff)
    review.approve(variant=navy, reviewer=staff)

    run = publish_runs.start(variants=[navy], rule=Rule(scope="gallery"), started_by=staff)
    step(["variant_published", "publishing_finished"], publish_runs.work, run.pk)
    publication = navy.publications.get()
    step(["variant_reverted"], publishing.revert, publication=publication, reverted_by=staff)

    doomed = ask("Red")
    step(
        ["request_cancelled", "variant_cancelled"],
        requests.cancel_request,
        request=doomed,
        by=staff,
    )
    lost = ask("#102030")
    lease = leases.claim(lost.pk)
    step(
        ["request_failed", "variant_failed"],
        leases.fail,
        lease,
        code="worker-lost",
        problem="Gone",
    )
    assert told == SIGNALS.keys() - OF_GENERATORS


def test_a_receiver_that_fails_breaks_nothing(walk, source, staff):
    def fail(**kwargs):
        raise RuntimeError("A receiver's own mistake.")

    variant = factories.make_variant(source)
    signals.variant_approved.connect(fail)
    try:
        walk(review.approve, variant=variant, reviewer=staff)
    finally:
        signals.variant_approved.disconnect(fail)
    variant.refresh_from_db()
    assert variant.status == "approved"


def test_every_signal_is_documented():
    page = (Path(__file__).parent.parent / "docs" / "extending.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.M)) >= SIGNALS.keys()
