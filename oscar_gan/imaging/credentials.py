"""C2PA content credentials: sign a finished picture with the shop's certificate (optional)."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path

from .. import __version__
from ..errors import CredentialsUnusable

NONE, INTACT, BROKEN, UNCHECKED = "none", "intact", "broken", "unchecked"
DIGITAL_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/{}"


@dataclass(frozen=True, slots=True)
class Certificate:
    """Paths of a PEM certificate chain and its private key (P-256, algorithm ES256)."""

    chain: Path
    private_key: Path


def sign(
    data: bytes,
    *,
    content_type: str,
    source: bytes,
    source_type: str,
    digital_source_type: str,
    certificate: Certificate,
) -> bytes:
    """Return `data` with a signed C2PA manifest: opened from `source`, colours adjusted.

    Any later re-save drops the manifest, so this comes last. Needs the extra `c2pa`; the
    signature holds a time, so equal recipes no longer make equal bytes. Raises
    CredentialsUnusable when the library, the certificate or the key cannot be used.
    """
    try:
        import c2pa
    except ImportError as error:
        raise CredentialsUnusable(
            "Signing needs c2pa-python; install django-oscar-gan[c2pa] or unset C2PA_CERTIFICATE."
        ) from error
    try:
        signer = c2pa.Signer.from_info(
            c2pa.C2paSignerInfo(
                c2pa.C2paSigningAlg.ES256,
                certificate.chain.read_bytes(),
                certificate.private_key.read_bytes(),
                None,
            )
        )
        # The parent is named, not embedded: its own thumbnail would double a small file.
        settings = {"builder": {"thumbnail": {"enabled": False}}}
        context = c2pa.Context(c2pa.Settings.from_dict(settings))
        builder = c2pa.Builder(_manifest(content_type, digital_source_type), context)
        builder.set_intent(c2pa.C2paBuilderIntent.EDIT)  # adds "opened from the parent"
        builder.add_ingredient(
            json.dumps({"title": "source photo", "relationship": "parentOf"}),
            source_type,
            io.BytesIO(source),
        )
        signed = io.BytesIO()
        builder.sign(signer, content_type, io.BytesIO(data), signed)
    except (OSError, ValueError, c2pa.C2paError) as error:
        raise CredentialsUnusable(
            f"The picture could not be signed with {certificate.chain}: {error}"
        ) from error
    return signed.getvalue()


def check(data: bytes, *, content_type: str) -> str:
    """What content credentials say of a picture: `none`, `intact`, `broken`, or `unchecked`.

    Intact: signed, and not a byte was changed since; who signed is for the reader to trust.
    Unchecked: c2pa-python is not installed.
    """
    try:
        import c2pa
    except ImportError:
        return UNCHECKED
    try:
        reader = c2pa.Reader.try_create(content_type, io.BytesIO(data))
    except c2pa.C2paError:
        return BROKEN
    if reader is None:
        return NONE
    with reader:
        return BROKEN if reader.get_validation_state() == "Invalid" else INTACT


def _manifest(content_type: str, digital_source_type: str) -> str:
    adjusted = {
        "action": "c2pa.color_adjustments",
        "digitalSourceType": DIGITAL_SOURCE_TYPE.format(digital_source_type),
    }
    return json.dumps(
        {
            "claim_generator_info": [{"name": "django-oscar-gan", "version": __version__}],
            "format": content_type,
            "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [adjusted]}}],
        }
    )
