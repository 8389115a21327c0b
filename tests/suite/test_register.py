"""The register of the district through the gateway: from a file, on a day, beside the norms, and taken back."""

import json
import uuid
from datetime import timedelta
from typing import Any

import httpx2
import pytest
import yaml

from onewindow_shared.plumbing.workdays import local_day
from onewindow_shared.plumbing.yamlfiles import YAML_TYPE
from suite.test_volunteers import CHINA, signed_up
from town import CASEWORK, Person, Town, eventually

pytestmark = [pytest.mark.suite, pytest.mark.own_town]

XIAN, KAIYUAN, NEW, DISTRICT = "330902002001", "330902002007", "330902002098", "330902"
SOURCE = "街道年报"
TOLD = {
    "values": [
        {
            "area": XIAN,
            "kind": kind,
            "value": value,
            "unit": unit,
            "valid_from": "2026-01-01",
            "source": SOURCE,
        }
        for kind, value, unit in (
            ("population", "5120", "人"),
            ("households", "1851", "户"),
            ("staff", "3", "名"),
            ("facility_area", "560", "㎡"),
            ("service_hours", "1-5 08:30-11:30 14:00-17:00; 6 09:00-11:30", "周"),
        )
    ]
}
BAD = {
    "area": XIAN,
    "kind": "staff",
    "value": "三",
    "unit": "名",
    "valid_from": "2026-02-01",
    "source": SOURCE,
}


def send(town: Town, who: Person, document: Any, **asked: str) -> httpx2.Response:
    return town.http.post(
        f"{CASEWORK}/register/{DISTRICT}/imports",
        content=json.dumps(document).encode(),
        params=asked,
        headers={
            "Authorization": f"Bearer {who.token}",
            "Content-Type": YAML_TYPE,
            "Idempotency-Key": str(uuid.uuid4()),
        },
    )


def took(town: Town, who: Person, document: Any, **asked: str) -> dict[str, Any]:
    answer = send(town, who, document, **asked)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def indicator(who: Person, area: str, name: str) -> dict[str, Any]:
    found: Any = who.read(f"/api/metrics/v1/areas/{area}")
    return next(one for one in found["indicators"] if one["id"] == name)


def test_a_community_is_told_by_file_and_measured(town: Town) -> None:
    admin, manager, anybody = town.staff("admin.dinghai"), town.staff("manager.xian"), town.anybody()
    signed_up(town, "+8613905800072", "周海")
    dry = took(town, admin, TOLD, dry_run="true")
    assert (dry["status"], dry["added"]) == ("done", len(TOLD["values"]))
    refused = took(town, admin, {"values": [*TOLD["values"], BAD]})
    assert (refused["status"], [one["row"] for one in refused["faults"]]) == ("refused", ["values.5"])
    profile = f"{CASEWORK}/areas/{XIAN}/profile"
    assert anybody.read(profile)["values"] == []
    done = took(town, admin, {"values": [*TOLD["values"], BAD]}, mode="good_rows_only")
    assert (done["added"], done["bad"]) == (len(TOLD["values"]), 1)
    told = {one["kind"]: one["value"] for one in anybody.read(profile)["values"]}
    assert told["service_hours"] == "1-5 08:30-11:30 14:00-17:00; 6 09:00-11:30"
    assert anybody.read(f"{profile}?as_of=2025-12-31")["values"] == []
    again = yaml.safe_load(admin.get(f"{CASEWORK}/register/{DISTRICT}/export").content)
    assert took(town, admin, again)["added"] == 0

    norms = {one["code"]: one for one in anybody.read(f"{CASEWORK}/areas/{XIAN}/norms")["norms"]}
    assert (norms["facility-policy"]["standing"], norms["staff-anhui"]["standing"]) == ("met", "not_met")
    assert send(town, manager, TOLD).status_code == 403
    manager.made(
        f"{CASEWORK}/areas/{XIAN}/values",
        {"kind": "staff", "value": "4", "unit": "名", "valid_from": "2026-02-01", "source": "花名册"},
    )
    norms = {one["code"]: one for one in anybody.read(f"{CASEWORK}/areas/{XIAN}/norms")["norms"]}
    assert norms["staff-anhui"]["standing"] == "met"
    rate = eventually(lambda: indicator(admin, XIAN, "V1"), lambda one: one["denominator"] == 5120)
    assert rate["numerator"] == 1
    assert indicator(admin, XIAN, "K3.households")["denominator"] == 4


def test_a_merge_is_taken_back_before_its_day_and_cells_follow_the_next_one(town: Town) -> None:
    admin = town.staff("admin.dinghai")
    admin.made(f"{CASEWORK}/grids", {"code": f"{XIAN}001", "name": "第一网格"})
    today = local_day(town.now(), CHINA)
    decision = {
        "kind": "merge",
        "effective_on": str(today + timedelta(days=2)),
        "document_no": "定政发〔2026〕31号",
        "basis": "区人民政府决定",
        "predecessors": [{"code": code, "heir": NEW} for code in (XIAN, KAIYUAN)],
        "successors": [{"code": NEW, "name": "西开社区"}],
    }
    first = admin.made(f"{CASEWORK}/area-changes", decision)
    back = {"document_no": "定政发〔2026〕32号", "reason": "方案重新研究"}
    admin.made(f"{CASEWORK}/area-changes/{first['no']}/taking-back", back)
    assert admin.read(f"{CASEWORK}/areas/{XIAN}")["effective_until"] is None
    admin.made(f"{CASEWORK}/area-changes", decision | {"effective_on": str(today)})
    eventually(lambda: admin.get(f"/api/metrics/v1/areas/{NEW}"), lambda told: told.status_code == 200)
    (cell,) = admin.read(f"{CASEWORK}/areas/{NEW}/grids")["items"]
    assert (cell["code"], cell["community"]) == (f"{XIAN}001", NEW)
    gone = eventually(
        lambda: admin.get(f"/api/metrics/v1/areas/{XIAN}"), lambda told: told.status_code == 404
    )
    assert NEW in gone.json()["detail"]
