"""The print designer and the saved prints: what is shown, kept, changed, refused."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from oscar_gan.imaging.tiles import read_tile
from oscar_gan.models import Print, PrintSheet
from oscar_gan.services import media, palettes, sheets, wishes
from tests import factories

pytestmark = pytest.mark.django_db
DESIGNER = reverse("oscar_gan:gan-print-designer")
CREATE = reverse("oscar_gan:gan-sheet-create")
JSON = {"headers": {"accept": "application/json"}}
INKS = ["#0B3D91", "#F4C20D", "#FFFFFF"]


@pytest.fixture(autouse=True)
def printer(stub_printer):
    return stub_printer


@pytest.fixture
def sheet(staff):
    """A sheet whose tiles are printed."""
    made = sheets.request_sheet(wish=wishes.Wish(seed=812), inks=3, requested_by=staff)
    sheets.run(made.pk)
    return made


@pytest.fixture
def place(sheet):
    """The fields of the designer as they stand on its third tile."""
    return {"sheet": str(sheet.pk), "tile": "2", "count": "3", "ink": INKS, "inks_of": "2"}


def picture(response) -> Image.Image:
    return Image.open(io.BytesIO(b"".join(response)))


class TestSheets:
    def test_opening_the_designer_makes_nothing(self, browser):
        assert "Print designer" in browser.get(DESIGNER).content.decode()
        assert not PrintSheet.objects.exists()

    def test_new_noise_is_asked_for_and_followed(self, browser, sent):
        answer = browser.post(CREATE, {"do": "new", "kind": "dot", "count": "2"}, **JSON).json()
        made = PrintSheet.objects.get()
        assert (answer["finished"], answer["tiles"], answer["count"]) == (False, [], 2)
        sheets.run(made.pk)
        status = browser.get(answer["status_url"]).json()
        assert status["finished"]
        assert len(status["tiles"]) == wishes.TILES
        assert {tile["design"]["kind"] for tile in status["tiles"]} == {"dot"}
        weights = picture(browser.get(status["tiles"][0]["weights_url"]).streaming_content)
        assert weights.size == (sheets.SIDE, sheets.SIDE)

    def test_tiles_have_names_that_can_be_read_out(self, browser, sheet):
        url = reverse("oscar_gan:gan-sheet-status", args=[sheet.pk])
        tiles = browser.get(url).json()["tiles"]
        assert tiles[4]["label"] == "Floral tile 5, seed 816"

    def test_codes_out_of_range_are_left_at_their_defaults(self, browser):
        browser.post(CREATE, {"do": "codes", "scale": "7", "angle": "east", "seed": "-4"})
        wish = wishes.Wish(**PrintSheet.objects.get().wish)
        assert wish == wishes.Wish()

    def test_more_like_a_tile_keeps_its_inks(self, browser, place, sheet):
        response = browser.post(CREATE, {**place, "do": "like"})
        child = PrintSheet.objects.exclude(pk=sheet.pk).get()
        assert child.wish["like"]["seed"] == 814
        page = browser.get(response.url)
        assert page.context["state"].sheet == str(child.pk)
        assert list(page.context["state"].inks) == INKS

    def test_more_like_a_saved_print(self, browser):
        stripe = factories.make_print()
        browser.post(CREATE, {"do": "like", "print": stripe.pk})
        made = PrintSheet.objects.get()
        assert (made.wish["like"]["seed"], made.inks) == (7, 2)

    def test_a_print_from_a_picture_has_no_noise(self, browser):
        uploaded = factories.make_print(design=None, generator=None)
        answer = browser.post(CREATE, {"do": "like", "print": uploaded.pk}, **JSON)
        assert answer.status_code == 409
        assert "has no noise" in answer.json()["message"]

    def test_new_noise_draws_new_palettes_unless_they_are_locked(self, browser, place):
        free = browser.post(CREATE, {**place, "do": "new"})
        assert browser.get(free.url).context["state"].inks == ()
        locked = browser.post(CREATE, {**place, "do": "new", "lock": "on"})
        assert list(browser.get(locked.url).context["state"].inks) == INKS


class TestWithoutScripts:
    def test_tiles_are_shown_coloured(self, browser, sheet):
        page = browser.get(DESIGNER, {"sheet": sheet.pk})
        slot = page.context["slots"][3]
        assert slot["inks"] == palettes.suggested(815, 3)
        url = f"{slot['tile']['picture_url']}?count=3"
        shown = Image.open(io.BytesIO(browser.get(url).content)).convert("RGB")
        assert shown.size == (256, 256)
        found = {"#{:02X}{:02X}{:02X}".format(*colour) for _n, colour in shown.getcolors()}
        assert found >= set(slot["inks"])  # and what lies between two stripes

    def test_a_tile_is_laid_on_a_photo(self, browser, place, source):
        response = browser.post(
            DESIGNER, {**place, "do": "place", "source": source.pk, "place-scale": "12"}
        )
        page = browser.get(response.url)
        assert f"sources/{source.pk}/look/?" in page.context["preview_url"]
        assert "place-scale=12" in page.context["preview_url"]


class TestSaving:
    def test_keeps_the_tile_in_the_inks_it_is_shown_in(self, browser, place, staff, sheet):
        response = browser.post(DESIGNER, {**place, "do": "save", "name": "Dots at sea"})
        assert response.url == reverse("oscar_gan:gan-print-list")
        design = Print.objects.get()
        assert (design.name, design.inks, design.created_by) == ("Dots at sea", INKS, staff)
        assert (design.design["seed"], design.generator) == (814, sheet.generator)
        tile = read_tile(media.read_draft(design.file_name))
        assert list(tile.colours) == INKS

    def test_a_tile_whose_inks_were_not_touched_keeps_its_own_palette(self, browser, place):
        browser.post(DESIGNER, {**place, "inks_of": "0", "do": "save", "name": "Own"})
        assert Print.objects.get().inks == palettes.suggested(814, 3)

    def test_goes_on_to_the_product_it_was_tried_on(self, browser, place, source, product):
        response = browser.post(
            DESIGNER,
            {**place, "do": "save", "name": "Dots", "source": source.pk, "then": "generate",
             "place-scale": "12.5", "place-drape": "<script>"},
        )  # fmt: skip
        page = reverse("oscar_gan:gan-product-generate", args=[product.pk])
        design = Print.objects.get()
        assert response.url == (
            f"{page}?source={source.pk}&print={design.pk}&place-scale=12.5#gan_looks"
        )

    @pytest.mark.parametrize("name", ["", "  ", "Harbour stripe"])
    def test_needs_a_name_of_its_own(self, browser, place, name):
        factories.make_print("Harbour stripe")
        response = browser.post(DESIGNER, {**place, "do": "save", "name": name})
        assert response.context["form"].errors
        assert Print.objects.count() == 1
        assert response.context["state"].tile == 2  # nothing is lost

    def test_needs_a_tile(self, browser, place):
        response = browser.post(DESIGNER, {**place, "sheet": "", "do": "save", "name": "Dots"})
        assert "Choose a tile first." in response.content.decode()


class TestPrints:
    def test_are_listed_with_how_often_they_are_used(self, browser, source):
        stripe = factories.make_print()
        factories.make_variant(source, print=stripe)
        page = browser.get(reverse("oscar_gan:gan-print-list")).content.decode()
        assert "Stripe, seed 7 · used in 1 picture" in page

    def test_can_be_named_and_coloured_anew(self, browser):
        stripe = factories.make_print()
        old = stripe.file_name
        url = reverse("oscar_gan:gan-print-update", args=[stripe.pk])
        browser.post(url, {"name": "Red stripe", "ink-1": "#c00", "ink-2": "#FFFFFF"})
        stripe.refresh_from_db()
        assert (stripe.name, stripe.inks) == ("Red stripe", ["#CC0000", "#FFFFFF"])
        assert stripe.file_name != old
        assert media.drafts().exists(old)  # recipes may name it
        assert read_tile(media.read_draft(stripe.file_name)).colours == ("#CC0000", "#FFFFFF")

    def test_are_shown_in_other_inks_while_they_are_edited(self, browser):
        stripe = factories.make_print()
        url = reverse("oscar_gan:gan-print-picture", args=[stripe.pk])
        answer = browser.get(url, {"ink": ["#CC0000", "#00CC00"]})
        colours = Image.open(io.BytesIO(answer.content)).convert("RGB").getcolors()
        assert {colour for _n, colour in colours} == {(204, 0, 0), (0, 204, 0)}

    def test_can_be_deleted_and_their_pictures_stay(self, browser, source):
        stripe = factories.make_print()
        variant = factories.make_variant(source, print=stripe)
        browser.post(reverse("oscar_gan:gan-print-delete", args=[stripe.pk]))
        variant.refresh_from_db()
        assert variant.print is None

    def test_can_be_handed_in_as_a_picture(self, browser):
        data = media.read_draft(factories.make_print().file_name)
        browser.post(
            reverse("oscar_gan:gan-print-list"),
            {"name": "Mine", "inks": "2", "tile": SimpleUploadedFile("tile.png", data)},
        )
        mine = Print.objects.get(name="Mine")
        assert (mine.design, mine.inks) == (None, ["#0B3D91", "#FFFFFF"])

    def test_that_are_no_pictures_are_refused_in_place(self, browser):
        page = browser.post(
            reverse("oscar_gan:gan-print-list"),
            {"name": "Mine", "inks": "2", "tile": SimpleUploadedFile("tile.png", b"nonsense")},
        )
        assert "cannot be read" in page.content.decode()
        assert not Print.objects.exists()

    def test_of_the_shop_are_seen_but_not_changed_by_partners(self, login, partner_user, staff):
        shops = factories.make_print("The shop's", created_by=staff)
        own = factories.make_print("Our own", created_by=partner_user)
        client = login(partner_user)
        page = client.get(reverse("oscar_gan:gan-print-list"))
        assert {design.name: design.may_change for design in page.context["prints"]} == {
            "The shop's": False, "Our own": True,
        }  # fmt: skip
        for design, status in {shops: 404, own: 200}.items():
            url = reverse("oscar_gan:gan-print-update", args=[design.pk])
            assert client.get(url).status_code == status
