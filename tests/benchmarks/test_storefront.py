"""The page benchmark's figures and its other shop."""

from __future__ import annotations

import subprocess  # noqa: S404
import sys

import pytest

pytest.importorskip("playwright")


def test_medians_carry_their_quartiles():
    from benchmarks.storefront.__main__ import middle

    assert middle([1, 2, 3, 4, 5], 0) == "3 (2–4)"
    assert middle([0.0, 0.0, 0.0], 3) == "0.000"


def test_the_other_shop_draws_oscars_page():
    code = (
        "import django; django.setup(); from django.template.loader import get_template;"
        "print(get_template('oscar/catalogue/detail.html').template.origin.name)"
    )
    origin = subprocess.check_output(
        [sys.executable, "-c", code],
        env={"DJANGO_SETTINGS_MODULE": "benchmarks.storefront.stock_settings"},
        text=True,
    )
    assert "site-packages/oscar/" in origin.strip()
