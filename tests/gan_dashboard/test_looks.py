"""Prints, styles and references on the generate form, their preview, and under review."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from PIL import Image

from oscar_gan.gan_dashboard.style_form import StyleForm
from oscar_gan.imaging.styles import STYLES
from oscar_gan.models import GenerationRequest, Style, VariantImage
from oscar_gan.services import mattes
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(product) -> str:
    return reverse("oscar_gan:gan-product-generate", args=[product.pk])


@pytest.fixture
def choose(browser, url, source):
    """Post the form with the primary photo and these fields."""

    def choose(**fields):
        return browser.post(url, {"source": source.pk, **fields})

    return choose


@pytest.fixture
def stripe(staff):
    return factories.make_print(created_by=staff)


@pytest.fixture
def other(partner):
    return factories.make_product(title="Harbour T-shirt", partner=partner).images.get()


def errors(response) -> str:
    assert response.status_code == 200
    assert not VariantImage.objects.exists()
    return response.content.decode()


class TestPrints:
    def test_are_made_where_the_fields_say(self, choose, stripe):
        choose(**{"prints": [stripe.pk], "place-scale": "12", "place-rotation": "30",
                  "place-x": "50", "place-y": "0", "place-drape": "80"})  # fmt: skip
        variant = VariantImage.objects.get()
        assert variant.recipe["print"]["placement"] == {
            "scale": 0.12, "rotation": 30.0, "x": 0.5, "y": 0.0, "drape": 0.8,
        }  # fmt: skip
        assert (variant.print, variant.label) == (stripe, "Harbour stripe")

    def test_may_be_measured_in_centimetres(self, choose, stripe):
        centimetres = {"place-tile_cm": "6", "place-product_cm": "50", "place-scale": "99"}
        choose(prints=[stripe.pk], **centimetres)
        assert VariantImage.objects.get().recipe["print"]["placement"]["scale"] == 0.12

    @pytest.mark.parametrize(
        ("fields", "said"),
        [({"place-tile_cm": "6"}, "Give both widths"),
         ({"place-scale": "300"}, "less than or equal to 200"),
         ({"place-tile_cm": "500", "place-product_cm": "50"}, "out of range"),
         ({"place-drape": "much"}, "Enter a number")],
    )  # fmt: skip
    def test_laid_impossibly_are_refused_in_place(self, choose, stripe, fields, said):
        page = errors(choose(prints=[stripe.pk], **fields))
        assert "Nothing is queued yet" in page
        assert said in page

    def test_unticked_leave_their_fields_alone(self, choose, stripe):
        choose(more="#123456", **{"place-scale": "300"})
        assert VariantImage.objects.get().label == "#123456"

    def test_of_other_partners_cannot_be_chosen(self, login, partner_user, url, source):
        foreign = factories.make_print(
            "Foreign", created_by=factories.make_partner_user(factories.make_partner())
        )
        client = login(partner_user)
        assert "Foreign" not in client.get(url).content.decode()
        assert "Nothing is queued yet" in errors(
            client.post(url, {"source": source.pk, "prints": [foreign.pk]})
        )

    def test_of_the_shop_may_be_used_by_partners(self, login, partner_user, url, source, stripe):
        login(partner_user).post(url, {"source": source.pk, "prints": [stripe.pk]})
        assert VariantImage.objects.get().print == stripe

    def test_come_ticked_and_laid_from_the_designer(self, browser, url, stripe):
        page = browser.get(url, {"print": stripe.pk, "place-scale": "12.5"})
        looks = page.context["form"].looks
        assert [row.checked for row in looks.print_rows] == [True]
        assert looks.placement["scale"].value() == "12.5"
        assert looks.prints_open


class TestStyles:
    def test_are_made_with_their_sliders_and_colours(self, choose):
        fields = {"wanted": "on", "amount": "0.7", "colours": "#1f2a44", "seed": "3"}
        choose(**{f"style-stone-wash-{name}": value for name, value in fields.items()})
        style = VariantImage.objects.get().recipe["style"]
        assert (style["name"], style["colours"], style["seed"]) == ("stone-wash", ["#1F2A44"], 3)
        assert style["sliders"]["amount"] == 0.7

    def test_sliders_that_nobody_moves_stand_exactly_where_the_style_has_them(self):
        for style in STYLES.values():
            form = StyleForm(style=style)
            for slider in style.sliders:
                step = form.fields[slider.name].widget.attrs["step"]
                steps = (slider.default - slider.low) / step
                assert abs(steps - round(steps)) < 1e-9, (style.name, slider.name)

    def test_several_are_several_pictures(self, choose):
        choose(**{"style-faded-wanted": "on", "style-pastel-wanted": "on", "more": "#123456"})
        labels = set(VariantImage.objects.values_list("label", flat=True))
        assert labels == {"#123456", "Faded", "Pastel"}

    def test_without_the_colours_they_need_are_refused_in_place(self, choose):
        page = errors(choose(**{"style-colour-block-wanted": "on"}))
        assert "colour-block takes 1 to 4 colours, not 0" in page

    def test_with_nonsense_for_a_colour_are_refused_in_place(self, choose):
        fields = {"style-faded-wanted": "on", "style-faded-colours": "blue"}
        assert "blue is not a colour" in errors(choose(**fields))


class TestReferences:
    def test_are_made_from_another_products_photo(self, choose, other):
        choose(reference=other.pk, look_name="Like the T-shirt")
        variant = VariantImage.objects.get()
        assert (variant.reference, variant.label) == (other, "Like the T-shirt")

    def test_of_other_partners_do_not_exist(self, login, partner_user, url, source):
        foreign = factories.make_product(partner=factories.make_partner()).images.get()
        response = login(partner_user).post(url, {"source": source.pk, "reference": foreign.pk})
        assert "reference" in response.context["form"].looks.errors
        assert not VariantImage.objects.exists()

    def test_are_found_by_the_words_of_a_title(self, browser, other, product):
        answer = browser.get(reverse("oscar_gan:gan-photo-search"), {"q": "harbour"}).json()
        assert [photo["title"] for photo in answer["photos"]] == ["Harbour T-shirt"]
        assert answer["photos"][0]["thumbnail_url"]

    def test_are_found_without_scripts_too(self, browser, url, other):
        page = browser.get(url, {"q": "harbour"})
        assert [photo["id"] for photo in page.context["photos"]] == [other.pk]


class TestNaming:
    def test_one_look_may_stand_for_a_colour_option(self, choose, stripe):
        navy = factories.AttributeOption.objects.get(group__name="colour", option="Navy")
        choose(prints=[stripe.pk], look_option=navy.pk)
        variant = VariantImage.objects.get()
        assert (variant.option, variant.label) == (navy, "Navy")

    def test_several_may_not(self, choose, stripe):
        fields = {"prints": [stripe.pk], "style-faded-wanted": "on", "look_name": "Both"}
        assert "one print, style or photo; 2 are chosen" in errors(choose(**fields))


class TestPreview:
    @pytest.fixture
    def look(self, browser, source, matte_data):
        """Look at something on the photo, whose outline is known."""
        mattes.add_staff_matte(source=source, data=matte_data)
        url = reverse("oscar_gan:gan-look-preview", args=[source.pk])
        return lambda **fields: browser.get(url, fields)

    def test_shows_a_print_at_once(self, look, stripe):
        response = look(**{"print": stripe.pk, "place-scale": "50"})
        assert response["Content-Type"] == "image/jpeg"
        picture = Image.open(io.BytesIO(response.content)).convert("RGB")
        assert picture.size == (96, 72)
        assert picture.getpixel((3, 3))[0] > 220  # the backdrop is what it was
        inside = [picture.getpixel((48, row)) for row in range(20, 52)]
        assert any(blue > red + 40 for red, _green, blue in inside)  # navy where it was red

    def test_shows_a_style_at_once(self, look):
        response = look(**{"style": "monochrome", "style-monochrome-strength": "1"})
        picture = Image.open(io.BytesIO(response.content)).convert("RGB")
        colour = picture.getpixel((48, 36))
        assert max(colour) - min(colour) < 12

    def test_says_what_is_wrong(self, look, stripe):
        answer = look(**{"print": stripe.pk, "place-scale": "1"})
        assert answer.status_code == 409
        assert "greater than or equal to 2" in answer.json()["message"]
        assert look(style="neon").status_code == 409

    def test_waits_for_the_outline(self, browser, source, stripe):
        url = reverse("oscar_gan:gan-look-preview", args=[source.pk])
        answer = browser.get(url, {"print": stripe.pk})
        assert "not known yet" in answer.json()["message"]


def test_the_review_page_names_look_and_inks(browser, choose, run, stripe):
    choose(prints=[stripe.pk])
    run(GenerationRequest.objects.get())
    page = browser.get(reverse("oscar_gan:gan-variant-list")).content.decode()
    assert "Harbour stripe" in page
    for ink in stripe.inks:
        assert ink in page
    assert page.count("ΔE 0.2") + page.count("ΔE 0.3") >= 3  # the worst, and one of each ink


def test_a_style_without_colours_can_be_reviewed_and_shown_in_the_panel(
    browser, choose, run, product, url
):
    choose(**{"style-faded-wanted": "on"})
    run(GenerationRequest.objects.get())
    assert "Faded" in browser.get(reverse("oscar_gan:gan-variant-list")).content.decode()
    assert "Faded" in browser.get(url).content.decode()


class TestSavedStyles:
    WORN = {
        "wanted": "on",
        "amount": "0.7",
        "colours": "#1F2A44",
        "seed": "3",
        "keep": "Worn navy",
    }

    @pytest.fixture
    def worn(self, choose):
        """Stone wash in navy, kept under a name while it was made."""
        choose(**{f"style-stone-wash-{name}": value for name, value in self.WORN.items()})
        return Style.objects.get()

    def test_are_kept_while_a_picture_is_made(self, worn, staff):
        assert (worn.name, worn.style, worn.colours, worn.seed, worn.created_by) == (
            "Worn navy", "stone-wash", ["#1F2A44"], 3, staff,
        )  # fmt: skip
        assert worn.sliders["amount"] == 0.7
        assert VariantImage.objects.get().label == "Worn navy"

    def test_ask_for_the_same_picture_as_their_settings(self, worn, choose, browser, url):
        assert "Worn navy" in browser.get(url).content.decode()
        choose(presets=[worn.pk])
        assert VariantImage.objects.count() == 1

    def test_are_shown_on_the_photo(self, worn, browser, source, matte_data):
        mattes.add_staff_matte(source=source, data=matte_data)
        url = reverse("oscar_gan:gan-look-preview", args=[source.pk])
        assert browser.get(url, {"preset": worn.pk})["Content-Type"] == "image/jpeg"

    def test_can_be_deleted(self, worn, browser):
        browser.post(reverse("oscar_gan:gan-style-delete", args=[worn.pk]))
        assert not Style.objects.exists()
        assert VariantImage.objects.get().recipe["style"]["name"] == "stone-wash"

    def test_of_others_are_not_overwritten(self, worn, login, partner_user, url, source):
        fields = {"style-faded-wanted": "on", "style-faded-keep": "Worn navy"}
        response = login(partner_user).post(url, {"source": source.pk, **fields})
        assert "Worn navy" in str(response.context["form"].non_field_errors())
        assert VariantImage.objects.count() == 1  # nothing was queued besides
        worn.refresh_from_db()
        assert worn.style == "stone-wash"

    def test_need_the_permission(self, login, url, source):
        client = login(factories.make_user("generate_variants"))
        assert "faded-keep" not in client.get(url).content.decode()
        client.post(url, {"source": source.pk, "style-faded-wanted": "on",
                          "style-faded-keep": "Mine"})  # fmt: skip
        assert VariantImage.objects.exists()
        assert not Style.objects.exists()
