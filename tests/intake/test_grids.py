"""A case may say in which grid cell its matter lies; it is counted by it."""

from datetime import date

import pytest

from intake.window import NO_PAPERS, Somebody, form, joined, somebody, wrong_fields
from onewindow_intake.metrics.queries import recount
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import CaseAccepted, GridCellChanged
from onewindow_shared.plumbing.rollups import fold, rebuild
from testkit.api import KAIYUAN, XIAN, Api

FIRST, SECOND = f"{XIAN}001", f"{XIAN}002"


def drawn(api: Api, *codes: str, since: date | None = None, until: date | None = None) -> None:
    """As casework tells of cells."""
    cells = [GridCellChanged(code=code, effective_from=since, effective_until=until) for code in codes]
    api.receive(*cells, source="casework")


def by_grid(api: Api) -> dict[str, int]:
    admin = somebody(api, Role.DISTRICT_ADMIN, "330902")
    answer = admin.get("metrics/areas/330902/parts", **{"by": "grid", "from": "2026-11-01"})
    assert answer.status_code == 200, answer.text
    return {part["key"]: part["figures"]["cases.received"] for part in answer.json()["parts"]}


def test_cases_are_counted_by_the_cell_in_which_they_lie(api: Api, clerk: Somebody) -> None:
    drawn(api, FIRST, SECOND)
    case = clerk.posted(item=NO_PAPERS, grid=FIRST, accept=True)
    clerk.posted(item=NO_PAPERS, grid=FIRST, serial=2)
    clerk.posted(item=NO_PAPERS, grid=SECOND, serial=3)
    clerk.posted(item=NO_PAPERS, serial=4)
    assert clerk.case(case)["grid"] == FIRST
    counted = {FIRST: 2, SECOND: 1}
    assert by_grid(api) == counted
    api.system(lambda unit: fold(unit.session))
    assert by_grid(api) == counted
    api.system(lambda unit: rebuild(unit.session, recount(unit)))
    assert by_grid(api) == counted


def test_casework_is_told_of_the_cell(api: Api, clerk: Somebody) -> None:
    drawn(api, FIRST)
    clerk.posted(item=NO_PAPERS, grid=FIRST, accept=True)
    assert api.sent(CaseAccepted)[-1].grid == FIRST


@pytest.mark.parametrize(
    ("code", "since", "until"),
    [
        (f"{KAIYUAN}001", None, None),
        (f"{XIAN}003", None, None),
        (SECOND, date(2026, 11, 24), None),
        (SECOND, None, date(2026, 11, 22)),
    ],
)
def test_another_cell_is_refused(
    api: Api, clerk: Somebody, code: str, since: date | None, until: date | None
) -> None:
    drawn(api, FIRST, f"{KAIYUAN}001")
    drawn(api, SECOND, since=since, until=until)
    assert wrong_fields(clerk.apply(form(item=NO_PAPERS, grid=code))) == {"grid"}


def test_a_cell_that_was_just_drawn_is_known_at_once(api: Api, clerk: Somebody) -> None:
    clerk.posted(item=NO_PAPERS)
    drawn(api, FIRST)
    clerk.posted(item=NO_PAPERS, grid=FIRST, serial=2)


def test_cells_of_a_community_that_ended_are_its_heirs(api: Api) -> None:
    drawn(api, FIRST)
    api.receive(joined(XIAN, KAIYUAN, date(2026, 11, 22)), source="casework")
    clerk = somebody(api, Role.WINDOW_CLERK, KAIYUAN)
    clerk.posted(item=NO_PAPERS, community=KAIYUAN, grid=FIRST)
    assert by_grid(api) == {FIRST: 1}


def test_an_ended_cell_stays_ended_whatever_comes_late(api: Api, clerk: Somebody) -> None:
    drawn(api, FIRST, until=date(2026, 11, 22))
    drawn(api, FIRST)
    assert wrong_fields(clerk.apply(form(item=NO_PAPERS, grid=FIRST))) == {"grid"}
