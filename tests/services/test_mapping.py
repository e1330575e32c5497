"""Mapped colours: each base colour of a product gets its own target, in one picture."""

import pytest

from oscar_gan.errors import InvalidColour, InvalidRequest, UnusablePhoto
from oscar_gan.imaging.provenance import read_provenance
from oscar_gan.services import mattes, media, requests
from oscar_gan.services.colours import mapped_target
from oscar_gan.services.recipes import colour_recipe, recipe_digest
from tests import factories

pytestmark = pytest.mark.django_db
PALETTE = (("#AF2430", 0.7), ("#F4F1EA", 0.3))


@pytest.fixture(autouse=True)
def _two_colours(stub_generator):
    stub_generator.palette = PALETTE


@pytest.fixture
def ask_mapped(source, django_capture_on_commit_callbacks):
    def ask_mapped(mapping, label=""):
        target = mapped_target(palette=PALETTE, mapping=mapping, label=label)
        with django_capture_on_commit_callbacks(execute=True):
            return requests.request_variants(source=source, targets=[target])

    return ask_mapped


def test_each_colour_becomes_its_target(ask_mapped, run):
    request = run(ask_mapped({"#AF2430": "#0b3d91", "#F4F1EA": "#D29B2A"}, label="Harbour"))
    variant = request.variants.get()
    assert (variant.label, variant.target, variant.status) == (
        "Harbour", "#0B3D91", "awaiting_review",
    )  # fmt: skip
    assert variant.recipe["targets"] == {"#AF2430": "#0B3D91", "#F4F1EA": "#D29B2A"}
    made = [(colour["base"], colour["target"], colour["made"]) for colour in variant.colours]
    assert made == [
        ("#AF2430", "#0B3D91", "#0B3D91"),
        ("#F4F1EA", "#D29B2A", "#D29B2A"),
    ]


def test_the_file_names_the_mapping(ask_mapped, run):
    variant = run(ask_mapped({"#AF2430": "#0B3D91"})).variants.get()
    provenance = read_provenance(media.read_draft(variant.file_name))
    assert provenance["colour"] == "#AF2430=#0B3D91, #F4F1EA=keep"


def test_asking_twice_is_one_job_and_one_colour_alone_is_another(ask_mapped, ask):
    first = ask_mapped({"#AF2430": "#0B3D91"}).variants.get()
    assert ask_mapped({"#AF2430": "#0b3d91", "#F4F1EA": None}).variants.get() == first
    assert ask("#0B3D91").variants.get() != first


def test_trying_again_keeps_the_mapping(ask_mapped, run, stub_generator):
    stub_generator.fail["#0B3D91"] = UnusablePhoto("No.")
    request = run(ask_mapped({"#AF2430": "#0B3D91", "#F4F1EA": "#D29B2A"}))
    stub_generator.fail.clear()
    variant = run(requests.retry_failed(request=request)).variants.get()
    assert len(variant.colours) == 2


def test_a_colour_the_product_has_not_is_refused(ask_mapped):
    with pytest.raises(InvalidColour):
        ask_mapped({"#00FF00": "#0B3D91"})


def test_a_product_of_one_colour_needs_no_mapping():
    target = mapped_target(palette=[("#AF2430", 1.0)], mapping={"#AF2430": "#0B3D91"})
    assert target.mapping is None


def test_without_a_palette_it_is_refused():
    with pytest.raises(InvalidRequest, match="not known yet"):
        mapped_target(palette=[], mapping={"#AF2430": "#0B3D91"})


class TestThePaletteOnRecord:
    def test_there_is_none_before_the_first_analysis(self, source):
        assert mattes.known_palette(source) == []

    def test_it_is_the_analysers(self, source, run):
        _none, request = requests.request_analysis(source=source)
        run(request)
        assert mattes.known_palette(source) == list(PALETTE)

    def test_it_is_read_anew_under_a_staff_matte(self, source, run, stub_generator, matte_data):
        run(requests.request_analysis(source=source)[1])
        mattes.add_staff_matte(source=source, data=matte_data)
        assert mattes.known_palette(source) == list(PALETTE)  # until a worker has looked
        stub_generator.palette = (("#AF2430", 1.0),)
        run(requests.request_analysis(source=source)[1])
        assert mattes.known_palette(source) == [("#AF2430", 1.0)]


def test_recipes_of_one_colour_are_what_they_were(source):
    recipe = colour_recipe(
        source_digest="0" * 64,
        matte=None,
        target="#24345C",
        generator=factories.make_generator_version(),
    )
    assert recipe_digest(recipe) == (
        "373879bc8d27cf5c749c0bf8457d9abfc32c9b09c31dd0aa8f51ac2faf4b4fc0"
    )
