"""The shipped translations: complete in their figures, compiled, and shown."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils import translation

import oscar_gan
from oscar_gan.gan_dashboard import findings
from oscar_gan.services import look_names

CATALOGUES = sorted(Path(oscar_gan.__file__).parent.glob("locale/*/LC_MESSAGES/django.po"))
by_language = pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])


def translated(path: Path) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each sentence (singular and plural, if it has one) with the translation for many."""
    with path.open("rb") as file:
        for entry in read_po(file):
            strings = entry.string if entry.pluralizable else (entry.string,)
            if entry.id and strings[-1]:
                yield entry.id if entry.pluralizable else (entry.id,), strings[-1]


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[sd]|%%", text))


@by_language
def test_translations_keep_every_figure(path):
    for sentences, text in translated(path):
        assert placeholders(text) == placeholders(sentences[-1])


@by_language
def test_what_is_compiled_is_what_is_written(path):
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for sentences, text in translated(path):
        plural = len(sentences) == 2
        shown = compiled.ngettext(*sentences, 5) if plural else compiled.gettext(*sentences)
        assert shown == text


def test_findings_are_translated_with_their_figures():
    finding = {
        "code": "weak-matte",
        "message": "It is not clear what the product is.",
        "values": {"confidence": 0.314, "limit": 0.5},
    }
    with translation.override("zh-hans"):
        assert findings.describe(finding).startswith("无法确定哪里是商品（把握 31 %")


@by_language
def test_whatever_the_machine_says_or_names_is_translated(path):
    """These sentences stand in tables, so that nobody would miss them on a page."""
    known = {sentences[0] for sentences, _text in translated(path)}
    said = {text.template for text in findings.FINDINGS.values()}
    named = {*look_names.STYLE_WORDS, *look_names.KINDS.values()}
    assert {*said, *findings.PROBLEMS.values(), *named} <= known
