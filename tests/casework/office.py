"""A district's office at work: cases come in by event, people do something with them through the API."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from httpx2 import Response

from onewindow_casework.app import SERVICE
from onewindow_casework.districts import service as districts
from onewindow_casework.metrics.queries import recount
from onewindow_casework.officers.service import officer_changed
from onewindow_casework.values.service import keep
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.casework import CalendarIn, OffDay
from onewindow_shared.contracts.events import AreaChanged, AreaKind, CaseAccepted, OfficerChanged
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.numbers import case_number
from onewindow_shared.contracts.register import AreaValueIn
from onewindow_shared.plumbing.published_years import published
from onewindow_shared.plumbing.rollups import figures, rebuild
from onewindow_shared.plumbing.unit import Unit
from testkit.api import DONGSHAN, KAIYUAN, XIAN, Api, FrozenClock, running

BASE = "/api/casework/v1"
ITEM, DEPARTMENT = "soc-subsistence-zhejiang", "civil_affairs"
ALL_TIME = (date(2000, 1, 1), date(2099, 12, 31))
ONCE_CLOSED = {Metric.CASES_CLOSINGS: 1}
"""What a case counts for that was closed once, and what one that still is, in time."""
CLOSED_IN_TIME = ONCE_CLOSED | {
    Metric.CASES_CLOSED: 1,
    Metric.CASES_CLOSED_ON_TIME: 1,
    Metric.CASES_CLOSED_WITHIN_LAW: 1,
}
Headers = dict[str, str]

STAFF = [
    ("agent.xian", "陈师傅", XIAN, None),
    ("agent.two", "代办员二", XIAN, None),
    ("agent.three", "代办员三", XIAN, None),
    ("agent.four", "代办员四", XIAN, None),
    ("agent.away", "代办员五", XIAN, None),
    ("department_officer-330902-civil_affairs", "经办一", "330902", DEPARTMENT),
    ("officer.two", "经办二", "330902", DEPARTMENT),
    ("officer.three", "经办三", "330902", DEPARTMENT),
]
"""Accounts that the gateway has told of: who can be given cases."""

HOLIDAYS_2027 = [
    {"day": "2027-01-01", "kind": "holiday", "name": "元旦"},
    {"day": "2027-01-04", "kind": "holiday", "name": "元旦"},
    {"day": "2027-01-05", "kind": "holiday", "name": "元旦"},
    {"day": "2027-01-09", "kind": "makeup", "name": "元旦"},
]
"""A made-up notice: two more days off in January than anybody could estimate, one worked for them."""


def notice(days: list[dict[str, str]]) -> dict[str, Any]:
    return {"notice": "国办发明电〔2026〕1号", "source": "https://www.gov.cn/", "days": days}


@dataclass
class Office:
    """The running service, and the people of 西安社区 and its district."""

    api: Api
    serials: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        people = self.api.people
        self.clerk = people.headers(Role.WINDOW_CLERK, XIAN)
        self.agent = people.headers(Role.AGENT_OFFICER, XIAN, subject="agent.xian")
        self.officer = people.headers(Role.DEPARTMENT_OFFICER, "330902", department=DEPARTMENT)
        self.colleague = people.headers(
            Role.DEPARTMENT_OFFICER, "330902", department=DEPARTMENT, subject="officer.two"
        )
        self.manager = people.headers(Role.COMMUNITY_MANAGER, XIAN)
        self.admin = people.headers(Role.DISTRICT_ADMIN, "330902")
        self.resident = people.headers(Role.RESIDENT, subject="r-1")

    def accepted(self, **more: Any) -> str:
        """Have intake accept a case now; return its number."""
        event = self.event(**more)
        self.api.receive(event, source="intake")
        return event.case_no

    def event(self, **more: Any) -> CaseAccepted:
        now = self.api.clock()
        community = more.get("community", XIAN)
        values = {
            "case_no": case_number(community, date(2026, 11, 23), next(self.serials)),
            "item_code": ITEM,
            "item_version": 1,
            "item_name": "最低生活保障确认",
            "category": "social_assistance",
            "department": DEPARTMENT,
            "community": community,
            "applicant_subject": None,
            "applicant_masked": "王*芳",
            "channel": "window",
            "first_contact_officer": "clerk.xian",
            "received_at": now,
            "accepted_at": now,
            "accepted_on": now.astimezone(self.api.runtime.settings.zone).date(),
            "status": CaseStatus.ACCEPTED,
            "statutory_days": 30,
            "promised_days": 20,
        }
        return CaseAccepted.model_validate(values | more)

    def get(self, path: str, who: Headers, **headers: str) -> Response:
        sent = who | {name.replace("_", "-"): value for name, value in headers.items()}
        response: Response = self.api.client.get(f"{BASE}/{path}", headers=sent)
        return response

    def read(self, path: str, who: Headers) -> Any:
        response = self.get(path, who)
        assert response.status_code == 200, response.text
        return response.json()

    def case(self, case_no: str) -> Any:
        return self.read(f"cases/{case_no}", self.admin)

    def do(
        self, who: Headers, action: str, case_no: str, body: Any = None, *, seen: int | None = None
    ) -> Response:
        """Take one step with a case, as one who has just looked at it unless `seen` says otherwise."""
        version = self.case(case_no)["version"] if seen is None else seen
        response: Response = self.api.client.post(
            f"{BASE}/cases/{case_no}/{action}",
            json={} if body is None else body,
            headers=who | {"If-Match": f'"{version}"'},
        )
        return response

    def must(self, who: Headers, action: str, case_no: str, body: Any = None) -> Any:
        response = self.do(who, action, case_no, body)
        assert response.status_code == 200, (action, response.text)
        return response.json()

    def started(self, **more: Any) -> str:
        case_no = self.accepted(**more)
        self.must(self.agent, "claim", case_no)
        self.must(self.agent, "start", case_no)
        return case_no

    def decided(self, outcome: str = "grant", **more: Any) -> str:
        case_no = self.started(**more)
        body = {"outcome": outcome, "reasons": "依据第九条", "remedies": "六十日内可申请复议"}
        self.must(self.officer, "decision", case_no, body)
        return case_no

    def delivered(self, outcome: str = "grant", **more: Any) -> str:
        case_no = self.decided(outcome, **more)
        self.must(self.clerk, "delivery", case_no, {"method": "pick_up", "proof": "本人签收"})
        return case_no

    def closed(self, outcome: str = "grant", **more: Any) -> str:
        case_no = self.delivered(outcome, **more)
        self.must(self.clerk, "closure", case_no)
        return case_no

    def review(self, who: Headers, case_no: str, *, key: str = "", **body: Any) -> Response:
        response: Response = self.api.client.post(
            f"{BASE}/cases/{case_no}/review",
            json={"level": 5, "channel": "window"} | body,
            headers=who | {"Idempotency-Key": key or f"review-{next(self.serials)}"},
        )
        return response

    def import_year(self, year: int, days: list[dict[str, str]], *, seen: str = "") -> Response:
        """Import a year, as one who has just looked at it unless `seen` says otherwise."""
        tag = seen or self.get(f"calendar/{year}", self.admin).headers["ETag"]
        response: Response = self.api.client.put(
            f"{BASE}/calendar/{year}", json=notice(days), headers=self.admin | {"If-Match": tag}
        )
        return response

    def figures(self, area: str = "330902") -> dict[Metric, int]:
        """Every counter that is not zero, over all time."""

        def use_case(unit: Unit) -> dict[Metric, int]:
            return {
                metric: n for metric, n in figures(unit.session, unit.gathered(area), *ALL_TIME).items() if n
            }

        return self.api.system(use_case)

    def recounted(self) -> dict[Metric, int]:
        """Every counter that is not zero, counted again from the tables."""
        self.api.system(lambda unit: rebuild(unit.session, recount(unit)))
        return self.figures()

    def go_to(self, year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> None:
        """Set the clock to an instant in UTC."""
        self.api.clock.now = datetime(year, month, day, hour, minute, tzinfo=UTC)


def a_small_district(unit: Unit) -> None:
    """Put in three communities of two streets, and the calendar of two years."""
    areas = [
        ("330902", "定海区", AreaKind.DISTRICT, 500030),
        ("330902002", "昌国街道", AreaKind.STREET, 39644),
        ("330902003", "环南街道", AreaKind.STREET, None),
        (XIAN, "西安社区居委会", AreaKind.RESIDENTS_COMMITTEE, None),
        (KAIYUAN, "开源社区居委会", AreaKind.RESIDENTS_COMMITTEE, 4865),
        (DONGSHAN, "东山社区居委会", AreaKind.RESIDENTS_COMMITTEE, None),
    ]
    for code, name, kind, population in areas:
        districts.keep_area(unit, AreaChanged(code=code, name=name, kind=kind, population=population))
        if population is not None:
            told = {"kind": "population", "value": str(population), "unit": "人", "source": "年报"}
            keep(unit, code, AreaValueIn.model_validate(told | {"valid_from": None}))
    for subject, name, area, department in STAFF:
        role = Role.DEPARTMENT_OFFICER if department else Role.AGENT_OFFICER
        said = {"name": name, "roles": [role], "area": area, "department": department, "active": True}
        officer_changed(unit, OfficerChanged.model_validate(said | {"subject": subject}))
    for year in (2025, 2026):
        days = [OffDay(day=d.day, kind=d.kind, name=d.name) for d in published([year])]  # type: ignore[arg-type]
        districts.import_year(unit, year, CalendarIn(notice="国办发明电", days=days))


def furnished(url: str) -> None:
    """Put in the small district, before anybody works there."""
    with running(SERVICE, url) as api:
        api.system(a_small_district)


@contextmanager
def open_office(url: str, clock: FrozenClock | None = None, **settings: Any) -> Iterator[Office]:
    """Run the service on a furnished database."""
    with running(SERVICE, url, clock, **settings) as api:
        yield Office(api)
