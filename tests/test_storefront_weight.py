"""What the storefront's scripts weigh: shoppers on phones pay for every byte."""

from __future__ import annotations

import gzip
from pathlib import Path

import oscar_gan

FOLDER = Path(oscar_gan.__file__).parent / "static" / "oscar_gan" / "storefront"
LIMIT = 6_000
"""Bytes, compressed, of all scripts together; the zoom is fetched only when it is used."""


def test_scripts_stay_light():
    scripts = {path.name: len(gzip.compress(path.read_bytes())) for path in FOLDER.glob("*.js")}
    assert scripts.keys() == {"gallery.js", "zoom.js", "cards.js"}
    assert sum(scripts.values()) <= LIMIT, scripts
