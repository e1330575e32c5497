"""Going from page to page as somebody who is logged in already, in a chosen language."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from tests.browser.conftest import DESKTOP

SETTLED_MS = 200
"""What scripts need to dress a loaded page; some pages never fall silent."""


@pytest.fixture
def visit(page, live_server, superuser):
    """Open an address as a superuser who reads `language`, at desktop size."""
    client = Client()
    client.force_login(superuser)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value

    def visit(url: str, language: str = "en-gb") -> None:
        given = {settings.SESSION_COOKIE_NAME: session, settings.LANGUAGE_COOKIE_NAME: language}
        page.context.add_cookies(
            [
                {"name": name, "value": value, "url": live_server.url}
                for name, value in given.items()
            ]
        )
        page.set_viewport_size(DESKTOP)
        page.goto(url)
        page.wait_for_timeout(SETTLED_MS)

    return visit
