"""Decisions about the champion: promote, roll back, pin. Each is one transaction with its event.

Workers learn of them from the rows: a request names the version that was champion when it was
asked for, and is made by exactly that one.
"""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from ... import signals
from ...errors import InvalidRequest, InvalidTransition
from ...models import GeneratorEvent, GeneratorVersion
from .. import access
from . import weights
from .versions import champion, enthrone, lock, renewed

Status = GeneratorVersion.Status
Kind = GeneratorEvent.Kind


def promote(*, version: GeneratorVersion, by=None, note: str = "") -> None:
    """Let a challenger serve that passed its newest comparison with the present champion.

    Raises InvalidTransition when it did not, or when the champion is pinned; StorageUnavailable or
    WeightsMismatch, and nothing changes, when workers could not get its weights.
    """
    _allow(by, note)
    champion(version.name)  # an upgrade that nobody noticed yet is noticed now
    weights.check_stored(version)
    with transaction.atomic():
        reigning = lock(version.name)
        version.refresh_from_db()
        _check_may_serve(version, reigning)
        _replace(reigning, version, kind=Kind.PROMOTED, by=by, note=note)


def roll_back(
    *, name: str, by=None, to: GeneratorVersion | None = None, note: str = ""
) -> GeneratorVersion:
    """Let the champion before the present one serve again, or an earlier one (`to`); returns it.

    Rolling back again goes further back. Of two people who do it at once, one is told that the
    other was faster. Raises as `promote` does; weights that shipped with another release of the
    package raise WeightsMismatch.
    """
    _allow(by, note)
    seen = champion(name)
    target = _before(seen) if to is None else _earlier(to, name)
    weights.check_stored(target)
    with transaction.atomic():
        reigning = lock(name)
        if reigning != seen:
            text = _("%(reigning)s replaced %(seen)s just now; look again.")
            raise InvalidTransition(text % {"reigning": reigning, "seen": seen})
        target.refresh_from_db()
        if target == reigning:
            raise InvalidTransition(_("%(version)s serves already.") % {"version": target})
        _replace(reigning, target, kind=Kind.ROLLED_BACK, by=by, note=note)
    return target


def pin(*, version: GeneratorVersion, by=None) -> None:
    """Keep a champion until it is unpinned: promotions and rollbacks are refused meanwhile."""
    _set_pinned(version, True, by)


def unpin(*, version: GeneratorVersion, by=None) -> None:
    """Let a pinned champion be replaced again."""
    _set_pinned(version, False, by)


def _allow(by, note: str = "") -> None:
    if by is not None:
        access.require(by, "train")
    limit = GeneratorEvent._meta.get_field("note").max_length
    if len(note) > limit:
        text = _("The note has %(count)d characters; the limit is %(limit)d.")
        raise InvalidRequest(text % {"count": len(note), "limit": limit})


def _check_may_serve(version: GeneratorVersion, reigning: GeneratorVersion) -> None:
    if version == reigning:
        raise InvalidTransition(_("%(version)s serves already.") % {"version": version})
    if renewed(version) != version:
        text = _(
            "%(version)s was entered before an upgrade of the engine, which entered it anew;"
            " compare and promote that row."
        )
        raise InvalidTransition(text % {"version": version})
    if version.status != Status.CHALLENGER:
        text = _(
            "%(version)s is retired. A former champion can be rolled back to; other weights have"
            " to be trained again."
        )
        raise InvalidTransition(text % {"version": version})
    newest = version.comparisons.first()
    if newest is None or newest.against_id != reigning.pk:
        text = _("%(version)s was not compared with %(champion)s yet; compare it.")
        raise InvalidTransition(text % {"version": version, "champion": reigning})
    if not newest.passed:
        verdict = newest.report.get("verdict", "")
        text = _("%(version)s did not pass the comparison.") % {"version": version}
        raise InvalidTransition(f"{text} {verdict}".rstrip())


def _replace(reigning: GeneratorVersion, version: GeneratorVersion, **event) -> None:
    if reigning.pinned:
        raise InvalidTransition(
            _("%(version)s is pinned; unpin it first.") % {"version": reigning}
        )
    enthrone(version, previous=reigning, **event)
    send = signals.generator_promoted.send_robust
    transaction.on_commit(
        partial(send, sender=GeneratorVersion, version=version, previous=reigning)
    )


def _before(reigning: GeneratorVersion) -> GeneratorVersion:
    """Whom the champion replaced when it was promoted; the same weights before an upgrade: no."""
    version, seen = reigning, set()
    while version.pk not in seen:
        seen.add(version.pk)
        event = version.events.filter(kind=Kind.PROMOTED).select_related("previous").first()
        if event is None or event.previous is None:
            break
        version = renewed(event.previous)
        if version != reigning:
            return version
        version = event.previous
    text = _("Nothing served before %(version)s, so nothing to roll back to.")
    raise InvalidTransition(text % {"version": reigning})


def _earlier(version: GeneratorVersion, name: str) -> GeneratorVersion:
    # An upgrade of the engine gives the same weights, and so their label, another row.
    same = GeneratorVersion.objects.filter(name=name, version=version.version)
    served = Q(kind__in=(Kind.PROMOTED, Kind.ROLLED_BACK), version__in=same)
    log = GeneratorEvent.objects.filter(served | Q(previous__in=same))
    if version.name != name or not log.exists():
        text = _("%(version)s never served as %(name)s, so nothing to roll back to; promote it.")
        raise InvalidTransition(text % {"version": version, "name": name})
    return renewed(version)


def _set_pinned(version: GeneratorVersion, pinned: bool, by) -> None:
    _allow(by)
    with transaction.atomic():
        lock(version.name)
        version.refresh_from_db()
        if version.status != Status.CHAMPION:
            raise InvalidTransition(f"{version} does not serve; only a champion is pinned.")
        if version.pinned == pinned:
            return
        version.pinned = pinned
        version.save(update_fields=["pinned"])
        kind = Kind.PINNED if pinned else Kind.UNPINNED
        GeneratorEvent.objects.create(version=version, kind=kind, by=by)
