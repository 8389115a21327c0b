"""Every service's tree of migrations is one line, goes up, down and up, and makes what the models say."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, String, inspect

from guards.suite import each_service, service
from onewindow_shared.plumbing.migrations import configuration, migrate, with_connection
from testkit import databases


@pytest.fixture
def url(backend: str, name: str, tmp_path: Path) -> Iterator[str]:
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path}/{name}.sqlite3"
    else:
        database = f"onewindow_test_tree_{name}_{tmp_path.name}"[:63]
        yield databases.create_postgres(database)
        databases.drop_postgres(database)


def look(url: str, work: Any) -> Any:
    found: list[Any] = []
    with_connection(url, lambda connection: found.append(work(connection)))
    return found[0]


def shape(connection: Connection) -> dict[str, Any]:
    inspector = inspect(connection)
    return {
        table: {
            "columns": sorted(column["name"] for column in inspector.get_columns(table)),
            "indexes": sorted(str(index["name"]) for index in inspector.get_indexes(table)),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


@each_service
def test_the_tree_is_one_line_and_files_are_called_like_their_revisions(name: str) -> None:
    tree = ScriptDirectory.from_config(configuration(name))
    assert len(tree.get_heads()) == 1
    revisions = list(tree.walk_revisions())
    for number, revision in enumerate(reversed(revisions), start=1):
        assert Path(revision.path).stem == revision.revision
        assert revision.revision.startswith(f"{number:04}_")
        assert not isinstance(revision.down_revision, tuple)
        assert revision.doc


@each_service
def test_no_revision_is_longer_than_its_column(name: str) -> None:
    """SQLite takes any, PostgreSQL refuses what is longer."""
    room = MigrationContext.configure(dialect_name="postgresql")._version.c.version_num.type
    assert isinstance(room, String)
    assert room.length == 32
    tree = ScriptDirectory.from_config(configuration(name))
    assert [one.revision for one in tree.walk_revisions() if len(one.revision) > room.length] == []


@each_service
def test_up_down_and_up_again(name: str, url: str) -> None:
    migrate(name, url)
    first = look(url, shape)
    migrate(name, url, down_to="base")
    assert look(url, shape) == {}
    migrate(name, url)
    assert look(url, shape) == first


@each_service
def test_the_migrated_database_is_what_the_models_say(name: str, url: str) -> None:
    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, service(name).all_tables))  # type: ignore[arg-type]

    migrate(name, url)
    assert look(url, differences) == []
    with_connection(url, lambda connection: command.check(configuration(name, connection)))
