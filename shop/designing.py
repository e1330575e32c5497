"""The print designer over HTTP, as somebody without scripts would use it; part of the check."""

from __future__ import annotations

import time
from dataclasses import replace

from .browser import Browser, BrowserError
from .stack import Stack

DESIGNER = "/dashboard/variants/prints/design/"
SHEETS = "/dashboard/variants/prints/sheets/"
LIMIT = 60
"""Seconds that the worker has for a sheet of tiles."""


def design(staff: Browser, stack: Stack, name: str) -> float:
    """Have new tiles printed and save the first as a print; returns the seconds they took."""
    form = staff.get(DESIGNER).form("data-gan-designer")
    form.set("do", "new")
    page = staff.submit(replace(form, action=stack.address + SHEETS))
    seconds = _wait(staff, stack, page.form("data-gan-designer").attributes["data-status-url"])
    form = staff.get(page.url).form("data-gan-designer")
    form.set("name", name)
    form.set("do", "save")
    saved = staff.submit(form)
    if name not in saved.data.decode():
        raise BrowserError(f"{saved.url} does not list the print {name} that was saved.")
    return seconds


def _wait(staff: Browser, stack: Stack, url: str) -> float:
    started = time.monotonic()
    while time.monotonic() - started < LIMIT:
        stack.raise_if_dead()
        sheet = staff.get(url).json()
        if sheet["problem"]:
            raise BrowserError(f"The sheet of tiles failed: {sheet['problem']}")
        if sheet["finished"] and len(sheet["tiles"]) == sheet["total"]:
            return time.monotonic() - started
        time.sleep(0.2)
    raise BrowserError(f"The worker printed no tiles within {LIMIT} s; last seen: {sheet}.")
