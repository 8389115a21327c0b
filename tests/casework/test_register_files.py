"""The register as a file: taken in with every bad row named, written out without loss."""

import json
from typing import Any

import pytest
import yaml
from httpx2 import Response

from casework.office import BASE, Headers, Office
from casework.test_areas import NEW, merged, renewed, taken_back
from casework.test_grids import drawn
from casework.test_norms import enter as enter_norm
from casework.test_values import known, must_enter, populations, value
from onewindow_casework.app import SERVICE
from onewindow_casework.exchange import files, rules
from onewindow_casework.exchange.rules import Register
from onewindow_casework.exchange.service import AT_ONCE
from onewindow_casework.seed import seed
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import GridCellChanged
from onewindow_shared.plumbing.migrations import migrate
from onewindow_shared.plumbing.sheets import XLSX_TYPE
from onewindow_shared.plumbing.workbooks import Book
from onewindow_shared.plumbing.yamlfiles import YAML_TYPE
from testkit.api import DONGSHAN, KAIYUAN, XIAN, running

AREA = {"code": NEW, "name": "西源社区居委会", "kind": "residents_committee"}


def dump(document: Any) -> bytes:
    """Write a file without references, which are not read; JSON is YAML."""
    return json.dumps(document, ensure_ascii=False).encode()


def told(kind: str, written: str | None, area: str = XIAN, **more: Any) -> dict[str, Any]:
    return {"area": area} | value(kind, written) | more


def send(
    office: Office,
    file: bytes,
    kind: str = YAML_TYPE,
    who: Headers | None = None,
    at: str = "330902",
    **asked: Any,
) -> Response:
    response: Response = office.api.client.post(
        f"{BASE}/register/{at}/imports",
        content=file,
        params=asked,
        headers=(who or office.admin)
        | {"Content-Type": kind, "Idempotency-Key": f"register-{next(office.serials)}"},
    )
    return response


def took(office: Office, file: bytes, kind: str = YAML_TYPE, **asked: Any) -> dict[str, Any]:
    response = send(office, file, kind, **asked)
    assert response.status_code == 201, response.text
    found: dict[str, Any] = response.json()
    return found


def export(office: Office, kind: str = "yaml") -> bytes:
    response = office.get(f"register/330902/export?format={kind}", office.admin)
    assert response.status_code == 200
    content: bytes = response.content
    return content


def counts(found: dict[str, Any]) -> tuple[int, ...]:
    return tuple(found[name] for name in ("added", "changed", "unchanged", "bad"))


@pytest.mark.parametrize(("kind", "media"), [("yaml", YAML_TYPE), ("xlsx", XLSX_TYPE)])
def test_what_is_written_out_is_taken_in_elsewhere_without_loss(
    office: Office, tmp_path_factory: pytest.TempPathFactory, kind: str, media: str
) -> None:
    office.api.system(seed)
    must_enter(office, value("facility_area", "120.5"), value("staff", None), value("households", "12", None))
    must_enter(office, value("service_hours", "1-5 08:30-11:30 14:00-17:00; 6 09:00-11:30"), at=DONGSHAN)
    drawn(office, f"{XIAN}001", f"{KAIYUAN}001")
    assert enter_norm(office, code="facility-policy", valid_from="2026-03-01").status_code == 201
    assert taken_back(office, renewed(office, days=7).json()["no"]).status_code == 201
    merged(office)
    before, document = export(office, kind), yaml.safe_load(export(office))
    assert counts(took(office, before, media))[:2] == (0, 0), "nothing is new here"
    elsewhere = f"sqlite:///{tmp_path_factory.mktemp('elsewhere')}/casework.sqlite3"
    migrate("casework", elsewhere)
    with running(SERVICE, elsewhere) as api:
        other = Office(api)
        found = took(other, before, media)
        api.quiet()
        assert counts(found) == (sum(map(len, document.values())), 0, 0, 0), found["faults"][:3]
        assert yaml.safe_load(export(other)) == document
        assert other.read(f"areas/{XIAN}", {})["heir"] == KAIYUAN
        assert other.read(f"areas/{DONGSHAN[:9]}", {})["population"] == 30049


def test_a_dry_run_says_what_would_be_and_writes_nothing(office: Office) -> None:
    file = dump({"areas": [AREA], "values": [told("population", "4200", NEW)]})
    dry = took(office, file, dry_run=True)
    assert (dry["status"], dry["dry_run"], counts(dry)) == ("done", True, (2, 0, 0, 0))
    assert office.get(f"areas/{NEW}", {}).status_code == 404
    assert counts(took(office, file)) == (2, 0, 0, 0)
    assert known(office, NEW) == {"population": "4200"}
    assert populations(office, NEW) == [None, 4200]
    assert counts(took(office, file)) == (0, 0, 2, 0)


