"""Generator versions: who serves, and what upgrades of the package and of the engine do."""

import pytest

from oscar_gan import engine
from oscar_gan.errors import WeightsMismatch
from oscar_gan.models import GeneratorEvent, GeneratorVersion
from oscar_gan.services import registry

pytestmark = pytest.mark.django_db
Status = GeneratorVersion.Status


@pytest.fixture
def upgrade_engine(monkeypatch, stub_generator):
    """Install a release whose engine makes other pixels of the same weights."""

    def upgrade_engine():
        monkeypatch.setattr("oscar_gan.engine.generator.ENGINE_VERSION", "next")
        stub_generator.digest = "e" * 64

    return upgrade_engine


def test_the_configured_generator_registers_itself_as_champion(stub_generator):
    champion = registry.champion()
    assert (champion.name, champion.digest) == ("recolour", stub_generator.digest)
    assert champion.status == Status.CHAMPION
    assert registry.champion() == champion


def test_generators_reign_apart(settings):
    recolour = registry.champion()
    settings.OSCAR_GAN = {"GENERATOR": "classic"}
    assert registry.champion().name == "classic"
    recolour.refresh_from_db()
    assert recolour.status == Status.CHAMPION


@pytest.mark.parametrize(("own", "queries"), [(False, 1), (True, 2)])
def test_asking_who_serves_is_cheap(promoted, own, queries, django_assert_num_queries):
    registry.champion()
    if own:
        promoted()
    with django_assert_num_queries(queries):
        registry.champion()


class TestUpgrade:
    """Of the package, with other shipped weights."""

    def test_it_takes_over_and_retires_its_predecessor(self, stub_generator):
        old = registry.champion()
        stub_generator.digest = "e" * 64

        new = registry.champion()

        old.refresh_from_db()
        assert (new.digest, new.status) == ("e" * 64, Status.CHAMPION)
        assert old.status == Status.RETIRED
        event = GeneratorEvent.objects.get()
        assert (event.version, event.previous, event.kind) == (new, old, "promoted")

    def test_going_back_to_older_weights_is_possible(self, stub_generator):
        old = registry.champion()
        digest, stub_generator.digest = stub_generator.digest, "e" * 64
        registry.champion()
        stub_generator.digest = digest

        assert registry.champion() == old
        assert GeneratorVersion.objects.get(status=Status.CHAMPION) == old

    def test_a_pinned_shipped_champion_is_gone_all_the_same(self, stub_generator):
        old = registry.champion()
        registry.pin(version=old)
        stub_generator.digest = "e" * 64
        new = registry.champion()
        old.refresh_from_db()
        assert (new.digest, new.pinned, old.pinned) == ("e" * 64, False, False)

    def test_the_shops_own_champion_stays_and_the_new_one_becomes_challenger(
        self, promoted, stub_generator
    ):
        own = promoted()
        stub_generator.digest, stub_generator.version = "e" * 64, "3"

        assert registry.champion() == own

        new = GeneratorVersion.objects.get(digest="e" * 64)
        assert (new.version, new.status) == ("3", Status.CHALLENGER)

    def test_a_shipped_challenger_of_an_older_release_is_retired(self, promoted, stub_generator):
        promoted()
        for digest in ("e" * 64, "f" * 64):
            stub_generator.digest = digest
            registry.champion()
        shipped = GeneratorVersion.objects.filter(files={}).order_by("pk")
        assert [each.status for each in shipped] == [
            *(Status.RETIRED, Status.RETIRED, Status.CHALLENGER)
        ]

    def test_colours_that_older_weights_made_are_asked_for_anew(self, ask, run, stub_generator):
        run(ask("Navy"))
        stub_generator.digest = "e" * 64
        again = run(ask("Navy"))
        assert again.created == 1
        assert again.variants.get().recipe["generator"]["digest"] == "e" * 64

    def test_requests_under_way_get_a_clear_answer(self, ask, run, stub_generator):
        request = ask("Navy")
        stub_generator.digest = "e" * 64
        variant = run(request).variants.get()
        assert variant.problem_code == "weights-mismatch"
        assert "recolour stub was asked for, but this worker has" in variant.problem


class TestEngineUpgrade:
    """The same weights make other pixels, so they are another version."""

    def test_the_shops_own_champion_reigns_on_under_a_new_digest(self, promoted, upgrade_engine):
        old = promoted()
        registry.pin(version=old)
        upgrade_engine()

        new = registry.champion()

        old.refresh_from_db()
        assert new.digest != old.digest
        assert (new.version, new.files, new.parent) == (old.version, old.files, old.parent)
        assert (new.status, new.pinned) == (Status.CHAMPION, True)
        assert (old.status, old.pinned) == (Status.RETIRED, False)
        assert registry.open_version(new).digest == new.digest
        with pytest.raises(WeightsMismatch, match="Restart the workers"):
            registry.open_version(old)

    def test_challengers_wait_on_under_a_new_digest(self, trained, upgrade_engine):
        old = trained()
        upgrade_engine()
        registry.champion()
        old.refresh_from_db()
        new = registry.renewed(old)
        assert (old.status, new.status) == (Status.RETIRED, Status.CHALLENGER)
        assert registry.open_version(new).version == "stub+shop.1"

    def test_rolling_back_skips_the_same_weights(self, promoted, upgrade_engine):
        first, second = promoted(b"one"), promoted(b"two")
        upgrade_engine()
        assert registry.champion().version == second.version

        back = registry.roll_back(name="recolour")

        assert (back.version, back.status) == (first.version, Status.CHAMPION)
        assert back.digest != first.digest

    def test_an_earlier_champion_is_found_by_its_old_row(self, promoted, upgrade_engine):
        first, _second = promoted(b"one"), promoted(b"two")
        upgrade_engine()
        back = registry.roll_back(name="recolour", to=first)
        assert (back.version, back.status) == (first.version, Status.CHAMPION)

    def test_shipped_weights_can_be_rolled_back_to(self, promoted, upgrade_engine):
        promoted()
        upgrade_engine()
        back = registry.roll_back(name="recolour")
        assert (back.version, back.digest) == ("stub", "e" * 64)


def test_finding_prefers_the_row_that_can_serve(trained, upgrade_engine):
    old = trained()
    upgrade_engine()
    registry.champion()
    assert registry.find_version("stub+shop.1", name="recolour") == registry.renewed(old)
    assert registry.find_version(str(old.pk), name="recolour") == old
    assert registry.find_version(old.digest[:8], name="recolour") == old


def test_the_digest_is_known_without_opening_anything(trained):
    version = trained()
    generator = engine.open_weights(registry.folder_of(version))
    assert generator.digest == version.digest
