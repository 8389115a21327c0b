"""The catalogue as YAML and XLSX: nothing is lost, every bad row is named, and a crash does nothing twice."""

import io
import itertools
import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from python_calamine import CalamineWorkbook
from sqlalchemy import Connection, func, select
from xlsxwriter import Workbook

from intake.window import ITEM, PATH, Answer, nobody
from onewindow_intake.catalogue.models import ItemVersion
from onewindow_intake.catalogue.service import put
from onewindow_intake.exchange import yamlfile
from onewindow_intake.exchange.models import ImportRow
from onewindow_intake.exchange.rules import NO_SPAN
from onewindow_intake.exchange.service import AT_ONCE
from onewindow_intake.exchange.written import Catalogue
from onewindow_intake.seed import shipped_items
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.catalogue import ItemContent
from onewindow_shared.contracts.cataloguing import CategoryIn
from onewindow_shared.plumbing.migrations import migrate, with_connection
from onewindow_shared.plumbing.sheets import XLSX_TYPE
from testkit import databases
from testkit.api import XIAN, Api

YAML = "application/yaml"
FILES = f"{PATH}/catalogue"
COLLECTED = Path(__file__).parent / "collected_items.yaml"
_keys = itertools.count(1)
MONEY = CategoryIn(code="soc.money", parent="social_service", name="救助资金", name_en="Money")
MONTHLY = CategoryIn(code="soc.money.monthly", parent="soc.money", name="按月发放", name_en="Monthly")


def admin(api: Api) -> dict[str, str]:
    return api.people.headers(Role.DISTRICT_ADMIN, XIAN[:6], subject="admin")


def send(api: Api, file: bytes, kind: str = YAML, **query: Any) -> Answer:
    headers = {**admin(api), "Content-Type": kind, "Idempotency-Key": f"file-{next(_keys):06d}"}
    return api.client.post(f"{FILES}/imports", params=query, content=file, headers=headers)


def follow(api: Api, started: Answer) -> dict[str, Any]:
    """Let the service work until an import has ended."""
    assert started.status_code == 201, started.text
    while api.tick():
        pass
    path = f"{FILES}/imports/{started.json()['import_no']}"
    found: dict[str, Any] = api.client.get(path, headers=admin(api)).json()
    return found


def listed(api: Api, job: dict[str, Any]) -> list[dict[str, Any]]:
    path = f"{FILES}/imports/{job['import_no']}/faults"
    found: list[dict[str, Any]] = api.client.get(path, headers=admin(api), params={"limit": 200}).json()[
        "items"
    ]
    return found


def faults(api: Api, job: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["row"], one["field"]) for one in listed(api, job) if not one["assumed"]]


def export(api: Api, kind: str = "yaml") -> bytes:
    answer = api.client.get(f"{FILES}/export", params={"format": kind}, headers=admin(api))
    assert answer.status_code == 200, answer.text
    return answer.content


def cells(book: bytes) -> dict[str, list[list[Any]]]:
    opened = CalamineWorkbook.from_filelike(io.BytesIO(book))
    return {name: opened.get_sheet_by_name(name).to_python() for name in opened.sheet_names}


def packed(sheets: dict[str, list[list[Any]]]) -> bytes:
    file = io.BytesIO()
    with Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
    return file.getvalue()


def written(*items: ItemContent, below: Sequence[CategoryIn] = ()) -> bytes:
    """A file of items that are in force."""
    return yamlfile.write(Catalogue(below, [(item, NO_SPAN) for item in items]))


def changed(file: bytes, **change: Any) -> bytes:
    """A file in which the first item says something else."""
    document = yaml.safe_load(file)
    document["items"][0] |= change
    return json.dumps(document).encode()


