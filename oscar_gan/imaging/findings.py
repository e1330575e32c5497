"""What the machine noticed about a photo or a result: a code, a sentence, the values."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """One warning, note or refusal.

    `code` and `values` let a user interface translate it; `message` is the English sentence,
    which says what is wrong, how much, the limit, and what to do.
    """

    code: str
    message: str
    values: dict[str, float | int | str] = field(default_factory=dict)
