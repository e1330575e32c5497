"""What the machine noticed, in the reader's language."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import oscar_gan
from oscar_gan.gan_dashboard import findings

IMAGING = Path(oscar_gan.__file__).parent / "imaging"
SMALL = {
    "code": "weak-matte",
    "message": "It is not clear what the product is (confidence 31%).",
    "values": {"confidence": 0.314, "limit": 0.5},
}


@pytest.fixture
def german(monkeypatch):
    """Every known sentence has a translation that marks itself."""
    monkeypatch.setattr(findings, "gettext", lambda text: f"DE {text}")


def codes_of_the_engine() -> set[str]:
    """First arguments of every Finding(...) in imaging."""
    calls = (
        node
        for path in IMAGING.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding"
    )
    return {call.args[0].value for call in calls}


def test_every_code_of_the_engine_can_be_translated():
    assert codes_of_the_engine() <= {*findings.FINDINGS, *findings.PROBLEMS}


def test_without_a_translation_the_engines_own_words_are_shown():
    assert findings.describe(SMALL) == SMALL["message"]
    assert findings.describe_problem("too-dark", "Nearly black (3%).") == "Nearly black (3%)."


def test_a_translation_gets_the_figures(german):
    text = findings.describe(SMALL)
    assert text.startswith("DE ")
    assert "31 %" in text
    assert "50 %" in text


def test_findings_of_older_versions_are_shown_as_they_came(german):
    assert findings.describe({**SMALL, "values": {}}) == SMALL["message"]
    noise = {"code": "noise", "message": "Noise grew.", "values": {"times": 2}}
    assert findings.describe(noise) == "Noise grew."


def test_unknown_codes_are_shown_as_they_came(german):
    unknown = {"code": "new", "message": "Something new.", "values": {}}
    assert findings.describe(unknown) == "Something new."
    assert findings.describe_problem("new", "Something new.") == "Something new."
    assert findings.describe_problem("", "") == ""


def test_a_sentence_is_shown_once():
    assert findings.describe_all([SMALL, SMALL]) == [SMALL["message"]]
