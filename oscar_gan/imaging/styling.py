"""What each style makes of a product: its rule for a colour, and where its inks lie."""

from collections.abc import Callable, Sequence

import numpy as np

from .blotches import Worn, wear
from .fibres import fibre_weights
from .fields import Along, Even
from .findings import Finding
from .looks import StyleLook
from .passages import axis_of, even_passage
from .placing import PlacedTile, Placement
from .plans import Array, Ink, Plan, in_gamut, oklab_of
from .scene import Scene
from .tiles import Tile

NEUTRAL = 0.03
"""Chroma (OKLab) up to which a colour has none to strengthen."""
FLAT = 0.09
"""Range of lightness of a material from which it shows light that could shine."""
Rule = Callable[[Array], Array]


def plan_style(look: StyleLook, scene: Scene) -> Plan:
    """Say which inks a style needs on a product, and where."""
    return PLANNERS[look.style](look, scene)


def _own(look: StyleLook, scene: Scene) -> list[Array]:
    """Colours (3,) that the style starts from: those given, then the product's own."""
    given = [oklab_of(colour) for colour in look.colours]
    own = [base.material.base for base in scene.bases]
    return [*given[: len(own)], *own[len(given) :]]


def _ink(
    scene: Scene, colours: Sequence[Array], rule: Rule, contrast: float = 1.0, sheen: float = 0.0
) -> Ink:
    made = tuple(
        None if kept else in_gamut(rule(colour))
        for kept, colour in zip(scene.kept, colours, strict=True)
    )
    return Ink(targets=made, contrast=contrast, sheen=sheen)


def _towards(lightness: float, share: float, chroma: float) -> Rule:
    """Go a share of the way to a lightness, and scale chroma."""
    return lambda colour: np.array(
        [colour[0] + share * (lightness - colour[0]), *(colour[1:] * chroma)]
    )


def _pastel(look: StyleLook, scene: Scene) -> Plan:
    strength, soft = look.value("strength"), look.value("softness")

    def rule(colour: Array) -> Array:
        lightness = 0.87 + 0.08 * (colour[0] - 0.5)
        chroma = float(np.hypot(*colour[1:]))
        wanted = min(max(0.45 * chroma, min(chroma, 0.055)), 0.085)
        scale = 1 + strength * (wanted / max(chroma, 1e-6) - 1)
        return _towards(lightness, min(1.0, 1.25 * strength), scale)(colour)

    return Plan((_ink(scene, _own(look, scene), rule, 1 - 0.4 * soft * strength),), Even())


def _vivid(look: StyleLook, scene: Scene) -> Plan:
    strength, own = look.value("strength"), _own(look, scene)
    ink = _ink(
        scene, own, lambda colour: colour * (1, 1 + strength, 1 + strength),
        1 + 0.5 * look.value("contrast"),
    )  # fmt: skip
    findings = ()
    if all(np.hypot(*colour[1:]) < NEUTRAL for colour in own):
        findings = (Finding(
            "no-colour",
            "The product has hardly any colour to strengthen: vivid changes little but its"
            " contrast. Give it a colour too.",
        ),)  # fmt: skip
    return Plan((ink,), Even(), findings)


def _faded(look: StyleLook, scene: Scene) -> Plan:
    strength = look.value("strength")
    rule = _towards(0.75, 0.45 * strength, 1 - 0.5 * strength)
    return Plan((_ink(scene, _own(look, scene), rule, 1 - 0.5 * look.value("softness")),), Even())


def _washed(
    look: StyleLook,
    scene: Scene,
    worn_rule: Rule,
    kept_rule: Rule,
    *,
    softness: float,
    grain: float,
    **where: float,
) -> Plan:
    own = _own(look, scene)
    inks = _ink(scene, own, kept_rule), _ink(scene, own, worn_rule)
    place = wear(scene, size=0.05 + 0.4 * look.value("size") ** 1.5,
                 amount=0.05 + 0.85 * look.value("amount"), seed=look.seed, **where)  # fmt: skip
    return Plan(inks, Worn(place, scene.box, softness=softness, grain=grain, seed=look.seed))


def _stone_wash(look: StyleLook, scene: Scene) -> Plan:
    strength = look.value("strength")
    return _washed(
        look, scene,
        _towards(0.9, 0.55 * strength, 1 - 0.35 * strength),
        _towards(0.8, 0.08 * strength, 1 - 0.08 * strength),
        softness=2.0, grain=0.35, folds=look.value("folds"), marble=0.0,
    )  # fmt: skip


