"""Importing a table of colourways: what it would change, then all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from ...conf import get_config
from ...errors import PermissionRefused, UnusableTable
from ...models import Colourway, Palette
from .. import access, audit
from .tables import Problem, Row, Table


@dataclass(frozen=True)
class Change:
    """What a line would do: `new`, `changed` or `same`; `before` is the colour it has now."""

    row: Row
    kind: str
    before: str
    option: object | None


@dataclass(frozen=True)
class Preview:
    """All that an import would do, or why it cannot."""

    changes: list[Change]
    problems: list[Problem]
    palettes: list[str]
    """Palettes that would be new."""

    def count(self, kind: str) -> int:
        return sum(change.kind == kind for change in self.changes)


def preview(*, table: Table, partner, by) -> Preview:
    """What importing `table` for `partner` (None: the shop) would do; writes nothing."""
    _require(by, partner)
    known = {it.name.casefold(): it for it in Colourway.objects.filter(partner=partner)}
    options, taken = _options(), _taken()
    changes, problems = [], list(table.problems)
    for row in table.rows:
        try:
            option = _option(row, partner, options)
            if option and taken.get(option.pk, row.name).casefold() != row.name.casefold():
                text = _("The option “%(option)s” stands for “%(name)s”.")
                raise ValueError(text % {"option": row.option, "name": taken[option.pk]})
        except ValueError as error:
            problems.append(Problem(row.line, str(error)))
            continue
        changes.append(_change(row, known.get(row.name.casefold()), option))
    palettes = {it.name.casefold() for it in Palette.objects.filter(partner=partner)}
    named = dict.fromkeys(name for row in table.rows for name in row.palettes)
    new = [name for name in named if name.casefold() not in palettes]
    return Preview(changes, sorted(problems, key=lambda it: it.line), new)


@transaction.atomic
def import_table(*, table: Table, partner, by) -> Preview:
    """Import every line; raises UnusableTable, and writes nothing, when one is wrong."""
    found = preview(table=table, partner=partner, by=by)
    if found.problems:
        first = found.problems[0]
        raise UnusableTable(
            _(
                "Lines that are wrong: %(count)d, the first is line %(line)d: %(text)s Nothing was"
                " imported."
            )
            % {"count": len(found.problems), "line": first.line, "text": first.text}
        )
    palettes = {it.name.casefold(): it for it in Palette.objects.filter(partner=partner)}
    for change in found.changes:
        colourway = _save(change, partner)
        for name in change.row.palettes:
            palette = palettes.get(name.casefold())
            if palette is None:
                palette = Palette.objects.create(name=name, partner=partner)
                palettes[name.casefold()] = palette
            palette.colourways.add(colourway)
    counts = {kind: found.count(kind) for kind in ("new", "changed", "same")}
    audit.record(
        action=audit.Action.IMPORTED,
        by=by,
        name=str(partner or ""),
        before={it.row.name: it.before for it in found.changes if it.kind == "changed"},
        after={**counts, "palettes": found.palettes},
    )
    return found


def _require(user, partner) -> None:
    access.require(user, "manage_colourways")
    if not access.may_manage_for(user, partner):
        raise PermissionRefused(f"You may not import colours for {partner or 'the shop'}.")


def _change(row: Row, known: Colourway | None, option) -> Change:
    if known is None:
        return Change(row, "new", "", option)
    new_lab = list(row.lab) if row.lab else None
    same = (
        known.colour == row.colour
        and (known.lab and list(known.lab)) == new_lab
        and row.tolerance in (None, known.tolerance)
        and (option is None or known.option_id == option.pk)
        and known.name == row.name
        and {name.casefold() for name in row.palettes}
        <= {palette.name.casefold() for palette in known.palettes.all()}
    )
    return Change(row, "same" if same else "changed", known.colour, option)


def _save(change: Change, partner) -> Colourway:
    row = change.row
    known = Colourway.objects.filter(partner=partner, name__iexact=row.name).first()
    colourway = known or Colourway(partner=partner)
    colourway.name, colourway.colour = row.name, row.colour
    colourway.lab = list(row.lab) if row.lab else None
    if row.tolerance is not None:
        colourway.tolerance = row.tolerance
    if change.option is not None:
        colourway.option = change.option
    colourway.save()
    return colourway


def _option(row: Row, partner, options: dict[str, list]):
    """The attribute option that a line names; ValueError when there is none, or several."""
    if not row.option:
        return None
    if partner is not None:
        text = _("Only the shop's colourways stand for an option; leave the cell empty.")
        raise ValueError(text)
    found = options.get(row.option.casefold(), [])
    if len(found) != 1:
        raise ValueError(
            _("Several colour options are called “%(option)s”.") % {"option": row.option}
            if found
            else _("No colour option is called “%(option)s”.") % {"option": row.option}
        )
    return found[0]


def _options() -> dict[str, list]:
    options = get_model("catalogue", "AttributeOption").objects.filter(
        group__product_attributes__code__in=get_config().colour_attributes
    )
    by_name: dict[str, list] = {}
    for option in options.distinct():
        by_name.setdefault(option.option.casefold(), []).append(option)
    return by_name


def _taken() -> dict[int, str]:
    """Names of the colourways that stand for an option, by the option's id."""
    return dict(Colourway.objects.exclude(option=None).values_list("option_id", "name"))
