"""Looks: prints, styles and references as staff ask for them, and as the engine takes them.

A `WantedLook` is what a recipe keeps; the engine's `Look`, with the tile and the photo in memory,
is rebuilt from it in the worker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256

from django.conf import settings
from django.utils import translation

from ..conf import photo_limits
from ..errors import (
    InvalidLook,
    InvalidRequest,
    PermissionRefused,
    UnusablePhoto,
    UnusableTile,
)
from ..imaging.colour import parse_hex, to_hex
from ..imaging.looks import Look, PrintLook, ReferenceLook, StyleLook
from ..imaging.matte import read_matte
from ..imaging.photo import Photo, read_photo
from ..imaging.placing import Placement
from ..imaging.styles import STYLES
from ..imaging.tiles import Tile, read_tile
from ..models import Print, Style, VariantImage
from . import access, mattes, media
from .look_names import style_name
from .recipes import look_of

PLACES = 4
"""Decimals of numbers in recipes: what nobody can see makes no other picture."""


@dataclass(frozen=True, kw_only=True)
class WantedLook:
    """What is asked for: its kind, what a recipe keeps of it, and the rows it came from."""

    kind: str
    details: Mapping
    print: Print | None = None
    reference: object | None = None

    @property
    def colours(self) -> tuple[str, ...]:
        """Its own colours as #RRGGBB, the main one first; none where it takes the product's."""
        return tuple(self.details.get("inks") or self.details.get("colours") or ())

    @classmethod
    def of(cls, variant: VariantImage) -> WantedLook | None:
        """What was asked for when `variant` was; None for a colour.

        A reference is looked at anew, so that a better outline on it counts; where its photo is
        gone the recipe stays as it was, and making it fails with the reason.
        """
        details = look_of(variant.recipe)
        if details is None:
            return None
        if variant.reference is not None:
            return reference_look(variant.reference)
        return cls(kind=variant.recipe["kind"], details=details, print=variant.print)


def print_look(design: Print, placement: Placement | None = None) -> WantedLook:
    """A saved print, laid on the product as `placement` says."""
    placed = {name: _rounded(value) for name, value in asdict(placement or Placement()).items()}
    details = {"tile": design.digest, "inks": list(design.inks), "placement": placed}
    return WantedLook(kind="print", details=details, print=design)


def style_look(
    style: str,
    *,
    colours: Sequence[str] = (),
    sliders: Mapping[str, float] | None = None,
    seed: int = 0,
) -> WantedLook:
    """A style; sliders that are not given stand where the style has them.

    Raises InvalidLook or InvalidColour.
    """
    colours = [to_hex(parse_hex(colour)) for colour in colours]
    StyleLook(style, tuple(colours), dict(sliders or {}), seed)  # says what is wrong
    given = {**{each.name: each.default for each in STYLES[style].sliders}, **(sliders or {})}
    details = {
        "name": style,
        "colours": colours,
        "sliders": {name: _rounded(value) for name, value in sorted(given.items())},
        "seed": seed,
    }
    return WantedLook(kind="style", details=details)


def saved_style_look(saved: Style) -> WantedLook:
    """The look of a saved style; InvalidLook when this version has no such style any more."""
    return style_look(saved.style, colours=saved.colours, sliders=saved.sliders, seed=saved.seed)


def keep_style(*, look: WantedLook, name: str, created_by=None) -> Style:
    """Keep the settings of a style under a name; a name of one's own is overwritten.

    Raises InvalidRequest when it is somebody else's.
    """
    if created_by is not None:
        access.require(created_by, "manage_prints")
    details = look.details
    settings_of_it = {
        "style": details["name"],
        "colours": list(details["colours"]),
        "sliders": dict(details["sliders"]),
        "seed": details["seed"],
    }
    taken = Style.objects.filter(name=name)
    if created_by is not None:
        mine = access.styles_for(created_by, "manage_prints")
        if taken.exists() and not mine.filter(name=name).exists():
            raise InvalidRequest(f"There is a style called {name!r} already; choose another name.")
    defaults = {**settings_of_it, "created_by": created_by}
    return Style.objects.update_or_create(name=name, defaults=defaults)[0]


