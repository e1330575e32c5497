"""Outlines corrected by clicks: shown small, kept at full size, pictures made again."""

import io

import numpy as np
import pytest
from PIL import Image

from oscar_gan.errors import InvalidRequest, PermissionRefused, UnusableMatte
from oscar_gan.imaging.clicks import Click
from oscar_gan.imaging.layers import Layers, read_layers
from oscar_gan.imaging.photo import read_photo
from oscar_gan.models import Matte, Review, VariantImage
from oscar_gan.services import mattes, media, outlines
from tests import factories
from tests.stubs import StubGenerator

pytestmark = pytest.mark.django_db
Status = VariantImage.Status
BALL = Click("product", 0.5, 0.2)
BACKDROP = Click("not-product", 0.05, 0.05)


@pytest.fixture
def base(source, matte_data):
    """A staff matte that covers the middle of the ball only."""
    return mattes.add_staff_matte(source=source, data=matte_data)


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)))


def stored(matte: Matte) -> np.ndarray:
    return pixels(media.read_draft(matte.file_name))


class TestReading:
    def test_points_keep_their_order(self):
        clicks = outlines.read_clicks('[["keep", 0.5, 0.25], ["product", 0, 1]]')
        assert clicks == [Click("keep", 0.5, 0.25), Click("product", 0.0, 1.0)]
        assert outlines.read_clicks("") == []

    @pytest.mark.parametrize(
        "text",
        ["{", '[["product", 0.5]]', '[["eraser", 0.5, 0.5]]', '[["keep", 1.5, 0]]', "7",
         '[["keep", NaN, 0]]', '[["product", "x", 0]]'],
    )  # fmt: skip
    def test_nonsense_is_refused(self, text):
        with pytest.raises(InvalidRequest):
            outlines.read_clicks(text)

    def test_too_many_points_are_refused_with_the_limit(self):
        text = str([["product", 0.5, 0.5]] * 61).replace("'", '"')
        with pytest.raises(InvalidRequest, match="the limit is 60"):
            outlines.read_clicks(text)


def layers_in(data: bytes) -> Layers:
    """What a preview's PNG of a photo of 96 × 72 pixels says."""
    return read_layers(data, (96, 72))


def test_the_preview_shows_what_would_be_saved(base):
    clicks = [BALL, BACKDROP, Click("keep", 0.5, 0.6)]
    shown = layers_in(outlines.preview(base=base, clicks=clicks)).matte()
    saved = stored(outlines.correct(base=base, clicks=clicks))
    assert shown.shape == saved.shape == (72, 96)
    # The preview's photo has been through the cache as a JPEG; the rim may tell.
    assert np.abs(shown.astype(int) - saved).mean() < 0.5
    assert ((shown > 127) != (saved > 127)).sum() < 5


def test_a_click_on_the_missed_part_adds_it(base):
    before = stored(base)
    after = layers_in(outlines.preview(base=base, clicks=[BALL])).matte()
    assert (before[14, 48], after[14, 48], after[2, 2]) == (0, 255, 0)
    assert (after > 127).sum() > 1.1 * (before > 127).sum()


def test_the_next_click_reads_no_file_again(base, monkeypatch):
    outlines.preview(base=base, clicks=[BALL])
    monkeypatch.setattr(media, "read_original", None)
    monkeypatch.setattr(media, "read_draft", None)
    seen = layers_in(outlines.preview(base=base, clicks=[BALL, BACKDROP]))
    assert seen.product[25, 48] == 255


def test_what_is_clicked_to_keep_is_protected_and_stays_product(base):
    seen = layers_in(outlines.preview(base=base, clicks=[Click("keep", 0.5, 0.5)]))
    assert (seen.product[36, 48], seen.protect[36, 48]) == (255, 255)
    seen = layers_in(outlines.preview(base=base, clicks=[Click("not-product", 0.5, 0.5)]))
    assert (seen.product[36, 48], seen.protect[36, 48]) == (0, 0)


