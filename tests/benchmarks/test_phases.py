"""The picture of a request's phases."""

import xml.etree.ElementTree as ET

from benchmarks import phases

ROWS = [
    {"name": "read", "ms": "20.0 (19–21)", "÷ floor": "0.25 (0.24–0.26)"},
    {"name": "lay", "ms": "60.0", "÷ floor": "0.75"},
    {"name": "total", "ms": "80.0", "÷ floor": "1.00"},
    {"name": "floor: decode", "ms": "30.0", "÷ floor": "0.40"},
    {"name": "floor", "ms": "80.0", "÷ floor": "1.00"},
]


def test_the_floor_itself_is_no_phase():
    assert phases.shares_of(ROWS) == {"read": 0.25, "lay": 0.75, "total": 1.0}


def test_bars_are_as_long_as_their_shares():
    root = ET.fromstring(phases.draw({"4 MP": {"read": 1.0, "lay": 3.0, "total": 4.2}}))
    bars = [
        float(bar.get("width"))
        for bar in root.iter("{http://www.w3.org/2000/svg}rect")
        if bar.get("height") == str(phases.BAR)
    ]
    assert abs(bars[1] / bars[0] - 3) < 0.01
    assert "4.2" in [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
