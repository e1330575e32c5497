"""Prints, styles and references: recipes of their own on the way that colours go."""

from __future__ import annotations

import pytest

from oscar_gan.errors import InvalidLook, PermissionRefused, UnusablePhoto
from oscar_gan.imaging.looks import PrintLook, ReferenceLook, StyleLook
from oscar_gan.imaging.placing import Placement
from oscar_gan.imaging.provenance import read_provenance
from oscar_gan.imaging.styles import STYLES
from oscar_gan.models import VariantImage
from oscar_gan.services import (
    captions,
    look_names,
    looks,
    mattes,
    media,
    outlines,
    planning,
    publishing,
    requests,
    review,
)
from oscar_gan.services.colours import look_target
from oscar_gan.services.selection import Selection
from tests import factories

pytestmark = pytest.mark.django_db
Status = VariantImage.Status
PLACED = Placement(scale=0.12, rotation=30.0, x=0.5, y=0.25, drape=0.8)


@pytest.fixture
def stripe(db):
    return factories.make_print()


@pytest.fixture
def ask_look(source, django_capture_on_commit_callbacks):
    """Ask for one look of `source`, and commit."""

    def ask_look(look, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return requests.request_variants(
                source=source, targets=[look_target(look=look, **kwargs)]
            )

    return ask_look


@pytest.fixture
def other(partner):
    """The photo of another product."""
    return factories.make_product(title="Harbour T-shirt", partner=partner).images.get()


class TestPrints:
    def test_are_laid_as_asked(self, ask_look, run, stripe, stub_generator):
        variant = run(ask_look(looks.print_look(stripe, PLACED))).variants.get()
        (look,) = stub_generator.looks
        assert isinstance(look, PrintLook)
        assert (look.tile.colours, look.placement) == (("#0B3D91", "#FFFFFF"), PLACED)
        assert (variant.label, variant.target, variant.status, variant.print) == (
            "Harbour stripe", "#0B3D91", Status.AWAITING_REVIEW, stripe,
        )  # fmt: skip
        assert [colour["target"] for colour in variant.colours] == ["#0B3D91", "#FFFFFF"]

    def test_say_in_the_file_what_they_are(self, ask_look, run, stripe):
        variant = run(ask_look(looks.print_look(stripe))).variants.get()
        provenance = read_provenance(media.read_draft(variant.file_name))
        assert provenance["colour"] == f"print {stripe.digest[:12]}: #0B3D91, #FFFFFF"
        assert provenance["recipe"] == variant.recipe_digest
        # A real photo is under it, so it is no wholly generated picture.
        assert provenance["digital_source_type"] == "compositeWithTrainedAlgorithmicMedia"

    def test_asked_for_twice_are_one_job_whatever_they_are_called(self, ask_look, stripe):
        first = ask_look(looks.print_look(stripe)).variants.get()
        assert ask_look(looks.print_look(stripe), label="Other").variants.get() == first
        moved = looks.print_look(stripe, Placement(x=0.5))
        assert ask_look(moved).variants.get() != first

    def test_that_nobody_can_tell_apart_are_one_job(self, ask_look, stripe):
        first = ask_look(looks.print_look(stripe, Placement(scale=0.3))).variants.get()
        same = looks.print_look(stripe, Placement(scale=0.1 + 0.2))
        assert ask_look(same).variants.get() == first

    def test_are_tried_again_as_they_were(self, ask_look, run, stripe, stub_generator):
        stub_generator.fail["#0B3D91"] = UnusablePhoto("No.")
        request = run(ask_look(looks.print_look(stripe, PLACED)))
        stub_generator.fail.clear()
        stripe.delete()  # its tile stays in storage
        variant = run(requests.retry_failed(request=request)).variants.get()
        assert (variant.status, stub_generator.looks[-1].placement) == (
            Status.AWAITING_REVIEW, PLACED,
        )  # fmt: skip

    def test_whose_tile_is_gone_fail_with_the_reason(self, ask_look, run, stripe):
        request = ask_look(looks.print_look(stripe))
        media.drafts().delete(stripe.file_name)
        variant = run(request).variants.get()
        assert (variant.status, variant.problem_code) == (Status.FAILED, "unusable-tile")
        assert "missing from storage" in variant.problem

    def test_whose_tile_was_replaced_fail_with_the_reason(self, ask_look, run, stripe):
        request = ask_look(looks.print_look(stripe))
        red = factories.make_print("Red", inks=("#FF0000", "#FFFFFF"))
        path = media.drafts().path
        with open(path(stripe.file_name), "wb") as file:
            file.write(media.read_draft(red.file_name))
        variant = run(request).variants.get()
        assert (variant.status, variant.problem_code) == (Status.FAILED, "unusable-tile")
        assert "was replaced" in variant.problem

    def test_fail_alone_beside_colours(self, run, source, stripe):
        media.drafts().delete(stripe.file_name)
        target = look_target(look=looks.print_look(stripe))
        request = requests.request_variants(
            source=source, targets=[target, *factories.targets("Navy")]
        )
        states = dict(run(request).variants.values_list("label", "status"))
        assert states == {"Harbour stripe": Status.FAILED, "Navy": Status.AWAITING_REVIEW}


class TestStyles:
    def test_are_made_with_every_slider_in_the_recipe(self, ask_look, run, stub_generator):
        look = looks.style_look("stone-wash", colours=["#1f2a44"], sliders={"amount": 0.7}, seed=3)
        variant = run(ask_look(look)).variants.get()
        (made,) = stub_generator.looks
        assert isinstance(made, StyleLook)
        assert (made.style, made.colours, made.seed) == ("stone-wash", ("#1F2A44",), 3)
        sliders = {slider.name: slider.default for slider in STYLES["stone-wash"].sliders}
        assert variant.recipe["style"]["sliders"] == {**sliders, "amount": 0.7}
        assert (variant.label, variant.target) == ("Stone wash", "#1F2A44")

    def test_in_the_products_own_colours_have_no_target(self, ask_look, run):
        variant = run(ask_look(looks.style_look("faded"))).variants.get()
        assert (variant.target, variant.status) == ("", Status.AWAITING_REVIEW)

    def test_with_the_default_spelt_out_are_the_same_picture(self, ask_look):
        first = ask_look(looks.style_look("faded")).variants.get()
        default = STYLES["faded"].sliders[0]
        spelt = looks.style_look("faded", sliders={default.name: default.default})
        assert ask_look(spelt).variants.get() == first

    @pytest.mark.parametrize(
        "wrong",
        [{"style": "neon"}, {"style": "faded", "sliders": {"glow": 1}}, {"style": "colour-block"},
         {"style": "faded", "sliders": {"strength": 2}}, {"style": "faded", "seed": -1}],
    )  # fmt: skip
    def test_that_do_not_exist_are_refused_before_they_are_queued(self, wrong):
        with pytest.raises(InvalidLook):
            looks.style_look(wrong.pop("style"), **wrong)

    def test_every_word_of_the_engine_is_there_for_the_translators(self):
        words = set(look_names.STYLE_WORDS) | set(look_names.KINDS.values())
        for style in STYLES.values():
            assert {style.label, style.help, *(slider.label for slider in style.sliders)} <= words


class TestReferences:
    def test_are_analysed_and_handed_to_the_engine(self, ask_look, run, other, stub_generator):
        variant = run(ask_look(looks.reference_look(other))).variants.get()
        (look,) = stub_generator.looks
        assert isinstance(look, ReferenceLook)
        assert look.photo.digest == variant.recipe["reference"]["source"]
        assert (variant.label, variant.reference) == ("like Harbour T-shirt", other)
        assert stub_generator.analysed == 2

    def test_go_by_the_outline_that_staff_corrected(self, ask_look, other, matte_data):
        first = ask_look(looks.reference_look(other)).variants.get()
        matte = mattes.add_staff_matte(source=other, data=matte_data)
        again = ask_look(looks.reference_look(other)).variants.get()
        assert again != first
        assert again.recipe["reference"]["matte"] == matte.digest

    def test_deleted_meanwhile_fail_with_the_reason(self, ask_look, run, other):
        request = ask_look(looks.reference_look(other))
        other.delete()
        variant = run(request).variants.get()
        assert (variant.status, variant.problem_code) == (Status.FAILED, "unusable-photo")
        assert "reference photo was deleted" in variant.problem

    def test_replaced_meanwhile_fail_with_the_reason(self, ask_look, run, other):
        request = ask_look(looks.reference_look(other))
        other.original.save("new.jpg", factories.ContentFile(factories.photo_bytes("#2050A0")))
        variant = run(request).variants.get()
        assert variant.status == Status.FAILED
        assert "reference photo was replaced" in variant.problem


def test_a_better_outline_makes_looks_again(ask_look, run, source, stripe, staff, matte_data):
    run(ask_look(looks.print_look(stripe, PLACED)))
    matte = mattes.add_staff_matte(source=source, data=matte_data)
    assert outlines.make_again(matte=matte, by=staff) == 1
    again = run(matte.requests.get()).variants.get()
    assert (again.label, again.print, again.status) == (
        "Harbour stripe", stripe, Status.AWAITING_REVIEW,
    )  # fmt: skip
    assert again.recipe["print"]["placement"]["rotation"] == 30.0


class TestPublishing:
    def test_a_print_without_an_option_goes_to_the_products_own_gallery(
        self, ask_look, run, stripe, staff, source
    ):
        variant = run(ask_look(looks.print_look(stripe))).variants.get()
        review.approve(variant=variant, reviewer=staff)
        publishing.publish(variant=variant, scope="gallery", published_by=staff)
        captions_there = set(source.product.images.values_list("caption", flat=True))
        assert "Canvas bag, Harbour stripe" in captions_there

    def test_one_that_stands_for_an_option_goes_to_its_children(self, parent, run, staff, stripe):
        navy = factories.AttributeOption.objects.get(group__name="colour", option="Navy")
        target = look_target(look=looks.print_look(stripe), option=navy)
        assert target.label == "Navy"
        request = requests.request_variants(source=parent.images.get(), targets=[target])
        variant = run(request).variants.get()
        review.approve(variant=variant, reviewer=staff)
        publication = publishing.publish(variant=variant, scope="colour", published_by=staff)
        assert {image.product.upc for image in publication.images.all()} == {
            f"{parent.upc}-Navy-M", f"{parent.upc}-Navy-L",
        }  # fmt: skip

    def test_its_inks_do_not_count_as_colours_that_have_a_picture(
        self, ask_look, run, stripe, staff, source
    ):
        variant = run(ask_look(looks.print_look(stripe))).variants.get()
        review.approve(variant=variant, reviewer=staff)
        publishing.publish(variant=variant, scope="gallery", published_by=staff)
        chosen = Selection(products=(source.product.pk,), colours=(stripe.inks[0],))
        (item,) = planning.plan(selection=chosen)
        assert [target.label for target in item.targets] == [stripe.inks[0]]


def test_captions_name_product_and_look(product):
    variant = VariantImage(label="like Harbour T-shirt")
    assert captions.caption_of(product, variant) == "Canvas bag, like Harbour T-shirt"


class TestOtherPartners:
    @pytest.fixture
    def stranger(self):
        return factories.make_partner_user(factories.make_partner())

    def test_lend_no_print(self, source, partner_user, stranger):
        theirs = factories.make_print("Theirs", created_by=stranger)
        with pytest.raises(PermissionRefused, match="somebody else"):
            requests.request_variants(
                source=source,
                targets=[look_target(look=looks.print_look(theirs))],
                requested_by=partner_user,
            )

    def test_lend_no_photo(self, source, partner_user):
        theirs = factories.make_product(partner=factories.make_partner()).images.get()
        with pytest.raises(PermissionRefused, match="another partner"):
            requests.request_variants(
                source=source,
                targets=[look_target(look=looks.reference_look(theirs))],
                requested_by=partner_user,
            )
