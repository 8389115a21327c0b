"""Tables whose rows never change once they are written: the database itself refuses it.

For migrations. Emptying a whole table (`TRUNCATE`) stays possible for whoever owns the database.
"""

from alembic import op


def freeze(table: str) -> None:
    """Have the database refuse every UPDATE and DELETE of a table's rows."""
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER frozen_{table}_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is frozen'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION frozen_{table}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is frozen'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER frozen_{table} BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION frozen_{table}()"
    )


def thaw(table: str) -> None:
    """Let rows of a table be changed again; before a change of the table itself, or its end."""
    if op.get_bind().dialect.name == "sqlite":
        for change in ("update", "delete"):
            op.execute(f"DROP TRIGGER frozen_{table}_{change}")
        return
    op.execute(f"DROP TRIGGER frozen_{table} ON {table}")
    op.execute(f"DROP FUNCTION frozen_{table}()")
