from django.db import migrations, models
from django.db.models import Q

from ._operations import AddIndexOnline


class Migration(migrations.Migration):
    """Indexes on what may be large; alone, because they are built outside a transaction."""

    atomic = False
    dependencies = [("oscar_gan", "0007_ops")]

    operations = [
        AddIndexOnline(
            "variantimage",
            models.Index(fields=["status", "-doubt", "id"], name="gan_variant_doubt"),
        ),
        AddIndexOnline(
            "variantimage",
            models.Index(
                fields=["-finished_at"],
                condition=Q(seconds__isnull=False),
                name="gan_variant_finished",
            ),
        ),
        AddIndexOnline(
            "variantimage",
            models.Index(
                fields=["print"], condition=Q(print__isnull=False), name="gan_variant_print"
            ),
        ),
        AddIndexOnline(
            "variantimage",
            models.Index(
                fields=["reference"],
                condition=Q(reference__isnull=False),
                name="gan_variant_reference",
            ),
        ),
        AddIndexOnline(
            "variantimage",
            models.Index(
                fields=["take_of"], condition=Q(take_of__isnull=False), name="gan_variant_take"
            ),
        ),
        AddIndexOnline(
            "generationrequest",
            models.Index(fields=["-finished_at"], name="gan_request_finished"),
        ),
        AddIndexOnline(
            "publication",
            models.Index(
                fields=["run"], condition=Q(run__isnull=False), name="gan_publication_run"
            ),
        ),
        AddIndexOnline(
            "publishedimage",
            models.Index(
                fields=["replaced_by"],
                condition=Q(replaced_by__isnull=False),
                name="gan_published_replaced",
            ),
        ),
    ]
