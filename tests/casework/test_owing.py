"""Money that follows cases: every confirmed case is owed once, however its item ends, and stays there until then."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.dispatching import DONE, Desk
from casework.hall import RETIRED, SURVEY
from casework.office import BASE, Office
from onewindow_casework.admission.review import EXPIRED
from onewindow_casework.funding import rules
from onewindow_shared.contracts.admission import MoneyPeriod
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import midnight
from testkit.api import XIAN

FEN = 2_000
BY_CASE: dict[str, Any] = {"fen": FEN, "money_unit": "case", "money_period": "month", "minutes_per_case": 20}
CODES = (f"i-{n}" for n in count(100))


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


def by_case(desk: Desk, **more: Any) -> str:
    """An item paid by the case, for a month from today unless said otherwise, and on the lists."""
    first = desk.office.api.clock().date()
    days = {"first_day": first, "last_day": first + timedelta(days=29), "basis": SURVEY["basis"]}
    code = desk.active(next(CODES), **BY_CASE | days | more)
    last_day = (days | more)["last_day"]

    def watched(unit: Unit) -> None:
        if last_day is not None:
            unit.set_timer(EXPIRED, code, midnight(last_day + timedelta(days=1), unit.zone))

    desk.office.api.system(watched)
    return code


def done(desk: Desk, code: str, cases: int = 3) -> int:
    no = desk.begun(item=code, cases=cases, due_on=desk.office.api.clock().date().isoformat())
    desk.must(desk.manager, "completion", no, {"evidence": ["登记表"], "minutes": 20 * cases, "cases": cases})
    return no


def worked(desk: Desk, code: str, cases: int = 3) -> None:
    desk.must(desk.officer, "confirmation", done(desk, code, cases))


def pass_days(desk: Desk, days: int) -> None:
    desk.office.api.clock.pass_(days=days)
    desk.office.api.quiet()


def end(desk: Desk, code: str, step: str = "exit") -> None:
    path = f"admission/items/{code}"
    answer = desk.office.api.client.post(
        f"{BASE}/{path}/{step}",
        json=RETIRED if step == "exit" else {"reason": "依据已修订"},
        headers=desk.admin | {"If-Match": f'"{desk.office.read(path, desk.admin)["version"]}"'},
    )
    assert answer.status_code == 200, answer.text


def owed(desk: Desk, code: str) -> list[tuple[str, str, int]]:
    found = desk.read(f"instalments?item={code}&limit=200")["items"]
    return sorted((one["period_from"], one["period_to"], one["fen"]) for one in found)


def test_the_last_period_closes_with_the_last_day(desk: Desk) -> None:
    code = by_case(desk, money_period="quarter")
    worked(desk, code)
    pass_days(desk, 29)
    assert (desk.status(code), owed(desk, code)) == ("active", [])
    pass_days(desk, 1)
    assert (desk.status(code), owed(desk, code)) == ("exited", [("2026-11-23", "2026-12-22", 3 * FEN)])
    (late,) = desk.read(f"instalments?item={code}")["items"]
    assert late["due_on"] == "2027-01-07"
    pass_days(desk, 20)
    assert len(desk.read(f"instalments?item={code}&late=true")["items"]) == 1


@pytest.mark.parametrize("period", ["once", "month", "year"])
@pytest.mark.parametrize("step", ["exit", "revocation"])
def test_the_open_period_closes_on_the_day_on_which_the_item_ends(desk: Desk, period: str, step: str) -> None:
    code = by_case(desk, money_period=period, last_day=date(2027, 11, 22))
    worked(desk, code)
    pass_days(desk, 4)
    end(desk, code, step)
    assert owed(desk, code) == []
    pass_days(desk, 1)
    assert owed(desk, code) == [("2026-11-23", "2026-11-27", 3 * FEN)]


@pytest.mark.parametrize("step", ["exit", "revocation", ""])
def test_what_is_confirmed_after_the_end_is_owed_with_its_month(desk: Desk, step: str) -> None:
    code = by_case(desk)
    no = done(desk, code)
    pass_days(desk, 7 if step else 30)
    if step:
        end(desk, code, step)
    pass_days(desk, 42 - (7 if step else 30))
    desk.must(desk.officer, "confirmation", no)
    assert desk.office.api.clock().date() == date(2027, 1, 4)
    pass_days(desk, 27)
    assert owed(desk, code) == []
    pass_days(desk, 1)
    ((_, last, fen),) = owed(desk, code)
    assert (last, fen) == ("2027-01-31", 3 * FEN)


def test_what_is_paid_once_and_without_an_end_is_owed_by_calendar_month(desk: Desk) -> None:
    code = by_case(desk, money_period="once", last_day=None)
    worked(desk, code)
    pass_days(desk, 8)
    assert owed(desk, code) == [("2026-11-23", "2026-11-30", 3 * FEN)]
    desk.posted(desk.officer, "transfers", fen=3 * FEN, item=code, community=XIAN)
    pass_days(desk, 30)
    worked(desk, code, 2)
    pass_days(desk, 1)
    assert owed(desk, code)[1:] == [("2026-12-01", "2026-12-31", 2 * FEN)]


def test_work_that_was_given_back_stays_reserved_and_is_owed_once_it_is_confirmed(desk: Desk) -> None:
    code = by_case(desk)
    no = done(desk, code)
    desk.must(desk.officer, "return", no, {"reason": "缺走访照片"})
    end(desk, code)
    pass_days(desk, 3)
    assert desk.order(no)["status"] == "returned"
    kept = desk.post(desk.officer, "releases", fen=400_000 - 3 * FEN + 1, item=code)
    assert kept.json()["type"] == "urn:onewindow:problem:money-reserved"
    desk.must(desk.manager, "completion", no, DONE | {"cases": 3})
    desk.must(desk.officer, "confirmation", no)
    pass_days(desk, 42)
    assert sum(fen for _, _, fen in owed(desk, code)) == 3 * FEN


def test_the_department_takes_nothing_back_that_is_owed_for_cases(desk: Desk) -> None:
    code = by_case(desk)
    worked(desk, code)
    waiting = done(desk, code, 2)
    end(desk, code)
    pass_days(desk, 3)
    kept = desk.post(desk.officer, "releases", fen=400_000 - 5 * FEN + 1, item=code)
    assert (kept.status_code, kept.json()["type"]) == (409, "urn:onewindow:problem:money-reserved")
    assert "10000 fen" in kept.json()["detail"]
    allotment = next(one["no"] for one in desk.read("postings")["items"] if one["movement"] == "allot")
    taken_back = desk.office.api.client.post(
        f"{BASE}/admission/funding/postings/{allotment}/correction",
        json={"document_no": "冲销单", "reason": "误记"},
        headers=desk.admin | {"Idempotency-Key": f"take-back-{code}"},
    )
    assert taken_back.status_code == 409
    desk.posted(desk.officer, "releases", fen=400_000 - 5 * FEN, item=code)
    desk.must(desk.officer, "confirmation", waiting)
    pass_days(desk, 10)
    assert sum(fen for _, _, fen in owed(desk, code)) == 5 * FEN
    desk.posted(desk.officer, "transfers", fen=5 * FEN, item=code, community=XIAN)
    assert all(one["paid"] for one in desk.read(f"instalments?item={code}")["items"])


LATER = {"work": 3, "done": 2, "confirm": 2, "wait": 4, "exit": 1, "revocation": 1}
step = st.tuples(st.sampled_from([one for one, n in LATER.items() for _ in range(n)]), st.integers(0, 3))


@dataclass
class Worked:
    """An item paid ahead, and what its orders came to, by the day on which they were confirmed."""

    desk: Desk
    code: str
    waiting: list[tuple[int, int]] = field(default_factory=list)
    confirmed: list[tuple[date, int]] = field(default_factory=list)

    def do(self, what: str, n: int) -> None:
        if what == "wait":
            pass_days(self.desk, (1, 6, 17, 33)[n])
        elif what == "confirm":
            self.confirm()
        elif self.desk.status(self.code) == "active":
            self.act(what, n + 1)

    def act(self, what: str, cases: int) -> None:
        if what in {"exit", "revocation"}:
            end(self.desk, self.code, what)
            return
        self.waiting.append((done(self.desk, self.code, cases), cases))
        if what == "work":
            self.confirm()

    def confirm(self) -> None:
        if self.waiting:
            no, cases = self.waiting.pop()
            self.desk.must(self.desk.officer, "confirmation", no)
            self.confirmed.append((self.desk.office.api.clock().date(), cases))

    def cases(self, first: date, last: date) -> int:
        return sum(cases for day, cases in self.confirmed if first <= day <= last)


@settings(max_examples=8)
@given(
    period=st.sampled_from(["once", "month", "quarter"]),
    length=st.sampled_from([None, 20, 45]),
    steps=st.lists(step, min_size=3, max_size=10),
)
def test_every_confirmed_case_is_owed_once_and_for_the_period_of_its_day(
    desk: Desk, period: str, length: int | None, steps: list[tuple[str, int]]
) -> None:
    desk.go_to(2026, 11, 23, 2)
    first = date(2026, 11, 23)
    last = None if length is None else first + timedelta(days=length)
    code = by_case(desk, money_period=period, last_day=last, hours_per_year=40)
    desk.posted(desk.officer, "transfers", fen=300_000, item=code, community=XIAN)
    worked = Worked(desk, code)
    for what, n in [*steps, ("exit", 0), ("wait", 0), *[("confirm", 0)] * len(steps)]:
        worked.do(what, n)
    pass_days(desk, 34)
    found = [
        (date.fromisoformat(since), date.fromisoformat(until), fen) for since, until, fen in owed(desk, code)
    ]
    assert sum(fen for *_, fen in found) == FEN * worked.cases(first, date.max)
    assert all(fen == FEN * worked.cases(since, until) for since, until, fen in found)


@given(
    first=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    length=st.none() | st.integers(0, 500),
    period=st.sampled_from(MoneyPeriod),
    off=st.none() | st.integers(0, 600),
    days=st.lists(st.integers(0, 900), min_size=1, max_size=12).map(sorted),
)
def test_periods_of_cases_follow_on_one_another_and_come_to_every_day_of_work(
    first: date, length: int | None, period: MoneyPeriod, off: int | None, days: list[int]
) -> None:
    last = None if length is None else first + timedelta(days=length)
    off_from = None if off is None else first + timedelta(days=off)
    term, start = rules.Term(first, last, period, off_from), first
    until: date | None = None
    for day in [first + timedelta(days=n) for n in days]:
        while start <= day:
            until = rules.closes(term, start, day)
            assert until is not None
            assert until >= start
            if off_from is not None and start <= off_from and day <= off_from:
                assert until <= off_from
            start = until + timedelta(days=1)
        assert until is not None
        assert until <= max(day + timedelta(days=366), last or day)


def test_nothing_closes_where_no_case_waits_and_no_period_runs() -> None:
    gone = rules.Term(date(2026, 1, 1), date(2026, 3, 31), MoneyPeriod.MONTH, date(2026, 4, 1))
    assert rules.closes(gone, date(2026, 4, 2), None) is None
    endless = rules.Term(date(2026, 1, 1), None, MoneyPeriod.ONCE, None)
    assert rules.closes(endless, date(2026, 1, 1), None) is None
