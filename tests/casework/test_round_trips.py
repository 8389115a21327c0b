"""A step with a case is a handful of statements: each costs more than what it does."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.engine import Engine

from casework.office import Office

MOST = {"claim": 8, "start": 8, "decision": 13, "delivery": 11, "closure": 16}
"""Statements of a step on SQLite, which writes table by table."""


@contextmanager
def asked() -> Iterator[list[str]]:
    """Gather what the database is asked meanwhile.

    Left out are beginnings of transactions, and the register, which is looked at once in a while.
    """
    statements: list[str] = []

    def seen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "SELECT areas.code")):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", seen)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", seen)


def test_no_step_of_an_ordinary_life_asks_the_database_often(office: Office) -> None:
    case_no = office.accepted()
    for who, step, body in (
        (office.agent, "claim", {}),
        (office.agent, "start", {}),
        (office.officer, "decision", {"outcome": "grant", "reasons": "依据第九条"}),
        (office.clerk, "delivery", {"method": "pick_up", "proof": "本人签收"}),
        (office.clerk, "closure", {}),
    ):
        version = office.case(case_no)["version"]
        with asked() as statements:
            assert office.do(who, step, case_no, body, seen=version).status_code == 200
        assert len(statements) <= MOST[step], statements
    assert office.case(case_no)["status"] == "closed"


def test_a_case_is_read_in_a_handful_of_statements(office: Office) -> None:
    case_no = office.delivered()
    with asked() as statements:
        assert office.case(case_no)["delivery"]["method"] == "pick_up"
    assert len(statements) <= 3, statements
