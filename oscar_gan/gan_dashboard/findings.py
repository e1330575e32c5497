"""What the machine noticed, in the reader's language.

The engine and the services write English sentences with their figures, and a code beside each.
Where a translation of the code's sentence exists it is shown; otherwise what they wrote.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext, gettext_noop


class Text(NamedTuple):
    """A sentence to translate; `percents` names the values that are shares from 0 to 1."""

    template: str
    percents: tuple[str, ...] = ()


FINDINGS = {
    "first-frame": Text(
        gettext_noop("The file holds %(frames)s pictures; only the first is used.")
    ),
    "cmyk-without-profile": Text(
        gettext_noop(
            "The photo is CMYK without a colour profile, so its colours are an estimate."
            " Export it with a profile, or as sRGB."
        )
    ),
    "profile-ignored": Text(
        gettext_noop(
            "The photo's colour profile could not be used; it was read as sRGB."
            " Export it as sRGB if its colours look wrong."
        )
    ),
    "small-photo": Text(
        gettext_noop(
            "The photo's long side is %(side)s pixels; shop pages want %(limit)s or more."
            " Use the camera's original if there is one."
        )
    ),
    "weak-matte": Text(
        gettext_noop(
            "It is not clear what the product is (confidence %(confidence)s %%, at least"
            " %(limit)s %% is wanted). Look at the outline, and correct it by clicks."
        ),
        ("confidence", "limit"),
    ),
    "matte-touches-border": Text(
        gettext_noop(
            "The product touches %(border)s %% of the picture's edge; more than %(limit)s %%"
            " often means that background was taken for product. Look at the matte."
        ),
        ("border", "limit"),
    ),
    "several-products": Text(
        gettext_noop(
            "The matte holds %(parts)s separate things of unlike colours. Click away what is not"
            " sold: “The outline is wrong?”"
        )
    ),
    "skin": Text(
        gettext_noop(
            "%(share)s %% of the matte looks like a person's skin and stays as it is. If that is"
            " part of the product, correct the outline: yours is taken at its word."
        ),
        ("share",),
    ),
    "faint-outline": Text(
        gettext_noop(
            "Along %(share)s %% of its outline the product has the background's colour (limit"
            " %(limit)s %%), so the outline is a guess. Correct it with a few clicks, or take"
            " the photo on another background."
        ),
        ("share", "limit"),
    ),
    "many-colours": Text(
        gettext_noop(
            "%(share)s %% of the product has another colour than its main one (limit %(limit)s %%)"
            " and stays as it is. “Map colours” gives each of its colours a target."
        ),
        ("share", "limit"),
    ),
    "clipped-highlights": Text(
        gettext_noop(
            "%(share)s %% of the product is overexposed (limit %(limit)s %%); its folds are"
            " lost there. A darker exposure gives better variants."
        ),
        ("share", "limit"),
    ),
    "colour-off": Text(
        gettext_noop(
            "The colour is off by ΔE %(delta_e)s; above %(limit)s compare it with the real"
            " product."
        )
    ),
    "noise": Text(
        gettext_noop(
            "Noise grew %(gain)s times (limit %(limit)s), because the photo is much darker than"
            " the colour. A lighter product photo gives a cleaner one."
        )
    ),
    "structure": Text(
        gettext_noop(
            "Folds and texture agree only %(structure)s %% with the photo's (limit %(limit)s %%)."
            " Compare the two pictures."
        ),
        ("structure", "limit"),
    ),
    "fewer-colours": Text(
        gettext_noop(
            "The reference has %(reference)s of its own colours and this product %(product)s: the"
            " smaller ones stay as they are."
        )
    ),
    "flat-ink": Text(
        gettext_noop(
            "The product is nearly black, so it has no folds to show in the light ink; it covers"
            " less than %(limit)s %%. Compare the two pictures."
        ),
        ("limit",),
    ),
    "ink-unmeasured": Text(
        gettext_noop(
            "Too fine to be measured by themselves: %(colours)s. A larger print shows whether"
            " these colours are right."
        )
    ),
    "no-colour": Text(
        gettext_noop(
            "The product has hardly any colour to strengthen: vivid changes little but its"
            " contrast. Give it a colour too."
        )
    ),
    "no-highlights": Text(
        gettext_noop(
            "The light on the product hardly varies (lightness range %(range)s, at least %(limit)s"
            " is needed): it will look grey. Choose a photo with light from the side."
        )
    ),
}

NAMES = {
    "first-frame": gettext_noop("Several pictures in one file"),
    "cmyk-without-profile": gettext_noop("CMYK without a profile"),
    "profile-ignored": gettext_noop("Profile not usable"),
    "small-photo": gettext_noop("Small photo"),
    "weak-matte": gettext_noop("Unclear what the product is"),
    "matte-touches-border": gettext_noop("Product at the picture's edge"),
    "several-products": gettext_noop("Several products"),
    "skin": gettext_noop("Skin"),
    "faint-outline": gettext_noop("Faint outline"),
    "many-colours": gettext_noop("Several colours"),
    "clipped-highlights": gettext_noop("Overexposed"),
    "colour-off": gettext_noop("Colour is off"),
    "noise": gettext_noop("Noise"),
    "structure": gettext_noop("Texture lost"),
    "fewer-colours": gettext_noop("Fewer colours than the reference"),
    "flat-ink": gettext_noop("Light ink on a dark product"),
    "ink-unmeasured": gettext_noop("Ink not measured"),
    "no-colour": gettext_noop("Hardly any colour"),
    "no-highlights": gettext_noop("No highlights"),
}
"""Short names of findings, for lists to choose from."""

# Why a variant image was not made; these keep no figures, so their sentences have none.
PROBLEMS = {
    "too-dark": gettext_noop(
        "The product is nearly black: the photo holds no folds to show in a light colour."
        " Start from a lighter product's photo."
    ),
    "colour-missed": gettext_noop(
        "The colour is too far off. Choose another source photo or check the matte."
    ),
    "internal": gettext_noop("Internal error; see the worker's log."),
    "worker-lost": gettext_noop("The worker was lost several times; try again."),
    "storage-unavailable": gettext_noop("The storage did not answer; try again later."),
    "unusable-photo": gettext_noop("The source photo cannot be used; choose another one."),
    "unusable-matte": gettext_noop("The matte does not fit the photo; hand in another one."),
    "invalid-colour": gettext_noop(
        "The product's colours are others than when this was asked for. Map them anew."
    ),
    "unusable-tile": gettext_noop(
        "The tile of this print is gone or was replaced. Save the print anew and ask again."
    ),
    "invalid-look": gettext_noop(
        "This print, style or reference cannot be laid on. Look at it again and ask anew."
    ),
    "weights-mismatch": gettext_noop(
        "The worker has other weights than were asked for; restart it and try again."
    ),
}


def short_name(code: str) -> str:
    """What a finding is called in a list."""
    return gettext(NAMES[code]) if code in NAMES else code


def describe(finding: dict) -> str:
    """One stored finding, `{"code", "message", "values"}`."""
    text = FINDINGS.get(finding["code"])
    if text is None or (template := gettext(text.template)) == text.template:
        return finding["message"]
    values = dict(finding["values"])
    try:
        values.update({name: round(100 * values[name]) for name in text.percents})
        return template % values
    except KeyError:  # written by a version that kept other figures
        return finding["message"]


def describe_all(findings: Iterable[dict]) -> list[str]:
    """All of them, in order, each sentence once."""
    return list(dict.fromkeys(map(describe, findings)))


def describe_problem(code: str, message: str) -> str:
    """Why a variant image was refused or failed."""
    sentence = PROBLEMS.get(code, "")
    translated = gettext(sentence) if sentence else ""
    return message if translated == sentence else translated
