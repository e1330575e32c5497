"""A shop's own extensions, as docs/extending.md shows them: a generator, a policy, a naming."""

from __future__ import annotations

from oscar_gan.engine import Generator, open_generator
from oscar_gan.services.publish_policies import Verdict
from oscar_gan.services.publish_rules import Rule


def make_house(device: str) -> Generator:
    """The shipped classic under a name of the shop's own, seen through its own segmentation."""
    shipped = open_generator("classic", device=device)
    return Generator("house", "1", "", segment=shipped._segment)


def make_misnamed(device: str) -> Generator:
    return open_generator("classic", device=device)


def clear_winners(*, variant, event) -> Verdict:
    """What is approved and hardly off at all goes to every size, before older pictures."""
    if event != "approved":
        return Verdict(publish=False)
    if variant.delta_e > 1:
        return Verdict(publish=False, reason=f"ΔE {variant.delta_e:.1f} is over 1")
    return Verdict(publish=True, rule=Rule(scope="colour", position="first"))


def by_title(*, variant, product) -> str:
    """Names that people, and search engines, can read: harbour-shirt-navy."""
    return f"{product.slug}-{variant.label.lower().replace(' ', '-')}"


def to_another_folder(*, variant, product) -> str:
    return "../../secrets"


NOT_A_FUNCTION = 7
