"""How fast and how long a bulk run asks: a rate, a ceiling on what waits, a time to stop."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from ..errors import InvalidRequest
from ..models import BackfillRun, VariantImage
from . import runs

LOOK_SECONDS = 1.0
"""How often a run that waits looks whether it may go on."""
_DURATION = re.compile(r"(?:(\d{1,4})h)?(?:(\d{1,5})m?)?\Z")
_TIME_OF_DAY = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\Z")


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Limits of a run; None is no limit."""

    per_minute: int | None = None
    """Products that are asked for in a minute."""
    at_once: int | None = None
    """Variant images of the run that wait or are being made when the next product is asked for."""
    until: datetime | None = None
    """When to ask no further."""


class Pacer:
    """Holds a run back between two products; `clock` and `sleep` are for tests."""

    def __init__(
        self,
        run: BackfillRun,
        pace: Pace,
        *,
        clock: Callable[[], datetime] = timezone.now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._run, self._pace = run, pace
        self._clock, self._sleep = clock, sleep
        self._next = clock()

    def wait(self, *, asked: bool, stop: Callable[[], bool]) -> bool:
        """Return when the next product may be asked for; False when the run is to stop instead.

        `asked` says whether the last one was asked for: only those count for the rate. While
        somebody has paused the run in the dashboard, it waits.
        """
        if asked and self._pace.per_minute:
            gap = timedelta(minutes=1) / self._pace.per_minute
            self._next = max(self._next, self._clock() - gap) + gap
        while not stop():
            if self._pace.until and self._clock() >= self._pace.until:
                return False
            seconds = self._seconds_to_wait()
            if not seconds:
                return True
            self._sleep(seconds)
        return False

    def _seconds_to_wait(self) -> float:
        early = (self._next - self._clock()).total_seconds()
        if early > 0:
            return min(early, LOOK_SECONDS)
        if runs.is_paused(self._run) or self._is_full():
            return LOOK_SECONDS
        return 0.0

    def _is_full(self) -> bool:
        if not self._pace.at_once:
            return False
        waiting = VariantImage.objects.unfinished().filter(request__run=self._run)
        return waiting.count() >= self._pace.at_once


def read_duration(text: str) -> timedelta:
    """`90`, `90m`, `2h` or `1h30m`; raises InvalidRequest."""
    found = _DURATION.match(text)
    hours, minutes = (int(part or 0) for part in found.groups()) if found else (0, 0)
    if not hours and not minutes:
        raise InvalidRequest(
            _("'%(text)s' is no duration; give minutes or hours, as in 90, 2h or 1h30m.")
            % {"text": text}
        )
    return timedelta(hours=hours, minutes=minutes)


def next_time(text: str, *, now: datetime) -> datetime:
    """The next moment at which the shop's clocks show `text` (HH:MM); raises InvalidRequest.

    Where clocks skip or repeat an hour, the moment is the one that zoneinfo means.
    """
    found = _TIME_OF_DAY.match(text)
    if not found:
        raise InvalidRequest(
            _("'%(text)s' is no time of day; give hours and minutes, as in 06:00.")
            % {"text": text}
        )
    hour, minute = map(int, found.groups())
    local = timezone.localtime(now)
    at = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return at if at > local else at + timedelta(days=1)
