"""Bring the translations up to date: `make languages`; with --check only say what is not.

Simplified Chinese (`zh_Hans`) is written by people; this collects the texts for it. Traditional
Chinese is made from it: characters, words and quotation marks as they are used in Taiwan (OpenCC's
`s2twp`), then the words of WORDS. It goes into two folders, because Django and Oscar name it
differently: `zh_Hant` and `zh_TW`. Needs gettext's tools and the development packages.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import opencc
import oscar
from babel.messages import Catalog, Message
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "oscar_gan"
WRITTEN = "zh_Hans"
MADE = ("zh_Hant", "zh_TW")
OSCAR = Path(oscar.__file__).parent / "locale" / WRITTEN / "LC_MESSAGES" / "django.po"
WORDS = {
    **{"“": "「", "”": "」", "‘": "『", "’": "』"},
    **{"稽核": "審核", "釋出": "發布", "許可權": "權限", "質量": "品質", "畫素": "像素"},
    **{"顏色配置檔案": "色彩描述檔", "配置檔案": "描述檔", "後臺": "背景", "合作伙伴": "合作夥伴"},
    **{"置信區間": "信賴區間", "快捷鍵": "快速鍵", "類目": "分類", "蒙版": "遮罩"},
    **{"源照片": "來源照片", "來來源": "來源", "電子郵件地址": "電子郵件信箱"},
    **{"型別": "類型", "響應": "回應", "釐米": "公分", "撤銷": "復原", "軟體包": "套件"},
    **{"制作": "製作", "滑塊": "滑桿", "噪聲": "雜訊", "導航": "導覽", "儲存沒有": "儲存空間沒有"},
}
"""What OpenCC leaves, or gets wrong for a shop; applied to its result in this order."""


def path_of(language: str, package: Path = PACKAGE) -> Path:
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        found = list(problems())
        print("\n".join(found))
        return 1 if found else 0
    path_of(WRITTEN).write_bytes(collected())
    for language in MADE:
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        path_of(language).write_bytes(converted(language))
    for language in (WRITTEN, *MADE):
        path_of(language).with_suffix(".mo").write_bytes(compiled(language))
    found = list(problems())
    print("\n".join(found) or "All texts are translated.")
    return 1 if found else 0


def collected() -> bytes:
    """The written catalogue with exactly the texts that the package has now."""
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "oscar_gan"
        unneeded = shutil.ignore_patterns("__pycache__", "weights", "bench", "rehearsal", "*.mo")
        shutil.copytree(PACKAGE, package, ignore=unneeded)
        command = [sys.executable, "-m", "django", "makemessages", "--locale", WRITTEN]
        command += ["--no-location", "--no-obsolete", "--no-wrap"]
        outside = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
        subprocess.run(command, cwd=package, env=outside, check=True, capture_output=True)
        fresh, kept = read(path_of(WRITTEN, package)), read(path_of(WRITTEN))
    for message in filter(lambda message: message.id, fresh):
        if before := kept.get(message.id, message.context):
            message.string, message.flags = before.string, before.flags
        else:  # gettext's guesses are worse than an empty place that nobody overlooks
            message.string = tuple("" for _ in message.string) if message.pluralizable else ""
            message.flags.discard("fuzzy")
    fresh.header_comment = kept.header_comment
    fresh.creation_date = kept.creation_date
    return text_of(fresh)


def converted(language: str) -> bytes:
    """The written catalogue in Traditional Chinese, with Oscar's words where it leaves them."""
    to_traditional = opencc.OpenCC("s2twp").convert
    catalog, oscars = read(path_of(WRITTEN)), read(OSCAR)
    for message in catalog:
        if message.id:
            known = message.string or getattr(oscars.get(message.id), "string", "")
            message.string = convert(known, to_traditional)
    catalog.locale = language
    catalog.header_comment = "# Traditional Chinese, made of zh_Hans by `make languages`."
    return text_of(catalog)


def convert(text: str | tuple[str, ...], to_traditional) -> str | tuple[str, ...]:
    if isinstance(text, tuple):
        return tuple(convert(each, to_traditional) for each in text)
    text = to_traditional(text)
    for word, better in WORDS.items():
        text = text.replace(word, better)
    return text


def compiled(language: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "django.mo"
        command = ["msgfmt", "--check-format", "-o", target, path_of(language)]
        subprocess.run(command, check=True)
        return target.read_bytes()


def problems() -> Iterator[str]:
    """What a person has to do, or this script; one line each."""
    written, now = read(path_of(WRITTEN)), read_po(io.BytesIO(collected()))
    oscars = read(OSCAR)
    known = {(message.context, message.id) for message in written}
    for message in now:
        if (message.context, message.id) not in known:
            yield f"not collected: {message.id!r}"
    for message in written:
        if message.id and now.get(message.id, message.context) is None:
            yield f"not used any more: {message.id!r}"
        elif message.fuzzy and message.id:
            yield f"not sure: {message.id!r}"
        elif not is_translated(message) and not is_translated(oscars.get(message.id)):
            yield f"not translated: {message.id!r}"
    for language in MADE:
        if not path_of(language).exists() or path_of(language).read_bytes() != converted(language):
            yield f"{language} is not what zh_Hans gives: make languages"


def is_translated(message: Message | None) -> bool:
    if message is None:
        return False
    return all(message.string) if message.pluralizable else bool(message.string)


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def text_of(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_po(file, catalog, width=95, no_location=True)
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
