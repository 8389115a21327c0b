"""The catalogue as YAML and XLSX: nothing is lost, every bad row is named, and a crash does nothing twice."""

import io
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select
from xlsxwriter import Workbook

from intake.conftest import REGISTER, Open
from intake.window import ITEM, PATH, Answer, nobody
from onewindow_intake.catalogue.models import ItemVersion
from onewindow_intake.exchange import yamlfile
from onewindow_intake.exchange.kept import as_before, steps_as_before, with_codes
from onewindow_intake.exchange.service import AT_ONCE
from onewindow_intake.seed import shipped_items
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.cataloguing import CategoryIn
from onewindow_shared.plumbing.sheets import XLSX_TYPE
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


def faults(api: Api, job: dict[str, Any]) -> list[tuple[str, str]]:
    path = f"{FILES}/imports/{job['import_no']}/faults"
    listed = api.client.get(path, headers=admin(api), params={"limit": 200}).json()["items"]
    return [(one["row"], one["field"]) for one in listed]


def export(api: Api, kind: str = "yaml") -> bytes:
    answer = api.client.get(f"{FILES}/export", params={"format": kind}, headers=admin(api))
    assert answer.status_code == 200, answer.text
    return answer.content


@pytest.fixture
def elsewhere(bare_api: Api) -> Api:
    """A district of its own whose catalogue is empty."""
    bare_api.receive(*REGISTER, source="casework")
    return bare_api


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


def changed(file: bytes, **change: Any) -> bytes:
    """A file in which the first item says something else."""
    document = yaml.safe_load(file)
    document["items"][0] |= change
    return json.dumps(document).encode()


@pytest.mark.parametrize("kind", [YAML, XLSX_TYPE])
def test_what_was_exported_and_imported_elsewhere_is_the_same_again(elsewhere: Api, kind: str) -> None:
    items = [item.model_copy(update={"subcategory": MONTHLY.code}) for item in shipped_items()[15:18]]
    items += shipped_items()[:15] + shipped_items()[18:]
    first = yamlfile.write([MONEY, MONTHLY], sorted(items, key=lambda item: item.code))
    job = follow(elsewhere, send(elsewhere, first))
    assert (job["status"], job["added"], job["bad"]) == ("done", 40, 0)
    assert export(elsewhere) == first
    again = send(elsewhere, export(elsewhere, "yaml" if kind == YAML else "xlsx"), kind)
    job = follow(elsewhere, again)
    assert (job["status"], job["unchanged"], job["added"], job["changed"]) == ("done", 40, 0, 0)
    assert export(elsewhere) == first


def test_the_collected_facts_import(elsewhere: Api) -> None:
    file = COLLECTED.read_bytes()
    job = follow(elsewhere, send(elsewhere, file))
    assert (job["status"], job["total"], job["added"]) == ("done", 65, 65), faults(elsewhere, job)


def test_what_the_collected_facts_do_not_tell_stays_as_it_is(quiet_api: Api) -> None:
    file = COLLECTED.read_bytes()
    job = follow(quiet_api, send(quiet_api, file))
    assert (job["status"], job["added"], job["changed"]) == ("done", 25, 40), faults(quiet_api, job)
    now = {item["code"]: item for item in yaml.safe_load(export(quiet_api))["items"]}
    assert now["safe-dog-individual-zhoushan"]["instant"]
    assert now["soc-old-age-xiangtan"]["aliases"]
    later = [paper["code"] for paper in now["soc-old-age-xiangtan"]["materials"] if paper["deferrable"]]
    assert later == ["m5", "m7"]
    again = follow(quiet_api, send(quiet_api, file))
    assert (again["status"], again["unchanged"]) == ("done", 65)


OWN = {"kind": "some_paper", "reusable": True, "reusable_days": 200, "deferrable": True}


def facts_of(code: str) -> dict[str, Any]:
    items = yaml.safe_load(COLLECTED.read_bytes())["items"]
    (found,) = (one for one in items if one["code"] == code)
    return dict(found)


def guide(api: Api, code: str) -> dict[str, Any]:
    found: dict[str, Any] = nobody(api).get(f"items/{code}").json()
    return found


def collected(api: Api, facts: dict[str, Any]) -> dict[str, Any]:
    return follow(api, send(api, json.dumps({"items": [facts]}).encode()))


