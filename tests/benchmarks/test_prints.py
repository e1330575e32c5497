"""What the benchmark of prints compares: pieces with their codes, drawn alike."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed (extra: train)")

from benchmarks.printsets import WINDOW, drawn_designs, inventions, kinds_of  # noqa: E402
from oscar_gan.gan.patterns import collect_patterns, open_patterns  # noqa: E402
from oscar_gan.inference.layout import KINDS  # noqa: E402
from oscar_gan.inference.printer import check_design  # noqa: E402


def test_inventions_come_with_their_kinds_and_contrasts(tmp_path):
    collect_patterns(tmp_path, inventions=6)
    prints = inventions(open_patterns(tmp_path), 100)
    assert prints.pictures.shape == (6, WINDOW, WINDOW, 3)
    assert prints.kinds.tolist() == list(range(len(KINDS)))
    assert np.array_equal(kinds_of(prints.codes), prints.kinds)
    for picture, contrast in zip(prints.pictures, prints.codes[:, -3], strict=True):
        assert picture.sum(2).max() <= contrast + 1e-5


def test_designs_are_valid_repeatable_and_take_kinds_in_turn():
    one, again = ([design for design, _ in drawn_designs(12)] for _ in range(2))
    assert one == again
    assert [design.kind for design in one] == [*KINDS, *KINDS]
    for design in one:
        check_design(design)
