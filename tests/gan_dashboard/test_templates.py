"""Our pages run under a strict content security policy and carry no form where none may be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import oscar_gan

ROOT = Path(oscar_gan.__file__).parent
TEMPLATES = [
    *ROOT.glob("templates/oscar_gan/dashboard/**/*.html"),
    *ROOT.glob("templates/oscar/dashboard/**/*.html"),
]
SCRIPTS = sorted(ROOT.glob("static/oscar_gan/*/*.js"))
by_name = pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)


@by_name
def test_no_inline_styles_scripts_or_handlers(path):
    html = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|javascript:", html)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))


@by_name
def test_every_picture_says_what_it_shows(path):
    for tag in re.findall(r"<img\b.*?>(?=\s|<)", path.read_text(), re.DOTALL):
        assert " alt=" in tag


@by_name
def test_every_post_carries_the_csrf_token(path):
    for form in re.findall(r"<form\b.*?</form>", path.read_text(), re.DOTALL):
        assert 'method="post"' not in form or "{% csrf_token %}" in form


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_carry_no_words_of_their_own(path):
    """Sentences come translated from the page, in attributes."""
    code = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", path.read_text(), flags=re.DOTALL)
    code = re.sub(r"\bError\([^)]*\)", "", code)  # for developers, in the console
    assert "innerHTML" not in code
    words = re.findall(
        r"""(?:"|'|`|})([^"'`{}\n]*[A-Za-z]{2,} [A-Za-z]{2,}[^"'`{}\n]*)["'`$]""", code
    )
    assert [text for text in words if re.search(r"(^|[.!?]\s)[A-Z]", text)] == []
