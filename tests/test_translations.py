"""The shipped translations: complete, with their figures, compiled, and shown."""

from __future__ import annotations

import gettext
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.core.management import CommandError, call_command
from django.utils import translation

import oscar_gan
from oscar_gan.gan_dashboard import findings
from oscar_gan.services import look_names

CATALOGUES = sorted(Path(oscar_gan.__file__).parent.glob("locale/*/LC_MESSAGES/django.po"))
LANGUAGES = Path(__file__).parent.parent / ".ci" / "languages.py"
CHINESE = r"[\u3400-\u9fff]"
by_language = pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])


def translated(path: Path) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each sentence (singular and plural, if it has one) with the translation for many."""
    with path.open("rb") as file:
        for entry in read_po(file):
            strings = entry.string if entry.pluralizable else (entry.string,)
            if entry.id and strings[-1]:
                # As gettext keeps a sentence that has a context.
                before = f"{entry.context}\x04" if entry.context else ""
                sentences = entry.id if entry.pluralizable else (entry.id,)
                yield tuple(before + sentence for sentence in sentences), strings[-1]


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


@pytest.mark.skipif(not LANGUAGES.exists(), reason="only in the repository")
def test_no_text_lacks_a_translation_and_none_is_guessed():
    """What `make languages` would change, or leave for a person; Oscar's own words are Oscar's."""
    if shutil.which("xgettext") is None:
        message = "gettext is missing; install it, e.g. apt-get install gettext"
        if os.environ.get("OSCAR_GAN_REQUIRE_SERVICES") == "1":
            pytest.fail(message)
        pytest.skip(message)
    done = subprocess.run(
        [sys.executable, str(LANGUAGES), "--check"], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr


@by_language
def test_chinese_sentences_have_chinese_punctuation(path):
    """Full-width marks beside Chinese characters; figures, codes and numbered headings aside."""
    half = re.compile(rf"{CHINESE}\s*([,:;?!()]|\.(?!\w))|[,:;?!)]\s*{CHINESE}|\(\s*{CHINESE}")
    wrong = [text for _sentences, text in translated(path) if half.search(text)]
    assert wrong == []


@by_language
def test_the_languages_are_those_that_are_meant(path):
    with path.open("rb") as file:
        catalog = read_po(file)
    assert catalog.locale_identifier == path.parts[-3]
    text = catalog.get("Generate variants").string
    assert text == {"zh_Hans": "生成变体"}.get(path.parts[-3], "生成變體")
    if path.parts[-3] != "zh_Hans":
        assert not [one for _sentences, one in translated(path) if re.search("[图这为颜发]", one)]


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "zh-tw"])
def test_commands_speak_the_language_too(language, capsys, db):
    with translation.override(language):
        call_command("variants_status")
        with pytest.raises(CommandError, match="--resume.*--dry-run"):
            call_command("generate_variants", dry_run=True, resume="")
    said = capsys.readouterr().out
    assert re.search(CHINESE, said)
