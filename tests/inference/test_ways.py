"""Ways to print: every one belongs to a kind, and designs choose among those good enough."""

import numpy as np
import pytest

from oscar_gan.inference.layout import KINDS, draw_layout
from oscar_gan.inference.printer import Design, drawn
from oscar_gan.inference.ways import KIND_OF, WAYS, WITHHELD, fitting, offered, one_way


def test_every_way_is_of_one_kind():
    assert len(set(WAYS)) == len(WAYS)
    assert np.array_equal(KIND_OF.sum(1), np.ones(len(WAYS)))
    assert one_way(WAYS[3])[3] == 1
    assert one_way(WAYS[3]).sum() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_something_is_offered_on_every_layout(kind):
    for seed in range(20):
        layout = draw_layout(np.random.default_rng(seed), kind, scale=0.5, angle=0)
        ways = offered(kind, layout)
        assert ways
        assert set(ways) <= set(fitting(kind, layout)) - set(WITHHELD)


def test_designs_choose_many_ways_and_never_a_withheld_one():
    chosen = {drawn(Design(kind, seed))[1] for kind in KINDS for seed in range(60)}
    assert not chosen & set(WITHHELD)
    assert len(chosen) > 0.8 * (len(WAYS) - len(WITHHELD))


def test_steps_keep_the_way_and_the_lattice():
    start = drawn(Design("geometric", 3))
    for stray in range(6):
        layout, way, *_ = drawn(Design("geometric", 3, strays=(stray,)))
        assert way == start[1]
        assert np.array_equal(layout.waves, start[0].waves)
