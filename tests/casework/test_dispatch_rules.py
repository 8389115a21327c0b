"""The dispatch guard on plain values, against a slow oracle that keeps every day and looks through all of them.

The machine does with the pure rules what the services do with them: items walk the table of their life, money
comes and goes, lists are published for today or later, orders are sent and end. The oracle knows no state,
table or rule of the code: it has a diary, and what 准入 asks is read from it line by line (rules C3, N1-N11).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from casework.diary import COMMUNITIES, DEPARTMENTS, DISTRICT, FEN, HOURS, START, STREET, Line, Oracle
from onewindow_casework.funding import rules as money
from onewindow_casework.lists import rules as lists
from onewindow_casework.orders import rules as orders
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.admission import (
    AssistingAction,
    CommunityRole,
    ListedMatter,
    MatterClass,
    MatterKind,
    Money,
    MoneyPeriod,
    MoneyUnit,
    Standing,
    Workload,
)
from onewindow_shared.contracts.admission_life import (
    ITEM_ENDS,
    ItemAction,
    ItemStatus,
    walk_item,
)
from onewindow_shared.contracts.machines import CannotMoveError
from testkit.api import XIAN

SHARES = st.integers(1, 4).map(lambda quarters: quarters * FEN // 2)
TWISTS = st.sampled_from(
    ("minutes", "minutes", "minutes", "cases", "community", "department", "role", "actions", "days", "item")
).flatmap(
    lambda what: st.fixed_dictionaries(
        {
            what: {
                "minutes": st.sampled_from((None, 1, 60, 120)),
                "cases": st.sampled_from((6, 12, 25)),
                "community": st.sampled_from(COMMUNITIES),
                "department": st.sampled_from(DEPARTMENTS),
                "role": st.sampled_from(CommunityRole),
                "actions": st.lists(st.sampled_from(list(AssistingAction)[:3]), max_size=2, unique=True),
                "days": st.integers(0, 40),
                "item": st.just("nobody-knows-it"),
            }[what]
        }
    )
)
"""What an order asks otherwise than its item was admitted for; most only take their time."""


@dataclass
class Item:
    """What the service keeps of an item."""

    form: ListedMatter
    status: ItemStatus = ItemStatus.APPROVED
    off_from: date | None = None
    allotted: int = 0
    reserved: int = 0
    conditions: bool = False
    contract: bool = False


@dataclass
class Sent:
    """What the service keeps of an order."""

    no: int
    item: str
    community: str
    year: int
    minutes: int


def form(matter_class: MatterClass, area: str, period: tuple[date, date | None]) -> ListedMatter:
    main = matter_class is MatterClass.AUTONOMY
    return ListedMatter(
        code=matter_class,
        name=matter_class,
        aliases=[],
        kind=MatterKind.SURVEY,
        matter_class=matter_class,
        department=DEPARTMENTS[0],
        content=None,
        role=CommunityRole.MAIN if main else CommunityRole.ASSISTING,
        actions=[] if main else list(AssistingAction)[:2],
        areas=[area],
        first_day=period[0],
        last_day=period[1],
        workload=Workload(minutes_per_case=10, hours_per_year=HOURS),
        money=Money(fen=FEN, unit=MoneyUnit.COMMUNITY, period=MoneyPeriod.YEAR),
        conditions=None,
        training=None,
        data_asked=None,
        basis=[],
        instead=None,
        item_codes=[],
    )


class Dispatching(RuleBasedStateMachine):
    """Whatever happens, in whatever order: the guard says what the diary says."""

    items = Bundle("items")

    def __init__(self) -> None:
        super().__init__()
        self.today = START
        self.known: dict[str, Item] = {}
        self.versions: list[tuple[date, dict[str, ListedMatter]]] = []
        self.late: set[tuple[str, str]] = set()
        self.minutes: dict[tuple[str, str, int], int] = {}
        self.running: list[Sent] = []
        self.serial = 0
        self.diary: list[Line] = []
        self.oracle = Oracle(self.diary, {})

    def write(self, what: str, item: str = "", **more: Any) -> None:
        self.diary.append(Line(self.today, what, item, more))

    @initialize(
        target=items,
        first=st.sampled_from((0, 0, 2)),
        last=st.sampled_from((None, 6, 30)),
        area=st.sampled_from((XIAN, STREET)),
        listed=st.booleans(),
    )
    def admitted(self, first: int, last: int | None, area: str, listed: bool) -> Any:
        """A meeting has admitted one item of each class; perhaps they are paid for and on a list already."""
        period = START + timedelta(days=first), None if last is None else START + timedelta(days=last)
        for matter_class in (MatterClass.ASSIST, MatterClass.PURCHASE, MatterClass.AUTONOMY):
            made = form(matter_class, area, period)
            self.known[made.code], self.oracle.forms[made.code] = Item(made), made
        if listed:
            for code in self.known:
                self.pay_for(code, lacks="")
            self.publish(0)
        return multiple(*self.known)

    def moved(self, item: Item, action: ItemAction, roles: frozenset[Role] | None) -> bool:
        try:
            item.status = walk_item(item.status, action, roles).target
        except CannotMoveError:
            return False
        return True

    def needed(self, item: Item) -> int:
        here = [one for one in COMMUNITIES if one.startswith(item.form.areas[0])]
        assert item.form.money is not None
        assert item.form.workload is not None
        return money.needed(item.form.money, item.form.workload, len(here))

    def lacking(self, item: Item) -> list[str]:
        return money.lacking(
            allotted=item.allotted,
            needed_=self.needed(item),
            conditions=item.conditions,
            contract=item.contract or item.form.matter_class is not MatterClass.PURCHASE,
        )

    def look_again(self, item: Item) -> None:
        """What the ledger does after every change of an item's money and conditions."""
        paid = item.form.matter_class in money.PAID_CLASSES
        if item.status is ItemStatus.APPROVED and paid and not self.lacking(item):
            assert self.moved(item, ItemAction.FUND, None)
            item.reserved = self.needed(item)

    @rule(code=items, fen=SHARES)
    def allot(self, code: str, fen: int) -> None:
        self.known[code].allotted += fen
        self.write("allot", code, fen=fen)
        self.look_again(self.known[code])

    @rule(code=items, fen=SHARES)
    def release(self, code: str, fen: int) -> None:
        item = self.known[code]
        kept = 0 if item.status in ITEM_ENDS else item.reserved
        if item.allotted - fen >= kept:
            item.allotted -= fen
            self.write("release", code, fen=fen)

    @rule(code=items, what=st.sampled_from(("conditions", "contract")))
    def deliver(self, code: str, what: str) -> None:
        setattr(self.known[code], what, True)
        self.write(what, code)
        self.look_again(self.known[code])

    @rule(code=items, lacks=st.sampled_from(("", "money", "conditions", "contract")))
    def pay_for(self, code: str, lacks: str) -> None:
        """Everything an item needs, or all but one thing."""
        for what in ("conditions", "contract"):
            if what != lacks:
                self.deliver(code, what)
        if lacks != "money":
            self.allot(code, 2 * FEN)

    @rule(later=st.sampled_from((0, 0, 1, 3)))
    def publish(self, later: int) -> None:
        since = max([self.today, *(day for day, _ in self.versions)]) + timedelta(days=later)
        ready = {code: item.form for code, item in self.known.items() if self.is_ready(item, since)}
        self.versions.append((since, ready))
        self.write("publish", since=since)
        self.into_force()

    def is_ready(self, item: Item, since: date) -> bool:
        if item.form.last_day is not None and item.form.last_day < since:
            return False
        own = item.status is ItemStatus.APPROVED and item.form.matter_class is MatterClass.AUTONOMY
        paid = (ItemStatus.FUNDED, ItemStatus.ACTIVE, ItemStatus.UNDER_ADJUSTMENT)
        return own or item.status in paid

    def into_force(self) -> None:
        for since, cards in self.versions:
            for code in cards:
                waiting = self.known[code].status in (ItemStatus.APPROVED, ItemStatus.FUNDED)
                if since <= self.today and waiting:
                    assert self.moved(self.known[code], ItemAction.LIST, None)

    @rule(code=items, action=st.sampled_from((ItemAction.EXIT, ItemAction.REVOKE)))
    @precondition(lambda self: len(self.diary) > 6)
    def take_off(self, code: str, action: ItemAction) -> None:
        item = self.known[code]
        if self.moved(item, action, DISTRICT):
            item.off_from = self.today
            self.write("off", code)

    @rule(code=items, action=st.sampled_from((ItemAction.ADJUST, ItemAction.CONFIRM)))
    def review(self, code: str, action: ItemAction) -> None:
        """Taking an item up again changes nothing of what may be asked (N9)."""
        self.moved(self.known[code], action, DISTRICT)

    @rule(days=st.sampled_from((1, 1, 3, 10)))
    def wait(self, days: int) -> None:
        self.today += timedelta(days=days)
        self.into_force()

    @rule(code=items, community=st.sampled_from(COMMUNITIES))
    def lamp(self, code: str, community: str) -> None:
        """An instalment becomes late, or comes after all."""
        self.late ^= {(code, community)}

    def situation(self, code: str, community: str) -> orders.Situation:
        """Say how things stand, as the lists and the ledger have them."""
        if code not in self.known:
            return orders.Situation(Standing.NOT_ADMITTED, None)
        item = self.known[code]
        cards = [cards for since, cards in self.versions if since <= self.today]
        card = cards[-1].get(code) if cards else None
        entry = None
        if card is not None:
            concerned = any(community.startswith(area) for area in card.areas)
            entry = lists.Listed(card.first_day, card.last_day, concerned)
        admitted = lists.Admitted(item.status, item.form.matter_class, item.form.last_day, item.off_from)
        where = lists.standing(admitted, entry, self.today)
        return orders.Situation(
            where,
            card if where is Standing.LISTED else None,
            money_late=(code, community) in self.late,
            minutes_before=self.minutes.get((code, community, self.today.year), 0),
        )

    def dispatched(self, code: str, community: str, asked: orders.Asked) -> None:
        late = (code, community) in self.late
        obstacles = self.oracle.obstacles(code, community, self.today, asked, late)
        barred = orders.may_dispatch(asked, self.situation(code, community))
        if barred is not None:
            assert barred.reason in obstacles
            assert barred.basis
            return
        assert obstacles == set()
        self.serial += 1
        minutes = orders.time_asked(asked, self.known[code].form)
        sent = Sent(self.serial, code, community, self.today.year, minutes)
        self.count(sent, minutes)
        self.running.append(sent)
        self.write("sent", code, no=sent.no, community=community, minutes=self.oracle.time(code, asked))

    def count(self, sent: Sent, minutes: int) -> None:
        place = (sent.item, sent.community, sent.year)
        self.minutes[place] = self.minutes.get(place, 0) + minutes

    @rule(code=items, twists=st.lists(TWISTS, min_size=1, max_size=6))
    def send(self, code: str, twists: list[dict[str, Any]]) -> None:
        """Send orders as they were admitted, each with at most one thing otherwise."""
        form = self.known[code].form
        right = {"role": form.role, "actions": form.actions[:1], "minutes": 60, "days": 0}
        for twist in twists:
            told = right | {"item": code, "community": XIAN, "department": DEPARTMENTS[0]} | twist
            due_on = self.today + timedelta(days=told.pop("days"))
            where = told.pop("item"), told.pop("community")
            self.dispatched(*where, orders.Asked(due_on=due_on, **told))

    @rule(which=st.integers(0, 9), begun=st.booleans(), spent=st.none() | st.integers(1, 200))
    @precondition(lambda self: self.running)
    def end(self, which: int, begun: bool, spent: int | None) -> None:
        """An order is done, or cut short."""
        sent = self.running.pop(which % len(self.running))
        kept = orders.time_taken(planned=sent.minutes, spent=spent, begun=begun)
        self.count(sent, kept - sent.minutes)
        self.write("ended", no=sent.no, begun=begun, spent=spent)

    @invariant()
    def no_paid_work_goes_on_without_its_money(self) -> None:
        for code, item in self.known.items():
            lists_have = item.status in (ItemStatus.FUNDED, ItemStatus.ACTIVE, ItemStatus.UNDER_ADJUSTMENT)
            if lists_have and self.oracle.needs_money(code):
                assert self.oracle.money(code) >= self.oracle.wanted(code)

    @invariant()
    def the_time_that_counts_is_what_the_diary_adds_up_to(self) -> None:
        for (code, community, year), minutes in self.minutes.items():
            assert minutes == self.oracle.asked(code, community, year)


TestDispatching = Dispatching.TestCase
TestDispatching.settings = settings(max_examples=150, stateful_step_count=25)


@given(
    ordered=st.integers(1, 5_000),
    done=st.integers(0, 100_000),
    percent=st.integers(0, 100),
    per_case=st.integers(1, 600),
)
def test_what_is_borne_beyond_an_order_is_its_percentage_and_a_case_never_takes_less_than_was_admitted(
    ordered: int, done: int, percent: int, per_case: int
) -> None:
    assert orders.is_beyond(ordered, done, percent) == (Fraction(done, ordered) > 1 + Fraction(percent, 100))
    assert not orders.is_beyond(ordered, ordered, percent)
    assert orders.working_time(None, ordered, per_case) == ordered * per_case
    assert orders.working_time(done, ordered, per_case) == max(done, ordered * per_case)
