"""Whatever is paid, returned, published, taken off and sent: nothing goes past the list of the day, or its money."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.dispatching import Desk
from casework.hall import RETIRED, SURVEY
from casework.office import BASE, Office
from onewindow_casework.admission.models import PAID_STATES
from testkit.api import XIAN

BECAUSE = {"reason": "依据已修订"}
NEEDED, AGREED, LENGTH = 100_000, 600, 40
_names = count(1)


@dataclass
class Remembered:
    """The slow oracle: it keeps every day and every version, and looks all of them through."""

    code: str
    first_day: date
    last_day: date
    allotted: int = 0
    funded: bool = False
    off_from: date | None = None
    versions: list[tuple[date, bool]] = field(default_factory=list)
    asked: Counter[int] = field(default_factory=Counter)

    def on_the_list_of(self, day: date) -> bool:
        in_force = [has for since, has in self.versions if since <= day]
        there = bool(in_force) and in_force[-1]
        return (
            there and self.first_day <= day <= self.last_day and not (self.off_from and self.off_from <= day)
        )

    def allows(self, day: date, minutes: int) -> bool:
        return self.on_the_list_of(day) and self.asked[day.year] + minutes <= AGREED


@dataclass
class History:
    """One item in its district, from its admission on."""

    desk: Desk

    def __post_init__(self) -> None:
        self.pass_days(5)
        code = f"h-{next(_names)}"
        self.known = Remembered(code, self.today, self.today + timedelta(days=LENGTH))
        days = {"first_day": self.known.first_day, "last_day": self.known.last_day}
        self.desk.item(code, basis=SURVEY["basis"], **days)
        self.desk.budget(10 * NEEDED)

    @property
    def today(self) -> date:
        return self.desk.office.api.clock().date()

    def pass_days(self, days: int) -> None:
        self.desk.office.api.clock.pass_(days=days)
        while self.desk.office.api.tick():
            pass

    def money(self, what: str, fen: int, *, again: bool) -> bool:
        more = {"item": self.known.code} | ({"community": XIAN} if what in {"transfers", "returns"} else {})
        key = f"history-money-{next(_names)}"
        answers = [
            self.desk.post(self.desk.officer, what, key=key, fen=fen, **more) for _ in range(1 + again)
        ]
        assert len({(answer.status_code, answer.content) for answer in answers if answer.is_success}) < 2
        return answers[0].status_code == 201

    def allot(self, n: int, *, again: bool) -> None:
        fen = NEEDED * (n + 2) // 4
        if self.money("allotments", fen, again=again):
            self.known.allotted += fen
            self.known.funded |= self.known.allotted >= NEEDED

    def release(self, n: int, *, again: bool) -> None:
        fen = NEEDED * (n + 1) // 4
        if self.money("releases", fen, again=again):
            self.known.allotted -= fen

    def transfer(self, n: int, *, again: bool) -> None:
        self.money("transfers", NEEDED * (n + 1) // 4, again=again)

    def return_(self, n: int, *, again: bool) -> None:
        self.money("returns", NEEDED * (n + 1) // 4, again=again)

    def publish(self, n: int, *, again: bool) -> None:
        since = self.today + timedelta(days=n * again)
        answer = self.desk.office.api.client.post(
            f"{BASE}/admission/lists",
            json={"title": "社区工作事项清单", "effective_from": since.isoformat()},
            headers=self.desk.admin | {"Idempotency-Key": f"history-list-{next(_names)}"},
        )
        if answer.status_code == 201:
            known = self.known
            ready = known.funded and known.off_from is None and known.last_day >= since
            known.versions.append((since, ready))

    def step(self, name: str, body: dict[str, str], *, again: bool) -> bool:
        """Take a step with the item, and once more as one who did not get the answer."""
        path = f"admission/items/{self.known.code}"
        version = self.desk.office.read(path, self.desk.admin)["version"]
        seen = self.desk.admin | {"If-Match": f'"{version}"'}
        ask = self.desk.office.api.client.post
        answers = [ask(f"{BASE}/{path}/{name}", json=body, headers=seen) for _ in range(1 + again)]
        assert [answer.status_code for answer in answers].count(200) < 2
        return bool(answers[0].status_code == 200)

    def take_off(self, n: int, *, again: bool) -> None:
        name, body = (("exit", RETIRED), ("revocation", BECAUSE))[n % 2]
        if self.step(name, body, again=again):
            self.known.off_from = self.today

    def review(self, n: int, *, again: bool) -> None:
        """Taking an item up again, and letting it stay, change nothing of what may be asked (N9)."""
        self.step(("adjustment", "confirmation")[n % 2], BECAUSE, again=again)

    def wait(self, n: int, *, again: bool) -> None:
        self.pass_days((1, 5, 12, 20)[n])

    def send(self, n: int, *, again: bool) -> None:
        code, minutes = self.known.code, 120 * (n + 1)
        late = bool(self.desk.read(f"instalments?item={code}&late=true")["items"])
        may = self.known.allows(self.today, minutes) and not late
        key = f"history-order-{next(_names)}"
        for _ in range(1 + again):
            answer = self.desk.send(code, key=key, minutes=minutes, due_on=self.today.isoformat())
            assert answer.status_code == (201 if may else 409), answer.text
        if may:
            self.known.asked[self.today.year] += minutes

    def nothing_is_asked_without_money(self) -> None:
        funding = self.desk.read(f"items/{self.known.code}")
        assert funding["allotted"] == self.known.allotted
        if self.desk.status(self.known.code) in PAID_STATES:
            assert funding["allotted"] >= NEEDED
            assert funding["lacking"] == []


STEPS = {
    "allot": History.allot,
    "release": History.release,
    "transfer": History.transfer,
    "return": History.return_,
    "publish": History.publish,
    "take off": History.take_off,
    "review": History.review,
    "wait": History.wait,
    "send": History.send,
}
Steps = list[tuple[str, int, bool]]
LIKELY = [*STEPS, "allot", "publish", "send", "send"]
step = st.tuples(st.sampled_from(LIKELY), st.integers(0, 3), st.booleans())


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


@settings(max_examples=4)
@given(before=st.booleans(), steps=st.lists(step, min_size=4, max_size=10))
def test_no_history_lets_anything_past_the_list_of_the_day_or_leaves_an_active_item_without_money(
    desk: Desk, before: bool, steps: Steps
) -> None:
    history = History(desk)
    paid: Steps = [("allot", 2, False), ("publish", 0, False)]
    for name, n, again in (paid if before else []) + steps:
        STEPS[name](history, n, again=again)
        history.nothing_is_asked_without_money()
    assert desk.read("proof")["sound"]
