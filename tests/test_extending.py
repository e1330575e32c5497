"""Extension points: a generator, a policy and a naming of the shop's own, by dotted path."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.checks import run_checks

from oscar_gan import dotted
from oscar_gan.checks import extensions, generator
from oscar_gan.errors import InvalidExtension, InvalidRequest, UnknownGenerator
from oscar_gan.services import publish_policies, publishing, registry
from tests import factories

HERE = "tests.extensions"
PAGE = Path(__file__).parent.parent / "docs" / "extending.md"


def messages(*checks) -> list:
    return [message for check in checks for message in check(None)]


CHECKS = (
    extensions.check_generators,
    extensions.check_policy,
    extensions.check_naming,
    extensions.check_alt_texts,
)


def test_what_ships_passes_every_check(settings):
    settings.OSCAR_GAN = {}
    assert messages(*CHECKS) == []


def test_extensions_of_the_shop_pass_every_check(settings):
    settings.OSCAR_GAN = {
        "GENERATOR": "house",
        "GENERATORS": {"house": f"{HERE}.make_house"},
        "PUBLISH_POLICY": f"{HERE}.clear_winners",
        "NAMING": f"{HERE}.by_title",
        "ALT_TEXTS": {"en-gb": "{product} in {colour}"},
    }
    assert messages(*CHECKS, generator.check_settings) == []


@pytest.mark.parametrize(
    ("key", "value", "number", "problem"),
    [
        ("GENERATORS", {"house": "shop.nowhere.make"}, "E015", "cannot be imported"),
        ("GENERATORS", {"house": f"{HERE}.by_title"}, "E015", "cannot be called so"),
        ("PUBLISH_POLICY", f"{HERE}.NOT_A_FUNCTION", "E016", "must be a function"),
        ("PUBLISH_POLICY", f"{HERE}.by_title", "E016", "cannot be called so"),
        ("NAMING", "nonsense", "E017", "cannot be imported"),
        ("ALT_TEXTS", {"en": "{product} by {brand}"}, "E018", "there is no {brand}"),
        ("ALT_TEXTS", {"en": "{product"}, "E018", "expected '}'"),
    ],
)
def test_what_cannot_work_is_named_at_start(settings, key, value, number, problem):
    settings.OSCAR_GAN = {key: value}
    (message,) = [m for m in run_checks(tags=["oscar_gan"]) if m.id == f"oscar_gan.{number}"]
    assert problem in message.msg
    assert key in message.msg
    assert message.hint


@pytest.mark.parametrize("key", ["GENERATORS", "ALT_TEXTS"])
def test_what_is_no_dictionary_is_a_matter_of_the_settings_check(settings, key):
    settings.OSCAR_GAN = {key: 7}
    assert messages(*CHECKS) == []
    assert [message.id for message in generator.check_settings(None)] == ["oscar_gan.E009"]


def test_an_unknown_generator_is_named_with_the_shops_own(settings):
    settings.OSCAR_GAN = {"GENERATOR": "hose", "GENERATORS": {"house": f"{HERE}.make_house"}}
    (message,) = generator.check_settings(None)
    assert "choose from: classic, recolour, house" in message.msg


def test_a_path_that_leads_nowhere_says_so():
    with pytest.raises(InvalidExtension, match="cannot be imported"):
        dotted.load("shop.nowhere")


@pytest.mark.django_db
def test_a_generator_of_the_shop_serves_requests(settings):
    settings.OSCAR_GAN = {"GENERATOR": "house", "GENERATORS": {"house": f"{HERE}.make_house"}}
    version = registry.champion()
    assert (version.name, version.version) == ("house", "1")
    settings.OSCAR_GAN = {"GENERATORS": {"house": f"{HERE}.make_house"}}
    assert registry.open_version(version).name == "house"  # what was asked for before, too


@pytest.mark.django_db
def test_a_generator_must_go_by_its_own_name(settings):
    settings.OSCAR_GAN = {"GENERATOR": "house", "GENERATORS": {"house": f"{HERE}.make_misnamed"}}
    with pytest.raises(UnknownGenerator, match="calls itself 'classic'"):
        registry.champion()


@pytest.mark.django_db
@pytest.mark.parametrize(("delta_e", "goes"), [(0.8, True), (1.4, False)])
def test_a_policy_of_the_shop_is_asked(settings, source, delta_e, goes):
    settings.OSCAR_GAN = {"PUBLISH_POLICY": f"{HERE}.clear_winners"}
    verdict = publish_policies.verdict(variant=factories.make_variant(source, delta_e=delta_e))
    assert (verdict.publish, verdict.reason) == (goes, "" if goes else "ΔE 1.4 is over 1")


@pytest.mark.django_db
def test_files_are_named_as_the_shop_says(settings, source, staff, sent):
    settings.OSCAR_GAN = {"NAMING": f"{HERE}.by_title"}
    variant = factories.make_variant(source, status="approved", label="Forest green")
    publication = publishing.publish(variant=variant, scope="gallery", published_by=staff)
    name = publication.images.get().file_name
    assert name.startswith("images/products/variants/canvas-bag-forest-green-")
    assert name.endswith(".jpg")


@pytest.mark.django_db
def test_a_name_that_leads_elsewhere_publishes_nothing(settings, source, staff, product):
    settings.OSCAR_GAN = {"NAMING": f"{HERE}.to_another_folder"}
    variant = factories.make_variant(source, status="approved")
    with pytest.raises(InvalidRequest, match="NAMING"):
        publishing.publish(variant=variant, scope="gallery", published_by=staff)
    assert product.images.count() == 1


def test_the_documented_examples_are_the_tested_ones():
    source = (Path(__file__).parent / "extensions.py").read_text(encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    for name in ("make_house", "clear_winners", "by_title"):
        body = source[source.index(f"def {name}(") :].split("\n\n\n")[0]
        assert body.strip() in page, name
