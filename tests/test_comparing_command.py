"""manage.py compare_generators: the table, the report as JSON, and the exit code."""

import json
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from oscar_gan.errors import InvalidRequest
from oscar_gan.services import comparing, registry

ROW = {
    "code": "matte-iou", "set": "bench", "group": "all", "unit": "IoU", "better": "higher",
    "n": 36, "champion": 0.9, "challenger": 0.92, "classic": 0.85, "difference": 0.02,
    "low": 0.01, "high": 0.031, "p": 0.0004, "limit": 0.01, "gate": True, "passed": True,
    "reason": "",
}  # fmt: skip
COST = {
    **ROW, "code": "latency", "set": "machine", "unit": "ms", "better": "lower", "n": 1,
    "champion": 101.4, "challenger": 222.2, "classic": 300.0, "difference": 120.8, "low": None,
    "high": None, "p": None, "limit": 25.4, "passed": False,
}  # fmt: skip


@pytest.fixture
def compared(monkeypatch):
    """What the service would answer; `asked` is filled with what it was asked."""
    found = SimpleNamespace(passed=True, asked={})
    found.report = {
        "champion": "recolour 2", "challenger": "recolour 2+shop.1", "classic": "classic 1",
        "bench": {"count": 36, "digest": "ab" * 32},
        "shadow": {"count": 12, "skipped": {"photo-changed": 2}},
        "rows": [ROW, COST], "pictures": [], "verdict": "Passed: every gate holds.",
    }  # fmt: skip

    def find_version(text, *, name):
        if text == "9":
            raise InvalidRequest("There is no version '9' of recolour; there are: 2.")
        return (name, text)

    def compare(**kwargs):
        found.asked.update(kwargs)
        return found

    monkeypatch.setattr(registry, "find_version", find_version)
    monkeypatch.setattr(comparing, "compare", compare)
    monkeypatch.setattr(comparing, "manifest_for", lambda version: {"photos": []})
    return found


def test_the_table_is_aligned_and_says_what_was_left_out(compared, capsys):
    call_command("compare_generators", "2+shop.1")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "recolour 2+shop.1 against recolour 2"
    assert lines[1] == (
        "Bench: 36 pictures (abababababab). Shop: 12 photos (left out: 2 photo-changed)."
    )
    head, first, second = lines[3:6]
    assert first.split()[:5] == ["bench", "matte-iou", "(IoU)", "all", "36"]
    assert first.split()[5:9] == ["0.900", "0.920", "0.850", "+0.020"]
    assert first.split()[9:] == ["+0.010", "to", "+0.031", "<0.001", "-0.010", "ok"]
    assert second.split()[-2:] == ["25.4", "FAILED"]
    assert head.index("champion") + len("champion") == first.index("0.900") + len("0.900")
    assert lines[-1] == "Passed: every gate holds."
    assert compared.asked == {"version": ("recolour", "2+shop.1"), "manifest": {"photos": []}}


def test_json_is_the_report(compared, capsys):
    call_command("compare_generators", "2", "--json", "--generator", "classic")
    assert json.loads(capsys.readouterr().out) == compared.report
    assert compared.asked["version"] == ("classic", "2")


def test_a_refusal_exits_with_1(compared):
    compared.passed = False
    with pytest.raises(SystemExit) as stopped:
        call_command("compare_generators", "2")
    assert stopped.value.code == 1


def test_an_unknown_version_is_wrong_use(compared):
    with pytest.raises(CommandError, match="no version '9'") as wrong:
        call_command("compare_generators", "9")
    assert wrong.value.returncode == 2


def test_weights_that_could_not_be_used_have_no_table(compared, capsys):
    compared.report.update(rows=[], shadow={"count": 0}, verdict="Refused: it cannot be used.")
    call_command("compare_generators", "2")
    assert capsys.readouterr().out.splitlines()[-2:] == ["", "Refused: it cannot be used."]
