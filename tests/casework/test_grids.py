"""Grid cells belong to communities and follow what becomes of them."""

from datetime import date
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import Connection, delete

from casework.office import BASE, Headers, Office, furnished, open_office
from casework.test_areas import NEW, change, decide, merged
from conftest import FreshDatabase
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import GridCellChanged
from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.migrations import migrate, with_connection
from onewindow_shared.plumbing.outbox import OutboxRecord
from testkit.api import DONGSHAN, KAIYUAN, XIAN, environment

FIRST, SECOND = f"{XIAN}001", f"{XIAN}002"


def post(office: Office, path: str, body: dict[str, Any], who: Headers | None = None) -> Response:
    response: Response = office.api.client.post(
        f"{BASE}/{path}",
        json=body,
        headers=(who or office.admin) | {"Idempotency-Key": f"grid-cell-{next(office.serials)}"},
    )
    return response


def drawn(office: Office, *codes: str) -> None:
    for code in codes:
        response = post(office, "grids", {"code": code, "name": f"第{int(code[12:])}网格"})
        assert response.status_code == 201, response.text


def listed(office: Office, area: str, as_of: str | None = None) -> list[str]:
    asked = f"areas/{area}/grids" + (f"?as_of={as_of}" if as_of else "")
    return [one["code"] for one in office.read(asked, office.admin)["items"]]


def end(heir: str, on: str) -> dict[str, Any]:
    return {"heir": heir, "effective_on": on, "document_no": "定网格〔2026〕1号"}


def test_cells_of_a_community_that_ended_are_its_heirs(office: Office) -> None:
    drawn(office, FIRST, SECOND, f"{KAIYUAN}001")
    assert listed(office, KAIYUAN) == [f"{KAIYUAN}001"]
    merged(office)
    assert listed(office, KAIYUAN) == [FIRST, SECOND, f"{KAIYUAN}001"]
    assert listed(office, "330902002") == listed(office, KAIYUAN)
    assert office.read(f"grids/{FIRST}", office.admin)["community"] == KAIYUAN
    refused = post(office, "grids", {"code": f"{XIAN}003", "name": "第三网格"})
    assert refused.status_code == 422
    assert KAIYUAN in refused.json()["errors"][0]["detail"]


def test_after_a_split_a_cell_goes_on_under_the_community_in_which_it_lies(office: Office) -> None:
    drawn(office, f"{KAIYUAN}001", f"{KAIYUAN}002")
    body = change(office, "split", {KAIYUAN: KAIYUAN}, KAIYUAN, {"code": NEW, "name": "新园社区"}, days=1)
    assert decide(office, body).status_code == 201
    gone = post(office, f"grids/{KAIYUAN}002/succession", end(f"{NEW}001", "2026-11-24"))
    assert gone.status_code == 201, gone.text
    assert listed(office, KAIYUAN) == [f"{KAIYUAN}001", f"{KAIYUAN}002"]
    office.api.clock.pass_(days=1)
    assert (listed(office, KAIYUAN), listed(office, NEW)) == ([f"{KAIYUAN}001"], [f"{NEW}001"])
    assert office.read(f"grids/{NEW}001", office.admin)["name"] == "第2网格"
    assert listed(office, KAIYUAN, "2026-11-23") == [f"{KAIYUAN}001", f"{KAIYUAN}002"]


def test_cells_join_and_no_code_is_used_twice(office: Office) -> None:
    drawn(office, FIRST, SECOND)
    again = post(office, "grids", {"code": FIRST, "name": "另一网格"})
    assert (again.status_code, again.json()["title"]) == (409, "Cell exists")
    assert post(office, f"grids/{FIRST}/succession", end(SECOND, "2026-12-01")).status_code == 201
    for code, heir, field in (
        (FIRST, SECOND, "effective_on"),
        (SECOND, SECOND, "heir"),
        (SECOND, FIRST, "heir"),
        (SECOND, f"{NEW}001", "heir"),
        (SECOND, "330903002001001", "heir"),
    ):
        refused = post(office, f"grids/{code}/succession", end(heir, "2026-12-01"))
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["loc"][-1] == field, (code, heir)


def test_intake_hears_of_cells_that_are_drawn_and_that_end(office: Office) -> None:
    drawn(office, FIRST, SECOND)
    joined = post(office, f"grids/{FIRST}/succession", end(SECOND, "2026-12-01"))
    assert joined.status_code == 201, joined.text
    told = [(event.code, event.effective_until) for event in office.api.sent(GridCellChanged)]
    assert told == [(FIRST, None), (SECOND, None), (FIRST, date(2026, 11, 30))]


def _forgotten(connection: Connection) -> None:
    connection.execute(delete(table_of(OutboxRecord)))


def test_intake_hears_of_cells_from_before_it_was_told(
    fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = fresh_database("casework", furnished)
    with open_office(url) as office:
        drawn(office, FIRST, SECOND)
        assert post(office, f"grids/{FIRST}/succession", end(SECOND, "2026-12-01")).status_code == 201
        told = {event.code: event for event in office.api.sent(GridCellChanged)}
    for name, value in environment(office.api.runtime.settings).items():
        monkeypatch.setenv(name, value)
    migrate("casework", url, down_to="0040_register_imports")
    with_connection(url, _forgotten)
    migrate("casework", url)
    with open_office(url) as office:
        assert {event.code: event for event in office.api.sent(GridCellChanged)} == told


def test_who_draws_and_who_sees_cells(office: Office) -> None:
    drawn(office, FIRST)
    assert [one["code"] for one in office.read(f"areas/{XIAN}/grids", office.clerk)["items"]] == [FIRST]
    for who in (office.clerk, office.manager, office.officer):
        assert post(office, "grids", {"code": SECOND, "name": "第二网格"}, who).status_code == 403
    stranger = office.api.people.headers(Role.WINDOW_CLERK, DONGSHAN)
    assert office.get(f"grids/{FIRST}", stranger).status_code == 404
    assert office.get(f"areas/{XIAN}/grids", stranger).status_code == 404
    elsewhere = office.api.people.headers(Role.DISTRICT_ADMIN, "330903")
    assert post(office, "grids", {"code": SECOND, "name": "第二网格"}, elsewhere).status_code == 422
    refused = post(office, f"grids/{FIRST}/succession", end(SECOND, "2026-12-01"), elsewhere)
    assert refused.status_code == 404
