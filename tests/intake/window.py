"""Words in which the stories of intake are told: applicants, a window, and what they do."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from httpx2 import Response
from stdnum.cn import ric

from onewindow_intake.seed import shipped_items
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.catalogue import ItemContent
from onewindow_shared.contracts.events import AreaChanged, AreaKind
from testkit.api import XIAN, Api

PATH = "/api/intake/v1"
ITEM = "soc-subsistence-national"
NO_PAPERS = "med-peoples-mediation-heping"
INSTANT = "emp-unemployment-registration"
_keys = itertools.count(1)

Answer = Response


@cache
def shipped() -> Mapping[str, ItemContent]:
    """The items that come with the project, by code."""
    return {item.code: item for item in shipped_items()}


def person(serial: int = 1, name: str = "王桂芳") -> dict[str, Any]:
    """Made-up particulars that pass every check; different serials are different people."""
    digits = f"330902196504{serial % 28 + 1:02d}{serial // 28:03d}"
    return {
        "name": name,
        "id_document": {"kind": "resident_id", "number": digits + ric.calc_check_digit(digits + "0")},
        "mobile": f"138{serial:08d}",
    }


def entrusted(serial: int = 2, name: str = "李小明", **change: Any) -> dict[str, Any]:
    """Somebody with a letter that allows submitting, seen at the window and good for the whole year."""
    letter = {
        "scope": ["submit"],
        "begins_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "seen_by": "clerk.xian",
        **change,
    }
    return {**person(serial, name), "entrustment": letter}


def born(day: str, serial: int = 1, name: str = "王小宝") -> dict[str, Any]:
    """Made-up particulars of somebody born on a day."""
    digits = f"330902{day.replace('-', '')}{serial:03d}"
    document = {"kind": "resident_id", "number": digits + ric.calc_check_digit(digits + "0")}
    return {**person(serial, name), "id_document": document}


def form(item: str = ITEM, community: str = XIAN, serial: int = 1, **change: Any) -> dict[str, Any]:
    """A correct application without any paper."""
    return {
        "item_code": item,
        "community": community,
        "channel": "window",
        "applicant": person(serial),
        "consent": {"purpose": "case_handling", "given": True},
        **change,
    }


@dataclass
class Somebody:
    """A signed-in person at the API."""

    api: Api
    headers: Mapping[str, str]

    def get(self, path: str, **query: Any) -> Answer:
        return self.api.client.get(f"{PATH}/{path}", params=query, headers=self.headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.api.client.post(f"{PATH}/{path}", json=body, headers={**self.headers, **headers})

    def apply(self, body: Mapping[str, Any], key: str | None = None) -> Answer:
        """Post a case, under a new key unless told otherwise."""
        return self.post("cases", body, **{"Idempotency-Key": key or f"key-{next(_keys):08d}"})

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        return self.api.client.request(
            method, f"{PATH}/{path}", json=body, headers={**self.headers, **headers}
        )

    def posted(self, **change: Any) -> dict[str, Any]:
        """Post a correct case and return the answer."""
        answer = self.apply(form(**change))
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def move(self, case: Mapping[str, Any], to: str, body: Any = None) -> Answer:
        """Move a case from the version that was last seen."""
        return self.post(f"cases/{case['case_no']}/{to}", body, **{"If-Match": f'"{case["version"]}"'})

    def moved(self, case: Mapping[str, Any], to: str, body: Any = None) -> dict[str, Any]:
        """Move a case that can be moved."""
        answer = self.move(case, to, body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def case(self, case: Mapping[str, Any]) -> dict[str, Any]:
        """Read a case."""
        answer = self.get(f"cases/{case['case_no']}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def steps(self, case: Mapping[str, Any]) -> list[str]:
        """Read what happened to a case."""
        return [entry["step"] for entry in self.get(f"cases/{case['case_no']}/timeline").json()["items"]]

    def papers(self, item: str = ITEM, *, without: str | None = None) -> list[dict[str, Any]]:
        """List every paper that an item requires as handed in, leaving one out if told so."""
        listed = self.get(f"items/{item}").json()["materials"]
        return [
            {"code": paper["code"], "received": True}
            for paper in listed
            if paper["required"] and paper["code"] != without
        ]


def somebody(api: Api, role: Role, area: str | None = None, **more: Any) -> Somebody:
    """Sign somebody in."""
    return Somebody(api, api.people.headers(role, area, **more))


def nobody(api: Api) -> Somebody:
    """Somebody who has not signed in."""
    return Somebody(api, {})


def wrong_fields(answer: Answer) -> set[str]:
    """Return the fields that a 422 names, as dotted paths below the body."""
    assert answer.status_code == 422, answer.text
    return {".".join(map(str, error["loc"][1:])) for error in answer.json()["errors"]}


def joined(area: str, heir: str, last_day: date) -> AreaChanged:
    """As casework tells that a community ends and another stands for it."""
    kind = AreaKind.RESIDENTS_COMMITTEE
    return AreaChanged(
        code=area, name="西安社区", kind=kind, population=None, effective_until=last_day, heir=heir
    )


def on(day: str) -> datetime:
    """Read a moment of the district."""
    return datetime.fromisoformat(f"{day}+08:00")
