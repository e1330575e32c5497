"""Errors we expect: each says what is wrong, how much, the limit, and what to do."""

from __future__ import annotations


class OscarGanError(Exception):
    """Base of every error meant for people; `code` names it for machines."""

    code = "error"


class UnusablePhoto(OscarGanError):
    """The source photo cannot be read or is outside the limits."""

    code = "unusable-photo"


class UnusableMatte(OscarGanError):
    """A matte does not fit its photo or selects nothing (or everything)."""

    code = "unusable-matte"


class InvalidColour(OscarGanError):
    """Text that is not a colour."""

    code = "invalid-colour"


class UnknownGenerator(OscarGanError):
    """No generator of that name, or it is not installed."""

    code = "unknown-generator"


class WeightsMismatch(OscarGanError):
    """A weights file is missing or is not the one that was registered."""

    code = "weights-mismatch"


class InvalidRequest(OscarGanError):
    """A request that cannot be queued: nothing asked for, or too much."""

    code = "invalid-request"


class InvalidTransition(OscarGanError):
    """The variant image is not in a state that allows this step."""

    code = "invalid-transition"


class PermissionRefused(OscarGanError):
    """The person may not do this, or not to this product."""

    code = "permission-refused"


class StorageUnavailable(OscarGanError):
    """Storage did not answer; trying again later may help."""

    code = "storage-unavailable"


class LeaseLost(OscarGanError):
    """Another worker has taken this request over; stop without writing."""

    code = "lease-lost"


class CredentialsUnusable(OscarGanError):
    """The C2PA certificate, key or library cannot be used."""

    code = "credentials-unusable"


class UnusableTile(OscarGanError):
    """A picture that cannot be read as the tile of a print."""

    code = "unusable-tile"


class InvalidLook(OscarGanError):
    """A print, style or reference with values that do not exist or are outside their limits."""

    code = "invalid-look"


class TooLittleFeedback(OscarGanError):
    """Staff have not decided enough for a generator to learn from."""

    code = "too-little-feedback"


class ManifestMismatch(OscarGanError):
    """A dataset manifest is not there yet, or is not the one that was frozen."""

    code = "manifest-mismatch"


class InvalidExtension(OscarGanError):
    """A dotted path in the settings that leads to nothing that can be called."""

    code = "invalid-extension"


class QuotaExceeded(OscarGanError):
    """More variant images were asked for than are left today."""

    code = "quota-exceeded"


class TooOften(OscarGanError):
    """Somebody asks for more in a minute than is computed for one person; `wait` is in seconds."""

    code = "too-often"

    def __init__(self, message: str, *, wait: int) -> None:
        super().__init__(message)
        self.wait = wait


class UnusableSwatch(OscarGanError):
    """A photo of cloth from which no colour can be measured."""

    code = "unusable-swatch"


class UnusableTable(OscarGanError):
    """A file that is no table of colourways, or has lines that are wrong."""

    code = "unusable-table"