BAD = {
    "areas": [
        AREA,
        {"code": "330902009001", "name": "无街社区", "kind": "residents_committee"},
        {"code": "330903001", "name": "别区街道", "kind": "street"},
        {"code": KAIYUAN, "name": "开源新社区", "kind": "villagers_committee"},
        AREA,
        "西安社区",
    ],
    "values": [
        told("staff", "7"),
        told("staff", "七"),
        told("staff", "8", "330902009001"),
        told("facility_area", "80", unit="亩"),
    ],
    "grids": [{"code": f"{NEW}001", "name": "第一网格"}, {"code": "330902009001001", "name": "无"}],
    "norms": [{"code": "size", "name": "规模"}],
}


def test_every_bad_row_is_named_with_its_reason_and_nothing_is_written(office: Office) -> None:
    found = took(office, dump(BAD))
    assert (found["status"], found["bad"]) == ("refused", 10)
    faults = {one["row"]: one["reason"] for one in found["faults"]}
    assert set(faults) == {
        *("areas.1", "areas.2", "areas.3", "areas.4", "areas.5"),
        *("values.1", "values.2", "values.3", "grids.1", "norms.0"),
    }
    assert "no street" in faults["areas.1"]
    assert "district" in faults["areas.2"]
    assert "decisions alone" in faults["areas.3"]
    assert faults["areas.4"] == "this stands in areas.0 already"
    assert "㎡" in faults["values.3"]
    assert "staff" not in known(office)


def test_a_day_that_is_none_is_a_bad_row_of_a_file_that_is_read(office: Office) -> None:
    rows = [told("staff", "7", valid_from=day) for day in ("DAY", "NUMBER")]
    file = dump({"values": rows}).replace(b'"DAY"', b"2027-02-30").replace(b'"NUMBER"', b".nan")
    found = took(office, file)
    assert {(one["row"], one["field"]) for one in found["faults"]} == {
        ("values.0", "valid_from"),
        ("values.1", "valid_from"),
    }


def test_the_good_rows_alone_are_taken_where_that_is_wanted(office: Office) -> None:
    found = took(office, dump(BAD), mode="good_rows_only")
    assert (found["status"], counts(found)) == ("done", (3, 0, 0, 10))
    assert known(office)["staff"] == "7"
    assert [one["code"] for one in office.read(f"areas/{NEW}/grids", office.admin)["items"]] == [f"{NEW}001"]
    assert [event.code for event in office.api.sent(GridCellChanged)] == [f"{NEW}001"]


MANY = 2 * AT_ONCE + 50


