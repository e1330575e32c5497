"""What follows when rows of Oscar's or of ours change: renditions come and go with pictures."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from oscar.core.loading import get_model

from ..conf import get_config
from ..models import RenditionSet


def connect() -> None:
    """Listen to saved pictures and deleted renditions; called once all models are loaded."""
    images = get_model("catalogue", "ProductImage")
    post_save.connect(_picture_saved, images, dispatch_uid="oscar_gan.picture_saved")
    post_delete.connect(_renditions_gone, RenditionSet, dispatch_uid="oscar_gan.renditions_gone")


def _picture_saved(instance, raw: bool = False, **kwargs) -> None:
    from ..services import renditions

    if not raw and instance.original and get_config().renditions:
        transaction.on_commit(partial(renditions.request, instance.pk))


def _renditions_gone(instance, **kwargs) -> None:
    from ..services import dispatch

    if instance.stem:
        send = partial(dispatch.send_task, "oscar_gan.forget_renditions", instance.stem)
        transaction.on_commit(partial(send, queue="housekeeping"))