def reference_look(image) -> WantedLook:
    """The look of another product's photo, a ProductImage, under the newest matte by staff."""
    matte = mattes.staff_matte(image)
    details = {
        "source": sha256(media.read_original(image)).hexdigest(),
        "matte": matte.digest if matte else None,
    }
    return WantedLook(kind="reference", details=details, reference=image)


def require_allowed(look: WantedLook, user) -> None:
    """Raise PermissionRefused unless `user` may use the print, or see the reference's product."""
    if look.reference is not None:
        access.require(user, "view", look.reference.product)
    if look.print is not None and look.print not in access.prints_for(user, "generate"):
        raise PermissionRefused(f"The print {look.print} belongs to somebody else.")


def label_of(look: WantedLook) -> str:
    """What a look is called where nobody named it, in the shop's own language."""
    with translation.override(settings.LANGUAGE_CODE):
        if look.kind == "print":
            return look.print.name
        if look.kind == "style":
            return style_name(look.details["name"])
        product = look.reference.product
        title = (product.parent if product.is_child else product).get_title()
        return (translation.gettext("like %(product)s") % {"product": title})[:100]


def described(recipe: Mapping) -> str:
    """What a recipe asked for in one line of English, as it stands in the picture's metadata."""
    details, kind = look_of(recipe), recipe["kind"]
    if kind == "print":
        return f"print {details['tile'][:12]}: {', '.join(details['inks'])}"
    if kind == "style":
        return ": ".join(filter(None, [details["name"], ", ".join(details["colours"])]))
    return f"like photo {details['source'][:12]}"


def rebuild(variant: VariantImage, generator) -> Look:
    """The engine's look for a recipe, in a worker.

    Raises UnusableTile or UnusablePhoto when the tile or the photo it was asked with is gone or
    is another one by now.
    """
    details, kind = look_of(variant.recipe), variant.recipe["kind"]
    if kind == "print":
        return PrintLook(_tile_of(details), Placement(**details["placement"]))
    if kind == "style":
        return StyleLook(
            details["name"], tuple(details["colours"]), details["sliders"], details["seed"]
        )
    return _reference(variant, details, generator)


def tile_name(digest: str) -> str:
    """Where the drafts storage keeps the picture of a print's tile."""
    return f"prints/{digest[:2]}/{digest}.png"


def read_print(design: Print) -> Tile:
    """The tile of a saved print."""
    return _tile_of({"tile": design.digest, "inks": design.inks})


def _tile_of(details: Mapping) -> Tile:
    digest = details["tile"]
    try:
        data = media.read_draft(tile_name(digest))
    except UnusablePhoto as error:
        raise UnusableTile(
            f"The tile {digest[:12]} of this print is missing from storage; save the print anew"
            " and ask again."
        ) from error
    if (found := sha256(data).hexdigest()) != digest:
        raise UnusableTile(
            f"The tile of this print was replaced: its SHA-256 is {found[:12]}…, asked for was"
            f" {digest[:12]}…. Save the print anew and ask again."
        )
    return read_tile(data, inks=len(details["inks"]))


def _reference(variant: VariantImage, details: Mapping, generator) -> ReferenceLook:
    image = variant.reference
    if image is None:
        raise UnusablePhoto("The reference photo was deleted; choose another one.")
    photo = read_photo(media.read_original(image), limits=photo_limits())
    if photo.digest != details["source"]:
        raise UnusablePhoto(
            "The reference photo was replaced after this was asked for; ask again."
        )
    analysis = generator.analyse(photo, matte=_matte_of(image, photo, details["matte"]))
    return ReferenceLook(photo, analysis)


def _matte_of(image, photo: Photo, digest: str | None):
    """The staff's matte of that digest on a reference photo; None for the generator's own."""
    if digest is None:
        return None
    matte = image.gan_mattes.filter(digest=digest).first()
    if matte is None:
        raise InvalidLook("The outline of the reference photo was deleted; ask again.")
    return read_matte(media.read_draft(matte.file_name), photo)


def _rounded(value: float) -> float:
    return round(float(value), PLACES)
