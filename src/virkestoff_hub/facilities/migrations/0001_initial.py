"""Links between users and providers, providers' statements, lines of capacity."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def _changed_by() -> models.ForeignKey:
    return models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL,
                             related_name="+", to=settings.AUTH_USER_MODEL)


def _id() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="ProviderLink",
            fields=[
                ("id", _id()),
                ("provider", models.CharField(db_index=True, max_length=80)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("made_by", _changed_by()),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE,
                                           related_name="provider_links", to=settings.AUTH_USER_MODEL)),
            ],
            options={"constraints": (models.UniqueConstraint(fields=("user", "provider"), name="one_link_each"),)},
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", _id()),
                ("provider", models.CharField(db_index=True, max_length=80)),
                ("key", models.CharField(max_length=16)),
                ("answer", models.CharField(choices=[("right", "right"), ("corrected", "corrected"), ("ended", "ended")], max_length=10)),
                ("capability", models.JSONField(default=dict)),
                ("on", models.DateField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_by", _changed_by()),
            ],
            options={"constraints": (models.UniqueConstraint(fields=("provider", "key"), name="one_answer_each"),)},
        ),
        migrations.CreateModel(
            name="CapacityLine",
            fields=[
                ("id", _id()),
                ("provider", models.CharField(db_index=True, max_length=80)),
                ("name", models.CharField(max_length=60)),
                ("data", models.JSONField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("changed", models.DateTimeField(auto_now=True)),
                ("changed_by", _changed_by()),
            ],
            options={"ordering": ("provider", "name"),
                     "constraints": (models.UniqueConstraint(fields=("provider", "name"), name="one_line_of_a_name"),)},
        ),
    ]