def street_full(many: int = MANY) -> dict[str, list[dict[str, Any]]]:
    """A new street of so many rows: communities with heirs behind them, a value of each, and its first cell."""
    street = {"code": "330902077", "name": "新街道", "kind": "street"}
    codes = [f"330902077{n:03d}" for n in range(1, (many - 1) // 3 + 1)]
    areas = [AREA | {"code": code, "name": f"新社区{code[-3:]}"} for code in codes]
    areas[0] |= {"effective_until": "2025-12-31", "heir": codes[-1]}
    areas[1] |= {"effective_until": "2025-06-30", "heir": codes[0]}
    values = [told("population", str(1000 + n), code) for n, code in enumerate(codes[2:])]
    return {
        "areas": [*areas, street],
        "values": values,
        "grids": [{"code": f"{code}001", "name": "第一网格"} for code in codes],
    }


def job(office: Office, found: dict[str, Any], who: Headers | None = None) -> Any:
    path, reader = f"register/330902/imports/{found['import_no']}", who or office.admin
    return office.read(path, reader) | {"faults": office.read(f"{path}/faults", reader)["items"]}


def test_a_long_file_is_written_slice_by_slice(office: Office) -> None:
    document = street_full()
    rows = sum(map(len, document.values()))
    begun = took(office, dump(document))
    assert (begun["status"], begun["done"], begun["total"]) == ("running", AT_ONCE, rows)
    assert counts(begun) == (rows, 0, 0, 0)
    office.api.tick()
    assert job(office, begun)["done"] == 2 * AT_ONCE
    office.api.quiet()
    done = job(office, begun)
    assert (done["status"], done["done"], done["faults"]) == ("done", rows, [])
    assert counts(took(office, dump(document))) == (0, 0, rows, 0)
    kept = {row["code"]: row for row in yaml.safe_load(export(office))["areas"]}
    assert [kept[row["code"]]["heir"] for row in document["areas"][:2]] == [
        document["areas"][-2]["code"],
        "330902077001",
    ]
    assert populations(office, "330902077009")[-1] == 1006


def test_what_somebody_decided_meanwhile_stands_and_is_named(office: Office) -> None:
    document = street_full()
    took(office, dump({"areas": document["areas"]}))
    begun = took(office, dump(document | {"areas": []}))
    assert (begun["status"], begun["bad"]) == ("running", 0)
    *_, before, last = (one["code"] for one in document["grids"])
    drawn(office, before, last)
    ended = office.api.client.post(
        f"{BASE}/grids/{last}/succession",
        json={"heir": before, "effective_on": "2026-12-01", "document_no": "定网格〔2026〕1号"},
        headers=office.admin | {"Idempotency-Key": "somebody-was-faster"},
    )
    assert ended.status_code == 201, ended.text
    office.api.quiet()
    done = job(office, begun)
    assert (done["status"], done["done"]) == ("done", begun["total"])
    assert (done["added"], done["bad"]) == (begun["added"] - 1, 1)
    (fault,) = done["faults"]
    assert fault["row"] == f"grids.{len(document['grids']) - 1}"
    assert "decisions alone" in fault["reason"]
    assert office.read(f"grids/{last}", office.admin)["heir"] == before


def test_only_whoever_keeps_the_register_follows_an_import(office: Office) -> None:
    begun = took(office, dump(street_full()))
    path = f"register/330902/imports/{begun['import_no']}"
    assert office.get(path, office.manager).status_code == 403
    elsewhere = office.api.people.headers(Role.DISTRICT_ADMIN, "330903")
    for tail in ("", "/faults"):
        assert office.get(path + tail, elsewhere).status_code == 404
    assert office.get(path.replace("330902/", "330903/"), elsewhere).status_code == 404
    assert office.get("register/330902/imports/999999", office.admin).status_code == 404


def test_what_decisions_named_no_file_changes(office: Office) -> None:
    merged(office)
    document = yaml.safe_load(export(office))
    for one in document["areas"]:
        one["name"] = f"{one['name']}（改）"
    found = took(office, dump({"areas": document["areas"]}), mode="good_rows_only")
    assert {one["row"].partition(".")[0] for one in found["faults"]} == {"areas"}
    assert counts(found) == (0, 4, 0, 2)
    assert office.read(f"areas/{DONGSHAN}", {})["name"] == "东山社区居委会（改）"


def test_a_file_that_cannot_be_read_is_refused_with_the_reason(office: Office) -> None:
    assert send(office, b"a: [", YAML_TYPE).status_code == 422
    assert send(office, b"x: 1", YAML_TYPE).json()["title"] == "Unreadable file"
    assert send(office, b"areas: 1", YAML_TYPE).status_code == 422
    misspelt = send(office, b"areas: []\nvaules: [{x: 1}]", YAML_TYPE)
    assert (misspelt.status_code, "vaules" in misspelt.json()["detail"]) == (422, True)
    further = Book()
    for name in ("areas", "norm"):
        with further.sheet(name) as sheet:
            sheet.add([["code"], [NEW]])
    further.end()
    assert "norm;" in send(office, further.taken(), XLSX_TYPE).json()["detail"]
    assert send(office, b"PK", XLSX_TYPE).status_code == 422
    assert send(office, b"{}", "application/json").status_code == 415
    many = dump({"values": [told("staff", "7")] * (files.MOST_ROWS + 1)})
    assert "at most" in send(office, many).json()["detail"]


def test_who_takes_in_and_writes_out(office: Office) -> None:
    for who in (office.manager, office.clerk, office.officer):
        assert send(office, dump(BAD), who=who).status_code == 403
        assert office.get("register/330902/export", who).status_code == 403
    elsewhere = office.api.people.headers(Role.DISTRICT_ADMIN, "330903")
    assert send(office, dump(BAD), who=elsewhere).status_code == 404
    assert office.get("register/330902/export", elsewhere).status_code == 404


def test_a_circle_of_heirs_is_no_register() -> None:
    street = {"code": "330902002", "name": "昌国街道", "kind": "street"}
    ends = {"kind": "residents_committee", "name": "社区", "effective_until": "2026-01-01"}
    rows = [
        ("areas!2", street),
        ("areas!3", ends | {"code": XIAN, "heir": KAIYUAN}),
        ("areas!4", ends | {"code": KAIYUAN, "heir": XIAN}),
        ("areas!5", ends | {"code": NEW, "heir": KAIYUAN}),
    ]
    plan = rules.planned(rules.book_of({"areas": rows}), Register("330902"))
    assert {one.row for one in plan.wrong} == {"areas!3", "areas!4", "areas!5"}
    assert [one.code for one in plan.areas.good] == ["330902002"]
