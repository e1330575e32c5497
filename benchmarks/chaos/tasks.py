"""What people do in the web, done in a worker, so that it can be killed in the middle."""

from celery import shared_task


@shared_task(name="chaos.revert", acks_late=True, ignore_result=True)
def revert(publication_id: int) -> None:
    """Take a publication back, as a button does; one that is back already stays so."""
    from oscar_gan.errors import OscarGanError
    from oscar_gan.models import Publication
    from oscar_gan.services import publishing

    publication = Publication.objects.live().filter(pk=publication_id).first()
    if publication is None:
        return
    try:
        publishing.revert(publication=publication, reverted_by=None, automatic=True)
    except OscarGanError as error:
        print(f"Not reverted: {error}")
