from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("oscar_gan", "0006_bulk_and_privacy"),
    ]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                (
                    "name",
                    models.CharField(
                        max_length=50, primary_key=True, serialize=False, verbose_name="name"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="when")),
            ],
            options={
                "ordering": ["name"],
                "default_permissions": ("view",),
                "verbose_name": "sign of life",
                "verbose_name_plural": "signs of life",
            },
        ),
        migrations.AddField(
            model_name="generationrequest",
            name="trace_id",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="The web request that asked, as logs name it.",
                max_length=64,
            ),
        ),
    ]
