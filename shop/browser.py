"""A browser without a screen: cookies, links and forms, nothing but the standard library."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar

TIMEOUT = 60


class BrowserError(Exception):
    """A page did not come, or what should be on it is not there."""


@dataclass
class Form:
    """A form as the page fills it in; `fields` are (name, value) in the page's order."""

    action: str
    attributes: dict[str, str]
    fields: list[tuple[str, str]] = field(default_factory=list)

    def values(self, name: str) -> list[str]:
        """The values that would be sent under one name: those ticked, typed or hidden."""
        return [value for key, value in self.fields if key == name]

    def set(self, name: str, *values: str) -> None:
        """Tick or type other values."""
        kept = [(key, value) for key, value in self.fields if key != name]
        self.fields = kept + [(name, value) for value in values]


@dataclass
class Page:
    """One answer of the shop."""

    url: str
    data: bytes
    content_type: str
    forms: list[Form] = field(default_factory=list)
    links: list[dict[str, str]] = field(default_factory=list)
    """Attributes of each <a>, `href` absolute."""
    elements: list[dict[str, str]] = field(default_factory=list)
    """Attributes of everything that has a data-… attribute."""

    def json(self) -> dict:
        return json.loads(self.data)

    def form(self, name: str, value: str = "") -> Form:
        """The first form with this attribute (and value, if given)."""
        for form in self.forms:
            if name in form.attributes and value in ("", form.attributes[name]):
                return form
        raise BrowserError(f"{self.url} has no form with {name} {value}".rstrip())

    def link(self, part: str) -> str:
        """The first link whose address contains `part`."""
        for link in self.links:
            if part in link["href"]:
                return link["href"]
        raise BrowserError(f"{self.url} has no link to …{part}…")


class Browser:
    """One person's session with the shop."""

    def __init__(self, address: str) -> None:
        self.address = address
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(cookies)

    def get(self, url: str) -> Page:
        """Fetch a page; BrowserError for any answer but success."""
        return self._open(urllib.request.Request(self._absolute(url)))  # noqa: S310

    def submit(self, form: Form) -> Page:
        """Send a form by POST, as a press on its button does, and follow to the next page."""
        body = urllib.parse.urlencode(form.fields).encode()
        headers = {"Referer": form.action}
        return self._open(urllib.request.Request(form.action, body, headers))  # noqa: S310

    def status(self, url: str) -> int:
        """The status that the shop answers with."""
        try:
            with self._opener.open(self._absolute(url), timeout=TIMEOUT) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def _absolute(self, url: str) -> str:
        return urllib.parse.urljoin(self.address, url)

    def _open(self, request: urllib.request.Request) -> Page:
        try:
            with self._opener.open(request, timeout=TIMEOUT) as answer:
                page = Page(answer.url, answer.read(), answer.headers.get_content_type())
        except OSError as error:
            raise BrowserError(f"{request.get_method()} {request.full_url}: {error}") from error
        if page.content_type == "text/html":
            _Reader(page).feed(page.data.decode())
        return page


class _Reader(HTMLParser):
    """Collects forms, links and data attributes of a page."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page
        self._form: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if any(name.startswith("data-") for name in given):
            self._page.elements.append(given)
        if tag == "a" and "href" in given:
            href = urllib.parse.urljoin(self._page.url, given["href"])
            self._page.links.append({**given, "href": href})
        elif tag == "form":
            action = urllib.parse.urljoin(self._page.url, given.get("action", ""))
            self._form = Form(action, given)
            self._page.forms.append(self._form)
        elif self._form and given.get("name") and _is_sent(tag, given):
            self._form.fields.append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


def _is_sent(tag: str, given: dict[str, str]) -> bool:
    """Whether a browser would send this field, were the form submitted as it stands."""
    kind = given.get("type", "text")
    if "disabled" in given or kind in ("submit", "button", "image", "file"):
        return False
    if kind in ("checkbox", "radio"):
        return "checked" in given
    return tag in ("input", "textarea")
