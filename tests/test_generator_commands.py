"""The commands that list, promote, roll back and pin: what they say, and how they exit."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from oscar_gan.models import GeneratorEvent
from oscar_gan.services import registry
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def champion(stub_generator, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return registry.champion()


@pytest.fixture
def challenger(champion, tmp_path):
    path = tmp_path / "analyser.onnx"
    path.write_bytes(b"an analyser")
    version = registry.enter_challenger(parent=champion, analyser=path)
    factories.make_verdict(version)
    return version


def manage(*arguments) -> tuple[int, str]:
    """A command's exit code and what it printed."""
    out = io.StringIO()
    try:
        call_command(*arguments, stdout=out)
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{error}"
    return 0, out.getvalue()


def test_versions_are_listed_newest_first(challenger):
    code, out = manage("list_generators")
    newest, oldest = out.splitlines()
    assert code == 0
    assert f"stub+shop.1    {challenger.digest[:12]}  challenger" in newest
    assert newest.endswith("from stub           passed against stub. Mattes are 0.012 IoU better.")
    assert "champion" in oldest
    assert oldest.endswith("shipped             not compared yet")


def test_versions_are_listed_for_scripts(challenger):
    _, out = manage("list_generators", "--json")
    newest, oldest = map(json.loads, out.splitlines())
    assert (newest["version"], newest["parent"], newest["shipped"]) == (
        "stub+shop.1",
        "stub",
        False,
    )
    assert newest["comparison"]["passed"] is True
    assert (oldest["status"], oldest["comparison"]) == ("champion", None)


def test_a_version_is_promoted_with_a_name_to_it(challenger):
    trainer = factories.make_user("train_generators")

    code, out = manage(
        *("promote_generator", "stub+shop.1", "--by", trainer.email.upper(), "--note", "edges")
    )

    assert (code, registry.champion()) == (0, challenger)
    assert out == (
        "recolour stub+shop.1: passed against stub. Mattes are 0.012 IoU better.\n"
        "recolour stub+shop.1 serves new requests from now on.\n"
    )
    event = GeneratorEvent.objects.first()
    assert (event.by, event.note) == (trainer, "edges")


def test_what_may_not_be_promoted_exits_with_1(challenger, champion):
    factories.make_verdict(challenger, passed=False, verdict="Edges got worse.")
    code, out = manage("promote_generator", challenger.digest[:8])
    assert (code, registry.champion()) == (1, champion)
    assert "did not pass against stub. Edges got worse." in out


def test_storage_that_is_down_exits_with_1(challenger, break_drafts, champion):
    break_drafts()
    code, out = manage("promote_generator", str(challenger.pk))
    assert (code, registry.champion()) == (1, champion)
    assert "Storage failed on generators/" in out


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("9.9",), "There is no version '9.9' of recolour; there are: stub+shop.1, stub."),
        (("stub+shop.1", "--name", "magic"), "There is no version 'stub+shop.1' of magic"),
        (("stub+shop.1", "--by", "nobody@example.com"), "no user has the e-mail address"),
    ],
)
def test_wrong_usage_exits_with_2(challenger, arguments, reason):
    code, out = manage("promote_generator", *arguments)
    assert code == 2
    assert reason in out


def test_without_the_permission_nothing_changes(challenger, champion):
    reviewer = factories.make_user("review_variants")
    code, out = manage("promote_generator", "stub+shop.1", "--by", reviewer.email)
    assert (code, registry.champion()) == (1, champion)
    assert "oscar_gan.train_generators" in out


def test_rolling_back_and_forward(challenger, champion):
    manage("promote_generator", "stub+shop.1")
    assert manage("roll_back_generator", "--note", "halos") == (
        *(0, "recolour stub serves new requests from now on.\n"),
    )
    assert registry.champion() == champion
    assert manage("roll_back_generator", "--to", "stub+shop.1")[0] == 0
    assert registry.champion() == challenger


def test_nothing_to_roll_back_to_exits_with_1():
    assert manage("roll_back_generator") == (
        *(1, "Nothing served before recolour stub, so nothing to roll back to."),
    )


def test_a_pin_holds_until_it_is_off(challenger, champion):
    assert manage("pin_generator") == (0, "recolour stub stays champion until it is unpinned.\n")
    assert "champion, pinned" in manage("list_generators")[1]
    assert manage("promote_generator", "stub+shop.1")[0] == 1
    assert manage("pin_generator", "--off") == (0, "recolour stub can be replaced again.\n")
    assert manage("promote_generator", "stub+shop.1")[0] == 0
