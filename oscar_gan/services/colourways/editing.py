"""Saving and deleting colourways and palettes, on record."""

from __future__ import annotations

from django.db import transaction

from ...errors import InvalidRequest, PermissionRefused
from ...imaging.colour import lab_to_srgb, to_hex
from ...models import Colourway, Palette
from .. import access, audit

Action = audit.Action


@transaction.atomic
def save_colourway(*, colourway: Colourway, by, palettes=None) -> Colourway:
    """Save a new or changed colourway; `palettes`: those of `by` it shall be in from now on.

    A measured Lab that the colour no longer matches is dropped.
    """
    _require(by, colourway.partner)
    before = _facts(Colourway.objects.filter(pk=colourway.pk).first())
    if colourway.lab and to_hex(lab_to_srgb(colourway.lab)) != colourway.colour.upper():
        colourway.lab = None
    colourway.save()
    if palettes is not None:
        mine = access.palettes_for(by, "manage_colourways")
        others = colourway.palettes.exclude(pk__in=mine.values("pk"))
        colourway.palettes.set([*others, *palettes])
    audit.record(
        action=Action.COLOURWAY_SAVED,
        by=by,
        thing=colourway,
        before=before,
        after=_facts(colourway),
    )
    return colourway


@transaction.atomic
def delete_colourway(*, colourway: Colourway, by) -> None:
    """Delete a colourway; variant images made with it stay."""
    _require(by, colourway.partner)
    audit.record(action=Action.COLOURWAY_DELETED, by=by, thing=colourway, before=_facts(colourway))
    colourway.delete()


@transaction.atomic
def save_palette(*, palette: Palette, colourways, by) -> Palette:
    """Save a new or changed palette with exactly these colourways.

    They are the shop's or of the palette's own partner; InvalidRequest for others.
    """
    _require(by, palette.partner)
    if foreign := [
        it.name for it in colourways if it.partner_id not in (None, palette.partner_id)
    ]:
        raise InvalidRequest(
            f"{', '.join(foreign)} belong to another partner than the palette {palette.name!r};"
            " take them out."
        )
    known = Palette.objects.filter(pk=palette.pk).first()
    before = _contents(known) if known else None
    palette.save()
    palette.colourways.set(colourways)
    after = _contents(palette)
    audit.record(action=Action.PALETTE_SAVED, by=by, thing=palette, before=before, after=after)
    return palette


@transaction.atomic
def delete_palette(*, palette: Palette, by) -> None:
    """Delete a palette; its colourways stay."""
    _require(by, palette.partner)
    before = _contents(palette)
    audit.record(action=Action.PALETTE_DELETED, by=by, thing=palette, before=before)
    palette.delete()


def _require(user, partner) -> None:
    access.require(user, "manage_colourways")
    if not access.may_manage_for(user, partner):
        raise PermissionRefused(
            f"These colours belong to {partner or 'the shop'}; you may manage your partner's own."
        )


def _facts(colourway: Colourway | None) -> dict | None:
    if colourway is None:
        return None
    return {
        "name": colourway.name,
        "colour": colourway.colour,
        "lab": colourway.lab,
        "tolerance": colourway.tolerance,
        "option": colourway.option_id,
        "partner": colourway.partner_id,
    }


def _contents(palette: Palette) -> dict:
    return {
        "name": palette.name,
        "partner": palette.partner_id,
        "category": palette.category_id,
        "colourways": sorted(palette.colourways.values_list("pk", flat=True)),
    }
