"""Outlines corrected by clicks: shown small, kept at full size, pictures made again."""

import io

import numpy as np
import pytest
from PIL import Image

from oscar_gan.errors import InvalidRequest, PermissionRefused, UnusableMatte
from oscar_gan.imaging.clicks import Click
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


def test_the_preview_shows_what_would_be_saved(base):
    clicks = [BALL, BACKDROP, Click("keep", 0.5, 0.6)]
    shown = pixels(outlines.preview(base=base, clicks=clicks))
    saved = stored(outlines.correct(base=base, clicks=clicks))
    assert shown.shape == saved.shape == (72, 96)
    assert np.array_equal(shown, saved)  # the photo is smaller than the screen


def test_a_click_on_the_missed_part_adds_it(base):
    before = stored(base)
    after = pixels(outlines.preview(base=base, clicks=[BALL]))
    assert (before[14, 48], after[14, 48], after[2, 2]) == (0, 255, 0)
    assert (after > 127).sum() > 1.1 * (before > 127).sum()


def test_the_next_click_reads_no_file_again(base, monkeypatch):
    outlines.preview(base=base, clicks=[BALL])
    monkeypatch.setattr(media, "read_original", None)
    monkeypatch.setattr(media, "read_draft", None)
    seen = pixels(outlines.preview(base=base, clicks=[BALL, BACKDROP]))
    assert seen[25, 48] == 255


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
