"""A real browser on a live shop: the system's Chromium, driven by Playwright.

Screenshots go to out/screenshots/, which git ignores. Without Chromium these tests are skipped,
unless OSCAR_GAN_REQUIRE_SERVICES=1 says that it has to be there.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests import factories

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "out" / "screenshots"
PHOTOS = ROOT / "demo" / "photos"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
READY_FIRST = """
const sheet = new CSSStyleSheet();
sheet.replaceSync("* { pointer-events: none !important }");
document.adoptedStyleSheets = [sheet];
document.addEventListener("DOMContentLoaded", () => { document.adoptedStyleSheets = []; });
"""
"""Clicks wait for the page's scripts: before them a form is sent plainly, and the page reloads."""
WAIT_MS = 30_000
"""Patience for a busy machine; nothing waits longer than it has to."""


def pytest_collection_modifyitems(items) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser() -> Iterator:
    """One running browser for a module; Playwright's loop must not outlive it."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        message = "Chromium is missing; install it, e.g. apt-get install chromium"
        if os.environ.get("OSCAR_GAN_REQUIRE_SERVICES") == "1":
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=WAIT_MS)

    # Playwright runs an event loop in this thread, which Django takes for an async view.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        running = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield running
        running.close()


@pytest.fixture
def errors() -> list[str]:
    """What scripts complained about; `page` fails the test when there is something."""
    return []


@pytest.fixture
def page(browser, live_server, transactional_db, errors):
    """A fresh window of desktop size on the shop; relative addresses lead there."""
    context = browser.new_context(viewport=DESKTOP, base_url=live_server.url)
    context.set_default_timeout(WAIT_MS)
    context.add_init_script(READY_FIRST)
    host = urlsplit(live_server.url).netloc

    def stay_here(route, request):
        known = urlsplit(request.url).netloc in ("", host)
        return route.continue_() if known else route.abort()

    context.route("**/*", stay_here)  # no CDN: Oscar falls back to its own jQuery
    window = context.new_page()
    window.on("pageerror", lambda error: errors.append(str(error)))
    yield window
    context.close()
    # What the server still does would meet the emptied database.
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(timeout=WAIT_MS / 1000)
            assert not thread.is_alive(), f"{thread.name} still serves a closed window"
    assert errors == []


@pytest.fixture
def log_in(page) -> Callable:
    """Log somebody in through the dashboard's own form."""

    def log_in(user, password: str = "secret") -> None:
        page.goto("/dashboard/login/")
        page.fill("#id_username", user.email)
        page.fill("#id_password", password)
        page.press("#id_password", "Enter")
        page.wait_for_url("**/dashboard/")

    return log_in


@pytest.fixture
def screenshot(page) -> Callable:
    """Save what the window shows as out/screenshots/NAME.png, to be looked at."""

    def screenshot(name: str, *, full_page: bool = True) -> Path:
        path = SCREENSHOTS / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=path, full_page=full_page)
        return path

    return screenshot


@pytest.fixture
def shoot(page, screenshot) -> Callable:
    """Screenshots on a desktop and on a phone, where nothing may be cut off."""

    def shoot(name: str) -> None:
        for suffix, size in {"": DESKTOP, "-phone": PHONE}.items():
            page.set_viewport_size(size)
            page.wait_for_load_state()
            page.evaluate("document.querySelectorAll('img').forEach(i => i.loading = 'eager')")
            # Pages that ask how a job goes never fall silent.
            page.wait_for_function("[...document.images].every((image) => image.complete)")
            width, height = page.evaluate(
                "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
            )
            # As tall as the page, so that bars stuck to the window's edge cover nothing.
            page.set_viewport_size({**size, "height": max(height, size["height"])})
            page.wait_for_timeout(300)
            screenshot(f"{name}{suffix}")
            assert width <= size["width"], f"{name} is {width} pixels wide"
        page.set_viewport_size(DESKTOP)

    return shoot


@pytest.fixture
def photo() -> bytes:
    """The demo shop's red T-shirt where it is there, a shaded ball otherwise."""
    path = PHOTOS / "harbour-t-shirt-red.jpg"
    return path.read_bytes() if path.exists() else factories.photo_bytes(size=(1200, 1000))
