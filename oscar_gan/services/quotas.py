"""Quotas: how many variant images a person, and a partner's staff, may ask for in a day.

One counter for pages, bulk actions and commands. It is counted up by one conditional UPDATE inside
the transaction that queues the pictures, so two who race for the last one cannot both have it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..conf import get_config
from ..errors import QuotaExceeded
from ..models import Quota, QuotaUse

_WHAT_TO_DO = gettext_lazy(
    "The count starts anew at %(resets)s. Ask for fewer, or ask an administrator for a higher"
    " limit."
)


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """What somebody (a user or a partner) may still ask for today, until `resets`."""

    owner: object
    is_partner: bool
    limit: int
    used: int
    resets: datetime

    @property
    def left(self) -> int:
        return max(0, self.limit - self.used)


def allowances(*, user) -> list[Allowance]:
    """The limits that `user` is under, the tightest first; none where nothing is limited."""
    found = [_allowance(**owner) for owner in _owners(user)]
    return sorted((each for each in found if each), key=lambda each: each.left)


def tightest(*, user) -> Allowance | None:
    """The limit that `user` (None: nobody, whom none holds) meets first, if there is any."""
    return next(iter(allowances(user=user)), None)


@transaction.atomic
def spend(*, user, count: int) -> None:
    """Take `count` pictures off today's allowances; raises QuotaExceeded and takes none.

    Call it inside the transaction that queues them. Nobody (a command without --by) has no limit.
    """
    if count < 1:
        return
    for owner in _owners(user):
        _spend(owner, count)


@transaction.atomic
def give_back(*, user, count: int, asked_at: datetime) -> None:
    """Put pictures that were cancelled before work on them began back on the same day's count."""
    day = timezone.localdate(asked_at)
    if count < 1 or day != timezone.localdate():
        return
    for owner in _owners(user):
        uses = QuotaUse.objects.filter(**owner, day=day, used__gte=count)
        uses.update(used=F("used") - count)


def _spend(owner: dict, count: int) -> None:
    limit, day = _limit(**owner), timezone.localdate()
    QuotaUse.objects.bulk_create([QuotaUse(**owner, day=day)], ignore_conflicts=True)
    use = QuotaUse.objects.filter(**owner, day=day)
    if limit is not None:
        use = use.filter(used__lte=limit - count)
    if not use.update(used=F("used") + count):
        raise QuotaExceeded(_refusal(_allowance(**owner), count))


def _refusal(allowance: Allowance, count: int) -> str:
    values = {
        "count": count,
        "left": allowance.left,
        "limit": allowance.limit,
        "whose": allowance.owner,
        "resets": f"{allowance.resets:%Y-%m-%d %H:%M %Z}",
    }
    if allowance.is_partner:
        text = _(
            "%(count)d variant images were asked for, but %(left)d of %(limit)d of %(whose)s are"
            " left today."
        )
    else:
        text = _(
            "%(count)d variant images were asked for, but %(left)d of %(limit)d are left today."
        )
    return f"{text} {_WHAT_TO_DO}" % values


def _owners(user) -> list[dict]:
    """Whose counters a person's requests go on: always in one order, or two would deadlock."""
    if user is None:
        return []
    owners = [{"user": user}]
    if not user.is_staff:
        owners += [{"partner": partner} for partner in user.partners.order_by("pk")]
    return owners


def _limit(*, user=None, partner=None) -> int | None:
    own = Quota.objects.filter(user=user, partner=partner).first()
    if own is not None:
        return own.per_day
    config = get_config()
    if user is not None:
        return config.max_variants_per_user_per_day
    return config.max_variants_per_partner_per_day


def _allowance(*, user=None, partner=None) -> Allowance | None:
    limit = _limit(user=user, partner=partner)
    if limit is None:
        return None
    today = timezone.localdate()
    use = QuotaUse.objects.filter(user=user, partner=partner, day=today).first()
    midnight = datetime.combine(today + timedelta(days=1), time.min)
    return Allowance(
        owner=partner or user,
        is_partner=partner is not None,
        limit=limit,
        used=use.used if use else 0,
        resets=timezone.make_aware(midnight),
    )
