"""Places in a gallery: ours go where the rule says; people's photos stay where they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_gan.services.publish_places import Position, Spot, hang, moved_back


def wall(*pictures):
    """Spots from (letter, order): small letters are people's photos, capitals ours."""
    return [Spot(key=key, order=order, ours=key.isupper()) for key, order in pictures]


def row(hanging):
    return "".join(spot.key for spot in hanging.spots)


@pytest.mark.parametrize(
    ("pictures", "position", "expected", "order"),
    [
        ([], "last", "N", 0),
        ([("a", 0), ("B", 1)], "last", "aBN", 2),
        ([("a", 0), ("B", 1)], "first", "aNB", 1),
        ([("a", 0), ("b", 4), ("C", 9)], "first", "abNC", 5),
        ([("A", 0), ("B", 1)], "first", "NAB", 0),
        ([("A", 0), ("B", 1)], "lead", "NAB", 0),
        ([("a", 3)], "lead", "Na", 2),
        ([("a", 0), ("B", 1)], "lead", "aNB", 1),
        ([("A", 0), ("b", 1)], "lead", "AbN", 2),
        ([("A", 0), ("b", 2)], "lead", "NAb", 0),
    ],
)
def test_where_it_hangs(pictures, position, expected, order):
    hanging = hang(wall(*pictures), key="N", position=position)
    assert (row(hanging), hanging.order) == (expected, order)


def test_what_is_replaced_leaves_its_place():
    hanging = hang(wall(("A", 0), ("b", 1)), key="N", position="lead", without=["A"])
    assert (row(hanging), hanging.order, hanging.leads) == ("Nb", 0, True)


galleries = st.lists(
    st.tuples(st.booleans(), st.integers(0, 12)), max_size=7, unique_by=lambda pair: pair[1]
).map(
    lambda pairs: [
        Spot(key=number, order=order, ours=ours)
        for number, (ours, order) in enumerate(sorted(pairs, key=lambda pair: pair[1]))
    ]
)


@given(galleries, st.sampled_from(Position.values))
def test_no_photo_of_a_person_moves_and_the_order_is_strict(spots, position):
    hanging = hang(spots, key="new", position=position)
    after = {spot.key: spot.order for spot in hanging.spots}
    assert all(after[spot.key] == spot.order for spot in spots if not spot.ours)
    orders = [spot.order for spot in hanging.spots]
    assert orders == sorted(set(orders))
    assert [spot.key for spot in hanging.spots if spot.key != "new"] == [s.key for s in spots]


@given(
    galleries, st.lists(st.sampled_from(Position.values), min_size=2, max_size=2), st.booleans()
)
def test_taking_pictures_down_restores_every_order(spots, positions, newest_first):
    """Whichever of two goes first."""
    before = {spot.key: spot.order for spot in spots}
    one = hang(spots, key="one", position=positions[0])
    two = hang(one.spots, key="two", position=positions[1])
    left = list(two.spots)
    taken = [("two", two.moved), ("one", one.moved)]
    for key, moved in taken if newest_first else reversed(taken):
        left = [spot for spot in left if spot.key != key]
        back = moved_back(left, moved)
        left = [Spot(key=s.key, order=back.get(s.key, s.order), ours=s.ours) for s in left]
    assert {spot.key: spot.order for spot in left} == before


def test_a_picture_does_not_return_past_one_that_came_since():
    spots = wall(("a", 0), ("b", 2), ("C", 3))
    assert moved_back(spots, {"C": 2}) == {}