@pytest.mark.parametrize("kind", [YAML, XLSX_TYPE])
def test_what_was_exported_and_imported_elsewhere_is_the_same_again(elsewhere: Api, kind: str) -> None:
    items = [item.model_copy(update={"subcategory": MONTHLY.code}) for item in shipped_items()[15:18]]
    items += shipped_items()[:15] + shipped_items()[18:]
    first = written(*sorted(items, key=lambda item: item.code), below=[MONEY, MONTHLY])
    job = follow(elsewhere, send(elsewhere, first))
    assert (job["status"], job["added"], job["bad"]) == ("done", 40, 0)
    assert export(elsewhere) == first
    again = send(elsewhere, export(elsewhere, "yaml" if kind == YAML else "xlsx"), kind)
    job = follow(elsewhere, again)
    assert (job["status"], job["unchanged"], job["added"], job["changed"]) == ("done", 40, 0, 0)
    assert export(elsewhere) == first


def test_a_dry_run_tells_everything_and_changes_nothing(quiet_api: Api) -> None:
    before = export(quiet_api)
    job = follow(quiet_api, send(quiet_api, changed(before, promised_days=1), dry_run=True))
    assert (job["status"], job["changed"], job["unchanged"]) == ("done", 1, 39)
    assert export(quiet_api) == before


def test_every_bad_row_is_named_and_nothing_happens_where_all_is_wanted(quiet_api: Api) -> None:
    before = export(quiet_api)
    document = yaml.safe_load(before)
    document["items"][0]["promised_days"] = 1
    document["items"][1]["fee"] = ["free"]
    document["items"][1]["materials"] = [{"code": "m1"}]
    document["items"][2]["subcategory"] = "no-such-category"
    document["items"].append(document["items"][3])
    document["items"].append("nonsense")
    file = json.dumps(document).encode()
    job = follow(quiet_api, send(quiet_api, file))
    assert (job["status"], job["bad"], job["added"], job["changed"]) == ("refused", 4, 0, 0)
    assert (job["total"], job["done"], job["unchanged"]) == (42, 42, 37)
    named = faults(quiet_api, job)
    assert named[0] == ("items.40", "code")
    assert {("items.1", "fee"), ("items.1", "materials.0.name"), ("items.2", "subcategory")} < set(named)
    assert ("items.41", "name") in named
    assert export(quiet_api) == before
    assert nobody(quiet_api).get(f"items/{ITEM}").json()["version"] == 1


UNKNOWN = {
    "department": "no-such-office",
    "communities": [XIAN, "330902002999"],
    "issues_certificate": "并不存在的证明",
}


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_row_that_names_what_no_register_knows_is_named(quiet_api: Api, dry_run: bool) -> None:
    before = export(quiet_api)
    job = follow(quiet_api, send(quiet_api, changed(before, **UNKNOWN), dry_run=dry_run))
    assert (job["status"], job["bad"], job["unchanged"]) == ("refused", 1, 39)
    assert set(faults(quiet_api, job)) == {
        ("items.0", "department"),
        ("items.0", "communities.1"),
        ("items.0", "issues_certificate"),
    }
    assert export(quiet_api) == before


def test_a_workbook_names_the_cell_row_of_an_unknown_community_and_department(quiet_api: Api) -> None:
    sheets = cells(export(quiet_api, "xlsx"))
    header, first = sheets["items"][:2]
    first[header.index("department")] = "no-such-office"
    sheets["texts"].append([first[0], "communities", "330902002999"])
    job = follow(quiet_api, send(quiet_api, packed(sheets), XLSX_TYPE, mode="good_rows_only"))
    assert (job["status"], job["bad"]) == ("done", 1)
    last = f"texts!{len(sheets['texts'])}"
    assert {row for row, _ in faults(quiet_api, job)} == {"items!2", last}


