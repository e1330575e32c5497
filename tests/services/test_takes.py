"""Takes: what differs, and another one with exactly one change."""

import pytest

from oscar_gan.errors import (
    InvalidColour,
    InvalidLook,
    InvalidRequest,
    InvalidTransition,
    PermissionRefused,
)
from oscar_gan.models import VariantImage
from oscar_gan.services import generation, looks, mattes, registry, takes
from oscar_gan.services.changes import changes
from oscar_gan.services.colours import Target, look_target, mapped_target
from oscar_gan.services.requests import request_variants
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quiet(sent, stub_generator):
    """Nothing reaches a broker, no network is loaded."""


@pytest.fixture
def made(source):
    """A variant image of these targets, made by a worker."""

    def made(target=None):
        target = target or factories.targets("Navy")[0]
        request = request_variants(source=source, targets=[target])
        generation.run(request.pk)
        return request.variants.get()

    return made


def paths(variant):
    return [change.path for change in changes(variant)]


def one_difference(before, after):
    (difference,) = takes.differences(before, after)
    return difference


def test_another_colour_and_nothing_else(made, staff):
    first = made()
    take = takes.regenerate(variant=first, path="target", value="#1f2a44", requested_by=staff)
    assert one_difference(first, take) == ("target", first.target, "#1F2A44")
    assert (take.label, take.target, take.status) == ("Navy", "#1F2A44", "queued")
    assert take.take_of == first
    assert take.request.requested_by == staff
    generation.run(take.request_id)
    take.refresh_from_db()
    assert (take.status, take.made) == ("awaiting_review", "#1F2A44")


def test_a_colour_without_a_name_is_called_by_its_new_value(made):
    first = made(Target(label="#112233", colour="#112233"))
    take = takes.regenerate(variant=first, path="target", value="#445566")
    assert take.label == "#445566"
    assert list(takes.takes_of(take)) == list(takes.takes_of(first)) == [first, take]


def test_option_and_colourway_are_kept(made, colourways):
    navy = next(each for each in colourways if each.name == "Navy")
    option = factories.AttributeOption.objects.get(option="Navy")
    first = made(Target(label="Navy", colour=navy.colour, option=option, colourway=navy))
    take = takes.regenerate(variant=first, path="target", value="#1F2A44")
    assert (take.option, take.colourway) == (option, navy)


def test_one_of_several_mapped_colours(made, stub_generator):
    stub_generator.palette = (("#AF2430", 0.7), ("#FFFFFF", 0.2), ("#000000", 0.1))
    mapping = {"#AF2430": "#24345C", "#FFFFFF": "#EEEEEE"}
    first = made(mapped_target(palette=stub_generator.palette, mapping=mapping))
    assert paths(first) == ["targets.#AF2430", "targets.#FFFFFF"]  # black stays
    take = takes.regenerate(variant=first, path="targets.#FFFFFF", value="#DDDDDD")
    assert one_difference(first, take) == ("targets.#FFFFFF", "#EEEEEE", "#DDDDDD")


def test_a_slider_a_colour_or_the_seed_of_a_style(made):
    look = looks.style_look("heather", colours=["#24345C", "#FFFFFF"], seed=3)
    first = made(look_target(look=look))
    for path, value, kept in (
        ("style.sliders.strength", "0.9", 0.9),
        ("style.colours.1", "#dddddd", "#DDDDDD"),
        ("style.seed", "4", 4),
    ):
        take = takes.regenerate(variant=first, path=path, value=value)
        assert one_difference(first, take)[::2] == (path, kept)


def test_where_a_print_lies(made):
    design = factories.make_print()
    first = made(look_target(look=looks.print_look(design)))
    take = takes.regenerate(variant=first, path="print.placement.rotation", value="45")
    assert one_difference(first, take) == ("print.placement.rotation", 0.0, 45.0)
    assert take.print == design


def test_another_outline_and_back_to_the_automatic_one(made, source, matte_data):
    first = made()
    assert "matte" not in paths(first)
    corrected = mattes.add_staff_matte(source=source, data=matte_data)
    with_colour = takes.regenerate(variant=first, path="target", value="#1F2A44")
    assert with_colour.recipe["matte"] is None  # the newer outline is not slipped in
    take = takes.regenerate(variant=first, path="matte", value=str(corrected.pk))
    assert one_difference(first, take) == ("matte", None, corrected.digest)
    back = takes.regenerate(variant=with_colour, path="matte", value=str(corrected.pk))
    with pytest.raises(InvalidTransition, match="asked for before"):
        takes.regenerate(variant=back, path="matte", value="")


def test_the_generator_is_kept_until_it_is_what_changes(made, monkeypatch):
    first = made()
    shop = factories.make_generator_version(version="1+shop.1", status="challenger")
    monkeypatch.setattr(registry, "champion", lambda: shop)
    assert changes(first)[-1].choices == (shop,)
    kept = takes.regenerate(variant=first, path="target", value="#1F2A44")
    assert kept.request.generator == first.request.generator
    take = takes.regenerate(variant=first, path="generator", value=str(shop.pk))
    assert one_difference(first, take)[0] == "generator"
    assert take.request.generator == shop


def test_a_generator_that_is_not_installed_any_more_can_only_be_replaced(made, stub_generator):
    first = made()
    stub_generator.digest, stub_generator.version = "f" * 64, "stub 2"
    assert paths(first) == ["generator"]
    with pytest.raises(InvalidRequest, match="'target' cannot be changed here; choose from: gene"):
        takes.regenerate(variant=first, path="target", value="#1F2A44")


@pytest.mark.parametrize(
    ("path", "value", "error"),
    [
        ("source", "x", InvalidRequest),
        ("", "", InvalidRequest),
        ("target", "blue-ish", InvalidColour),
        ("target", "#24345C", InvalidRequest),
    ],
)
def test_what_is_no_change_is_refused(made, path, value, error):
    first = made()
    with pytest.raises(error):
        takes.regenerate(variant=first, path=path, value=value)
    assert VariantImage.objects.count() == 1


@pytest.mark.parametrize("value", ["2", "-0.1", "nan", "strong", ""])
def test_numbers_have_limits(made, value):
    first = made(look_target(look=looks.style_look("faded")))
    with pytest.raises(InvalidLook):
        takes.regenerate(variant=first, path="style.sliders.strength", value=value)


def test_a_photo_that_was_replaced_or_deleted(made, source):
    first = made()
    with source.original.storage.open(source.original.name, "wb") as file:
        file.write(factories.photo_bytes("#235A3C"))
    with pytest.raises(InvalidRequest, match="The photo was replaced"):
        takes.regenerate(variant=first, path="target", value="#1F2A44")
    assert VariantImage.objects.count() == 1
    VariantImage.objects.update(source=None)
    first.refresh_from_db()
    assert changes(first) == []


def test_it_needs_the_permission_to_generate(made):
    reviewer = factories.make_user("review_variants")
    with pytest.raises(PermissionRefused):
        takes.regenerate(variant=made(), path="target", value="#1F2A44", requested_by=reviewer)


def test_takes_are_of_one_photo_and_one_name(made, source):
    first = made()
    made(factories.targets("Red")[0])
    photo = factories.make_product().images.get()
    request = factories.make_request(photo, generator=first.request.generator)
    other = factories.make_variant(photo, request=request)
    assert list(takes.takes_of(first)) == [first]
    assert list(takes.takes_of(other)) == [other]
