"""The report of a bulk run: what was left out and why, how good the pictures are, every line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from ..models import BackfillRun, LeftOut, VariantImage
from . import keyset

COLUMNS = ("product", "upc", "title", "picture", "colour", "state", "ΔE00", "reason", "problem")
EXAMPLES = 5
"""Products named for each reason."""
CHUNK = 500
"""Rows that a download reads at a time."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """Products left out for one reason."""

    code: str
    count: int
    examples: tuple[LeftOut, ...]


@dataclass(frozen=True, kw_only=True)
class Quality:
    """Colour errors (ΔE00) of the pictures that a run made: half and 95 % of them are below."""

    pictures: int
    median: float
    most: float


def groups(*, run: BackfillRun) -> list[Group]:
    """What was left out, the most frequent reason first."""
    counts = run.left_out.order_by().values_list("code").annotate(Count("pk"))
    return [
        Group(code=code, count=count, examples=tuple(_examples(run, code)))
        for code, count in sorted(counts, key=lambda each: (-each[1], each[0]))
    ]


def quality(*, run: BackfillRun) -> Quality | None:
    """How near the pictures are to what was asked for; None before there is one."""
    errors = _variants(run).filter(delta_e__isnull=False).order_by("delta_e")
    count = errors.count()
    if not count:
        return None
    # By rank, in the database: neither SQLite nor a flat memory allows for more.
    median, most = (
        errors.values_list("delta_e", flat=True)[min(count - 1, int(count * share))]
        for share in (0.5, 0.95)
    )
    return Quality(pictures=count, median=median, most=most)


def lines(*, run: BackfillRun) -> Iterator[tuple]:
    """The header, one line for each picture asked for, one for each product left out."""
    yield COLUMNS
    for variant in keyset.each(_variants(run).select_related("product__parent"), CHUNK):
        yield (
            *_product(variant.product),
            variant.pk,
            variant.label,
            variant.status,
            "" if variant.delta_e is None else round(variant.delta_e, 2),
            variant.problem_code,
            variant.problem,
        )
    for each in keyset.each(run.left_out.select_related("product__parent"), CHUNK):
        yield (*_product(each.product), "", "", "left-out", "", each.code, each.problem)


def _variants(run: BackfillRun) -> QuerySet:
    return VariantImage.objects.filter(request__run=run)


def _examples(run: BackfillRun, code: str) -> QuerySet:
    return run.left_out.filter(code=code).select_related("product__parent")[:EXAMPLES]


def _product(product) -> tuple:
    return product.pk, product.upc or "", product.get_title()
