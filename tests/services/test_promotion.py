"""Promotion, rollback and pins: each with its event, and only as the rules allow."""

import shutil

import pytest

from oscar_gan import signals
from oscar_gan.errors import (
    InvalidRequest,
    InvalidTransition,
    PermissionRefused,
    StorageUnavailable,
    WeightsMismatch,
)
from oscar_gan.imaging.provenance import read_provenance
from oscar_gan.models import GeneratorEvent, GeneratorVersion
from oscar_gan.services import media, registry
from tests import factories
from tests.stubs import StubGenerator

pytestmark = pytest.mark.django_db
Status = GeneratorVersion.Status


@pytest.fixture
def announced():
    """What `generator_promoted` told, as (version, previous)."""
    told = []

    def listen(sender, version, previous, **kwargs):
        told.append((version, previous))

    signals.generator_promoted.connect(listen)
    yield told
    signals.generator_promoted.disconnect(listen)


@pytest.fixture
def committing(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


@pytest.fixture
def trainer(db):
    return factories.make_user("train_generators")


def events() -> list[tuple]:
    rows = GeneratorEvent.objects.order_by("pk").select_related("version", "previous")
    return [(row.kind, row.version, row.previous) for row in rows]


def statuses() -> dict[str, str]:
    return dict(GeneratorVersion.objects.values_list("version", "status"))


class TestPromoting:
    def test_a_challenger_that_passed_serves(self, trained, trainer, announced, committing):
        before, version = registry.champion(), trained(passed=True)
        with committing(execute=True):
            registry.promote(version=version, by=trainer, note="better edges")

        assert registry.champion() == version
        assert statuses() == {"stub": "retired", "stub+shop.1": "champion"}
        event = GeneratorEvent.objects.first()
        assert (event.kind, event.version, event.previous) == ("promoted", version, before)
        assert (event.by, event.note) == (trainer, "better edges")
        assert announced == [(version, before)]

    @pytest.mark.parametrize(
        ("passed", "reason"),
        [(None, "was not compared with recolour stub"), (False, r"did not pass .* IoU better\.")],
    )
    def test_without_passing_it_does_not(self, trained, announced, passed, reason):
        version = trained(passed=passed)
        with pytest.raises(InvalidTransition, match=reason):
            registry.promote(version=version)
        assert statuses() == {"stub": "champion", "stub+shop.1": "challenger"}
        assert (len(events()), announced) == (1, [])

    def test_the_newest_comparison_counts(self, trained):
        version = trained(passed=True)
        factories.make_verdict(version, passed=False)
        with pytest.raises(InvalidTransition, match="did not pass"):
            registry.promote(version=version)

    def test_a_comparison_with_an_earlier_champion_does_not_count(self, trained, promoted):
        waiting = trained(b"other", passed=True)
        promoted()
        with pytest.raises(InvalidTransition, match=r"not compared with recolour stub\+shop\.2"):
            registry.promote(version=waiting)

    def test_who_serves_or_is_retired_is_not_promoted(self, promoted):
        first, second = promoted(b"one"), promoted(b"two")
        with pytest.raises(InvalidTransition, match="serves already"):
            registry.promote(version=second)
        with pytest.raises(InvalidTransition, match="can be rolled back to"):
            registry.promote(version=first)

    def test_a_pinned_champion_stays(self, trained):
        version = trained(passed=True)
        registry.pin(version=registry.champion())
        with pytest.raises(InvalidTransition, match="recolour stub is pinned"):
            registry.promote(version=version)
        assert statuses()["stub"] == "champion"

    def test_storage_that_is_down_changes_nothing(self, trained, break_drafts):
        version = trained(passed=True)
        break_drafts()
        with pytest.raises(StorageUnavailable):
            registry.promote(version=version)
        assert statuses() == {"stub": "champion", "stub+shop.1": "challenger"}

    def test_weights_that_are_gone_change_nothing(self, trained):
        version = trained(passed=True)
        registry.folder_of(version)  # this machine has them, others could not get them
        media.drafts().delete(version.files["analyser"]["name"])
        with pytest.raises(WeightsMismatch):
            registry.promote(version=version)
        assert registry.champion().version == "stub"

    def test_it_takes_the_permission(self, trained):
        version = trained(passed=True)
        other = factories.make_user("review_variants")
        with pytest.raises(PermissionRefused, match="train_generators"):
            registry.promote(version=version, by=other)

    def test_a_note_has_a_limit(self, trained):
        with pytest.raises(InvalidRequest, match="501 characters; the limit is 500"):
            registry.promote(version=trained(passed=True), note="x" * 501)


class TestRollingBack:
    def test_it_goes_back_step_by_step(self, promoted, announced):
        shipped = registry.champion()
        first, second = promoted(b"one"), promoted(b"two")

        assert registry.roll_back(name="recolour", note="halos") == first
        assert registry.champion() == first
        assert registry.roll_back(name="recolour") == shipped
        assert events()[-2:] == [
            ("rolled-back", first, second),
            ("rolled-back", shipped, first),
        ]
        with pytest.raises(InvalidTransition, match="Nothing served before recolour stub"):
            registry.roll_back(name="recolour")

    def test_it_goes_forward_to_a_named_champion(self, promoted):
        first, second = promoted(b"one"), promoted(b"two")
        registry.roll_back(name="recolour")
        registry.roll_back(name="recolour", to=second)
        assert registry.champion() == second
        assert registry.roll_back(name="recolour") == first

    def test_only_to_who_served(self, promoted, trained):
        own = promoted()
        with pytest.raises(InvalidTransition, match="never served as recolour"):
            registry.roll_back(name="recolour", to=trained(b"new", passed=True))
        with pytest.raises(InvalidTransition, match="serves already"):
            registry.roll_back(name="recolour", to=own)

    def test_not_to_another_generator(self, promoted):
        promoted()
        classic = registry.champion("classic")  # its label is that of the champion before
        with pytest.raises(InvalidTransition, match="classic stub never served as recolour"):
            registry.roll_back(name="recolour", to=classic)

    def test_not_to_weights_of_another_release(self, promoted, stub_generator):
        promoted()
        stub_generator.digest, stub_generator.version = "e" * 64, "3"
        with pytest.raises(WeightsMismatch, match="stub shipped with another release"):
            registry.roll_back(name="recolour")

    def test_a_pinned_champion_stays(self, promoted):
        registry.pin(version=promoted())
        with pytest.raises(InvalidTransition, match="unpin it first"):
            registry.roll_back(name="recolour")

    def test_the_shipped_weights_need_no_storage(self, promoted, break_drafts):
        promoted()
        break_drafts()
        assert registry.roll_back(name="recolour").version == "stub"


class TestPinning:
    def test_it_is_logged_once(self, trainer):
        champion = registry.champion()
        for decide in (registry.pin, registry.pin, registry.unpin, registry.unpin):
            decide(version=champion, by=trainer)
        assert [kind for kind, *_ in events()] == ["pinned", "unpinned"]
        assert not champion.pinned

    def test_only_the_champion_is_pinned(self, trained):
        with pytest.raises(InvalidTransition, match="only a champion is pinned"):
            registry.pin(version=trained())


def test_each_request_is_made_by_the_version_it_names(ask, run, promoted, monkeypatch):
    monkeypatch.setattr("oscar_gan.engine.open_weights", StubGenerator.of_weights)
    before = ask("Navy")
    promoted()
    between = ask("Navy", "Red")
    registry.roll_back(name="recolour")
    after = ask("Mustard")

    makers = [
        {read_provenance(media.read_draft(name))["version"] for name in names}
        for names in (
            run(request).variants.values_list("file_name", flat=True)
            for request in (before, between, after)
        )
    ]
    assert makers == [{"stub"}, {"stub+shop.1"}, {"stub"}]


def test_weights_that_cannot_be_fetched_now_are_worth_another_try(
    ask, run, promoted, monkeypatch, break_drafts, tmp_path
):
    monkeypatch.setattr("oscar_gan.engine.open_weights", StubGenerator.of_weights)
    promoted()
    request = ask("Navy")
    shutil.copytree(tmp_path / "drafts", tmp_path / "backup")
    break_drafts()

    assert (run(request).status, request.attempts) == ("queued", 1)
    assert registry.champion().version == "stub+shop.1"

    (tmp_path / "drafts").unlink()
    (tmp_path / "backup").rename(tmp_path / "drafts")
    assert (run(request).status, request.attempts) == ("done", 2)
    assert request.variants.get().recipe["generator"]["version"] == "stub+shop.1"
