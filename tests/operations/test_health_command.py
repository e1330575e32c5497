"""`gan_health`: what containers ask."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from oscar_gan.management.commands import gan_health
from oscar_gan.services import heartbeats

pytestmark = pytest.mark.django_db


@pytest.fixture
def node(monkeypatch):
    """What the worker answers to a ping."""

    def node(answer):
        inspect = SimpleNamespace(ping=lambda: answer)
        control = SimpleNamespace(inspect=lambda destination, timeout: inspect)
        monkeypatch.setattr(gan_health.current_app, "control", control)

    return node


def test_a_healthy_worker_with_beat(node, capsys):
    node({"beat@host": {"ok": "pong"}})
    heartbeats.beat(heartbeats.REAPER)
    call_command("gan_health", "database", "beat", "--node", "beat@host")
    out = capsys.readouterr().out
    assert [line.split()[0] for line in out.splitlines()] == ["ok", "ok", "ok"]


@pytest.mark.parametrize("fault", ["beat", "node"])
def test_one_fault_is_the_exit_code(node, fault, capsys):
    node(None if fault == "node" else {"a@host": {"ok": "pong"}})
    if fault != "beat":
        heartbeats.beat(heartbeats.REAPER)
    with pytest.raises(SystemExit):
        call_command("gan_health", "beat", "--node", "a@host")
    assert capsys.readouterr().out.count("problem") == 1


def test_unknown_components_are_refused():
    with pytest.raises(CommandError, match="choose from"):
        call_command("gan_health", "blood")


def test_without_names_all_are_asked(capsys):
    heartbeats.beat(heartbeats.REAPER)
    call_command("gan_health")
    assert capsys.readouterr().out.count("\n") == 7
