import io
import json
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest
from PIL import Image

from oscar_gan.errors import StorageUnavailable, UnusablePhoto
from oscar_gan.gan.corpus import UnusableCorpus, digest_of, open_corpus
from oscar_gan.gan.cutouts import UNSURE
from oscar_gan.gan.data import Batches, Mixture
from oscar_gan.gan.feedback import AGREED, LabelledPhoto, balanced, collect_feedback, labels_of
from oscar_gan.inference.analyser import WEIGHTS

from .conftest import product_photo

SHIPPED = WEIGHTS / "analyser.onnx"


def png(pixels):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def raising(error):
    def read():
        raise error

    return read


def labelled(seed, label="corrected", *, weight=1.0, side=128, before=None):
    picture, matte = product_photo(np.random.default_rng(seed), side)
    file = png(picture)
    drawn = png(np.where(matte, 255, 0).astype(np.uint8))
    return LabelledPhoto(
        name=f"photo {seed}",
        read=lambda: file,
        label=label,
        matte=None if label == "rejected" else lambda: drawn,
        before=before,
        weight=weight,
        sha256=sha256(file).hexdigest(),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("feedback")
    half = np.zeros((128, 128), np.uint8)
    half[:, :64] = 255
    photos = [
        labelled(1, before=lambda: png(half)),
        labelled(2, "approved", weight=0.5),
        labelled(3, "rejected"),
        labelled(4, weight=0.0001),
    ]
    collect_feedback(folder, photos, champion=SHIPPED)
    return folder


def test_each_photo_becomes_a_row_of_a_corpus(folder):
    corpus = open_corpus(folder)
    assert corpus.photos.shape == (4, 256, 256, 3)
    assert corpus.weights.tolist() == [255, 255, 0, 1]
    assert not corpus.trust[2].any()
    counts = json.loads((folder / "manifest.json").read_text())["counts"]
    assert counts == {"photos": 4, "corrected": 2, "approved": 1, "rejected": 1}


def test_where_people_changed_the_matte_it_counts_more(folder):
    corpus = open_corpus(folder)
    changed = (corpus.mattes[0] > 127) != (np.arange(256) < 128)
    assert set(corpus.trust[0][changed]) == {255}
    assert set(corpus.trust[0][~changed]) <= {AGREED, 0}


def test_the_same_decisions_give_the_same_manifest(tmp_path):
    for name in "ab":
        collect_feedback(tmp_path / name, [labelled(1), labelled(3, "rejected")], champion=SHIPPED)
    assert len({digest_of(tmp_path / name / "manifest.json") for name in "ab"}) == 1


def test_what_cannot_be_used_is_left_out_and_counted(tmp_path):
    good, other = labelled(1), labelled(2)
    elsewhere = png(np.full((40, 128), 255, np.uint8))
    photos = [
        good,
        replace(other, read=raising(UnusablePhoto("gone"))),
        replace(other, sha256="0" * 64),
        labelled(3, side=64),
        replace(other, matte=lambda: elsewhere),
        replace(labelled(5), before=lambda: elsewhere),  # a hint is missing, not the label
    ]
    manifest = collect_feedback(tmp_path, photos, champion=SHIPPED)
    assert manifest["rejected"] == {
        "unreadable": 1, "changed": 1, "too small": 1, "matte unusable": 1, "face": 0,
    }  # fmt: skip
    assert manifest["counts"]["photos"] == 2


def test_storage_that_does_not_answer_is_no_reason_to_leave_a_photo_out(tmp_path):
    photo = replace(labelled(1), read=raising(StorageUnavailable("later")))
    with pytest.raises(StorageUnavailable):
        collect_feedback(tmp_path, [photo], champion=SHIPPED)
    with pytest.raises(UnusableCorpus):
        open_corpus(tmp_path)


def test_rejections_alone_teach_nothing(tmp_path):
    with pytest.raises(UnusableCorpus, match="1 were rejected without a better matte"):
        collect_feedback(tmp_path, [labelled(1, "rejected")], champion=SHIPPED)


def test_a_black_pixel_that_the_champion_takes_for_a_print_stays_one():
    material = np.zeros((256, 256), np.uint8)
    material[64:192, 64:192] = 255
    prints = np.zeros_like(material, bool)
    prints[100:140, 60:70] = True
    kept = prints & (material == 0)
    taught = labels_of(material, None, prints)
    assert (taught.matte[kept] == 255).all()
    assert (taught.prints[kept] == 255).all()
    # Where people recolour what the champion kept, they are right; all else says nothing.
    recoloured = prints & (material == 255)
    assert recoloured.any()
    assert (taught.prints[recoloured] == 0).all()
    assert (taught.prints[~prints] == UNSURE).all()
    assert (taught.trust == AGREED).all()


def test_photos_are_drawn_by_weight_and_rejected_ones_only_for_the_adversary(folder):
    corpus = open_corpus(folder)
    batches = Batches(corpus, Mixture(adversarial=2), 64, seed=1)
    random = np.random.default_rng(1)
    drawn = np.bincount([batches._labelled(random) for _ in range(3000)], minlength=4) / 3000
    assert drawn == pytest.approx([0.5, 0.5, 0, 0], abs=0.03)
    assert drawn[2] == 0
    batch = batches.at(1)
    assert batch.photos.shape == batch.reals.shape == (2, 3, 64, 64)
    assert batch.images.isfinite().all()


def test_what_was_right_is_half_of_what_is_seen_within_reason():
    few = balanced([("corrected", 1.0)] * 6 + [("approved", 1.0)] * 2 + [("rejected", 1.0)])
    assert few[:6].sum() == pytest.approx(few[6:8].sum(), rel=0.02)
    assert few[8] == 0
    hardly_any = balanced([("corrected", 1.0)] * 40 + [("approved", 1.0)])
    assert hardly_any[40] / hardly_any[0] == pytest.approx(4, rel=0.02)
    reviewers = balanced([("corrected", 1.0), ("corrected", 0.25), ("approved", 1.25)])
    assert reviewers[0] / reviewers[1] == pytest.approx(4, rel=0.05)
