"""Small corpora made on the spot, and one torch thread."""

import numpy as np
import pytest
from PIL import Image

torch = pytest.importorskip("torch", reason="torch is not installed (extra: train)")

from oscar_gan.gan.corpus import collect, open_corpus  # noqa: E402
from oscar_gan.gan.sources import find_photos  # noqa: E402


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def product_photo(random, side=128):
    """A shaded disc or box of any colour on a plain ground, and its matte; uint8."""
    y, x = np.mgrid[0:side, 0:side] / side - random.uniform(0.42, 0.58, (2, 1, 1))
    size = random.uniform(0.18, 0.34)
    round_one = random.random() < 0.5
    matte = np.hypot(x, y) < size if round_one else np.maximum(abs(x), abs(y)) < size
    colours = random.uniform(20, 235, (2, 3))
    while np.abs(colours[0] - colours[1]).max() < 90:
        colours = random.uniform(20, 235, (2, 3))
    shade = (1 - 0.5 * y)[..., None]
    picture = np.where(matte[..., None], colours[0] * shade, colours[1])
    noisy = picture + random.normal(0, 4, picture.shape)
    return noisy.clip(0, 255).astype(np.uint8), matte


@pytest.fixture(scope="session")
def picture_folder(tmp_path_factory):
    """Twenty-four photos and six cut-outs with mattes."""
    folder = tmp_path_factory.mktemp("pictures")
    random = np.random.default_rng(1)
    for kind, count in (("photos", 24), ("cutouts", 6)):
        (folder / kind).mkdir()
        for index in range(count):
            picture, matte = product_photo(random)
            if kind == "cutouts":
                picture = np.where(matte[..., None], picture, 255).astype(np.uint8)
                Image.fromarray(matte).convert("L").save(folder / kind / f"{index}.png")
            Image.fromarray(picture).save(folder / kind / f"{index}.jpg", quality=92)
    return folder


@pytest.fixture(scope="session")
def corpus_folder(picture_folder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    collect(
        folder,
        photos=find_photos(picture_folder / "photos"),
        cutouts=sorted((picture_folder / "cutouts").glob("*.jpg")),
    )
    return folder


@pytest.fixture(scope="session")
def corpus(corpus_folder):
    return open_corpus(corpus_folder)
