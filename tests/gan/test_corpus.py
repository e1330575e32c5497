import io
import json

import numpy as np
import pytest
from PIL import Image

from oscar_gan.errors import StorageUnavailable, UnusablePhoto
from oscar_gan.gan.corpus import UnusableCorpus, collect, digest_of, open_corpus, pixel_trust
from oscar_gan.gan.duplicates import Seen
from oscar_gan.gan.sources import Source, files, find_photos, sample, split


def saved(picture, kind="JPEG", **options):
    file = io.BytesIO()
    Image.fromarray(picture).save(file, kind, **options)
    return file.getvalue()


def source(name, data):
    return Source(name, lambda: data)


def test_collecting_counts_what_it_leaves_out(picture_folder, tmp_path):
    photos = find_photos(picture_folder / "photos")[1:4]
    first = photos[0].read()
    again = saved(np.asarray(Image.open(io.BytesIO(first))), quality=75)
    given = [
        *photos,
        source("the same file", first),
        source("saved again", again),
        source("broken", b"not a picture"),
        source("nothing on it", saved(np.full((128, 128, 3), 90, np.uint8))),
        source("tiny", saved(np.full((40, 300, 3), 90, np.uint8))),
    ]
    manifest = collect(tmp_path / "corpus", photos=given)
    assert manifest["counts"]["photos"] == 3
    assert manifest["rejected"] == dict.fromkeys(manifest["rejected"], 1)
    assert len(manifest["rejected"]) == 5


def test_the_manifest_says_what_is_in_it(corpus_folder, corpus):
    manifest = json.loads((corpus_folder / "manifest.json").read_text())
    assert manifest["counts"] == {"photos": len(corpus.photos), "cutouts": 6, "scenes": 0}
    for name, digest in manifest["arrays"].items():
        assert digest_of(corpus_folder / f"{name}.npy") == digest
    names = [entry["name"] for entry in manifest["sources"]["photos"]]
    assert names == sorted(names)
    assert names[0].startswith("photos/")


def test_two_corpora_that_share_what_was_seen_share_no_photo(picture_folder, tmp_path):
    photos, seen = find_photos(picture_folder / "photos")[:4], Seen()
    collect(tmp_path / "one", photos=photos[:3], seen=seen)
    manifest = collect(tmp_path / "other", photos=photos[1:], seen=seen)
    assert manifest["counts"]["photos"] == 1
    assert manifest["rejected"]["doubled"] == 2


def test_a_turned_photo_is_collected_upright(picture_folder, tmp_path):
    picture = Image.open(picture_folder / "photos" / "0.jpg")
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    file = io.BytesIO()
    picture.rotate(90).save(file, "JPEG", exif=exif, quality=95)
    for name, data in (("turned", file.getvalue()), ("upright", saved(np.asarray(picture)))):
        collect(tmp_path / name, photos=[source(name, data)])
    turned, upright = (open_corpus(tmp_path / name).photos[0] for name in ("turned", "upright"))
    assert np.abs(turned.astype(int) - upright).mean() < 3


def test_transparency_is_seen_on_white_as_in_serving(tmp_path):
    picture = np.zeros((128, 128, 4), np.uint8)
    picture[32:96, 40:88] = (180, 30, 40, 255)
    collect(tmp_path, photos=[source("cut out", saved(picture, "PNG"))])
    assert open_corpus(tmp_path).photos[0, 2, 2].tolist() == [255, 255, 255]


def test_denoising_takes_grain_out(picture_folder, tmp_path):
    photos = find_photos(picture_folder / "photos")[:1]
    roughness = []
    for denoise in (False, True):
        collect(tmp_path / str(denoise), photos=photos, denoise=denoise)
        photo = open_corpus(tmp_path / str(denoise)).photos[0].astype(float)
        roughness.append(np.abs(np.diff(photo[:20, :20], axis=1)).mean())
    assert roughness[1] < 0.7 * roughness[0]


def test_a_missing_photo_is_counted_but_a_storage_that_is_down_is_an_error(
    picture_folder, tmp_path
):
    photos = find_photos(picture_folder / "photos")[:1]

    def gone():
        raise UnusablePhoto("gone")

    def down():
        raise StorageUnavailable("down")

    manifest = collect(tmp_path / "one", photos=[*photos, Source("gone", gone)])
    assert manifest["rejected"]["unreadable"] == 1
    with pytest.raises(StorageUnavailable):
        collect(tmp_path / "one", photos=[*photos, Source("down", down)])
    assert not (tmp_path / "one" / "manifest.json").exists()


def test_an_unfinished_corpus_is_refused(tmp_path):
    with pytest.raises(UnusableCorpus, match="unfinished"):
        open_corpus(tmp_path)


def test_nothing_usable_is_refused_and_leaves_no_manifest(tmp_path):
    with pytest.raises(UnusableCorpus, match="at least one"):
        collect(tmp_path / "corpus")
    assert not (tmp_path / "corpus" / "manifest.json").exists()


def test_photos_are_split_by_name_for_good():
    sources = [source(str(number), b"") for number in range(2000)]
    train, held_out = split(sources, one_in=10)
    assert 150 < len(held_out) < 250
    assert {each.name for each in (*train, *held_out)} == {each.name for each in sources}
    assert len(train) + len(held_out) == 2000
    assert set(split(sources[:500], one_in=10)[1]) <= set(held_out)


def test_one_of_a_few_is_held_out_at_least():
    assert len(split([source(name, b"") for name in "abc"], one_in=10)[1]) == 1
    assert split([], one_in=10) == ([], [])


def test_a_sample_is_drawn_from_all_over_the_list():
    sources = [source(str(number), b"") for number in range(1000)]
    chosen = [int(each.name) for each in sample(sources, 100)]
    assert len(chosen) == 100
    assert max(chosen) > 900
    assert sample(sources[::-1], 100) == sample(sources, 100)


def test_files_are_found_in_a_fixed_order_whatever_their_suffix(tmp_path):
    for name in ("b.PNG", "a.jpg", "c.txt"):
        (tmp_path / name).write_bytes(b"x")
    assert [each.name for each in find_photos(tmp_path)] == [
        f"{tmp_path.name}/a.jpg",
        f"{tmp_path.name}/b.PNG",
    ]
    assert files([tmp_path / "c.txt"])[0].read() == b"x"


def test_a_piece_of_ground_inside_the_matte_is_not_trusted():
    picture = np.full((64, 64, 3), 230, np.uint8)
    picture[8:56, 8:56] = (40, 60, 160)
    picture[24:56, 28:36] = 230  # the gap between two trouser legs
    matte = np.zeros((64, 64), np.float32)
    matte[8:56, 8:56] = 1
    trust = pixel_trust(picture, matte)
    assert trust[40, 32] < 0.2
    assert trust[16, 16] > 0.9
    assert trust[2, 2] > 0.9
