"""`make demo`: what it says when it cannot start, and that nothing survives it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time

import pytest

from shop import demo, guard
from shop.stack import ROOT, Stack, StackError

SLEEPER = """
import signal, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
def end(*_):
    child.terminate()
    sys.exit()
signal.signal(signal.SIGTERM, signal.SIG_IGN if "stubborn" in sys.argv else end)
print(child.pid, flush=True)
time.sleep(60)
"""


def start_group(*arguments: str) -> tuple[subprocess.Popen, int]:
    """A process that leads a group and has a child; returns it and the child's id."""
    process = subprocess.Popen(
        [sys.executable, "-c", SLEEPER, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    return process, int(process.stdout.readline())


def is_running(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(condition, limit: float = 20.0) -> bool:
    deadline = time.monotonic() + limit
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


@pytest.mark.parametrize("arguments", [(), ("stubborn",)])
def test_ending_a_process_ends_its_children(arguments):
    process, child = start_group(*arguments)
    guard.end([process.pid], grace=0.5)
    assert wait_until(lambda: not is_running(process.pid) and not is_running(child))
    process.wait()


def test_the_guard_ends_everything_once_its_launcher_is_gone():
    process, child = start_group()
    watcher = subprocess.Popen(
        [sys.executable, "-m", "shop.guard"], cwd=ROOT, stdin=subprocess.PIPE
    )
    watcher.stdin.write(f"{process.pid}\n".encode())
    watcher.stdin.flush()
    time.sleep(0.5)
    assert is_running(child)
    watcher.stdin.close()  # what the kernel does when the launcher is killed
    assert wait_until(lambda: process.poll() is not None and not is_running(child))
    watcher.wait(timeout=20)


def test_a_taken_port_is_named_with_another_to_try(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(demo.CannotStart, match=rf"port {port}.*make demo PORT={port + 1}"):
            demo._require_free("127.0.0.1", port)


def test_a_second_demo_on_the_same_folder_is_refused(tmp_path):
    with (
        demo._only_one(tmp_path),
        pytest.raises(demo.CannotStart, match="running on .* already"),
        demo._only_one(tmp_path),
    ):
        pass


def test_a_process_that_ends_by_itself_is_reported_with_its_log(tmp_path, monkeypatch):
    monkeypatch.setattr("shop.stack.COMMANDS", {"web": "no.such.module"})
    with Stack(var=tmp_path, host="127.0.0.1", port=1) as stack:
        assert wait_until(lambda: stack._processes["web"].poll() is not None)
        with pytest.raises(StackError, match=r"(?s)web ended with code 1.*no\.such\.module"):
            stack.raise_if_dead()


@pytest.mark.slow
def test_the_demo_does_its_main_job_and_leaves_nothing_behind(tmp_path):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SHOP_")}
    environment |= {"DJANGO_SETTINGS_MODULE": "shop.settings", "TMPDIR": str(tmp_path)}
    launcher = subprocess.Popen(
        [sys.executable, "-m", "shop.demo", "--check"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        report, _ = launcher.communicate(timeout=900)
    except subprocess.TimeoutExpired:
        launcher.terminate()
        pytest.fail(f"No end after 15 minutes: {launcher.communicate()[0]}")
    assert launcher.returncode == 0, report
    assert report.count("ΔE") == 4  # three colours and a print
    assert "byte for byte" in report
    assert list(tmp_path.iterdir()) == []
    assert str(tmp_path) not in subprocess.check_output(["ps", "-eo", "args"], text=True)
