"""Statements that no source makes, and every version of what a provider said."""

import datetime
from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

ANSWERS = [(a, a) for a in ("right", "corrected", "ended", "wrong", "open", "added")]


def keep_what_stands(apps: Any, schema_editor: Any) -> None:
    """What was said before versions were kept begins its history as it stands."""
    kept = apps.get_model("facilities", "StatementVersion")
    kept.objects.bulk_create(
        kept(provider=s.provider, key=s.key, version=s.version, answer=s.answer,
             capability=s.capability, by_id=s.changed_by_id,
             at=datetime.datetime.combine(s.on, datetime.time(12), datetime.UTC))
        for s in apps.get_model("facilities", "Statement").objects.all()
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("facilities", "0001_initial"),
                    migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.AlterField("statement", "answer", models.CharField(choices=ANSWERS, max_length=10)),
        migrations.CreateModel(
            name="StatementVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False,
                                           verbose_name="ID")),
                ("provider", models.CharField(max_length=80)),
                ("key", models.CharField(max_length=16)),
                ("version", models.PositiveIntegerField()),
                ("answer", models.CharField(choices=ANSWERS, max_length=10)),
                ("capability", models.JSONField(default=dict)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", models.ForeignKey(blank=True, null=True, related_name="+",
                                         on_delete=django.db.models.deletion.SET_NULL,
                                         to=settings.AUTH_USER_MODEL)),
            ],
            options={"ordering": ("provider", "key", "-version"),
                     "constraints": (models.UniqueConstraint(
                         fields=("provider", "key", "version"), name="one_of_a_version"),)},
        ),
        migrations.RunPython(keep_what_stands, migrations.RunPython.noop),
    ]
