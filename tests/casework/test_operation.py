"""What operators rely on: migrations there and back, a description that is fresh, readiness."""

import json
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, inspect

from casework.office import Office
from onewindow_casework.app import SERVICE
from onewindow_shared.plumbing.migrations import configuration, migrate, with_connection
from onewindow_shared.plumbing.sealed import reencrypt
from onewindow_shared.plumbing.service import create_app
from testkit import databases

DESCRIPTION = Path(__file__).parents[2] / "services" / "casework" / "openapi.json"


@pytest.fixture
def empty_database(backend: str, tmp_path: Path) -> str:
    if backend == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    return databases.create_postgres("onewindow_test_casework_migrations")


def test_migrations_go_up_and_down_and_up_again_and_make_what_the_code_expects(
    backend: str, empty_database: str
) -> None:
    def tables(connection: Connection) -> None:
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}

    migrate("casework", empty_database)
    migrate("casework", empty_database, down_to="base")
    with_connection(empty_database, tables)
    migrate("casework", empty_database)
    with_connection(empty_database, lambda connection: command.check(configuration("casework", connection)))
    if backend == "postgresql":
        databases.drop_postgres("onewindow_test_casework_migrations")


def test_the_committed_description_is_the_one_that_the_code_gives() -> None:
    described = create_app(SERVICE).openapi()
    assert json.loads(DESCRIPTION.read_text(encoding="utf-8")) == json.loads(json.dumps(described))


def test_the_service_says_that_it_is_ready(office: Office) -> None:
    assert office.api.client.get("/readyz").json()["ready"] is True


def test_receivers_are_sealed_and_can_be_sealed_again(office: Office) -> None:
    case_no = office.decided()
    body = {"method": "pick_up", "proof": "签收", "receiver": "王小明"}
    office.must(office.clerk, "delivery", case_no, body)
    office.delivered()
    assert office.api.system(lambda unit: reencrypt(unit.session, unit.vault, SERVICE.sealed)) == 0