class TestPainting:
    @pytest.fixture
    def edited(self, base):
        """The layers with a bar painted at the top and a spot protected, as the editor sends."""
        shown = layers_in(outlines.preview(base=base, clicks=[]))
        shown.product[2:6, 10:80] = 255
        shown.protect[30:40, 40:50] = 255
        return shown

    def test_it_is_saved_beside_all_else(self, base, edited):
        before, after = (
            stored(base),
            stored(outlines.correct(base=base, clicks=[], edited=edited.png())),
        )
        assert (after[4, 40], after[35, 45]) == (255, 0)
        elsewhere = np.ones((72, 96), bool)
        elsewhere[2:6, 10:80] = elsewhere[30:40, 40:50] = False
        assert np.array_equal(before[elsewhere], after[elsewhere])

    def test_both_layers_are_there_again(self, base, edited):
        saved = outlines.correct(base=base, clicks=[], edited=edited.png())
        again = layers_in(outlines.preview(base=saved, clicks=[]))
        assert np.array_equal(again.product, edited.product)
        assert np.array_equal(again.protect, edited.protect)

    def test_points_work_on_what_was_painted(self, base, edited):
        clicks = [BALL]
        seen = layers_in(outlines.preview(base=base, clicks=clicks, edited=edited.png()))
        assert (seen.product[14, 48], seen.product[4, 75]) == (255, 255)
        assert seen.protect[35, 45] == 255
        saved = stored(outlines.correct(base=base, clicks=clicks, edited=seen.png()))
        assert ((saved > 127) != (seen.matte() > 127)).sum() < 5  # see above, about the rim

    def test_what_was_painted_last_wins_over_points(self, base):
        seen = layers_in(outlines.preview(base=base, clicks=[BALL]))
        seen.product[10:20, 40:56] = 0
        saved = stored(outlines.correct(base=base, clicks=[BALL], edited=seen.png()))
        assert saved[14, 48] == 0

    def test_what_was_painted_away_is_not_settled_by_an_earlier_point(self, base):
        seen = layers_in(outlines.preview(base=base, clicks=[BALL]))
        seen.product[:24] = 0
        clicks = [BALL, Click("keep", 0.5, 0.6)]
        seen = layers_in(outlines.preview(base=base, clicks=clicks, edited=seen.png()))
        assert seen.product[14, 48] == 0

    @pytest.mark.parametrize(
        "data", [b"nonsense", factories.photo_bytes(format="PNG", size=(9, 9))]
    )
    def test_what_is_no_painting_is_refused(self, base, data):
        with pytest.raises(UnusableMatte):
            outlines.correct(base=base, clicks=[], edited=data)
        assert Matte.objects.count() == 1

    def test_a_large_photo_keeps_its_threads_where_nobody_painted(self, product):
        image = factories.add_photo(product, factories.photo_bytes(size=(3200, 2400)))
        drawn = np.zeros((2400, 3200), np.uint8)
        drawn[1000:1400:2, 1000:2000] = 255
        base = mattes.add_staff_matte(source=image, data=mattes.matte_png(drawn))
        shown = read_layers(outlines.preview(base=base, clicks=[]), (1600, 1200))
        shown.product[100:150, 100:150] = 255
        after = stored(outlines.correct(base=base, clicks=[], edited=shown.png()))
        assert (after[210:290, 210:290] == 255).all()
        assert np.array_equal(after[900:], drawn[900:])


class TestProtecting:
    """What the analyser keeps is a layer to be seen and changed, and then it is the last word."""

    @pytest.fixture
    def found(self, source):
        photo = read_photo(media.read_original(source))
        analysis = StubGenerator().analyse(photo)
        analysis.keep[30:40, 40:50] = 255
        return mattes.record_analysis(source=source, photo=photo, analysis=analysis)

    def test_what_the_analyser_keeps_is_shown(self, found):
        seen = layers_in(outlines.preview(base=found, clicks=[]))
        assert (seen.product[35, 45], seen.protect[35, 45]) == (255, 255)

    def test_so_it_is_under_a_matte_that_was_handed_in(self, found, source, matte_data):
        matte = mattes.add_staff_matte(source=source, data=matte_data)
        assert layers_in(outlines.preview(base=matte, clicks=[])).protect[35, 45] == 255

    def test_whoever_takes_it_away_gets_it_recoloured(self, found, ask, run, monkeypatch):
        asked = []
        analyse = StubGenerator.analyse

        def note(self, photo, *, matte=None, find_keep=True):
            asked.append((matte is not None, find_keep))
            return analyse(self, photo, matte=matte)

        monkeypatch.setattr(StubGenerator, "analyse", note)
        run(ask("Navy"))
        seen = layers_in(outlines.preview(base=found, clicks=[]))
        seen.protect[:] = 0
        saved = outlines.correct(base=found, clicks=[], edited=seen.png())
        assert stored(saved)[35, 45] == 255
        made = run(ask("Navy")).variants.get()
        assert asked == [(False, True), (True, False)]
        assert (made.recipe["matte"], made.recipe["keep"]) == (saved.digest, "by-staff")

    def test_a_matte_handed_in_leaves_it_to_the_generator(self, ask, run, source, matte_data):
        mattes.add_staff_matte(source=source, data=matte_data)
        assert "keep" not in run(ask("Navy")).variants.get().recipe

    def test_pictures_that_the_generator_kept_something_in_are_outdated(
        self, ask, run, base, source
    ):
        run(ask("Navy"))
        assert not outlines.outdated(source=source, matte=base).exists()
        saved = outlines.correct(base=base, clicks=[])
        assert saved.digest == base.digest
        assert outlines.outdated(source=source, matte=saved).count() == 1
        assert outlines.make_again(matte=saved) == 1
        assert not outlines.outdated(source=source, matte=saved).filter(recipe__keep="by-staff")


