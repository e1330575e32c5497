"""The reviewer's pace in words."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from ..services import pace


def pace_text(user) -> str:
    """E.g. "2.9 s per decision (everybody: 3.4 s)"; empty before there were two in a row.

    Everybody's is only for the shop's staff.
    """
    mine = pace.pace_of(user)
    all_of_us = pace.pace_of_all() if user.is_staff else None
    if mine is None and all_of_us is None:
        return ""
    if mine is None:
        return _("everybody: %(all)s s per decision") % {"all": _seconds(all_of_us)}
    values = {"mine": _seconds(mine), "count": mine.count}
    if all_of_us is None or all_of_us.count == mine.count:
        return _("%(mine)s s per decision, the median of your last %(count)d") % values
    return _(
        "%(mine)s s per decision, the median of your last %(count)d (everybody: %(all)s s)"
    ) % {**values, "all": _seconds(all_of_us)}


def _seconds(pace: pace.Pace) -> str:
    return number_format(pace.seconds, decimal_pos=1)