def _acid_wash(look: StyleLook, scene: Scene) -> Plan:
    strength = look.value("strength")
    return _washed(
        look, scene,
        _towards(0.93, 0.85 * strength, 1 - 0.65 * strength),
        _towards(0.8, 0.06 * strength, 1 - 0.05 * strength),
        softness=0.8, grain=0.2, folds=0.25, marble=look.value("marble"),
    )  # fmt: skip


def _heather(look: StyleLook, scene: Scene) -> Plan:
    strength, own = look.value("strength"), _own(look, scene)
    first = _ink(scene, [own[0], *(base.material.base for base in scene.bases[1:])], _same)
    if len(look.colours) == 2:
        other = oklab_of(look.colours[1])
        second = _ink(scene, own, lambda colour: other)
    else:
        second = _ink(scene, own, lambda colour: _yarn(colour, strength))
    tile = Tile(fibre_weights(0.05 + 0.85 * look.value("amount"), look.seed), ("#000", "#fff"))
    placement = Placement(
        scale=0.07 + 0.22 * look.value("size"), rotation=look.value("angle"), drape=0.5
    )
    return Plan((first, second), PlacedTile(tile, placement, scene.box), melange=True)


def _same(colour: Array) -> Array:
    return colour


def _yarn(colour: Array, strength: float) -> Array:
    """A second yarn: lighter and greyer, or darker where the first is light."""
    if colour[0] > 0.7:
        return _towards(0.35, 0.5 * strength, 1 - 0.5 * strength)(colour)
    return _towards(0.92, 0.6 * strength, 1 - 0.6 * strength)(colour)


def _ombre(look: StyleLook, scene: Scene) -> Plan:
    inks = _over_all(look, scene, lambda colour: _towards(0.93, 0.75, 0.45)(colour))
    passages = len(inks) - 1
    middle = look.value("middle")
    length = look.value("softness")
    stops = [middle + ((k + 0.5) / passages - 0.5) * length for k in range(passages)]
    start, along = axis_of(scene, look.value("angle"))
    curves = [even_passage(*pair) for pair in zip(inks, inks[1:], strict=False)]
    return Plan(inks, Along(stops, [length / passages] * passages, start, along, curves))


def _colour_block(look: StyleLook, scene: Scene) -> Plan:
    inks = _over_all(look, scene, _same)
    middle, count = look.value("middle"), len(inks)
    even = np.arange(1, count) / count
    # The middle moves all borders, those near the ends less.
    stops = even ** (np.log(middle) / np.log(0.5))
    start, along = axis_of(scene, look.value("angle"))
    return Plan(inks, Along(list(stops), [0.0] * (count - 1), start, along))


def _over_all(look: StyleLook, scene: Scene, rule: Rule) -> tuple[Ink, ...]:
    """Inks that take the place of all base colours; the product's own first if one is missing."""
    count = len(scene.bases)
    given = [oklab_of(colour) for colour in look.colours]
    inks = [Ink(targets=scene.everywhere(colour)) for colour in given]
    if len(inks) > 1:
        return tuple(inks)
    own = Ink(targets=(None,) * count)
    return own, *(inks or [_ink(scene, [base.material.base for base in scene.bases], rule)])


def _monochrome(look: StyleLook, scene: Scene) -> Plan:
    strength = look.value("strength")
    hue = oklab_of(look.colours[0])[1:] if look.colours else np.zeros(2)
    own = [base.material.base for base in scene.bases]

    def rule(colour: Array) -> Array:
        # Near black and white there is no room for chroma; in between all have the same.
        room = min(1.0, colour[0] / 0.35, (1 - colour[0]) / 0.12)
        return np.array([colour[0], *(colour[1:] + strength * (max(room, 0) * hue - colour[1:]))])

    return Plan((_ink(scene, own, rule),), Even())


def _metallic(look: StyleLook, scene: Scene) -> Plan:
    strength, sheen = look.value("strength"), look.value("sheen")
    ink = _ink(scene, _own(look, scene), _same, 1 + 1.2 * strength, sheen)
    low, high = scene.bases[0].material.lit
    findings = ()
    if high - low < FLAT:
        findings = (Finding(
            "no-highlights",
            f"The light on the product hardly varies (lightness range {high - low:.2f}, at least"
            f" {FLAT:g} is needed): it will look grey. Choose a photo with light from the side.",
            {"range": round(high - low, 3), "limit": FLAT},
        ),)  # fmt: skip
    return Plan((ink,), Even(), findings)


PLANNERS: dict[str, Callable[[StyleLook, Scene], Plan]] = {
    "pastel": _pastel,
    "vivid": _vivid,
    "faded": _faded,
    "stone-wash": _stone_wash,
    "acid-wash": _acid_wash,
    "heather": _heather,
    "ombre": _ombre,
    "colour-block": _colour_block,
    "monochrome": _monochrome,
    "metallic": _metallic,
}
