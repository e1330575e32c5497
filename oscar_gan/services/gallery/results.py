"""What the storefront shows: pictures, swatches, choices."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One picture of a gallery: its row (whose file is never opened here) and its texts."""

    image: object
    """Oscar's ProductImage, its renditions beside it."""
    alt: str
    simulated: str = ""
    """What of it no camera saw: `colour`, `print` or `look`; empty for a photo."""

    @property
    def file(self):
        return self.image.original


@dataclass(frozen=True, kw_only=True)
class GalleryColour:
    """A swatch. `colour` is #RRGGBB, or None while nobody said what the name looks like."""

    key: str
    label: str
    colour: str | None
    url: str
    selected: bool = False
    images: list[Picture] = field(default_factory=list)
    """The pictures that show the product in this colour; none if there are none yet."""
    available: bool = True
    """False when every child of this colour is sold out."""


@dataclass(frozen=True, kw_only=True)
class GalleryChoice:
    """A child product of the chosen colour, named by what else tells it apart, e.g. its size."""

    label: str
    url: str
    selected: bool
    available: bool


@dataclass(frozen=True, kw_only=True)
class Gallery:
    """All that the storefront's tags show."""

    colours: list[GalleryColour]
    images: list[Picture]
    shared: list[Picture]
    choices: list[GalleryChoice] = field(default_factory=list)
    choices_name: str = ""
    family: object = field(default=None, compare=False, repr=False)
    """The rows it was built from (rows.Family)."""

    @property
    def selected(self) -> GalleryColour | None:
        return next((colour for colour in self.colours if colour.selected), None)

    @property
    def has_thumbs(self) -> bool:
        """Whether some colour has several pictures: then all keep a place for thumbnails."""
        shown = [len(colour.images) + len(self.shared) for colour in self.colours]
        return max([len(self.images), *shown]) > 1

    @property
    def shows_another_colour(self) -> bool:
        """Whether the pictures are only stand-ins for the chosen colour."""
        return bool(self.images and self.selected and not self.selected.images)
