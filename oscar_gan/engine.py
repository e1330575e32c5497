"""A photo and a colour in, a recoloured picture and its assessment out. No Django, no torch.

generator = open_generator("classic")
photo = read_photo(data)
analysis = generator.analyse(photo)
recoloured = generator.recolour(photo, analysis, "#1F3A93")
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .errors import UnknownGenerator, UnusableMatte, WeightsMismatch
from .imaging import matte as mattes
from .imaging.assess import Assessment, ColourMade
from .imaging.calibrate import Dye, calibrate, dyed_share, reachable, slope_at, transform
from .imaging.colour import parse_hex, srgb_to_oklab
from .imaging.compose import compose
from .imaging.dye import Grade, Material, closed_form
from .imaging.encode import Encoded, encode
from .imaging.findings import Finding
from .imaging.gain import GainField
from .imaging.gate import MIN_CONFIDENCE, judge_photo, judge_result
from .imaging.grabcut import grabcut_confidence, grabcut_matte
from .imaging.lut import ColourLut
from .imaging.parts import count_products
from .imaging.photo import Limits, Photo, analysis_view, read_photo
from .imaging.prepare import BaseColour, Prepared, prepare
from .imaging.provenance import Provenance, read_provenance
from .imaging.refine import decide_keep, refine_matte
from .imaging.sampling import fractions_of
from .imaging.swatch import SWATCH_VERSION
from .imaging.targets import Target, read_target
from .inference.analyser import WEIGHTS, Analyser, read_manifest
from .inference.grader import SIDE as GRADER_SIDE
from .inference.grader import Grader

__all__ = [
    "GENERATORS", "Analysis", "Assessment", "ColourMade", "Encoded", "Finding", "Generator",
    "Limits", "Photo", "Provenance", "Recoloured", "Target", "default_generator", "encode",
    "open_generator", "read_photo", "read_provenance", "read_target",
]  # fmt: skip

ENGINE_VERSION = "2"
"""Raise when the same recipe would give other pixels."""
WHOLLY_DYED = 0.98
"""Share from which a colour counts as dyed without looking pixel by pixel."""
NO_CONFIDENCE = 0.01
"""Confidence in a matte below which it is taken for nothing found."""


@dataclass(frozen=True, slots=True, eq=False)
class Segmentation:
    """What a generator sees at 256 pixels; arrays (256, 256) in [0, 1]."""

    matte: NDArray[np.float32] | None
    """None when it was not asked for."""
    keep: NDArray[np.float32] | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What a grader sees of a photo, squeezed to 128 pixels square."""

    view: NDArray[np.float32]
    """(128, 128, 3) sRGB in [0, 1]"""
    cover: NDArray[np.float32]
    """(128, 128) in [0, 1]: how much of each pixel is recoloured."""


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """What a generator found in a photo: needed once for any number of colours."""

    matte: NDArray[np.uint8]
    keep: NDArray[np.uint8]
    """(H, W): what is product, and what of it must stay as it is."""
    swatch: str
    """The product's colour, '#RRGGBB'."""
    palette: tuple[tuple[str, float], ...]
    """Up to four base colours and their share of the product, the largest first: the swatch."""
    coverage: float
    """Share of the photo that is product."""
    findings: tuple[Finding, ...]
    """What is remarkable, the photo's own notes first."""
    prepared: Prepared
    seen: Seen


@dataclass(frozen=True, slots=True, eq=False)
class Recoloured:
    """A result."""

    pixels: NDArray[np.uint8]
    """(H, W, 3) sRGB"""
    assessment: Assessment


Lattice = tuple[NDArray[np.intp], NDArray[np.floating]]
"""Points of a colour table: indices (n,) and OKLab colours (n, 3)."""
Segment = Callable[[NDArray[np.float32], bool], Segmentation]
"""Takes a photo's analysis view, and whether the matte is drawn, so that it need not be found."""
Grading = Callable[[Seen, Material, NDArray[np.floating]], Grade]