def test_only_good_rows_are_taken_where_that_is_wanted(quiet_api: Api) -> None:
    document = yaml.safe_load(export(quiet_api))
    document["items"][0]["promised_days"] = 1
    document["items"][1]["promised_days"] = 0
    file = json.dumps(document).encode()
    job = follow(quiet_api, send(quiet_api, file, mode="good_rows_only", effective_from="2026-11-24"))
    assert (job["status"], job["bad"], job["changed"]) == ("done", 1, 1)
    items = yaml.safe_load(export(quiet_api))["items"]
    before = [one for one in items if "effective_from" not in one]
    assert len(items) == len(before) + 1
    quiet_api.clock.pass_(hours=24)
    after = yaml.safe_load(export(quiet_api))["items"]
    assert [one["code"] for one, other in zip(before, after, strict=True) if one != other] == [
        document["items"][0]["code"]
    ]


def test_a_workbook_that_was_changed_by_hand_names_the_sheet_and_row(quiet_api: Api) -> None:
    sheets = cells(export(quiet_api, "xlsx"))
    header = sheets["items"][0]
    sheets["items"][1][header.index("promised_days")] = "soon"
    sheets["materials"][2][sheets["materials"][0].index("form")] = "a photograph"
    sheets["materials"].append(["no-such-item", "m1", "身份证", "original", "true", "是"])
    sheets["texts"].append([sheets["items"][2][0], "no-such-list", "文字"])
    job = follow(quiet_api, send(quiet_api, packed(sheets), XLSX_TYPE))
    assert job["status"] == "refused"
    named = set(faults(quiet_api, job))
    assert ("items!2", "promised_days") in named
    assert ("materials!3", "form") in named
    assert (f"materials!{len(sheets['materials'])}", "item") in named
    assert (f"texts!{len(sheets['texts'])}", "list") in named


def test_a_large_file_is_taken_in_slices_and_a_crash_between_them_does_nothing_twice(elsewhere: Api) -> None:
    template = shipped_items()[0]
    many = [template.model_copy(update={"code": f"many-{n:03d}"}) for n in range(3 * AT_ONCE + 1)]
    started = send(elsewhere, written(*many))
    path = f"{FILES}/imports/{started.json()['import_no']}"
    assert elsewhere.client.get(path, headers=admin(elsewhere)).json()["done"] == 0
    elsewhere.tick()
    half = elsewhere.client.get(path, headers=admin(elsewhere)).json()
    assert (half["status"], half["done"], half["total"]) == ("running", AT_ONCE, len(many))
    assert nobody(elsewhere).get("items").json()["items"] == []
    assert follow(elsewhere, started)["added"] == len(many)
    versions = elsewhere.system(
        lambda unit: unit.session.scalar(select(func.count()).select_from(ItemVersion))
    )
    assert versions == len(many)


def test_the_same_file_sent_again_under_its_key_is_one_import(quiet_api: Api) -> None:
    headers = {**admin(quiet_api), "Content-Type": YAML, "Idempotency-Key": "the-very-same"}
    file = export(quiet_api)
    answers = [
        quiet_api.client.post(f"{FILES}/imports", content=file, headers=headers).json() for _ in range(2)
    ]
    assert answers[0] == answers[1]
    other = quiet_api.client.post(f"{FILES}/imports", content=changed(file, fee="1元"), headers=headers)
    assert other.status_code == 422
    listed = quiet_api.client.get(f"{FILES}/imports", headers=admin(quiet_api)).json()["items"]
    assert len(listed) == 1


@pytest.mark.parametrize(
    ("file", "kind", "status"),
    [
        (b"items: [", YAML, 422),
        (b"[]", YAML, 422),
        (b"items: [&a {x: *a}]", YAML, 422),
        (b"items: " + b"[" * 100 + b"]" * 100, YAML, 422),
        (b"\xff\xfe\x00", YAML, 422),
        (b"items: []", "text/plain", 415),
        (b"PK\x03\x04 nothing", XLSX_TYPE, 422),
        (b"#" * (1024 * 1024 + 1), YAML, 413),
    ],
)
def test_what_is_no_catalogue_is_refused(quiet_api: Api, file: bytes, kind: str, status: int) -> None:
    assert send(quiet_api, file, kind).status_code == status


