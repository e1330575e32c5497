"""System checks of storage: what would lose, mix up or publish files."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.files.storage import FileSystemStorage, Storage, default_storage, storages

from ..conf import Config

LOOPBACK = ("localhost", "127.0.0.1", "::1")
FINDS_ITS_OPTIONS = "oscar_gan.storages."
"""Backends of this module read STORAGES themselves."""


@register("oscar_gan")
def check_thumbnails(app_configs, **kwargs) -> list[CheckMessage]:
    """W003: sorl-thumbnail < 13 creates the default storage's class without its OPTIONS."""
    default = settings.STORAGES.get("default", {})
    unaffected = (
        not default.get("OPTIONS")
        or default["BACKEND"].startswith(FINDS_ITS_OPTIONS)
        or hasattr(settings, "THUMBNAIL_STORAGE")
        or not getattr(settings, "OSCAR_THUMBNAILER", "").endswith(".SorlThumbnail")
        or _sorl_major() >= 13
    )
    if unaffected:
        return []
    return [
        Warning(
            "sorl-thumbnail before version 13 ignores the OPTIONS of STORAGES['default']:"
            " every thumbnail will fail.",
            hint="Use the backend 'oscar_gan.storages.MediaS3Storage', or give the options as"
            " django-storages' AWS_* settings, or upgrade sorl-thumbnail.",
            id="oscar_gan.W003",
        )
    ]


@register("oscar_gan")
def check_overwriting(app_configs, **kwargs) -> list[CheckMessage]:
    """W004: with django-storages' default, a second front.jpg replaces the first product's."""
    if not getattr(default_storage, "file_overwrite", False):
        return []
    return [
        Warning(
            "The default storage overwrites: two products' photos of one name become one file.",
            hint="Set file_overwrite to False in STORAGES['default']['OPTIONS'] (or"
            " AWS_S3_FILE_OVERWRITE = False).",
            id="oscar_gan.W004",
        )
    ]


@register("oscar_gan", deploy=True)
def check_transport(app_configs, **kwargs) -> list[CheckMessage]:
    """W023: keys' signatures and private pictures would travel in the clear."""
    found = []
    for alias, entry in settings.STORAGES.items():
        address = urlsplit((entry.get("OPTIONS") or {}).get("endpoint_url") or "")
        if address.scheme == "http" and address.hostname not in LOOPBACK:
            found.append(
                Warning(
                    f"STORAGES[{alias!r}] reaches {address.hostname} without encryption.",
                    hint="Give an endpoint_url that begins with https://.",
                    id="oscar_gan.W023",
                )
            )
    return found


@register("oscar_gan", deploy=True)
def check_missing_image(app_configs, **kwargs) -> list[CheckMessage]:
    """W006: Oscar can put its placeholder on a disk only, not into a bucket."""
    name = settings.OSCAR_MISSING_IMAGE_URL
    if isinstance(_unwrapped(default_storage), FileSystemStorage):
        return []
    try:
        if default_storage.exists(name):
            return []
        problem = f"{name} is not in the default storage: products without a photo ask for it"
    except Exception as error:  # each backend has its own
        problem = f"The default storage did not say whether it has {name} ({error})"
    return [
        Warning(
            f"{problem}, at every page view.",
            hint="Upload Oscar's static/oscar/img/image_not_found.jpg under that name, once.",
            id="oscar_gan.W006",
        )
    ]


@register("oscar_gan")
def check_drafts(app_configs, **kwargs) -> list[CheckMessage]:
    """E007, E008: drafts need a storage of their own, and no one may read it without asking."""
    alias = getattr(settings, "OSCAR_GAN", {}).get("DRAFTS_STORAGE", Config().drafts_storage)
    if alias not in settings.STORAGES:
        return [
            Error(
                f"STORAGES has no entry '{alias}' for pictures that wait for review.",
                hint=f'"{alias}": {{"BACKEND": "django.core.files.storage.FileSystemStorage",'
                ' "OPTIONS": {"location": BASE_DIR / "drafts"}}, a folder outside MEDIA_ROOT.',
                id="oscar_gan.E007",
            )
        ]
    reason = _why_public(storages[alias])
    if not reason:
        return []
    return [
        Error(
            f"Pictures that wait for review are public: {reason}.",
            hint=f"Give STORAGES['{alias}'] a folder outside MEDIA_ROOT, or the backend"
            " 'oscar_gan.storages.DraftsS3Storage'.",
            id="oscar_gan.E008",
        )
    ]


def _why_public(drafts: Storage) -> str:
    """What opens the drafts storage to everyone; empty when nothing does."""
    if isinstance(drafts, FileSystemStorage):
        folder, media = Path(drafts.location), Path(settings.MEDIA_ROOT).resolve()
        inside = settings.MEDIA_ROOT and folder.resolve().is_relative_to(media)
        return f"their folder {folder} lies in MEDIA_ROOT" if inside else ""
    if not getattr(drafts, "querystring_auth", True):
        return "their links are not signed (querystring_auth is False)"
    if str(getattr(drafts, "default_acl", None)).startswith("public"):
        return f"their default_acl is {drafts.default_acl}"
    if _place(drafts) == _place(default_storage):
        return "they share bucket and location with the media"
    return ""


def _place(storage: Storage) -> tuple:
    """Where a remote storage keeps its files; unique to it where that is not known."""
    bucket = getattr(storage, "bucket_name", None)
    return (bucket, getattr(storage, "location", "")) if bucket else (id(storage),)


def _unwrapped(storage) -> Storage:
    """The storage behind Django's lazy default_storage."""
    return storages["default"] if storage is default_storage else storage


def _sorl_major() -> int:
    try:
        return int(metadata.version("sorl-thumbnail").partition(".")[0])
    except metadata.PackageNotFoundError:
        return 13  # not installed: nothing to warn about
