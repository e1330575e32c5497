"""Migrations: what they do to a large table of a shop that goes on selling meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.db import ConnectionHandler, IntegrityError, connection, models
from django.db.migrations import operations
from django.db.migrations.loader import MigrationLoader
from django.test import override_settings

from oscar_gan.migrations._operations import AddIndexOnline
from tests import servers

RELEASED = {"0001_initial"}
"""With 0.1.0; these stay as they are."""
CHECKED_NUMBERS = (models.PositiveIntegerField, models.PositiveBigIntegerField)
CHECKED_NUMBERS += (models.PositiveSmallIntegerField,)
SMALL = {"generatorversion", "colourway", "backfillrun"}
"""Tables of hundreds of rows, where an index or a constraint takes no time."""


def unsafe(migration) -> Iterator[str]:
    """What stops writers, or old code, in the tables that were there before this migration."""
    new = {
        each.name_lower
        for each in migration.operations
        if isinstance(each, operations.CreateModel)
    }
    for operation in migration.operations:
        table = getattr(operation, "model_name", "").lower()
        if table in new:
            continue
        for problem in _problems(operation, table in SMALL):
            yield f"{migration.name}: {type(operation).__name__} of {table}: {problem}"
        if isinstance(operation, AddIndexOnline) and migration.atomic:
            yield f"{migration.name}: AddIndexOnline needs atomic = False"


def _problems(operation, small: bool) -> Iterator[str]:
    if isinstance(operation, operations.AddField):
        yield from _of_field(operation.field, small)
    locks = (operations.AddIndex, operations.AddConstraint)
    if isinstance(operation, locks) and not isinstance(operation, AddIndexOnline) and not small:
        yield "locks the table while it reads all of it; AddIndexOnline does not"
    gone = (operations.RemoveField, operations.DeleteModel, operations.RenameField)
    if isinstance(operation, (*gone, operations.RenameModel)):
        yield "processes of the version before still ask for it; do that a release later"
    if isinstance(operation, operations.RunPython | operations.RunSQL):
        yield "rows are written by a command or the sweep, in portions, not in a migration"


def _of_field(field, small: bool) -> Iterator[str]:
    if not field.null and field.db_default is models.NOT_PROVIDED and not field.many_to_many:
        yield "not null without db_default: rows that the version before writes are refused"
    if (field.db_index or field.unique) and not small:
        yield "its index locks the table; db_index=False and AddIndexOnline do not"
    if isinstance(field, CHECKED_NUMBERS) and not small:
        yield "its check reads the whole table under a lock; take IntegerField"


@pytest.fixture(scope="module")
def migrations():

    with override_settings(MIGRATION_MODULES={}):  # pytest runs with --no-migrations
        found = MigrationLoader(None).disk_migrations
    return {name: each for (app, name), each in found.items() if app == "oscar_gan"}


def test_no_migration_stops_a_large_shop(migrations):
    assert migrations.keys() > RELEASED
    found = [
        problem
        for name, migration in sorted(migrations.items())
        if name not in RELEASED
        for problem in unsafe(migration)
    ]
    assert found == []


def _migration(*done, atomic=True):
    return type("Migration", (), {"name": "0009", "operations": done, "atomic": atomic})


@pytest.mark.parametrize(
    ("operation", "part"),
    [
        (operations.AddField("VariantImage", "x", models.JSONField(default=list)), "db_default"),
        (operations.AddField("VariantImage", "x", models.SlugField(null=True)), "index"),
        (
            operations.AddField("VariantImage", "x", models.PositiveIntegerField(null=True)),
            "check",
        ),
        (operations.AddIndex("VariantImage", models.Index(fields=["x"], name="x")), "locks"),
        (operations.RemoveField("VariantImage", "label"), "a release later"),
        (operations.RunPython(operations.RunPython.noop), "portions"),
        (AddIndexOnline("VariantImage", models.Index(fields=["x"], name="x")), "atomic"),
    ],
)
def test_the_rules_find_what_they_are_for(operation, part):
    (problem,) = unsafe(_migration(operation))
    assert part in problem


def test_what_is_safe_passes():
    field = models.JSONField(default=list, db_default=[])
    index = AddIndexOnline("VariantImage", models.Index(fields=["x"], name="x"))
    assert list(unsafe(_migration(operations.AddField("VariantImage", "x", field)))) == []
    assert list(unsafe(_migration(index, atomic=False))) == []


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["variantimage", "publication", "matte", "generatorversion"])
def test_the_database_fills_in_what_the_version_before_does_not_know(table):
    """Old processes insert without the new columns while a deployment goes on."""
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, f"oscar_gan_{table}")
    defaults = {column.name: column.default for column in columns}
    new = {
        "variantimage": ("colours", "doubt"),
        "publication": ("alt_texts", "position", "replace"),
        "matte": ("layers_name",),
        "generatorversion": ("files", "pinned"),
    }
    assert all(defaults[name] is not None for name in new[table]), defaults


@pytest.fixture
def postgres():
    """A connection to the tests' PostgreSQL with a small table, gone afterwards."""
    parts = urlsplit(servers.require(servers.POSTGRES))
    handler = ConnectionHandler(
        {
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": parts.path.lstrip("/"),
                "USER": parts.username,
                "PASSWORD": parts.password,
                "HOST": parts.hostname,
                "PORT": parts.port,
            }
        }
    )
    link = handler["default"]
    _execute(link, "DROP TABLE IF EXISTS gan_online; CREATE TABLE gan_online (id int, note text)")
    yield link
    _execute(link, "DROP TABLE gan_online")
    link.close()


def _execute(link, sql: str) -> list:
    with link.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


class _Note(models.Model):
    note = models.TextField()

    class Meta:
        app_label = "oscar_gan_online"
        db_table = "gan_online"
        managed = False

    def __str__(self) -> str:
        return self.note


def _build_online(link) -> None:
    operation = AddIndexOnline("Note", models.Index(fields=["note"], name="gan_online_note"))
    state = SimpleNamespace(apps=SimpleNamespace(get_model=lambda *names: _Note))
    with link.schema_editor(atomic=False) as editor:
        operation.allow_migrate_model = lambda alias, model: True
        operation.database_forwards("oscar_gan", editor, state, state)


VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'gan_online_note'::regclass"


@pytest.mark.services
@pytest.mark.django_db
def test_an_index_is_built_online_once_and_anew_after_an_interruption(postgres):
    for _ in range(2):  # a migration that failed later is run again
        _build_online(postgres)
    assert _execute(postgres, VALID) == [(True,)]
    _execute(
        postgres, "DROP INDEX gan_online_note; INSERT INTO gan_online VALUES (1, 'a'), (2, 'a')"
    )
    with pytest.raises(IntegrityError):  # as a server that goes down in the middle leaves it
        _execute(postgres, "CREATE UNIQUE INDEX CONCURRENTLY gan_online_note ON gan_online (note)")
    assert _execute(postgres, VALID) == [(False,)]
    _build_online(postgres)
    assert _execute(postgres, VALID) == [(True,)]