def test_only_the_administrator_sends_and_gets_files(quiet_api: Api) -> None:
    clerk = quiet_api.people.headers(Role.WINDOW_CLERK, XIAN)
    for path in ("imports", "export", "imports/1", "imports/1/faults"):
        assert quiet_api.client.get(f"{FILES}/{path}", headers=clerk).status_code == 403
    assert quiet_api.client.get(f"{FILES}/imports/99", headers=admin(quiet_api)).status_code == 404


def test_counts_tell_what_an_import_found_when_it_began_whatever_came_into_force_meanwhile(
    quiet_api: Api,
) -> None:
    (template,) = (one for one in shipped_items() if one.code == ITEM)
    new = template.model_copy(update={"code": "new-item"})
    started = send(quiet_api, written(new), mode="good_rows_only")
    theirs = new.model_copy(update={"conditions": ["另有规定"]})
    quiet_api.system(put, theirs, date(2026, 11, 23))
    job = follow(quiet_api, started)
    counts = {name: job[name] for name in ("total", "done", "added", "changed", "unchanged", "bad")}
    assert counts == {"total": 1, "done": 1, "added": 0, "changed": 0, "unchanged": 0, "bad": 1}
    assert faults(quiet_api, job) == [("items.0", "code")]


RUNNING = """
INSERT INTO items (code) VALUES ('old-item'), ('ended-item');
INSERT INTO item_versions (item_code, number, revision, status, effective_from, effective_to, statutory_days,
  promised_days, instant, name, category, department, content) VALUES
  ('old-item', 1, 1, 'published', '2026-01-01', NULL, 9, 9, false, 'x', 'x', 'x', '{}'),
  ('old-item', 2, 1, 'published', '2026-10-01', NULL, 9, 9, false, 'x', 'x', 'x', '{}'),
  ('old-item', 3, 1, 'published', '2026-12-01', NULL, 9, 9, false, 'x', 'x', 'x', '{}'),
  ('old-item', 4, 1, 'draft', NULL, NULL, 9, 9, false, 'x', 'x', 'x', '{}'),
  ('ended-item', 1, 1, 'published', '2026-01-01', '2026-11-01', 9, 9, false, 'x', 'x', 'x', '{}');
INSERT INTO catalogue_imports (id, status, mode, dry_run, effective_from, categories, total, done, added,
  changed, unchanged, bad, created_by, created_at) VALUES
  (1, 'running', 'all_or_nothing', false, '2026-11-23', '[]', 3, 1, 0, 1, 0, 0, 'x', '2026-11-23 00:00:00');
INSERT INTO catalogue_import_rows (import_id, place, row, content, origins, item_code, staged) VALUES
  (1, 0, 'items.0', '{"code": "old-item"}', '{}', 'old-item', 4),
  (1, 1, 'items.1', '{"code": "ended-item"}', '{}', NULL, NULL),
  (1, 2, 'items.2', '{"code": 7}', '{}', NULL, NULL)
"""


@pytest.fixture
def url(backend: str, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path}/intake.sqlite3"
    else:
        name = f"onewindow_test_imports_{tmp_path.name}"[:63]
        yield databases.create_postgres(name)
        databases.drop_postgres(name)


def test_the_rows_of_an_import_that_is_running_are_compared_with_what_is_in_force(url: str) -> None:
    def fill(connection: Connection) -> None:
        for statement in RUNNING.split(";"):
            connection.exec_driver_sql(statement)

    found: list[Any] = []

    def look(connection: Connection) -> None:
        rows = select(ImportRow.place, ImportRow.in_force).order_by(ImportRow.place)
        found.extend(tuple(row) for row in connection.execute(rows))

    migrate("intake", url)
    migrate("intake", url, down_to="0036_days_counted")
    with_connection(url, fill)
    migrate("intake", url)
    with_connection(url, look)
    assert found == [(0, 2), (1, None), (2, None)]