class Generator:
    """Something that recolours: a way to segment and a way to grade over one shared engine."""

    def __init__(
        self, name: str, version: str, weights: str, segment: Segment, grade: Grading | None = None
    ) -> None:
        """`weights` is a digest of the weight files, empty without any."""
        self.name = name
        self.version = version
        parts = (name, version, ENGINE_VERSION, str(SWATCH_VERSION), weights)
        self.digest = sha256("\n".join(parts).encode()).hexdigest()
        self._segment = segment
        self._grade = grade

    def analyse(self, photo: Photo, *, matte: NDArray[np.uint8] | None = None) -> Analysis:
        """Find the product, its colours and what must stay; `matte` (H, W) is staff's own.

        Raises UnusableMatte when no product is found.
        """
        pixels = photo.on_white()
        view = analysis_view(pixels)
        drawn, guide = matte is not None, mattes.guide_of(pixels)
        if drawn:
            mattes.check_matte(matte, photo)
        found = self._segment(view, drawn)
        if not drawn:
            matte = mattes.upsample_matte(mattes.clean_matte(found.matte), pixels, guide)
            _check_found(matte, found.confidence, photo)
        keep = _keep(found.keep, pixels, guide)
        return _analysis(photo, matte, keep, None if drawn else found.confidence, view)

    def recolour(self, photo: Photo, analysis: Analysis, target: Target) -> Recoloured:
        """Make the product `target`, measure the result, and judge it.

        `target` is '#RRGGBB' for the main colour, what else there is staying; or, for a product
        of several colours, a mapping of base colours (hex or place in the palette) to theirs.
        """
        ready, wanted = analysis.prepared, read_target(analysis.palette, target)
        bases = ready.colours
        if isinstance(target, str):  # other light on the main colour is dyed along with it
            bases = [base for base in bases if base.is_own]
            wanted = [wanted[0], *[None] * (len(bases) - 1)]
        asked = [(base, text) for base, text in zip(bases, wanted, strict=True) if text]
        dyes = self._dyes(analysis, bases, wanted)
        indices, colours = ready.lattice
        lut = ColourLut(indices, transform(colours, dyes), slope_at(dyes))
        gain = _gain_of(dyes, ready.lattice)
        pixels = compose(photo.pixels, ready.solid, ready.edges, lut, gain, ready.seams)
        own = [base for base in ready.colours if base.is_own]
        assessment = ready.baseline.assess(
            pixels,
            [(base.swatch, text) for base, text in asked],
            [own.index(base) if base.is_own else 0 for base, _ in asked],
        )
        verdict = judge_result(
            assessment,
            [(base.material, srgb_to_oklab(parse_hex(text))) for base, text in asked],
            _about(target, analysis.findings),
        )
        return Recoloured(pixels, verdict)

    def _dyes(
        self, analysis: Analysis, bases: Sequence[BaseColour], wanted: Sequence[str | None]
    ) -> list[Dye]:
        """Say what each base colour becomes, calibrated one after the other."""
        dyes = [Dye(material) for material in analysis.prepared.prints]
        for place, (base, text) in enumerate(zip(bases, wanted, strict=True)):
            if text is None:
                dyes.insert(place, Dye(base.material))
                continue
            aim = reachable(srgb_to_oklab(parse_hex(text)))
            grade = self._grade_for(analysis, base.material, aim)
            dyes.insert(place, Dye(base.material, aim, grade))
        for place, base in enumerate(bases):
            if dyes[place].grade is not None:
                gain = None
                if (field := _gain_of(dyes)) is not None:
                    places = fractions_of(base.swatch.positions, analysis.matte.shape)
                    gain = field.at(*places)
                dyes[place] = calibrate(base.swatch, base.samples, dyes, place, gain)
        return dyes

    def _grade_for(
        self, analysis: Analysis, material: Material, aim: NDArray[np.floating]
    ) -> Grade:
        if self._grade is None:
            return closed_form(material, aim)
        return self._grade(analysis.seen, material, aim)


