"""Notices: tell whoever started something long or large, once, how it went.

A line in Oscar's inbox and, for who wants it, an e-mail through Oscar's dispatcher. Nothing that
goes wrong here may harm the work it tells of.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Count
from django.db.models.functions import Now
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from oscar.core.loading import get_class, get_model

from ..models import BackfillRun, GenerationRequest, NotificationPreference, VariantImage

logger = logging.getLogger(__name__)
Channel = NotificationPreference.Channel
Status = VariantImage.Status
LONG = timedelta(minutes=1)
"""Requests that took less are not told of: whoever asked still looks at the page."""
EVENT = "GAN_FINISHED"
"""Code of Oscar's communication event, whose text a shop may edit in its dashboard."""


def channel_of(user) -> str:
    """How `user` wants to be told: one of NotificationPreference.Channel."""
    chosen = NotificationPreference.objects.filter(user=user).values_list("channel", flat=True)
    return chosen.first() or Channel.INBOX


def choose_channel(*, user, channel: str) -> None:
    """Remember how `user` wants to be told."""
    NotificationPreference.objects.update_or_create(user=user, defaults={"channel": channel})


def request_finished(request_id) -> None:
    """Call it after the commit that closed a request; tells of it, or of its run, if due."""
    request = GenerationRequest.objects.filter(pk=request_id).first()
    if request is None:
        return
    if request.run_id is not None:
        run_finished(request.run_id)
        return
    finished, variants = request.finished_at, VariantImage.objects.filter(request=request)
    if finished is None or finished - request.created_at < LONG or not variants.exists():
        return  # a request without variant images only looked for the outline
    if _claim(GenerationRequest, request_id):
        _tell(
            request.requested_by, _about_request(request), _counts(variants), _review_path(request)
        )


def run_finished(run_id) -> None:
    """Tell of a bulk run, once, when its last request is closed."""
    unfinished = GenerationRequest.objects.filter(
        run=run_id, status__in=GenerationRequest.UNFINISHED
    )
    over = BackfillRun.objects.filter(pk=run_id, finished_at__isnull=False, cancelled_at=None)
    if unfinished.exists() or not over.exists() or not _claim(BackfillRun, run_id):
        return
    run = over.select_related("started_by").get()
    variants = VariantImage.objects.filter(request__run=run)
    path = _path("gan-run", run.pk)
    _tell(run.started_by, _("Your bulk run is finished"), _counts(variants), path)


def _claim(model, pk) -> bool:
    """Whether it is this process that shall tell: two workers may finish at once."""
    return bool(model.objects.filter(pk=pk, told_at=None).update(told_at=Now()))


def _about_request(request: GenerationRequest) -> str:
    values = {"product": request.product.get_title()}
    if request.status == GenerationRequest.Status.FAILED:
        return _("The variant images of %(product)s failed") % values
    return _("The variant images of %(product)s are finished") % values


def _counts(variants) -> str:
    """E.g. "12 wait for review, 1 was refused, 2 failed"."""
    by_status = dict(variants.order_by().values_list("status").annotate(Count("pk")))
    made = sum(by_status.get(status, 0) for status in VariantImage.MADE)
    parts = [
        ngettext("%(count)d is ready for review", "%(count)d are ready for review", made)
        % {"count": made}
    ]
    if count := by_status.get(Status.REFUSED, 0):
        parts.append(
            ngettext("%(count)d was refused", "%(count)d were refused", count) % {"count": count}
        )
    if count := by_status.get(Status.FAILED, 0):
        parts.append(_("%(count)d failed") % {"count": count})
    if count := by_status.get(Status.CANCELLED, 0):
        parts.append(
            ngettext("%(count)d was cancelled", "%(count)d were cancelled", count)
            % {"count": count}
        )
    return ", ".join(parts)


def _tell(user, what: str, counts: str, path: str) -> None:
    if user is None or not user.is_active:
        return
    channel = channel_of(user)
    if channel == Channel.OFF:
        return
    try:
        with transaction.atomic():
            _to_inbox(user, what, counts, path)
        if channel == Channel.EMAIL:
            _by_email(user, what, counts, path)
    except (DatabaseError, OSError) as error:  # SMTP's errors are OSErrors
        logger.warning("Could not tell user %s that %s: %s", user.pk, what, error)


def _to_inbox(user, what: str, counts: str, path: str) -> None:
    line = f"{what}: {counts}."[:200]
    # Oscar shows both as HTML, the body on a page of its own.
    get_model("communication", "Notification").objects.create(
        recipient=user,
        subject=format_html("{}", line)[:255],
        body=format_html('<p>{}: {}.</p><p><a href="{}">{}</a></p>', what, counts, path, _("Look"))
        if path
        else format_html("<p>{}: {}.</p>", what, counts),
    )


def _by_email(user, what: str, counts: str, path: str) -> None:
    dispatcher = get_class("communication.utils", "Dispatcher")()
    context = {"user": user, "what": what, "counts": counts, "path": path}
    dispatcher.dispatch_user_messages(user, dispatcher.get_messages(EVENT, context))


def _review_path(request: GenerationRequest) -> str:
    path = _path("gan-variant-list")
    return f"{path}?product={request.product_id}&status=all" if path else ""


def _path(name: str, *args) -> str:
    """An address of ours, in the shop's main language; "" where our pages are not mounted."""
    with translation.override(settings.LANGUAGE_CODE):
        try:
            return reverse(f"oscar_gan:{name}", args=args)
        except NoReverseMatch:
            return ""
