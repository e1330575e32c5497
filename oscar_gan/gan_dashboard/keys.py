"""Primary keys as browsers send them: text that is no number, or none that a database holds."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

NOBODYS = 0
"""A primary key that no row has."""
LARGEST = 2**63 - 1
"""What a BigAutoField holds; more is an error of the database on PostgreSQL and SQLite alike."""


def read_key(text: str | None) -> int:
    """The primary key that `text` says, or NOBODYS."""
    text = text or ""
    # The longest is looked at first: int() of a million digits takes seconds.
    if len(text) > len(str(LARGEST)) or not text.isdecimal():
        return NOBODYS
    return int(text) if int(text) <= LARGEST else NOBODYS


def is_key(text: str | None) -> bool:
    """Whether a row could have this primary key."""
    return read_key(text) != NOBODYS


class ManyChosenField(forms.ModelMultipleChoiceField):
    """Django's, which asks the database for any number, as large as it may be."""

    def _check_values(self, value):
        for key in value if isinstance(value, (list, tuple)) else ():
            if not is_key(str(key)):
                raise ValidationError(
                    self.error_messages["invalid_pk_value"],
                    code="invalid_pk_value",
                    params={"pk": str(key)[:20]},
                )
        return super()._check_values(value)
