"""One tree for both databases: up, down, up again, all or nothing, and one migrator at a time."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Connection, inspect

from onewindow_shared.plumbing.database import connect
from onewindow_shared.plumbing.migrations import migrate, missing_revision, newest_revision, with_connection
from testkit import databases

ENV = """
from onewindow_shared.plumbing.database import metadata
from onewindow_shared.plumbing.migrations import run_env
run_env([metadata()])
"""
FIRST = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0001_first", None
def upgrade():
    op.create_table("parents", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table("children", sa.Column("parent", sa.Integer, sa.ForeignKey("parents.id", ondelete="CASCADE")))
    op.execute("INSERT INTO parents VALUES (1)")
    op.execute("INSERT INTO children VALUES (1)")
def downgrade():
    op.drop_table("children")
    op.drop_table("parents")
"""
SECOND = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0002_second", "0001_first"
def upgrade():
    with op.batch_alter_table("parents") as table:
        table.add_column(sa.Column("name", sa.String, nullable=False, server_default=""))
def downgrade():
    with op.batch_alter_table("parents") as table:
        table.drop_column("name")
"""
BROKEN = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0003_broken", "0002_second"
def upgrade():
    op.create_table("half", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("INSERT INTO nowhere VALUES (1)")
"""


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The revisions of a service named trial."""
    package = tmp_path / "onewindow_trial"
    folder = package / "migrations" / "versions"
    folder.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "migrations" / "env.py").write_text(ENV, encoding="utf-8")
    (folder / "0001_first.py").write_text(FIRST, encoding="utf-8")
    (folder / "0002_second.py").write_text(SECOND, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    newest_revision.cache_clear()
    yield folder
    newest_revision.cache_clear()
    sys.modules.pop("onewindow_trial", None)


@pytest.fixture
def trial(backend: str, tmp_path: Path) -> Iterator[str]:
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path}/trial.sqlite3"
    else:
        name = f"onewindow_test_trial_{os.getpid()}"
        yield databases.create_postgres(name)
        databases.drop_postgres(name)


def tables(url: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}

    def look(connection: Connection) -> None:
        inspector = inspect(connection)
        for name in sorted(inspector.get_table_names()):
            if name != "alembic_version":
                found[name] = [column["name"] for column in inspector.get_columns(name)]

    with_connection(url, look)
    return found


def rows(url: str) -> list[int]:
    found: list[int] = []
    with_connection(
        url,
        lambda connection: found.extend(connection.exec_driver_sql("SELECT parent FROM children").scalars()),
    )
    return found


NEWEST = {"children": ["parent"], "parents": ["id", "name"]}


@pytest.mark.usefixtures("versions")
def test_up_down_and_up_again(trial: str) -> None:
    migrate("trial", trial)
    assert tables(trial) == NEWEST
    assert rows(trial) == [1], "changing a table removes no rows that point to it"
    migrate("trial", trial, down_to="0001_first")
    assert tables(trial) == {"children": ["parent"], "parents": ["id"]}
    assert rows(trial) == [1]
    migrate("trial", trial, down_to="base")
    assert tables(trial) == {}
    migrate("trial", trial)
    migrate("trial", trial)
    assert tables(trial) == NEWEST


def test_a_revision_that_fails_leaves_nothing_behind(versions: Path, trial: str) -> None:
    migrate("trial", trial)
    (versions / "0003_broken.py").write_text(BROKEN, encoding="utf-8")
    with pytest.raises(Exception, match="nowhere"):
        migrate("trial", trial)
    assert tables(trial) == NEWEST


@pytest.mark.usefixtures("versions")
def test_two_migrators_wait_for_one_another(trial: str) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: migrate_in_a_process(trial), range(2)))
    assert tables(trial) == NEWEST
    assert rows(trial) == [1]


def migrate_in_a_process(url: str) -> None:
    code = f"from onewindow_shared.plumbing.migrations import migrate; migrate('trial', {url!r})"
    subprocess.run(
        [sys.executable, "-c", code], check=True, env={"PYTHONPATH": os.pathsep.join(sys.path)}, timeout=60
    )


@pytest.mark.usefixtures("versions")
async def test_readiness_says_which_revision_is_missing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ready.sqlite3"
    runtime = SimpleNamespace(name="trial", database=connect(url))
    assert await missing_revision(runtime) == (  # type: ignore[arg-type]
        "the database is at revision None, the code expects 0002_second"
    )
    migrate("trial", url, down_to=None)
    assert await missing_revision(runtime) is None  # type: ignore[arg-type]
    await runtime.database.close()
