"""What a rejection's reason speaks about: the outline, the colour, or nothing to learn from."""

from __future__ import annotations

from ...models import Review

Reason = Review.Reason

OUTLINE = frozenset(
    {
        Reason.BLEEDING,  # the outline takes in what is not the product
        Reason.EDGE,  # it runs beside the product's rim; given too when staff correct an outline
        Reason.PRINT_CHANGED,  # a logo or print was taken for material
        Reason.ARTEFACT,  # blotches and holes are what a torn matte leaves in a picture
        Reason.MISREPRESENTED,  # another thing was dyed than the one that is sold
    }
)
"""The matte is at fault, so the analyser can learn."""

COLOUR = frozenset({Reason.WRONG_COLOUR, Reason.TEXTURE_LOST, Reason.LIGHTING})
"""Quality too, but the grader's: the outline may have been perfect, or not. Nobody has said."""

IGNORED = frozenset({Reason.NOT_WANTED, Reason.OTHER})
"""A fine picture that the business has no use for teaches nothing about pictures; of `other`
nobody knows what it would teach."""

QUALITY = OUTLINE | COLOUR