def _about(target: Target, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Leave out what a mapping has answered: that there are other colours."""
    answered = not isinstance(target, str)
    return tuple(each for each in findings if not (answered and each.code == "many-colours"))


def _gain_of(dyes: Sequence[Dye], lattice: Lattice | None = None) -> GainField | None:
    """The gain field of the largest colour that has one; by the `lattice`, of what is dyed."""
    fields = (dye.grade.log_gain for dye in dyes if dye.grade)
    field = next((field for field in fields if field is not None), None)
    if field is None or lattice is None:
        return None if field is None else GainField(field)
    indices, colours = lattice
    share = dyed_share(colours, dyes)
    if share.min() > WHOLLY_DYED:
        return GainField(field)
    return GainField(field, ColourLut(indices, np.repeat(share[:, None], 3, axis=1)))


def open_generator(name: str = "recolour", *, device: str = "auto") -> Generator:
    """Return a generator by name; sessions are opened when first used.

    `device` is 'auto', 'cpu' or 'cuda'. Raises UnknownGenerator or WeightsMismatch.
    """
    if name not in GENERATORS:
        raise UnknownGenerator(
            f"There is no generator {name!r}. Choose from: {', '.join(GENERATORS)}."
        )
    return GENERATORS[name](device)


def open_weights(folder: Path, *, device: str = "auto") -> Generator:
    """Return `recolour` with the weights of a folder (its manifest.json) instead of the shipped.

    Raises UnknownGenerator or WeightsMismatch.
    """
    return _recolour(device, folder)


def default_generator() -> str:
    """Name of the best generator installed."""
    try:
        return "recolour" if "recolour" in read_manifest() else "classic"
    except WeightsMismatch:
        return "classic"


def _classic(device: str) -> Generator:
    """GrabCut and the closed form: what every network has to beat."""
    return Generator("classic", "1", "", _cut)


def _cut(view: NDArray[np.float32], drawn: bool) -> Segmentation:
    if drawn:
        return Segmentation(None)
    rgb = np.rint(view * 255).astype(np.uint8)
    matte = grabcut_matte(rgb)
    return Segmentation(matte, None, grabcut_confidence(rgb, matte))


def _recolour(device: str, folder: Path = WEIGHTS) -> Generator:
    """The shipped analyser's mattes, and the shipped grader's correction of the closed form."""
    registered = read_manifest(folder).get("recolour")
    if registered is None:
        raise UnknownGenerator("No weights of 'recolour' are installed. Use 'classic'.")
    path, sha256_of_analyser = registered.analyser
    analyser = Analyser(path, digest=sha256_of_analyser, device=device)

    def segment(view: NDArray[np.float32], drawn: bool) -> Segmentation:
        seen = analyser(view)
        if drawn:
            return Segmentation(None, decide_keep(seen.keep))
        matte = refine_matte(np.rint(view * 255).astype(np.uint8), seen.matte)
        confidence = _decidedness(seen.matte)
        return Segmentation(matte, decide_keep(seen.keep), confidence)

    if "grader" not in registered.files:
        return Generator("recolour", registered.version, sha256_of_analyser, segment)
    path, sha256_of_grader = registered.files["grader"]
    grader = Grader(path, digest=sha256_of_grader, device=device)

    def grade(seen: Seen, material: Material, target: NDArray[np.floating]) -> Grade:
        return grader(seen.view, seen.cover, material, target)

    weights = sha256_of_analyser + sha256_of_grader
    return Generator("recolour", registered.version, weights, segment, grade)


def _decidedness(matte: NDArray[np.float32]) -> float:
    """Confidence in [0, 1]: how near to yes or no a network's matte is where it sees product.

    A decidedness of 0.84 gives the confidence below which staff are warned: of 70 photos with
    hand-made mattes 7 lie below it, among them 4 of the 6 whose found matte overlaps less than
    0.9; of 40 garments on people 17, among them 11 of 15.
    """
    product = matte[matte > 0.2]
    if not len(product):
        return 0.0
    decided = np.abs(2 * product - 1).mean()
    return float(np.interp(decided, [0.5, 0.84, 0.95], [0, MIN_CONFIDENCE, 1]))


GENERATORS: dict[str, Callable[[str], Generator]] = {"classic": _classic, "recolour": _recolour}
"""Makers by name."""


def _check_found(matte: NDArray[np.uint8], confidence: float, photo: Photo) -> None:
    share = mattes.coverage(matte)
    if not mattes.MIN_COVERAGE <= share <= mattes.MAX_COVERAGE or confidence < NO_CONFIDENCE:
        raise UnusableMatte(
            f"No product was found in the photo ({photo.width} × {photo.height} pixels): the matte"
            f" covers {share:.1%} of it, with a confidence of {confidence:.0%}. Draw a matte by"
            " hand, or use a photo with a plain background."
        )


def _keep(
    small: NDArray[np.float32] | None, pixels: NDArray[np.uint8], guide: NDArray[np.float32]
) -> NDArray[np.uint8]:
    if small is None or small.max() < 0.5:
        return np.zeros(pixels.shape[:2], np.uint8)
    return mattes.upsample_matte(small, pixels, guide)


def _analysis(
    photo: Photo,
    matte: NDArray[np.uint8],
    keep: NDArray[np.uint8],
    confidence: float | None,
    view: NDArray[np.float32],
) -> Analysis:
    """Read the colours under a matte and say what is remarkable.

    `confidence` in the matte is None when a person drew it: that is taken at its word.
    """
    drawn = confidence is None
    ready = prepare(photo.pixels, matte, keep, protect_skin=not drawn)
    frame = np.concatenate([matte[0], matte[-1], matte[:, 0], matte[:, -1]])
    findings = judge_photo(
        side=max(photo.width, photo.height),
        confidence=1.0 if drawn else confidence,
        border=float((frame > 127).mean()),
        off_plane=ready.off_plane,
        clipped=ready.clipped,
        skin=ready.skin,
        products=1 if drawn else count_products(photo.pixels, matte),
        faint=0.0 if drawn else ready.edges.faint,
    )
    palette = tuple((colour.swatch.hex, round(colour.weight, 4)) for colour in ready.colours)
    share = mattes.coverage(matte)
    notes = photo.notes + findings
    seen = _seen(view, matte, ready.keep)
    return Analysis(matte, ready.keep, ready.swatch.hex, palette, share, notes, ready, seen)


def _seen(view: NDArray[np.float32], matte: NDArray[np.uint8], keep: NDArray[np.uint8]) -> Seen:
    """Reduce a photo's analysis view and its mattes (H, W) to what a grader sees."""
    import cv2

    material = cv2.subtract(matte, keep)
    size = (GRADER_SIDE, GRADER_SIDE)
    small, cover = (
        cv2.resize(image, size, interpolation=cv2.INTER_AREA) for image in (view, material)
    )
    return Seen(small, cover.astype(np.float32) / 255)
