"""What forms and scripts send as text: understood, or refused in plain words."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import strategies as st

from oscar_gan.imaging.colour import parse_hex
from oscar_gan.imaging.placing import Placement, scale_for
from oscar_gan.services.outlines import MAX_CLICKS, read_clicks
from oscar_gan.services.pacing import next_time, read_duration
from oscar_gan.services.wishes import read_design

from . import damage
from .trying import attempt, with_many

NOW = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
DESIGNS = st.dictionaries(
    st.sampled_from(["kind", "seed", "strays", "scale", "angle", "inks", "mood", "extra"]),
    damage.JSON | st.sampled_from(["stripe", "dots", "check"]),
)


@with_many(text=st.text() | st.from_regex(r"#?[0-9a-fA-F²]{3,6}", fullmatch=True))
def test_colours(text):
    colour = attempt(parse_hex, text)
    assert colour is None or (colour.shape == (3,) and 0 <= colour.min() <= colour.max() <= 1)


POINT = st.tuples(st.sampled_from(["product", "keep", "?"]), damage.NUMBERS, st.floats())


@with_many(text=damage.JSON.map(json.dumps) | st.lists(POINT).map(json.dumps) | st.text())
def test_points_on_a_photo(text):
    clicks = attempt(read_clicks, text)
    assert clicks is None or len(clicks) <= MAX_CLICKS
    assert all(0 <= click.x <= 1 and 0 <= click.y <= 1 for click in clicks or ())


@with_many(stored=damage.JSON | DESIGNS)
def test_designs(stored):
    attempt(read_design, stored)


@with_many(values=st.lists(st.floats(0, 1) | st.floats(), min_size=5, max_size=5))
def test_placements(values):
    placement = attempt(Placement, *values)
    assert placement is None or 0 < placement.scale <= 2
    attempt(scale_for, *values[:2])


@with_many(text=st.text() | st.from_regex(r"([0-9²]{1,12}h)?([0-9]{1,30}m?)?", fullmatch=True))
def test_durations(text):
    duration = attempt(read_duration, text)
    assert duration is None or duration > timedelta(0)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
@with_many(text=st.text() | st.from_regex(r"[0-2][0-9²]?:[0-6][0-9²]", fullmatch=True))
def test_times_of_day(zone, text):
    with timezone.override(zone):
        at = attempt(next_time, text, now=NOW)
    assert at is None or NOW < at <= NOW + timedelta(days=1, hours=2)