def test_saving_adds_a_version_of_staff(base, staff, source):
    matte = outlines.correct(base=base, clicks=[BALL], created_by=staff)
    assert (matte.version, matte.origin, matte.created_by) == (2, Matte.Origin.STAFF, staff)
    assert mattes.staff_matte(source) == matte
    assert matte.coverage > base.coverage


def test_an_earlier_version_comes_back_by_saving_it_unchanged(source, base):
    automatic = mattes.record_analysis(
        source=source,
        photo=read_photo(media.read_original(source)),
        analysis=StubGenerator().analyse(read_photo(media.read_original(source))),
    )
    assert mattes.staff_matte(source) == base
    again = outlines.correct(base=automatic, clicks=[])
    assert mattes.staff_matte(source) == again
    assert np.array_equal(stored(again), stored(automatic))


def test_nothing_left_is_refused(base):
    everywhere = [Click("not-product", x / 8, y / 8) for x in range(2, 7) for y in range(1, 8)]
    with pytest.raises(UnusableMatte, match="selects"):
        outlines.correct(base=base, clicks=everywhere)
    assert Matte.objects.count() == 1


def test_a_photo_replaced_meanwhile_is_refused(base, source):
    source.original.save("new.jpg", factories.ContentFile(factories.photo_bytes("#2050A0")))
    base.refresh_from_db()
    with pytest.raises(InvalidRequest, match="was replaced"):
        outlines.correct(base=base, clicks=[BALL])


def test_it_needs_the_permission(base, bystander):
    with pytest.raises(PermissionRefused):
        outlines.correct(base=base, clicks=[BALL], created_by=bystander)


class TestMakingAgain:
    @pytest.fixture
    def navy(self, ask, run):
        return run(ask("Navy")).variants.get()

    def test_undecided_pictures_are_made_with_the_new_matte(self, navy, base, staff, run):
        assert outlines.make_again(matte=base, by=staff) == 1
        again = run(base.requests.get()).variants.get()
        assert (again.label, again.target) == ("Navy", navy.target)
        assert again.status == Status.AWAITING_REVIEW
        assert again.recipe["matte"] == base.digest
        navy.refresh_from_db()
        assert (navy.status, navy.reviews.get().reason) == (Status.REJECTED, Review.Reason.EDGE)
        assert not outlines.outdated(source=base.source, matte=base).exists()

    def test_who_may_not_review_rejects_nothing(self, navy, base):
        clerk = factories.make_user("generate_variants")
        assert outlines.make_again(matte=base, by=clerk) == 1
        navy.refresh_from_db()
        assert navy.status == Status.AWAITING_REVIEW

    def test_more_than_a_request_may_hold_is_asked_for_in_several(
        self, ask, run, source, matte_data, settings
    ):
        run(ask("Navy", "Mustard", "Red"))
        matte = mattes.add_staff_matte(source=source, data=matte_data)
        settings.OSCAR_GAN = {"MAX_VARIANTS_PER_REQUEST": 2}
        assert outlines.make_again(matte=matte) == 3
        assert matte.requests.count() == 2

    def test_decided_pictures_are_left_alone(self, navy, base, staff):
        VariantImage.objects.update(status=Status.APPROVED)
        assert outlines.make_again(matte=base, by=staff) == 0
