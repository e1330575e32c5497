"""How often somebody may ask for what web processes compute: previews, outlines, measurements."""

from __future__ import annotations

import time

from django.core.cache import cache
from django.utils.translation import gettext as _

from ..conf import get_config
from ..errors import TooOften

MINUTE = 60


def count(*, user) -> None:
    """Count one request of `user` in the minute at hand; raises TooOften above the limit.

    Counts are kept in Django's cache: one that processes do not share counts for each process.
    """
    limit = get_config().max_previews_per_minute
    minute, second = divmod(int(time.time()), MINUTE)
    key = f"oscar_gan:rate:{user.pk}:{minute}"
    cache.add(key, 0, 2 * MINUTE)
    try:
        asked = cache.incr(key)
    except ValueError:  # dropped between the two lines by a full cache
        return
    if asked > limit:
        wait = MINUTE - second
        raise TooOften(
            _(
                "Previews were asked for %(asked)d times in this minute; the limit is %(limit)d."
                " Go on in %(wait)d seconds."
            )
            % {"asked": asked, "limit": limit, "wait": wait},
            wait=wait,
        )
