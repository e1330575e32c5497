"""Requests: staff or a command ask for colours and looks of one source photo."""

from __future__ import annotations

import logging
from functools import partial
from hashlib import sha256

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from .. import logs, signals
from ..conf import get_config
from ..errors import InvalidRequest, InvalidTransition
from ..models import GenerationRequest, Matte, VariantImage
from ..models.jobs import Queue
from . import access, audit, dispatch, looks, mattes, media, notices, quotas, registry
from .announcing import after_commit, announce
from .colours import Target
from .recipes import MadeWith, colour_recipe, look_recipe, recipe_digest

logger = logging.getLogger(__name__)
RequestStatus = GenerationRequest.Status
Status = VariantImage.Status


def request_variants(
    *,
    source,
    targets: list[Target],
    requested_by=None,
    queue: str = Queue.INTERACTIVE,
    matte: Matte | None = None,
    made_with: MadeWith | None = None,
    run=None,
    send: bool = True,
) -> GenerationRequest:
    """Queue one job for `targets` of the ProductImage `source`; asking twice is one job.

    Recipes that were made, refused or are under way stay as they are; failed and cancelled ones
    are queued again. The newest staff matte and the champion are used, unless a `matte`, or both
    by `made_with`, are given. `send=False` wakes no worker up: the caller runs the request in its
    own process. On the returned request, `created` and `reused` count the variant images of each
    kind; when nothing is new, it is the request that made the first of them. Raises QuotaExceeded
    when the new ones are more than `requested_by` has left today; nothing is queued then.
    """
    _check(source, targets, requested_by)
    digest = sha256(media.read_original(source)).hexdigest()
    generator, matte = made_with or MadeWith(
        registry.champion(), matte or mattes.staff_matte(source)
    )
    with transaction.atomic():
        mattes.lock(source)  # asked for in two orders, the same recipes would deadlock
        request = GenerationRequest.objects.create(
            product=source.product,
            source=source,
            source_digest=digest,
            matte=matte,
            generator=generator,
            run=run,
            queue=queue,
            requested_by=requested_by,
            trace_id=logs.current("request_id"),
        )
        # Two names of one colour are one recipe.
        variants = list(dict.fromkeys(_variant(request, target) for target in targets))
        created = sum(variant.request_id == request.pk for variant in variants)
        quotas.spend(user=requested_by, count=created)
        if created:
            announce(signals.request_created, request=request)
            _log(request, variants, created)
        if created and send:
            transaction.on_commit(partial(dispatch.send, request.pk))
        if not created:
            request.delete()
            request = variants[0].request
    request.created, request.reused = created, len(variants) - created
    logger.info(
        "%d variant images queued, %d known already",
        request.created,
        request.reused,
        extra={"generation_request": request.pk, "run": request.run_id},
    )
    return request


def request_analysis(
    *, source, requested_by=None
) -> tuple[Matte | None, GenerationRequest | None]:
    """The matte of `source` to look at, if there is one, and the request that will finish it.

    The analyser makes a matte where there is none, and finds the colours under one by staff.
    """
    if requested_by is not None:
        access.require(requested_by, "generate", source.product)
    digest = sha256(media.read_original(source)).hexdigest()
    matte = mattes.current_matte(source, digest=digest)
    if matte and matte.palette:
        return matte, None
    wanted = {"source": source, "source_digest": digest, "matte": matte}
    asked = GenerationRequest.objects.filter(**wanted)
    if waiting := asked.filter(status__in=GenerationRequest.UNFINISHED).first():
        return matte, waiting
    if matte and asked.filter(variants=None, status=RequestStatus.FAILED).exists():
        return matte, None  # its colours cannot be had; the matte can
    with transaction.atomic():
        request = GenerationRequest.objects.create(
            **wanted,
            product=source.product,
            generator=registry.champion(),
            requested_by=requested_by,
            trace_id=logs.current("request_id"),
        )
        announce(signals.request_created, request=request)
        transaction.on_commit(partial(dispatch.send, request.pk))
    return matte, request


@transaction.atomic
def cancel_request(*, request: GenerationRequest, by=None) -> int:
    """Cancel what is not made yet; a running variant image is dropped when it is ready."""
    if by is not None:
        access.require(by, "generate", request.product)
    unfinished = list(request.variants.unfinished().select_for_update())
    request.variants.filter(pk__in=[variant.pk for variant in unfinished]).update(
        status=Status.CANCELLED, finished_at=Now()
    )
    stopped = GenerationRequest.objects.filter(pk=request.pk, status=RequestStatus.QUEUED).update(
        status=RequestStatus.CANCELLED, finished_at=Now()
    )
    _give_back(request, unfinished)
    for variant in unfinished:
        variant.refresh_from_db()
        announce(signals.variant_cancelled, variant=variant)
    if stopped:
        request.refresh_from_db()
        announce(signals.request_cancelled, request=request)
    if request.run_id is not None:  # it may have been the last that was waited for
        after_commit(notices.run_finished, request.run_id)
    elif unfinished:
        audit.record(
            action=audit.Action.CANCELLED,
            by=by,
            thing=request,
            name=request.product.get_title(),
            product=request.product,
            before=len(unfinished),
        )
    return len(unfinished)


