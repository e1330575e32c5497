"""Settings: one dictionary, OSCAR_GAN, typed and read when used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Every setting with its default; docs/settings.md is checked against this list."""

    generator: str = "recolour"
    """Generator that serves new requests: `recolour`, `classic` or one of `generators`."""
    generators: Mapping[str, str] = field(default_factory=dict)
    """Generators of your own: dotted paths of the functions that make them, by name."""
    device: str = "auto"
    """Where ONNX Runtime runs: `auto`, `cpu` or `cuda` (refuses to fall back)."""
    drafts_storage: str = "oscar_gan_drafts"
    """Alias in STORAGES for private files: variant images in review, mattes, tiles."""
    published_prefix: str = "images/products/variants"
    """Folder, in the storage of Oscar's ProductImage, of published variant images."""
    renditions: tuple[str, ...] = ("AVIF", "WEBP", "JPEG")
    """Formats made of every product picture for the gallery; `()` makes none."""
    simulated_label: dict[str, str] = field(default_factory=lambda: {"": "off", "zh-hans": "text"})
    """Label on simulated pictures by country (`DE`) or language (`de`): `off`, `icon`, `text`."""
    naming: str = "oscar_gan.services.published_files.by_digest"
    """Dotted path of the function that names published files."""
    publish_policy: str = "oscar_gan.services.publish_policies.never"
    """Dotted path of the function that says what is published without a person."""
    alt_texts: Mapping[str, str] = field(default_factory=dict)
    """Templates of alternative texts by language code, e.g. `{product} in {colour}`."""
    colour_attributes: tuple[str, ...] = ("colour", "color")
    """Codes of the product attributes (type option) that name a product's colour."""
    max_photo_bytes: int = 50_000_000
    """Largest photo file that is read, in bytes."""
    max_photo_pixels: int = 64_000_000
    """Largest photo that is decoded, in pixels."""
    max_variants_per_request: int = 48
    """Most colours one request may ask of one photo."""
    max_variants_per_user_per_day: int | None = None
    """Most variant images one person may ask for in a day; None: no limit."""
    max_variants_per_partner_per_day: int | None = None
    """Most variant images the staff of one partner may ask for in a day; None: no limit."""
    max_colourway_rows: int = 1000
    """Most lines of a table of colourways that is imported."""
    max_print_sheets_per_hour: int = 240
    """Most new sheets of tiles one person may ask the print designer for in an hour."""
    max_previews_per_minute: int = 240
    """Most previews, outlines and measurements, which web processes compute, for one person."""
    lease_seconds: int = 120
    """A worker that is silent for this long loses its request."""
    max_attempts: int = 3
    """Times a request is started before its unfinished variants fail."""
    redispatch_seconds: int = 30
    """A queued request that nobody claimed for this long is sent again."""
    keep_rejected_days: int | None = None
    """Days after which the files of rejected pictures are deleted; None keeps them."""
    sweep_after_hours: int = 24
    """Files in drafts that no row mentions are deleted after this long."""
    digital_source_type: str = "compositeWithTrainedAlgorithmicMedia"
    """IPTC DigitalSourceType written into every variant image."""
    c2pa_certificate: str | None = None
    """Path of a PEM certificate chain; with it, every variant image is signed (C2PA)."""
    c2pa_private_key: str | None = None
    """Path of the PEM private key (P-256) that belongs to `c2pa_certificate`."""
    retrain_min_decisions: int = 100
    """New quality decisions after which the schedule starts a training."""
    retrain_min_photos: int = 40
    """Photos with a trusted outline below which no training starts."""
    reviewer_share: float = 0.5
    """Largest share of what is learnt that may come from one reviewer (0 to 1)."""
    training_steps: int = 500
    """Steps of one training."""
    training_chunk_seconds: int = 300
    """A training hands its worker back after this long, and goes on in the next message."""
    training_budget_minutes: int = 120
    """Work after which a training gives up."""
    training_faces: str = "blur"
    """Faces in photos that a training reads: `blur`, `exclude` (leave the photo out) or `keep`."""
    training_folder: str | None = None
    """Folder for the arrays of trainings; default: one in the system's temporary folder."""
    weights_folder: str | None = None
    """Folder where workers keep the weights they fetched; default: one in the temporary folder."""
    promote_automatically: bool = False
    """Promote a challenger that passed every gate without waiting for a person."""
    photo_licence: str = "the shop's own photos"
    """Whose the catalogue's photos are; written into manifests and trained weights."""
    monitoring_token: str | None = None
    """Bearer token that opens /metrics and the details of /health; None: no token does."""
    monitoring_ips: tuple[str, ...] = ()
    """Addresses or networks (`10.0.0.0/8`) of REMOTE_ADDR that may read them without a token."""
    seconds_per_variant: float = 1.0
    """Estimate shown before generating, until this shop's own figures are known."""


def get_config() -> Config:
    """The settings in force now; raises ImproperlyConfigured on unknown keys."""
    given = getattr(settings, "OSCAR_GAN", {})
    known = {each.name.upper(): each.name for each in fields(Config)}
    if unknown := given.keys() - known.keys():
        raise ImproperlyConfigured(
            f"Unknown OSCAR_GAN keys: {', '.join(sorted(unknown))}."
            f" Choose from: {', '.join(sorted(known))}."
        )
    return Config(**{known[key]: value for key, value in given.items()})


def photo_limits():
    """The settings' limits on photos, as imaging takes them."""
    from .imaging.header import Limits

    config = get_config()
    return Limits(max_bytes=config.max_photo_bytes, max_pixels=config.max_photo_pixels)
