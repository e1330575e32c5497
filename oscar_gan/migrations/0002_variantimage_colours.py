from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("oscar_gan", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="variantimage",
            name="colours",
            field=models.JSONField(
                blank=True,
                db_default=[],
                default=list,
                help_text="Per base colour of the product: what it was, was to be, and became.",
                verbose_name="colours made",
            ),
        ),
    ]
