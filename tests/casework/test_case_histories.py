"""Whatever happens to a case, in any order: its limits stay right, and it is seen by whom it concerns."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.office import BASE, DEPARTMENT, Headers, Office
from casework.test_limits import KNOWN, oracle
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.plumbing.workdays import DayKind
from testkit.api import DONGSHAN, KAIYUAN, XIAN

NOTICE = {"method": "pick_up", "proof": "本人签收"}
MONDAY = date(2026, 11, 23)
OTHERS = [{"day": "2026-10-01", "kind": "holiday", "name": "国庆节"}]


@dataclass
class Stop:
    """A pause as it was told, for the oracle."""

    start: date
    told_until: date
    ended_on: date | None = None

    def stops(self, day: date, _accepted_on: date) -> bool:
        last = self.told_until if self.ended_on is None else min(self.told_until, self.ended_on)
        return self.start <= day <= last


@dataclass
class Life:
    """One case, and all that happened to its limits."""

    office: Office
    stops: list[Stop] = field(default_factory=list)
    extra: int = 0
    off: dict[date, DayKind] = field(default_factory=lambda: {day.day: day.kind for day in KNOWN})

    def __post_init__(self) -> None:
        self.office.api.clock.now = datetime(2026, 11, 23, 2, tzinfo=UTC)
        self.office.import_year(2026, OTHERS)
        self.off = {day: kind for day, kind in self.off.items() if day.year != 2026}
        self.off[date(2026, 10, 1)] = DayKind.HOLIDAY
        self.case_no = self.office.started(promised_days=12, statutory_days=30)

    @property
    def today(self) -> date:
        return self.office.api.clock().date()

    def suspend(self, n: int) -> None:
        body = {"procedure": "testing", "days": n + 1, "reason": "送检", "notice": NOTICE}
        answer = self.office.do(self.office.agent, "suspension", self.case_no, body)
        if answer.status_code == 200:
            clock = self.office.read(f"cases/{self.case_no}/clock", self.office.agent)["pauses"][-1]
            self.stops.append(Stop(self.today, date.fromisoformat(clock["told_until"])))

    def resume(self, _n: int) -> None:
        answer = self.office.do(self.office.agent, "resumption", self.case_no, {"result": "已出结果"})
        if answer.status_code == 200:
            self.stops[-1].ended_on = self.today

    def extend(self, n: int) -> None:
        body = {"days": n + 1, "reason": "案情复杂", "notice": NOTICE}
        if self.office.do(self.office.admin, "extension", self.case_no, body).status_code == 200:
            self.extra = n + 1

    def correct(self, n: int) -> None:
        """Import the year anew, with a day off, or a weekend worked, that nobody knew of."""
        day = MONDAY + timedelta(days=2 * n + 1)
        kind = DayKind.MAKEUP if day.weekday() > 4 else DayKind.HOLIDAY
        days = [*OTHERS, {"day": day.isoformat(), "kind": str(kind), "name": "调休"}]
        assert self.office.import_year(2026, days).status_code == 200
        self.off = {known: what for known, what in self.off.items() if known < MONDAY}
        self.off[day] = kind

    def wait(self, n: int) -> None:
        self.office.api.clock.pass_(days=n)
        self.office.api.quiet()

    def is_right(self) -> None:
        clock = self.office.read(f"cases/{self.case_no}/clock", self.office.agent)
        kept = self.office.case(self.case_no)
        for name, days in (("promised", 12), ("statutory", 30)):
            due, doubt = oracle(MONDAY, days + self.extra, self.stops, self.off, [2025, 2026])
            limit = clock[name]
            assert limit["due_on"] == kept[f"{name}_due_on"] == due.isoformat()
            assert limit["provisional"] == doubt
            assert sum(day["counted"] for day in limit["days"]) == limit["limit"] == days + self.extra
            assert limit["days"][-1]["day"] == limit["due_on"]


HAPPENINGS = {
    "suspend": Life.suspend,
    "resume": Life.resume,
    "extend": Life.extend,
    "correct": Life.correct,
    "wait": Life.wait,
}


@settings(max_examples=6)
@given(st.lists(st.tuples(st.sampled_from(sorted(HAPPENINGS)), st.integers(0, 6)), min_size=3, max_size=9))
def test_after_any_history_a_case_is_due_when_counting_day_by_day_says_so_and_its_clock_sums_to_it(
    office: Office, happened: list[tuple[str, int]]
) -> None:
    life = Life(office)
    for name, n in happened:
        HAPPENINGS[name](life, n)
        life.is_right()


AREAS = (XIAN, KAIYUAN, DONGSHAN)
made = st.tuples(st.sampled_from(AREAS), st.sampled_from([DEPARTMENT, "health"]), st.booleans())
people = st.sampled_from(
    [(Role.WINDOW_CLERK, area, None) for area in AREAS]
    + [
        (Role.STREET_SUPERVISOR, "330902002", None),
        (Role.STREET_SUPERVISOR, "330902003", None),
        (Role.DISTRICT_ADMIN, "330902", None),
        (Role.DISTRICT_ADMIN, "330903", None),
        (Role.DEPARTMENT_OFFICER, "330902", DEPARTMENT),
        (Role.DEPARTMENT_OFFICER, "330902", "health"),
    ]
)


@settings(max_examples=6)
@given(st.lists(made, min_size=1, max_size=6), people)
def test_lists_and_counts_show_what_is_within_reach_and_nothing_else(
    office: Office, cases: list[tuple[str, str, bool]], who: tuple[Role, str, str | None]
) -> None:
    role, area, department = who
    headers: Headers = office.api.people.headers(role, area, department=department)

    def reached() -> set[str]:
        return {row["case_no"] for row in office.read("cases?limit=200", headers)["items"]}

    before, waiting = reached(), office.read("queue", headers)
    expected = set()
    for community, of, awaited in cases:
        status = CaseStatus.TOLERANT_ACCEPTED if awaited else CaseStatus.ACCEPTED
        case_no = office.accepted(community=community, department=of, status=status)
        within = community.startswith(area) and department in {None, of}
        expected |= {(case_no, awaited)} if within else set()
        assert office.get(f"cases/{case_no}", headers).status_code == (200 if within else 404)
        assert office.get(f"cases/{case_no}/timeline", headers).status_code == (200 if within else 404)
    assert reached() - before == {case_no for case_no, _ in expected}
    now = office.read("queue", headers)
    more = {name: now[name] - waiting[name] for name in ("team", "unassigned", "waiting_for_resident")}
    awaited_here = sum(awaited for _, awaited in expected)
    assert more == {
        "team": len(expected),
        "unassigned": len(expected),
        "waiting_for_resident": awaited_here,
    }
    unseen = office.api.client.get(f"{BASE}/cases?assignee=agent.xian", headers=headers).json()["items"]
    assert {row["case_no"] for row in unseen} <= reached()
