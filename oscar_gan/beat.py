"""A schedule for Celery beat that people edit: ours is where it starts, not what it stays.

    CELERY_BEAT_SCHEDULER = "oscar_gan.beat:EditableScheduler"

needs django-celery-beat (extra: beat) in INSTALLED_APPS. Its own scheduler writes
CELERY_BEAT_SCHEDULE over the entries in the database at each start, and drops when they expire.
"""

from __future__ import annotations

from typing import Any

from django_celery_beat.schedulers import DatabaseScheduler


class EditableScheduler(DatabaseScheduler):
    """Enters what the settings schedule only where there is no entry of that name yet.

    So whatever was edited or disabled in Django's admin stays so. An entry that was deleted comes
    back: disable it instead.
    """

    def setup_schedule(self) -> None:
        super().setup_schedule()
        # Read anew, with the time of the last change known before: else what another beat enters
        # while this one starts would go unseen for five minutes.
        self._last_timestamp = self.Changes.last_change()
        self._initial_read = True

    def update_from_dict(self, mapping: dict[str, dict[str, Any]]) -> None:
        known = set(self.Model.objects.filter(name__in=mapping).values_list("name", flat=True))
        super().update_from_dict(
            {name: _expiring(entry) for name, entry in mapping.items() if name not in known}
        )


def _expiring(entry: dict[str, Any]) -> dict[str, Any]:
    """The entry with its `expires` under the name that django-celery-beat knows."""
    options = dict(entry.get("options") or {})
    if (seconds := options.pop("expires", None)) is not None:
        options["expire_seconds"] = int(seconds)
    return {**entry, "options": options}
