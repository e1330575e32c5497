"""The bench that ships: complete, small, unchanged, and told apart from what is learnt from."""

import hashlib
import json

import numpy as np
import pytest

from oscar_gan.imaging.photo import read_photo
from oscar_gan.services.benches import BENCH, INDEX, BenchMismatch, digests, open_bench
from tests.benches import make_bench


def test_the_shipped_bench_is_complete_and_small():
    bench = open_bench()
    assert len(bench.pictures) >= 30
    assert len({picture.kind for picture in bench.pictures}) >= 6
    assert sum(picture.mattes()[1].any() for picture in bench.pictures) >= 8
    listed = {name for picture in bench.pictures for name, _ in picture.files.values()}
    assert listed | {INDEX} == {path.name for path in BENCH.iterdir()}
    assert sum(path.stat().st_size for path in BENCH.iterdir()) <= 1_700_000


def test_every_shipped_picture_reads_and_fits_its_truth():
    for picture in open_bench().pictures:
        photo = read_photo(picture.photo())
        matte, keep = picture.mattes()
        assert photo.pixels.shape == (256, 256, 3)
        assert matte.shape == keep.shape == (256, 256)
        trials = list(picture.trials())
        assert len(trials) == 2
        for target, truth in trials:
            assert len(target) == 7
            assert truth.shape == (256, 256, 3)
            assert not truth[np.maximum(matte, keep) == 0].any()


def test_digests_are_the_photos_own():
    picture = open_bench().pictures[0]
    assert read_photo(picture.photo()).digest == picture.digest
    assert picture.digest in digests()
    assert len(digests()) == len(open_bench().pictures)


def test_the_bench_is_named_by_its_index():
    index = (BENCH / INDEX).read_bytes()
    assert open_bench().digest == hashlib.sha256(index).hexdigest()


def test_a_changed_file_is_not_measured_on(tmp_path):
    bench = make_bench(tmp_path / "bench", each=1)
    bench.pictures[0].photo()
    (tmp_path / "bench" / "0-photo.png").write_bytes(b"other")
    (tmp_path / "bench" / "1-photo.png").unlink()
    with pytest.raises(BenchMismatch, match="was changed"):
        bench.pictures[0].photo()
    with pytest.raises(BenchMismatch, match="lacks"):
        bench.pictures[1].photo()


@pytest.mark.parametrize("text", [None, "{", json.dumps({"pictures": [{}]})])
def test_an_unreadable_index_is_said(tmp_path, text):
    if text is not None:
        (tmp_path / INDEX).write_text(text)
    with pytest.raises(BenchMismatch, match="Reinstall"):
        open_bench(tmp_path)
