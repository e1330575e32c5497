"""What the manager decides, on the dashboard's own pages."""

from django.urls import reverse

from oscar_gan.models import Comparison, GeneratorVersion
from shop.browser import Browser, BrowserError


class Manager:
    """One person's session in the dashboard."""

    def __init__(self, address: str, *, email: str, password: str) -> None:
        self._browser = Browser(address)
        form = self._browser.get("/dashboard/login/").form("id", "dashboard_login_form")
        form.set("username", email)
        form.set("password", password)
        self._browser.submit(form)

    def promote(self, comparison: Comparison) -> None:
        """Press Promote beside a comparison's verdict."""
        page = reverse("oscar_gan:gan-comparison", args=[comparison.pk])
        action = reverse("oscar_gan:gan-generator-promote", args=[comparison.version_id])
        self._press(page, action)

    def roll_back(self, version: GeneratorVersion) -> None:
        """Let an earlier champion serve again."""
        page = reverse("oscar_gan:gan-generator-roll-back", args=[version.pk])
        self._press(page, page)

    def _press(self, url: str, action: str) -> None:
        page = self._browser.get(url)
        for form in page.forms:
            if form.action.endswith(action):
                self._browser.submit(form)
                return
        raise BrowserError(f"{page.url} has no form that leads to {action}.")
