"""Faces in training photos are found and made unrecognisable; what is not a face teaches on."""

from __future__ import annotations

import io
from hashlib import sha256

import numpy as np
import pytest
from PIL import Image

from oscar_gan.gan.corpus import UnusableCorpus, open_corpus
from oscar_gan.gan.faces import blurred, erased, find_faces
from oscar_gan.gan.feedback import LabelledPhoto, collect_feedback
from oscar_gan.inference.analyser import WEIGHTS

data = pytest.importorskip("skimage.data", reason="scikit-image is not installed (extra: train)")
FACE = (175, 50, 275, 170)
"""Of the astronaut, in her portrait of 512 × 512."""


@pytest.fixture(scope="module")
def portrait():
    return data.astronaut()


def labelled(pixels) -> LabelledPhoto:
    def png(array) -> bytes:
        file = io.BytesIO()
        Image.fromarray(array).save(file, "PNG")
        return file.getvalue()

    photo = png(pixels)
    matte = np.zeros(pixels.shape[:2], np.uint8)
    matte[300:, 100:400] = 255
    return LabelledPhoto(
        name="portrait",
        read=lambda: photo,
        label="corrected",
        matte=lambda: png(matte),
        before=None,
        weight=1.0,
        sha256=sha256(photo).hexdigest(),
    )


def collect(folder, pixels, **options) -> dict:
    return collect_feedback(
        folder, [labelled(pixels)], champion=WEIGHTS / "analyser.onnx", **options
    )


def test_a_face_is_found_at_any_size(portrait):
    for side in (160, 512, 1500):
        pixels = np.asarray(Image.fromarray(portrait).resize((side, side)))
        scale = side / 512
        middle = (225 * scale, 110 * scale)
        around = [
            (right - left) / side
            for left, top, right, bottom in find_faces(pixels)
            if left < middle[0] < right and top < middle[1] < bottom
        ]
        assert around
        assert max(around) < 0.4


@pytest.mark.parametrize("side", [1, 20, 24])
def test_what_is_too_small_for_a_face_has_none(side):
    assert find_faces(np.zeros((side, side, 3), np.uint8)) == []


def test_a_blurred_face_has_sixteen_colours_and_the_rest_its_own(portrait):
    left, top, right, bottom = FACE
    done = blurred(portrait, [FACE], of=(512, 512))
    assert len(np.unique(done[top:bottom, left:right].reshape(-1, 3), axis=0)) <= 16
    outside = np.ones((512, 512), bool)
    outside[top:bottom, left:right] = False
    assert (done[outside] == portrait[outside]).all()
    assert find_faces(done) == []


def test_boxes_fit_a_smaller_picture_to_the_pixel_outwards():
    boxes = [(0, 0, 1, 1), (510, 511, 512, 512)]
    trust = erased(np.full((256, 256), 255, np.uint8), boxes, of=(512, 512))
    assert trust[0, 0] == trust[255, 255] == 0
    assert (trust == 0).sum() == 2


def test_a_training_sees_no_face_and_learns_nothing_there(portrait, tmp_path):
    manifest = collect(tmp_path, portrait)
    assert manifest["sources"]["photos"][0]["faces"] == 1
    corpus = open_corpus(tmp_path)
    assert find_faces(np.asarray(corpus.photos[0])) == []
    left, top, right, bottom = (value // 2 for value in FACE)
    assert not corpus.trust[0][top + 15 : bottom - 15, left + 15 : right - 15].any()
    assert corpus.trust[0][200:].any()


def test_photos_with_faces_can_be_left_out_or_kept(portrait, tmp_path):
    with pytest.raises(UnusableCorpus, match="'face': 1"):
        collect(tmp_path / "out", portrait, faces="exclude")
    manifest = collect(tmp_path / "kept", portrait, faces="keep")
    assert manifest["sources"]["photos"][0]["faces"] == 0
    assert len(find_faces(np.asarray(open_corpus(tmp_path / "kept").photos[0]))) == 1
