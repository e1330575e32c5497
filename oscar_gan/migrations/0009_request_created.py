from django.db import migrations, models

from ._operations import AddIndexOnline


class Migration(migrations.Migration):
    """The list of requests, newest first; alone, because it is built outside a transaction."""

    atomic = False
    dependencies = [("oscar_gan", "0008_ops_indexes")]

    operations = [
        AddIndexOnline(
            "generationrequest",
            models.Index(fields=["-created_at"], name="gan_request_created"),
        ),
    ]
