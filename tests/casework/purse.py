"""A district's money at work: an admitted item, its department, and the communities that do the work."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from httpx2 import Response
from sqlalchemy import select

from casework.office import BASE, DEPARTMENT, Headers, Office
from onewindow_casework.admission.models import Application, WorkItem
from onewindow_casework.districts.models import Department
from onewindow_casework.lists.models import ListEntry, ListEntryArea, ListVersion
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.admission import ListedMatter
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit
from testkit.api import XIAN

YEAR = "from=2026-01-01&to=2027-12-31"
_serials = count(1_000)
"""Beyond those that applications of the same test are numbered with."""


def put_item(unit: Unit, code: str, **more: Any) -> None:
    """Put in an item that a meeting has admitted: helping with the survey of the elderly, for 西安社区."""
    values = {
        "district": "330902",
        "year": 2026,
        "serial": next(_serials),
        "code": code,
        "status": "approved",
        "department": DEPARTMENT,
        "name": "老年人能力评估入户摸底",
        "aliases": [],
        "kind": "survey",
        "content": "协助入户了解老年人基本情况",
        "basis": [],
        "duty_of": "government_assisted",
        "role": "assisting",
        "actions": ["contact", "visit"],
        "areas": [XIAN],
        "first_day": date(2026, 11, 23),
        "last_day": date(2027, 11, 22),
        "minutes_per_case": 30,
        "hours_per_year": 10,
        "fen": 100_000,
        "money_unit": "community",
        "money_period": "quarter",
        "conditions": None,
        "item_codes": [],
        "matter_class": "assist",
    }
    item = WorkItem(**(values | more))
    unit.session.add(item)
    unit.session.flush()
    unit.session.add(
        Application(
            item_id=item.id,
            department=item.department,
            applied_by="officer",
            **place(item.district),
        )
    )


def publish(unit: Unit, *codes: str, effective_from: date | None = None) -> None:
    """Publish a version of the lists with these items, and with nothing else."""
    version = ListVersion(
        district="330902",
        number=next(_serials),
        title="社区工作事项清单",
        note=None,
        effective_from=effective_from or unit.today,
        published_at=unit.now,
        published_by="admin",
    )
    unit.session.add(version)
    unit.session.flush()
    for code in codes:
        item = unit.session.scalars(select(WorkItem).filter_by(code=code)).one()
        item.status = "active"
        _list(unit, version, item)


def _list(unit: Unit, version: ListVersion, item: WorkItem) -> None:
    card = ListedMatter.model_validate(
        {
            "code": item.code,
            "name": item.name,
            "aliases": [],
            "kind": item.kind,
            "matter_class": item.matter_class,
            "department": item.department,
            "content": item.content,
            "role": item.role,
            "actions": item.actions,
            "areas": item.areas,
            "first_day": item.first_day,
            "last_day": item.last_day,
            "workload": {"minutes_per_case": item.minutes_per_case, "hours_per_year": item.hours_per_year},
            "money": {"fen": item.fen, "unit": item.money_unit, "period": item.money_period},
            "conditions": item.conditions,
            "training": None,
            "data_asked": None,
            "basis": [],
            "instead": None,
            "item_codes": [],
        }
    )
    entry = ListEntry(
        list_id=version.id,
        code=item.code,
        item_id=item.id,
        matter_class=item.matter_class,
        kind=item.kind,
        first_day=item.first_day,
        last_day=item.last_day,
        card=card.model_dump(mode="json"),
    )
    unit.session.add(entry)
    unit.session.flush()
    for area in item.areas:
        unit.session.add(ListEntryArea(entry_id=entry.id, area=area))


@dataclass
class Purse:
    """The special account as the people of the district use it."""

    office: Office

    def __post_init__(self) -> None:
        people = self.office.api.people
        self.admin, self.officer, self.manager = self.office.admin, self.office.officer, self.office.manager
        self.street = people.headers(Role.STREET_SUPERVISOR, "330902002")
        self.auditor = people.headers(Role.AUDITOR, "330902")
        self.office.api.system(
            lambda unit: unit.session.add_all(
                Department(district="330902", code=code, name=code, name_en=code)
                for code in (DEPARTMENT, "health")
            )
        )

    def item(self, code: str = "i-1", **more: Any) -> str:
        self.office.api.system(lambda unit: put_item(unit, code, **more))
        return code

    def post(self, who: Headers, what: str, *, key: str = "", **body: Any) -> Response:
        response: Response = self.office.api.client.post(
            f"{BASE}/admission/funding/{what}",
            json={"fen": 100_000, "document_no": "定财〔2026〕8号"} | body,
            headers=who | {"Idempotency-Key": key or f"posting-{next(_serials)}"},
        )
        return response

    def posted(self, who: Headers, what: str, **body: Any) -> Any:
        response = self.post(who, what, **body)
        assert response.status_code == 201, response.text
        return response.json()

    def budget(self, fen: int = 1_000_000, department: str = DEPARTMENT) -> Any:
        return self.posted(self.admin, "budgets", fen=fen, source="fee_with_task", department=department)

    def allotted(self, code: str = "i-1", fen: int = 400_000) -> Any:
        self.budget(fen)
        return self.posted(self.officer, "allotments", fen=fen, item=code)

    def read(self, path: str, who: Headers | None = None) -> Any:
        return self.office.read(f"admission/funding/{path}", who or self.admin)

    def balances(self, who: Headers | None = None) -> dict[str, int]:
        return {one["code"]: one["balance"] for one in self.read("accounts?limit=200", who)["items"]}

    def put(self, what: str, code: str, **body: Any) -> Response:
        seen = self.read(f"items/{code}", self.officer)["version"]
        response: Response = self.office.api.client.put(
            f"{BASE}/admission/funding/items/{code}/{what}",
            json=body,
            headers=self.officer | {"If-Match": f'"{seen}"'},
        )
        return response

    def publish(self, *codes: str, effective_from: date | None = None) -> None:
        self.office.api.system(lambda unit: publish(unit, *codes, effective_from=effective_from))

    def active(self, code: str = "i-1", **more: Any) -> str:
        """An item that is paid for and on the lists."""
        self.item(code, **more)
        self.allotted(code)
        self.publish(code)
        return code

    def status(self, code: str = "i-1") -> str:
        status: str = self.office.api.system(
            lambda unit: unit.session.scalars(select(WorkItem.status).filter_by(code=code)).one()
        )
        return status

    def go_to(self, *moment: int) -> None:
        self.office.api.clock.now = datetime(*moment, tzinfo=UTC)  # type: ignore[misc,arg-type]
