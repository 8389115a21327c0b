"""The hall where departments apply for work of communities: forms, people, and the usual steps."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from httpx2 import Response
from sqlalchemy import select

from casework.office import BASE, Headers, Office, furnished, open_office
from onewindow_casework.admission import money
from onewindow_casework.admission.models import WorkItem
from onewindow_casework.seed import put_up_lists
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.funding import ContractIn
from onewindow_shared.plumbing.unit import Unit
from testkit.api import KAIYUAN, XIAN

DISTRICT, STREET = "330902", "330902002"
SURVEY: dict[str, Any] = {
    "name": "社区老年人助餐需求调查",
    "kind": "survey",
    "content": "走访六十周岁以上居民，了解助餐需求，填写一张调查表",
    "basis": [
        {
            "document": "上海市居民委员会工作条例",
            "article": "第二十四条",
            "quote": "老年人、残疾人、妇女、未成年人权益保障",
        }
    ],
    "duty_of": "government_assisted",
    "role": "assisting",
    "actions": ["contact", "visit"],
    "areas": [STREET],
    "first_day": "2027-03-01",
    "last_day": "2027-12-31",
    "workload": {"minutes_per_case": 20, "hours_per_year": 60},
    "money": {"fen": 500_000, "unit": "community", "period": "year"},
    "conditions": "调查表和移动终端",
    "training": "入户访谈培训半天",
    "data_asked": "年龄段、用餐方式、助餐意愿",
}
DEMOLITION: dict[str, Any] = SURVEY | {
    "name": "沿街房屋拆迁动员签约",
    "kind": "work_item",
    "content": "社区为责任主体，完成沿街房屋拆迁签约和腾空",
    "duty_of": "government",
    "role": "main",
    "actions": [],
}
MEETING: dict[str, Any] = {
    "admit": True,
    "matter_class": "assist",
    "reasons": "依法应当协助，经费和工作条件已有安排",
    "held_on": "2026-11-23",
    "minutes": "联席会议纪要〔2026〕7号",
    "members": [
        {"body": "区民政局", "vote": "for"},
        {"body": "区委组织部", "vote": "for"},
        {"body": "区财政局", "vote": "abstained"},
    ],
}
RETIRED = {"reason": "not_accepted", "explanation": "居民会议多数不认可"}


@dataclass
class Hall:
    """An office with its departments, street offices and communities, and the lists of the real district."""

    office: Office
    serial: int = field(default=0)

    def __post_init__(self) -> None:
        people = self.office.api.people
        self.department = self.office.officer
        self.health = people.headers(Role.DEPARTMENT_OFFICER, DISTRICT, department="health")
        self.district = self.office.admin
        self.street = people.headers(Role.STREET_SUPERVISOR, STREET)
        self.xian = self.office.manager
        self.kaiyuan = people.headers(Role.COMMUNITY_MANAGER, KAIYUAN)

    def put_up_lists(self) -> None:
        self.office.api.system(put_up_lists, DISTRICT)

    def create(self, who: Headers, path: str, body: Any, key: str = "") -> Response:
        self.serial += 1
        sent = who | {"Idempotency-Key": key or f"hall-{self.serial:06}"}
        response: Response = self.office.api.client.post(f"{BASE}/admission/{path}", json=body, headers=sent)
        return response

    def drafted(self, who: Headers | None = None, **more: Any) -> str:
        response = self.create(who or self.department, "items", SURVEY | more)
        assert response.status_code == 201, response.text
        code: str = response.json()["code"]
        return code

    def item(self, code: str, who: Headers | None = None) -> Any:
        return self.office.read(f"admission/items/{code}", who or self.district)

    def do(
        self, who: Headers, step: str, code: str, body: Any = None, *, seen: int | None = None
    ) -> Response:
        version = self.item(code)["version"] if seen is None else seen
        response: Response = self.office.api.client.post(
            f"{BASE}/admission/items/{code}/{step}",
            json=body or {},
            headers=who | {"If-Match": f'"{version}"'},
        )
        return response

    def must(self, who: Headers, step: str, code: str, body: Any = None) -> Any:
        response = self.do(who, step, code, body)
        assert response.status_code == 200, (step, response.text)
        return response.json()

    def submitted(self, who: Headers | None = None, **more: Any) -> str:
        code = self.drafted(who, **more)
        self.must(who or self.department, "submission", code)
        return code

    def heard(self, **more: Any) -> str:
        """Hand in an application that concerns 西安社区 alone, and have everybody agree who is asked."""
        code = self.submitted(**({"areas": [XIAN]} | more))
        self.must(self.district, "review", code)
        for who in (self.xian, self.street):
            assert self.create(who, f"items/{code}/opinions", {"answer": "agree"}).status_code == 201
        return code

    def approved(self, matter_class: str = "assist", **more: Any) -> str:
        code = self.heard(**more)
        self.must(self.district, "decision", code, MEETING | {"matter_class": matter_class})
        return code

    def pay(self, code: str, contract: ContractIn | None = None) -> None:
        def paid(unit: Unit) -> None:
            item = unit.session.scalars(select(WorkItem).where(WorkItem.code == code)).one()
            money.in_place(unit, item, contract=contract)

        self.office.api.system(paid)

    def publish(self, day: str = "2026-11-23", **more: Any) -> Response:
        return self.create(
            self.district, "lists", {"title": "定海区社区工作事项清单", "effective_from": day} | more
        )

    def published(self, day: str = "2026-11-23") -> int:
        response = self.publish(day)
        assert response.status_code == 201, response.text
        number: int = response.json()["number"]
        return number

    def active(self, **more: Any) -> str:
        code = self.approved(**more)
        self.pay(code)
        self.published()
        assert self.item(code)["status"] == "active"
        return code

    def listed(self, community: str, day: str | None = None) -> list[str]:
        on = f"&day={day}" if day else ""
        rows = self.office.read(f"admission/listed?limit=200&community={community}{on}", {})["items"]
        return [row["code"] for row in rows]

    def go_to(self, day: date, hour: int = 1) -> None:
        """Set the clock to an hour of a day in UTC, and let every timer fire that is due."""
        self.office.go_to(day.year, day.month, day.day, hour)
        self.office.api.tick()


def furnished_with_lists(url: str) -> None:
    """Put in the small district and its first lists."""
    furnished(url)
    with open_office(url) as office:
        Hall(office).put_up_lists()
