"""Run one request in a worker: read → analyse → make each picture → store. Safe to run twice."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import InterfaceError, OperationalError, connection

from .. import engine, logs
from ..conf import get_config, photo_limits
from ..errors import LeaseLost, OscarGanError, StorageUnavailable, UnusablePhoto
from ..imaging import credentials
from ..imaging.matte import read_matte
from ..imaging.photo import Photo, read_photo
from ..imaging.provenance import Provenance
from ..models import GenerationRequest, Matte, VariantImage
from . import doubts, leases, looks, mattes, media, registry
from .recipes import look_of

logger = logging.getLogger(__name__)
Status = VariantImage.Status
NO_DATABASE = "The database did not answer while this was made; see the worker's log."
NO_MEMORY = (
    "The worker ran out of memory on this photo. Upload a smaller one, or give workers more memory"
    " or a smaller MAX_PHOTO_PIXELS."
)


def run(request_id) -> None:
    """Claim the request and make its variant images; does nothing if it is not to be had.

    What is wrong with one colour fails that variant image only; what is wrong with the photo
    fails all that are left; a storage or database that is down gives the request back for a
    later attempt.
    """
    lease = leases.claim(request_id)
    if lease is None:
        return
    with logs.bound(generation_request=lease.request_id):
        try:
            _make_or_give_back(lease)
        except LeaseLost as error:  # or the product was deleted, and the request with it
            logger.warning("%s Stopping without writing.", error, exc_info=error.__context__)


def _make_or_give_back(lease: leases.Lease) -> None:
    try:
        _make(lease)
    except LeaseLost:
        raise
    except StorageUnavailable as error:
        logger.warning("Given back, to be tried again: %s", error)
        leases.release(lease, problem=str(error), code=error.code)
    except (OperationalError, InterfaceError):
        logger.exception("The database failed in the middle of request %s.", lease.request_id)
        connection.close_if_unusable_or_obsolete()
        leases.release(lease, problem=NO_DATABASE, code="database-unavailable")
    except MemoryError:
        logger.exception("Out of memory on request %s.", lease.request_id)
        leases.fail(lease, code="out-of-memory", problem=NO_MEMORY)
    except OscarGanError as error:
        logger.warning("Failed as a whole: %s", error, extra={"outcome": error.code})
        leases.fail(lease, code=error.code, problem=str(error))
    except Exception:
        leases.fail(lease, code="internal", problem="Internal error; see the worker's log.")
        raise


@dataclass(frozen=True)
class _Studio:
    """What the variant images of one request share: decoded and analysed once."""

    lease: leases.Lease
    original: bytes
    photo: Photo
    generator: engine.Generator
    analysis: engine.Analysis


def _make(lease: leases.Lease) -> None:
    request = _request(lease)
    with logs.bound(
        run=request.run_id,
        generator=str(request.generator),
        request_id=request.trace_id or None,
    ):
        _make_all(lease, request)


def _make_all(lease: leases.Lease, request: GenerationRequest) -> None:
    with _phase("read"):
        original, photo = _read(request)
    generator = registry.open_version(request.generator)
    with _phase("analyse"):
        analysis = generator.analyse(
            photo,
            matte=_staff_matte(request, photo),
            find_keep=not (request.matte and request.matte.says_what_stays),
        )
    if request.matte is None:
        mattes.record_analysis(source=request.source, photo=photo, analysis=analysis)
    else:
        mattes.record_colours(matte=request.matte, analysis=analysis)
    studio = _Studio(lease, original, photo, generator, analysis)
    for variant in request.variants.unfinished().order_by("pk"):
        if leases.start_variant(lease, variant):
            with logs.bound(variant=variant.pk):
                _make_one(studio, variant)
    leases.complete(lease)


def _request(lease: leases.Lease) -> GenerationRequest:
    requests = GenerationRequest.objects.select_related("source", "matte", "generator")
    request = requests.filter(pk=lease.request_id).first()
    if request is None:
        raise LeaseLost(f"Request {lease.request_id} was deleted.")
    return request


def _make_one(studio: _Studio, variant: VariantImage) -> None:
    started = time.perf_counter()
    try:
        fields = _render(studio, variant)
    except (LeaseLost, StorageUnavailable):
        raise
    except OscarGanError as error:
        fields = {"status": Status.FAILED, "problem_code": error.code, "problem": str(error)}
    seconds = time.perf_counter() - started
    _tell(seconds, fields)
    leases.finish_variant(studio.lease, variant, seconds=seconds, **fields)


def _tell(seconds: float, fields: dict) -> None:
    """One line a picture: what became of it, and why not."""
    outcome = fields.get("problem_code") or fields["status"]
    logger.info(
        "%s: %s",
        fields["status"],
        fields.get("problem") or f"ΔE {fields['delta_e']:.2f}",
        extra={"phase": "make", "seconds": round(seconds, 3), "outcome": str(outcome)},
    )


@contextmanager
def _phase(name: str) -> Iterator[None]:
    """Log how long a part of the work took."""
    started = time.perf_counter()
    yield
    seconds = round(time.perf_counter() - started, 3)
    logger.info("%s took %.3f s", name, seconds, extra={"phase": name, "seconds": seconds})


def _render(studio: _Studio, variant: VariantImage) -> dict:
    """Recolour, judge and store one variant image; returns the fields of its row."""
    recoloured = _dressed(studio, variant)
    measured = _measured(recoloured.assessment)
    if refusal := recoloured.assessment.refusal:
        return {
            **measured,
            "status": Status.REFUSED,
            "problem_code": refusal.code,
            "problem": refusal.message,
        }
    encoded = engine.encode(
        recoloured.pixels, studio.photo, _provenance(variant, studio.generator)
    )
    data = _signed(encoded, studio)
    name, digest = media.store_draft(data, folder="variants", extension=encoded.extension)
    return {
        **measured,
        "doubt": _doubt(variant, measured),
        "status": Status.AWAITING_REVIEW,
        "file_name": name,
        "digest": digest,
        "width": encoded.width,
        "height": encoded.height,
        "size": len(data),
    }


def _dressed(studio: _Studio, variant: VariantImage) -> engine.Recoloured:
    generator, photo, analysis = studio.generator, studio.photo, studio.analysis
    if look_of(variant.recipe) is not None:
        return generator.restyle(photo, analysis, looks.rebuild(variant, generator))
    return generator.recolour(photo, analysis, variant.recipe.get("targets") or variant.target)


def _measured(assessment) -> dict:
    return {
        "made": assessment.made,
        "delta_e": assessment.delta_e,
        "colours": [asdict(colour) for colour in assessment.colours],
        "structure": assessment.structure,
        "background_max": assessment.background_max,
        "protected_max": assessment.protected_max,
        "findings": [asdict(finding) for finding in assessment.warnings],
    }


def _doubt(variant: VariantImage, measured: dict) -> float:
    return doubts.score(
        findings=measured["findings"],
        delta_e=measured["delta_e"],
        structure=measured["structure"],
        tolerance=variant.colourway.tolerance if variant.colourway else None,
    )


def _signed(encoded, studio: _Studio) -> bytes:
    """The file, with content credentials where the shop has a certificate."""
    config = get_config()
    if not config.c2pa_certificate:
        return encoded.data
    return credentials.sign(
        encoded.data,
        content_type=encoded.content_type,
        source=studio.original,
        source_type=f"image/{studio.photo.format.lower()}",
        digital_source_type=config.digital_source_type,
        certificate=credentials.Certificate(
            Path(config.c2pa_certificate), Path(config.c2pa_private_key or "")
        ),
    )


def _provenance(variant: VariantImage, generator) -> Provenance:
    return Provenance(
        generator=generator.name,
        version=generator.version,
        recipe=variant.recipe_digest,
        source=variant.source_digest,
        colour=_asked_for(variant),
        digital_source_type=get_config().digital_source_type,
    )


def _asked_for(variant: VariantImage) -> str:
    """The colour, the mapping of colours, as the command line writes it, or the look."""
    if look_of(variant.recipe) is not None:
        return looks.described(variant.recipe)
    mapping = variant.recipe.get("targets")
    if not mapping:
        return variant.target
    return ", ".join(f"{base}={colour or 'keep'}" for base, colour in sorted(mapping.items()))


def _read(request: GenerationRequest) -> tuple[bytes, Photo]:
    if request.source is None:
        raise UnusablePhoto("The source photo was deleted from the product; choose another one.")
    original = media.read_original(request.source)
    photo = read_photo(original, limits=photo_limits())
    if photo.digest != request.source_digest:
        raise UnusablePhoto("The source photo was replaced after this was asked for; ask again.")
    return original, photo


def _staff_matte(request: GenerationRequest, photo: Photo):
    matte = request.matte
    if matte is None or matte.origin != Matte.Origin.STAFF:
        return None
    return read_matte(media.read_draft(matte.file_name, digest=matte.digest), photo)