def test_papers_keep_what_a_collected_file_cannot_tell_however_they_are_named_and_placed(
    quiet_api: Api,
) -> None:
    code = "soc-old-age-xiangtan"
    document = yaml.safe_load(export(quiet_api))
    (item,) = (one for one in document["items"] if one["code"] == code)
    item["audience"] = "household"
    for paper in item["materials"]:
        paper.update(OWN, template={"name": f"样表{paper['code']}", "url": None})
    document["items"] = [item]
    assert follow(quiet_api, send(quiet_api, json.dumps(document).encode()))["changed"] == 1
    quiet_api.clock.pass_(hours=24)
    before = {paper["code"]: paper for paper in guide(quiet_api, code)["materials"]}
    facts = facts_of(code) | {"audience": None, "name_en": None, "jurisdiction": None, "source_url": None}
    first, second, *others = facts["materials"]
    first = first | {"name_zh": f" （{first['name_zh']}） "}
    second = second | {"name_zh": "换了名称的材料", "code": "m2", "required": None}
    new = {"name_zh": "居住地证明", "form": "copy", "copies": 1, "required": True, "note": None}
    facts["materials"] = [new, *others, second, first]
    assert collected(quiet_api, facts)["changed"] == 1
    quiet_api.clock.pass_(hours=24)
    now = guide(quiet_api, code)
    assert now["audience"] == "household"
    added, *same = now["materials"]
    assert (added["code"], added["kind"], added["deferrable"]) == (f"m{len(before) + 1}", None, False)
    assert {paper["code"] for paper in same} == set(before)
    told = {"name", "form", "form_stated", "applies_when", "copies"}
    for paper in same:
        known = before[paper["code"]]
        assert {name: paper[name] for name in paper if name not in told} == {
            name: known[name] for name in known if name not in told
        }
    assert collected(quiet_api, facts)["unchanged"] == 1


def test_what_is_promised_where_no_source_names_a_limit_is_the_districts_to_say(
    open_furnished: Open,
) -> None:
    facts = facts_of("soc-old-age-xiangtan") | {"code": "soc-new-allowance", "note": None}
    facts |= {name: None for name in facts if name.endswith("_days")}
    with open_furnished(usual_promised_days=9) as api:
        assert collected(api, facts)["added"] == 1
        api.clock.pass_(hours=24)
        found = guide(api, "soc-new-allowance")
    assert (found["promised_days"], found["statutory_days"], found["limit_source"]) == (
        9,
        20,
        "district_default",
    )


def test_of_papers_of_one_name_the_first_is_the_first() -> None:
    before = [{"code": "m1", "name": "证明", "kind": "a"}, {"code": "m2", "name": "证明", "kind": "b"}]
    told = [({"code": None, "name": "证明"}, frozenset({"code", "kind"}))] * 3
    papers = with_codes(as_before(told, before), before)
    assert [(one["code"], one.get("kind")) for one in papers] == [("m1", "a"), ("m2", "b"), ("m3", None)]


LED = ("kind", "role", "officers", "paper", "parallel")
"""How cases are led along a step."""


@pytest.mark.parametrize("code", ["soc-subsistence-national", "soc-destitute-national"])
def test_cases_are_led_along_the_same_steps_however_a_collected_file_words_them(
    quiet_api: Api, code: str
) -> None:
    before = guide(quiet_api, code)["steps"]
    assert collected(quiet_api, facts_of(code))["bad"] == 0
    quiet_api.clock.pass_(hours=24)
    after = guide(quiet_api, code)["steps"]
    assert [[step[name] for name in LED] for step in after] == [
        [step[name] for name in LED] for step in before
    ]
    noted = {step["name"] for step in after if "公示" in step["name"]}
    assert noted <= {step["name"] for step in before}
    assert collected(quiet_api, facts_of(code))["unchanged"] == 1


def test_a_step_that_cases_are_led_along_stays_behind_the_one_that_it_stood_behind() -> None:
    before: list[dict[str, Any]] = [
        {"name": "受理", "kind": None},
        {"name": "调查（两人）", "kind": "work"},
        {"name": "会审", "kind": "work"},
        {"name": "归档", "kind": None},
        {"name": "送达", "kind": "delivery"},
    ]
    names = ["登记", "受理", "调查（每组两人）", "公布"]
    told = [({"name": name, "kind": None}, frozenset({"kind"})) for name in names]
    assert [(step["name"], step["kind"]) for step in steps_as_before(told, before)] == [
        ("登记", None),
        ("受理", None),
        ("调查（每组两人）", "work"),
        ("会审", "work"),
        ("送达", "delivery"),
        ("公布", None),
    ]
    assert steps_as_before([], before)[0]["name"] == "调查（两人）"


def test_facts_that_cannot_be_understood_are_named_by_their_own_names(quiet_api: Api) -> None:
    fact = yaml.safe_load(COLLECTED.read_bytes())["items"][0]
    wrong = {"materials": "nonsense", "steps": [5], "channels": [1], "promised_working_days": "soon"}
    file = json.dumps({"items": [fact | wrong]}).encode()
    job = follow(quiet_api, send(quiet_api, file, dry_run=True))
    assert {field for _, field in faults(quiet_api, job)} == {
        "materials",
        "steps.0",
        "channels.0",
        "promised_working_days",
    }


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
    assert (job["status"], job["bad"], job["changed"]) == ("refused", 4, 1)
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
    before = yaml.safe_load(export(quiet_api))["items"]
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
    started = send(elsewhere, yamlfile.write([], many))
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
