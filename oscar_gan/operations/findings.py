"""Findings: what a check saw, how bad it is, and what to do about it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from threading import Lock, Thread

logger = logging.getLogger(__name__)

OK, WARNING, PROBLEM, SKIPPED = "ok", "warning", "problem", "skipped"
STATES = (OK, WARNING, PROBLEM, SKIPPED)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One answer of one check. `fix` is empty where nothing is to be done."""

    name: str
    state: str
    found: str
    fix: str = ""
    seconds: float = field(default=0.0, compare=False)

    def as_json(self) -> dict:
        return {**asdict(self), "seconds": round(self.seconds, 3)}


def ok(name: str, found: str) -> Finding:
    return Finding(name=name, state=OK, found=found)


def warning(name: str, found: str, fix: str) -> Finding:
    return Finding(name=name, state=WARNING, found=found, fix=fix)


def problem(name: str, found: str, fix: str) -> Finding:
    return Finding(name=name, state=PROBLEM, found=found, fix=fix)


def skipped(name: str, found: str) -> Finding:
    return Finding(name=name, state=SKIPPED, found=found)


Check = Callable[[], "Finding | Iterable[Finding]"]


class NoAnswer(Exception):
    """A check did not come back in its time."""


class _Question:
    """One question to a server, asked in a thread of its own."""

    def __init__(self, name: str, ask: Callable) -> None:
        self._ask = ask
        self._started = time.monotonic()
        self._answer: list = []
        self.thread = Thread(target=self._run, name=f"oscar-gan-{name}", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self._answer.append((self._ask(), None))
        except Exception as error:  # handed to who asked
            self._answer.append((None, error))

    def answer(self, seconds: float):
        """What was answered until `seconds` after it was asked; else NoAnswer."""
        self.thread.join(max(0.0, self._started + seconds - time.monotonic()))
        if not self._answer:
            raise NoAnswer(f"no answer within {seconds:g} s")
        result, error = self._answer[0]
        if error:
            raise error
        return result


_asked: dict[str, _Question] = {}
_lock = Lock()


def within(seconds: float, name: str, ask: Callable):
    """What `ask` returns or raises, or NoAnswer after `seconds`.

    For servers that may swallow a connection without a word. Who asks while the same question is
    open waits for its answer, so a dead server costs one thread, however many look. The thread
    has no database connection: `ask` must not need one.
    """
    with _lock:
        question = _asked.get(name)
        if question is None or not question.thread.is_alive():
            question = _asked[name] = _Question(name, ask)
    return question.answer(seconds)


def timed(check: Check) -> list[Finding]:
    """The check's findings with the seconds they took."""
    started = time.perf_counter()
    found = check()
    findings = [found] if isinstance(found, Finding) else list(found)
    seconds = time.perf_counter() - started
    return [
        Finding(**{**asdict(each), "seconds": seconds / max(1, len(findings))})
        for each in findings
    ]
