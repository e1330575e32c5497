"""The audit log: written beside what it tells of, read page by page without counting.

Deeds that leave a row of their own (a review, a publication, a staff matte, a decision about a
generator) are logged when that row is written; services log the others themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from oscar.core.loading import get_model

from ..errors import InvalidRequest
from ..models import AuditEvent
from . import access

Action = AuditEvent.Action
PAGE = 50
CHUNK = 2000
"""Rows that an export reads at a time."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What of the log is wanted; empty values do not restrict. Days are in the shop's time."""

    person: str = ""
    action: str = ""
    product: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some entries, newest first, and the cursor of those before them; "" where there are none."""

    events: list[AuditEvent]
    older: str


def record(
    *,
    action: str,
    by,
    thing=None,
    name: str = "",
    product=None,
    before=None,
    after=None,
    recipe: str = "",
    generator: str = "",
) -> AuditEvent:
    """Add one entry; `thing` is the row it is about, `by` whoever did it (None: the schedule)."""
    made = entry(
        action=action, by=by, thing=thing, name=name, product=product,
        before=before, after=after, recipe=recipe, generator=generator,
    )  # fmt: skip
    made.save()
    return made


def entry(
    *,
    action: str,
    by,
    thing=None,
    name: str = "",
    product=None,
    before=None,
    after=None,
    recipe: str = "",
    generator: str = "",
) -> AuditEvent:
    """An entry that is not in the log yet, for many to be added at once."""
    return AuditEvent(
        action=action,
        actor=by,
        actor_name=_name_of(by),
        product=product,
        object_type=thing._meta.model_name if thing is not None else "",
        object_id=str(thing.pk) if thing is not None else "",
        object_name=(name or (str(thing) if thing is not None else ""))[:200],
        before=before,
        after=after,
        recipe=recipe,
        generator=generator,
    )


def page(*, user, filters: Filters, before: str = "", size: int = PAGE) -> Page:
    """The newest entries that `user` may see, older than the cursor `before`."""
    found = _after_cursor(_found(user, filters), before)
    events = list(found.select_related("actor", "product__parent")[: size + 1])
    older = _cursor(events[size - 1]) if len(events) > size else ""
    return Page(events=events[:size], older=older)


def export(*, user, filters: Filters) -> Iterator[AuditEvent]:
    """All entries that `user` may see, newest first, a chunk at a time."""
    found, cursor = _found(user, filters).select_related("product__parent"), ""
    while chunk := list(_after_cursor(found, cursor)[:CHUNK]):
        yield from chunk
        cursor = _cursor(chunk[-1])


def _found(user, filters: Filters) -> QuerySet:
    events = _visible(user)
    if filters.person:
        named = Q(actor_name__icontains=filters.person) | Q(actor__in=_people(filters.person))
        events = events.filter(named)
    if filters.action:
        events = events.filter(action=filters.action)
    if filters.product:
        events = events.filter(product__in=_products(filters.product))
    if filters.since:
        events = events.filter(at__gte=_midnight(filters.since))
    if filters.until:
        events = events.filter(at__lt=_midnight(filters.until + timedelta(days=1)))
    return events.order_by("-at", "-pk")


def _visible(user) -> QuerySet:
    """Staff with the permission see all; partner staff what concerns their products."""
    access.require(user, "view_log")
    if user.is_staff:
        return AuditEvent.objects.all()
    mine = access.products_for(user, "view").values("pk")
    return AuditEvent.objects.filter(Q(product__in=mine) | Q(actor=user))


def _people(text: str) -> list[int]:
    people = get_user_model().objects.filter(
        Q(email__icontains=text) | Q(first_name__icontains=text) | Q(last_name__icontains=text)
    )
    return list(people.values_list("pk", flat=True)[:100])


def _products(text: str) -> list[int]:
    products = get_model("catalogue", "Product").objects.filter(
        Q(title__icontains=text) | Q(parent__title__icontains=text) | Q(upc__iexact=text)
    )
    return list(products.values_list("pk", flat=True)[:1000])


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _cursor(event: AuditEvent) -> str:
    return f"{event.at.isoformat()}_{event.pk}"


def _after_cursor(events: QuerySet, cursor: str) -> QuerySet:
    """Entries older than the cursor; keyset, so that page 20,000 costs as little as the first."""
    if not cursor:
        return events
    moment, _bar, pk = cursor.partition("_")
    try:
        at = parse_datetime(moment.replace(" ", "+"))  # a plus in an address means a space
    except ValueError:
        at = None
    if at is None or timezone.is_naive(at) or not pk.isdecimal() or len(pk) > 18:
        raise InvalidRequest("This is no place in the log; start from its newest page.")
    return events.filter(at__lte=at).exclude(at=at, pk__gte=int(pk))


def _name_of(user) -> str:
    return (user.email or user.get_username())[:254] if user else ""
