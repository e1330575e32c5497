"""Operations for large tables. (Django takes no module that begins with _ for a migration.)"""

from django.db.migrations.operations import AddIndex

_STATE = """
SELECT i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relname = %s AND pg_table_is_visible(c.oid)
"""


class AddIndexOnline(AddIndex):
    """An index that is built while the shop goes on writing.

    On PostgreSQL CONCURRENTLY, so the migration must say `atomic = False`; elsewhere as usual. May
    be run again: what an interrupted build left unusable is dropped, what is there stays.
    (django.contrib.postgres has an AddIndexConcurrently, for PostgreSQL alone.)
    """

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(_STATE, [self.index.name])
            found = cursor.fetchone()
        if found == (True,):
            return
        if found:
            schema_editor.remove_index(model, self.index, concurrently=True)
        schema_editor.add_index(model, self.index, concurrently=True)

    def describe(self):
        return f"{super().describe()}, without stopping writers"
