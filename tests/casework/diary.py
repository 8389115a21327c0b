"""The slow oracle of the dispatch guard: it keeps a diary, and what 准入 asks is read from it line by line."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from onewindow_casework.orders import rules as orders
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.admission import (
    ListedMatter,
)
from onewindow_shared.contracts.orders import Bar
from testkit.api import DONGSHAN, KAIYUAN, XIAN

STREET = XIAN[:9]
COMMUNITIES = (XIAN, KAIYUAN, DONGSHAN)
DEPARTMENTS = ("civil_affairs", "health")
DISTRICT = frozenset({Role.DISTRICT_ADMIN})
START = date(2026, 12, 20)
FEN, HOURS = 1_000, 4


@dataclass(frozen=True)
class Line:
    """One line of the oracle's diary."""

    day: date
    what: str
    item: str = ""
    more: dict[str, Any] = field(default_factory=dict)


class Oracle:
    """Reads the whole diary for every question."""

    def __init__(self, diary: list[Line], forms: dict[str, ListedMatter]) -> None:
        self.diary, self.forms = diary, forms

    def lines(self, what: str, item: str = "") -> Iterator[Line]:
        return (line for line in self.diary if line.what == what and line.item == item)

    def money(self, item: str) -> int:
        """What lies ready for an item: all that was allotted, less all that was given back."""
        given, back = (
            sum(int(line.more["fen"]) for line in self.lines(what, item)) for what in ("allot", "release")
        )
        return given - back

    def needs_money(self, item: str) -> bool:
        return self.forms[item].matter_class != "autonomy"

    def wanted(self, item: str) -> int:
        """One period for every community that lies in its areas."""
        return FEN * sum(any(one.startswith(area) for area in self.forms[item].areas) for one in COMMUNITIES)

    def was_funded(self, item: str, upto: int | None = None) -> bool:
        """Whether on some day money, conditions and, if purchased, a contract were all there together (N6)."""
        for end in range(len(self.diary) + 1 if upto is None else upto + 1):
            past = Oracle(self.diary[:end], self.forms)
            there = past.money(item) >= self.wanted(item) and any(past.lines("conditions", item))
            if there and (self.forms[item].matter_class != "purchase" or any(past.lines("contract", item))):
                return True
        return False

    def holds(self, version: Line, item: str) -> bool:
        """Whether a version was published with an item: paid for if need be, not gone, not over by its day."""
        place = self.diary.index(version)
        past = Oracle(self.diary[:place], self.forms)
        last = self.forms[item].last_day
        over = last is not None and last < version.more["since"]
        gone = any(past.lines("off", item))
        return not (over or gone) and (not self.needs_money(item) or past.was_funded(item))

    def list_of(self, day: date) -> Line | None:
        """The last published version whose day has come (N7)."""
        found = [line for line in self.lines("publish") if line.more["since"] <= day]
        return found[-1] if found else None

    def asked(self, item: str, community: str, year: int) -> int:
        """The minutes that count: what was done as it took, what was begun as planned, what was not begun not."""
        total = 0
        for sent in self.lines("sent", item):
            if sent.more["community"] == community and sent.day.year == year:
                ends = [line for line in self.lines("ended") if line.more["no"] == sent.more["no"]]
                took = ends[-1].more["spent"] if ends else None
                cut = bool(ends) and took is None and not ends[-1].more["begun"]
                total += 0 if cut else sent.more["minutes"] if took is None else took
        return total

    def time(self, item: str, asked: orders.Asked) -> int:
        """What an order takes: as it says, but every case at least as long as was admitted."""
        workload = self.forms[item].workload
        assert workload is not None
        by_cases = sum(workload.minutes_per_case for _ in range(asked.cases))
        return max(by_cases, asked.minutes or 0)

    def obstacles(self, item: str, community: str, today: date, asked: orders.Asked, late: bool) -> set[Bar]:
        """Everything that keeps an order from being sent, in any order."""
        if item not in self.forms:
            return {Bar.NOT_ADMITTED}
        form, version, found = self.forms[item], self.list_of(today), set()
        listed = version is not None and self.holds(version, item)
        if not listed or any(line.day <= today for line in self.lines("off", item)):
            found.add(Bar.OUT_OF_LIST)
        if not listed and self.needs_money(item) and not self.was_funded(item):
            found.add(Bar.NO_FUNDS)
        if late:
            found.add(Bar.NO_FUNDS)
        days = (today, asked.due_on)
        if any(day < form.first_day or (form.last_day is not None and day > form.last_day) for day in days):
            found.add(Bar.OUT_OF_PERIOD)
        if not any(community.startswith(area) for area in form.areas):
            found.add(Bar.OUT_OF_AREA)
        if asked.department != form.department:
            found.add(Bar.NO_AUTHORITY)
        return found | self.beyond(item, community, today, asked)

    def beyond(self, item: str, community: str, today: date, asked: orders.Asked) -> set[Bar]:
        """More than assisting, and more than the agreed hours."""
        form, found = self.forms[item], set()
        if form.role == "assisting":
            if asked.role == "main":
                found.add(Bar.MAIN_BODY)
            if not asked.actions or any(action not in form.actions for action in asked.actions):
                found.add(Bar.BEYOND_ACTIONS)
        if self.asked(item, community, today.year) + self.time(item, asked) > HOURS * 60:
            found.add(Bar.BEYOND_WORKLOAD)
        return found
