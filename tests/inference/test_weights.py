"""What ships: the files are the registered ones, small, readable, and worth their place."""

from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from oscar_gan.errors import WeightsMismatch
from oscar_gan.imaging.grabcut import grabcut_matte
from oscar_gan.imaging.photo import analysis_view
from oscar_gan.imaging.refine import decide_keep, refine_matte
from oscar_gan.inference.analyser import WEIGHTS, open_analyser, read_manifest
from oscar_gan.inference.onnx import open_session

DEMO = Path(__file__).parents[2] / "demo"


def shipped():
    return [
        pytest.param(path, digest, id=f"{generator}-{network}")
        for generator, entry in read_manifest().items()
        for network, (path, digest) in entry.files.items()
    ]


@pytest.mark.parametrize(("path", "digest"), shipped())
def test_weights_are_the_registered_ones_and_small(path, digest):
    data = path.read_bytes()
    assert sha256(data).hexdigest() == digest
    assert len(data) <= 3 * 1024 * 1024


def test_every_shipped_network_has_a_model_card():
    for path in WEIGHTS.glob("*.onnx"):
        card = path.with_suffix(".md").read_text()
        for chapter in ("Intended use", "Data", "Figures", "Limits"):
            assert chapter in card, f"{path.stem}.md lacks {chapter}"


def test_the_analyser_keeps_its_contract():
    path, digest = read_manifest()["recolour"].analyser
    session = open_session(path, digest=digest)
    assert [value.name for value in session.get_inputs()] == ["photo"]
    assert session.get_inputs()[0].shape[1:] == [3, 256, 256]
    assert [value.name for value in session.get_outputs()] == ["matte", "keep", "features"]
    metadata = session.get_modelmeta().custom_metadata_map
    assert {"name", "version", "config", "data", "corpus"} <= set(metadata)
    assert metadata["version"] == read_manifest()["recolour"].version


def test_the_analyser_answers_in_range_and_repeatably():
    view = np.random.default_rng(1).random((256, 256, 3), np.float32)
    analyser = open_analyser(device="cpu")
    one, other = analyser(view), analyser(view)
    for values in (one.matte, one.keep):
        assert values.shape == (256, 256)
        assert values.dtype == np.float32
        assert 0 <= values.min() <= values.max() <= 1
    assert one.features.shape == (64,)
    assert np.array_equal(one.matte, other.matte)


def test_the_analyser_refuses_another_size():
    with pytest.raises(ValueError, match=r"\(256, 256, 3\)"):
        open_analyser()(np.zeros((128, 128, 3), np.float32))


def test_a_folder_without_manifest_says_so(tmp_path):
    with pytest.raises(WeightsMismatch, match="manifest"):
        read_manifest(tmp_path)


def rendered():
    """(view, truth) of the demo catalogue at 256 px."""
    for path in sorted((DEMO / "mattes").glob("*.png")):
        photo = DEMO / "photos" / f"{path.stem}.jpg"
        if photo.exists():
            truth = Image.open(path).convert("L").resize((256, 256), Image.Resampling.BOX)
            pixels = np.asarray(Image.open(photo).convert("RGB"))
            yield analysis_view(pixels), np.asarray(truth) > 127


def iou(matte, truth):
    found = matte > 0.5
    return (found & truth).sum() / (found | truth).sum()


def bytes_of(view):
    return np.rint(255 * view).astype(np.uint8)


def test_the_generators_mattes_beat_grabcut_on_rendered_products():
    pairs = list(rendered())
    if not pairs:
        pytest.skip("demo/mattes has no mattes yet")
    analyser = open_analyser(device="cpu")
    ours = []
    for view, truth in pairs:  # its truth is the recolourable material, prints left out
        seen = analyser(view)
        matte = refine_matte(bytes_of(view), seen.matte)
        ours.append(iou(matte * (1 - decide_keep(seen.keep)), truth))
    classic = [iou(grabcut_matte(bytes_of(view)), truth) for view, truth in pairs]
    assert np.mean(ours) > np.mean(classic)