def _give_back(request: GenerationRequest, variants: list[VariantImage]) -> None:
    untouched = sum(variant.status == Status.QUEUED for variant in variants)
    quotas.give_back(user=request.requested_by, count=untouched, asked_at=request.created_at)


@transaction.atomic
def cancel_variant(*, variant: VariantImage, by=None) -> None:
    """Cancel one variant image that is not made yet."""
    if by is not None:
        access.require(by, "generate", variant.product)
    unfinished = VariantImage.objects.unfinished().filter(pk=variant.pk)
    found = list(unfinished.select_for_update())
    if not found:
        raise InvalidTransition("Only a queued or running variant image can be cancelled.")
    unfinished.update(status=Status.CANCELLED, finished_at=Now())
    _give_back(variant.request, found)
    variant.refresh_from_db()
    announce(signals.variant_cancelled, variant=variant)


def retry_failed(*, request: GenerationRequest, by=None) -> GenerationRequest:
    """Ask again for the failed and cancelled variant images of a request."""
    retryable = list(
        request.variants.filter(status__in=VariantImage.RETRYABLE).select_related(
            "option", "colourway", "print", "reference__product__parent"
        )
    )
    if not retryable:
        raise InvalidTransition("Nothing failed or was cancelled here, so nothing to try again.")
    if request.source is None:
        raise InvalidRequest("The source photo was deleted; choose another one.")
    return request_variants(
        source=request.source,
        targets=[Target.of(variant) for variant in retryable],
        requested_by=by,
        queue=request.queue,
        matte=request.matte,
        run=request.run,
    )


def request_status(*, request: GenerationRequest) -> dict:
    """Where a request stands, ready for JSON."""
    return {
        "id": str(request.pk),
        "status": request.status,
        "status_label": request.get_status_display(),
        "finished": request.status not in GenerationRequest.UNFINISHED,
        "problem": request.problem,
        "variants": [
            {
                "id": variant.pk,
                "label": variant.label,
                "target": variant.target,
                "status": variant.status,
                "status_label": variant.get_status_display(),
                "delta_e": variant.delta_e,
                "problem": variant.problem,
                "problem_code": variant.problem_code,
                "finished": variant.status not in VariantImage.UNFINISHED,
            }
            for variant in request.variants.order_by("pk")
        ],
    }


def _log(request: GenerationRequest, variants: list[VariantImage], created: int) -> None:
    """One line a request; what a bulk run asks for is told by the run's own line."""
    if request.run_id is None:
        audit.record(
            action=audit.Action.REQUESTED,
            by=request.requested_by,
            thing=request,
            name=request.product.get_title(),
            product=request.product,
            after={"new": created, "ids": [variant.pk for variant in variants]},
            generator=request.generator.digest,
        )


def _check(source, targets: list[Target], requested_by) -> None:
    if requested_by is not None:
        access.require(requested_by, "generate", source.product)
        for look in filter(None, (target.look for target in targets)):
            looks.require_allowed(look, requested_by)
    limit = get_config().max_variants_per_request
    if not targets:
        raise InvalidRequest("No colour and no look was chosen; tick at least one.")
    if len(targets) > limit:
        raise InvalidRequest(
            f"{len(targets)} pictures were asked for at once; the limit is {limit}."
            " Ask in several requests."
        )


def _variant(request: GenerationRequest, target: Target) -> VariantImage:
    """The variant image of this recipe: new, queued again, or as it already is."""
    recipe = _recipe(request, target)
    details = {
        "source": request.source,
        "label": target.label,
        "option": target.option,
        "colourway": target.colourway,
        "print": target.look.print if target.look else None,
        "reference": target.look.reference if target.look else None,
    }
    variant, created = VariantImage.objects.get_or_create(
        product=request.product,
        source_digest=request.source_digest,
        recipe_digest=recipe_digest(recipe),
        defaults={**details, "request": request, "recipe": recipe, "target": target.colour},
    )
    if not created and _queue_again(variant, request, details):
        variant.refresh_from_db()
    return variant


def _recipe(request: GenerationRequest, target: Target) -> dict:
    shared = {
        "source_digest": request.source_digest,
        "matte": request.matte,
        "generator": request.generator,
    }
    if look := target.look:
        return look_recipe(**shared, kind=look.kind, look=look.details)
    return colour_recipe(**shared, target=target.colour, mapping=target.mapping)


def _queue_again(variant: VariantImage, request: GenerationRequest, details: dict) -> int:
    stuck = Q(status__in=VariantImage.RETRYABLE) | Q(pruned_at__isnull=False)
    return VariantImage.objects.filter(stuck, pk=variant.pk).update(
        **details,
        request=request,
        status=Status.QUEUED,
        problem="",
        problem_code="",
        finished_at=None,
        pruned_at=None,
    )
