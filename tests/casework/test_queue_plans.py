"""What waits for somebody is read in its order along an index, however much else waits."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, select, text

from casework.office import DEPARTMENT, Office
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.handling.queries import Filters, several
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.numbers import case_number
from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.scope import Scope
from onewindow_shared.plumbing.unit import Actor, Unit
from testkit.api import MONDAY, XIAN

CASES, MANY, PLACES = table_of(CaseFile), 6_000, 100
AGENT = Actor("officer-1", "", frozenset({Role.AGENT_OFFICER}), Scope(area=XIAN))
OFFICER = Actor("o", "", frozenset({Role.DEPARTMENT_OFFICER}), Scope(area="330902", department=DEPARTMENT))
ADMIN = Actor("a", "", frozenset({Role.DISTRICT_ADMIN}), Scope(area="330902"))


def many(unit: Unit) -> None:
    """Copy the one case into many communities, each with an officer of its own."""
    found = dict(unit.session.connection().execute(select(CASES)).mappings().one())
    del found["id"]
    rows = [
        {
            **found,
            "case_no": case_number(XIAN, MONDAY.date(), n + 1_000),
            "community": f"{XIAN[:9]}{n % PLACES + 1:03d}",
            "department": (DEPARTMENT, "health", "housing", "water")[n // PLACES % 4],
            **dict.fromkeys(("handler", "handler_name"), f"officer-{n % PLACES + 1}"),
            "promised_due_on": MONDAY.date() + timedelta(days=n % 60 - 30),
        }
        for n in range(MANY)
    ]
    unit.session.execute(insert(CASES), rows)
    unit.session.execute(text("ANALYZE"))


def plan(unit: Unit, filters: Filters) -> str:
    """Return how the database reads the page."""
    asked: list[Any] = []
    connection = unit.session.connection()

    def seen(*args: Any) -> None:
        asked.append(args[2:4])

    event.listen(connection, "before_cursor_execute", seen)
    several(unit, Wanted(), filters)
    event.remove(connection, "before_cursor_execute", seen)
    statement, given = next(one for one in asked if "FROM cases" in one[0])
    how = "EXPLAIN QUERY PLAN" if unit.dialect == "sqlite" else "EXPLAIN"
    return str(connection.exec_driver_sql(f"{how} {statement}", given).all())


@pytest.mark.parametrize(
    ("actor", "filters"),
    [
        (AGENT, Filters(open=True, assignee="me")),
        (OFFICER, Filters(open=True)),
        (ADMIN, Filters(open=True, due_before=MONDAY.date())),
    ],
)
def test_a_page_of_what_waits_is_not_sorted(office: Office, actor: Actor, filters: Filters) -> None:
    office.accepted()
    office.api.system(many)
    assert office.api.client.portal is not None
    how = office.api.client.portal.call(office.api.runtime.read, actor, plan, filters)
    assert "promised_due_on_id" in how, how
    assert not [word for word in ("Sort", "TEMP B-TREE", "Seq Scan", "SCAN cases") if word in how], how
