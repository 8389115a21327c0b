"""Collected facts as a file: what they tell comes in, what they are silent about stays."""

import json
from datetime import date
from typing import Any

import pytest
import yaml

from intake.conftest import Open
from intake.test_catalogue_files import COLLECTED, export, faults, follow, listed, send
from intake.window import ITEM, nobody
from onewindow_intake.catalogue.service import put
from onewindow_intake.exchange import service
from onewindow_intake.exchange.kept import as_before, steps_as_before, with_codes
from onewindow_intake.exchange.service import AT_ONCE
from onewindow_intake.seed import shipped_items
from testkit.api import Api


def test_the_collected_facts_import(elsewhere: Api) -> None:
    file = COLLECTED.read_bytes()
    job = follow(elsewhere, send(elsewhere, file))
    assert (job["status"], job["total"], job["added"]) == ("done", 65, 65), faults(elsewhere, job)
    told = listed(elsewhere, job)
    assert {(one["field"], one["assumed"]) for one in told} == {("department", True)}
    rows = yaml.safe_load(file)["items"]
    offices = {rows[int(one["row"].split(".")[1])]["responsible_department"] for one in told}
    assert {"马尚街道", "曾家镇(法定机关)"} <= offices
    assert not any("民政" in office for office in offices)


def test_an_office_that_tells_no_department_leaves_it_with_whom_it_is(quiet_api: Api) -> None:
    code = "soc-subsistence-national"
    facts = {**facts_of(code), "responsible_department": "某某服务中心"}
    before = guide(quiet_api, code)["department"]
    job = collected(quiet_api, {**facts, "conditions": ["本区户籍"]})
    assert job["changed"] == 1
    assert guide(quiet_api, code)["department"] == before
    assert [(one["field"], one["assumed"]) for one in listed(quiet_api, job)] == [("department", True)]


@pytest.mark.parametrize("mode", ["all_or_nothing", "good_rows_only"])
def test_what_somebody_publishes_while_an_import_runs_stays_in_force(quiet_api: Api, mode: str) -> None:
    items = yaml.safe_load(export(quiet_api))["items"]
    file = json.dumps({"items": [{**item, "conditions": ["新条件"]} for item in items]}).encode()
    started = send(quiet_api, file, mode=mode)
    quiet_api.system(service.next_slice, str(started.json()["import_no"]), quiet_api.clock.now)
    (theirs,) = (item for item in shipped_items() if item.code == ITEM)
    assert ITEM in {item["code"] for item in items[AT_ONCE:]}, "it was not looked at yet"
    quiet_api.system(put, theirs.model_copy(update={"conditions": ["别人的条件"]}), date(2026, 11, 23))
    job = follow(quiet_api, started)
    whole = mode == "all_or_nothing"
    assert (job["status"], job["bad"]) == ("refused" if whole else "done", 1)
    assert (job["changed"], [field for _, field in faults(quiet_api, job)]) == (0 if whole else 39, ["code"])
    now = {item["code"]: item["conditions"] for item in yaml.safe_load(export(quiet_api))["items"]}
    assert now.pop(ITEM) == ["别人的条件"]
    assert all((conditions == ["新条件"]) is not whole for conditions in now.values())


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
