"""Generator versions: the installed weights serve, their predecessors stay on record."""

import pytest

from oscar_gan.models import GeneratorVersion
from oscar_gan.services import registry

pytestmark = pytest.mark.django_db
Status = GeneratorVersion.Status


def test_the_configured_generator_registers_itself_as_champion(stub_generator):
    champion = registry.champion()
    assert (champion.name, champion.digest) == ("recolour", stub_generator.digest)
    assert champion.status == Status.CHAMPION
    assert registry.champion() == champion


def test_an_upgrade_takes_over_and_retires_its_predecessor(stub_generator):
    old = registry.champion()
    stub_generator.digest = "e" * 64

    new = registry.champion()

    old.refresh_from_db()
    assert (new.digest, new.status, old.status) == ("e" * 64, Status.CHAMPION, Status.RETIRED)


def test_going_back_to_older_weights_is_possible(stub_generator):
    old = registry.champion()
    digest, stub_generator.digest = stub_generator.digest, "e" * 64
    registry.champion()
    stub_generator.digest = digest

    assert registry.champion() == old
    assert GeneratorVersion.objects.get(status=Status.CHAMPION) == old


def test_generators_reign_apart(settings):
    recolour = registry.champion()
    settings.OSCAR_GAN = {"GENERATOR": "classic"}
    assert registry.champion().name == "classic"
    recolour.refresh_from_db()
    assert recolour.status == Status.CHAMPION


def test_an_upgrade_asks_anew_for_colours_that_older_weights_made(ask, run, stub_generator):
    run(ask("Navy"))
    stub_generator.digest = "e" * 64
    again = run(ask("Navy"))
    assert again.created == 1
    assert again.variants.get().recipe["generator"]["digest"] == "e" * 64
