"""What is given is proved at the place, confirmed by those in charge, and counted once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.machines import CannotMoveError
from onewindow_shared.contracts.records import RecordStatus
from onewindow_volunteers.records import rules
from onewindow_volunteers.records.rules import Levels, RecordAction, Window
from onewindow_volunteers.records.spans import minutes_of, within
from testkit.api import DONGSHAN, MONDAY, XIAN, Api
from volunteers.organiser import Helper, Organiser, shift
from volunteers.signup import BASE, wrong_fields
from volunteers.test_privacy import audited

LENGTH = timedelta(seconds=30)
KEY = b"k" * 32


@pytest.fixture
def organiser(api: Api) -> Organiser:
    return Organiser(api)


class Day:
    """Somebody's place in a shift of three hours tomorrow, and what happens there."""

    def __init__(self, organiser: Organiser, helper: Helper, **changes: Any) -> None:
        self.api, self.organiser, self.helper = organiser.api, organiser, helper
        self.activity = organiser.published(shifts=[shift(**changes)], community=organiser.area)
        self.place = helper.joined(self.activity)
        self.starts_at = datetime.fromisoformat(self.activity["shifts"][0]["starts_at"])

    def at(self, minutes: float) -> None:
        self.api.clock.now = self.starts_at + timedelta(minutes=minutes)

    def code(self) -> str:
        path = f"shifts/{self.activity['shifts'][0]['shift_id']}/code"
        code: str = self.organiser.ask("GET", path).json()["code"]
        return code

    def check(self, way: str, **body: Any) -> Any:
        sent = {"code": self.code(), **body}
        key = {"Idempotency-Key": f"check-in-{self.place['signup_id']}"} if way == "in" else {}
        return self.helper.ask("POST", f"signups/{self.place['signup_id']}/check-{way}", sent, **key)

    def served(self, came: float = 0, left: float = 180) -> dict[str, Any]:
        self.at(came)
        assert self.check("in").status_code == 201
        self.at(left)
        answer = self.check("out")
        assert answer.status_code == 200, answer.text
        record: dict[str, Any] = answer.json()
        return record


def move(who: Callable[..., Any], record: dict[str, Any], to: str, body: Any = None) -> Any:
    seen = {"If-Match": f'"{record["version"]}"'}
    return who("POST", f"records/{record['record_id']}/{to}", body, **seen)


def hours(helper: Helper) -> tuple[int, int]:
    answer = helper.ask("GET", "people/me/hours").json()
    return answer["confirmed_minutes"], answer["pending_minutes"]


def boss(api: Api, role: Role, area: str) -> Callable[..., Any]:
    def ask(method: str, path: str, body: Any = None, **headers: str) -> Any:
        who = api.people.headers(role, area)
        return api.client.request(method, f"{BASE}/{path}", json=body, headers={**who, **headers})

    return ask


def test_what_was_given_counts_once_it_is_confirmed(api: Api, organiser: Organiser) -> None:
    helper = Helper.registered(api, 11)
    record = Day(organiser, helper).served(came=-10, left=170)
    assert (record["status"], record["minutes"]) == ("pending", 170), "coming early is not service"
    assert hours(helper) == (0, 170)
    confirmed = move(organiser.ask, record, "confirmation")
    assert confirmed.json()["status"] == "confirmed"
    assert move(organiser.ask, record, "confirmation").status_code == 412
    assert hours(helper) == (170, 0)


def test_a_code_is_good_for_its_shift_and_its_moment(api: Api, organiser: Organiser) -> None:
    day = Day(organiser, Helper.registered(api, 21))
    other = Day(organiser, Helper.registered(api, 22), days=3)
    day.at(0)
    old = day.code()
    assert day.check("in", code=other.code()).status_code == 409
    assert day.check("in", code="OW.1.1.AAAA").status_code == 409
    api.clock.pass_(seconds=61)
    assert day.check("in", code=old).json()["type"].endswith("code-not-shown")
    assert day.check("in").status_code == 201


def test_a_code_read_without_network_is_taken_later_with_both_times(api: Api, organiser: Organiser) -> None:
    day = Day(organiser, Helper.registered(api, 31))
    day.at(5)
    read, read_at = day.code(), api.clock.now.isoformat()
    day.at(400)
    assert day.check("in", code=read).status_code == 409
    record = day.check("in", code=read, read_at=read_at)
    assert record.status_code == 201
    assert datetime.fromisoformat(record.json()["came_at"]) == datetime.fromisoformat(read_at)
    again = day.check("in", code=read, read_at=read_at)
    assert again.json() == record.json()


def test_a_phone_whose_clock_is_fast_has_read_the_code_now(api: Api, organiser: Organiser) -> None:
    day = Day(organiser, Helper.registered(api, 32))
    day.at(5)
    ahead = (api.clock.now + timedelta(minutes=40)).isoformat()
    record = day.check("in", code=day.code(), read_at=ahead)
    assert record.status_code == 201
    assert datetime.fromisoformat(record.json()["came_at"]) == api.clock.now


def test_who_was_there_without_a_phone_is_written_down(api: Api, organiser: Organiser) -> None:
    day = Day(organiser, Helper.registered(api, 41))
    path = f"shifts/{day.activity['shifts'][0]['shift_id']}/attendance"
    body = {
        "volunteer_no": day.helper.record["volunteer_no"],
        "came_at": (day.starts_at + timedelta(minutes=30)).isoformat(),
        "left_at": (day.starts_at + timedelta(minutes=200)).isoformat(),
        "reason": "手机没电，现场签到表有签名",
    }
    ask = organiser.ask
    assert ask("POST", path, body, **{"Idempotency-Key": "write-down-1"}).status_code == 409
    day.at(210)
    written = ask("POST", path, body, **{"Idempotency-Key": "write-down-2"})
    assert (written.status_code, written.json()["minutes"]) == (201, 150)
    [read] = day.helper.ask("GET", "records").json()["items"]
    assert written.json()["came_at"] == read["came_at"], "answered as it is kept"
    assert ask("POST", path, body, **{"Idempotency-Key": "write-down-3"}).status_code == 409


def test_who_forgot_to_check_out_is_given_the_time_they_really_left(api: Api, organiser: Organiser) -> None:
    day = Day(organiser, Helper.registered(api, 45))
    day.at(0)
    record = day.check("in").json()
    left = {"left_at": (day.starts_at + timedelta(minutes=100)).isoformat(), "reason": "签到表写明离开时间"}
    day.at(170)
    assert move(organiser.ask, record, "end", left).status_code == 409, "the shift is not over"
    day.at(200)
    early = {**left, "left_at": (day.starts_at - timedelta(minutes=1)).isoformat()}
    assert wrong_fields(move(organiser.ask, record, "end", early)) == {"left_at"}
    assert move(Organiser(api, DONGSHAN).ask, record, "end", left).status_code == 404
    ended = move(organiser.ask, record, "end", left).json()
    assert (ended["status"], ended["minutes"], ended["left_proof"]) == ("pending", 100, "manual")
    assert move(organiser.ask, ended, "end", left).status_code == 409
    late = Day(organiser, Helper.registered(api, 46), days=3)
    late.at(0)
    record = late.check("in").json()
    late.at(11 * 24 * 60)
    assert move(organiser.ask, record, "end", left).status_code == 409, "too long ago"


def test_a_dispute_takes_the_minutes_back_until_the_street_rules(api: Api, organiser: Organiser) -> None:
    helper = Helper.registered(api, 51)
    record = Day(organiser, helper).served(left=120)
    record = move(organiser.ask, record, "confirmation").json()
    said = {"minutes": 180, "evidence": "负责人让我留到结束，未签退"}
    disputed = move(helper.ask, record, "dispute", said).json()
    assert (disputed["status"], hours(helper)) == ("disputed", (0, 120))
    ruling = {"minutes": 160, "reason": "现场照片为证"}
    assert move(organiser.ask, disputed, "ruling", ruling).status_code == 403
    street = boss(api, Role.STREET_SUPERVISOR, XIAN[:9])
    assert move(street, disputed, "ruling", ruling).json()["minutes"] == 160
    assert hours(helper) == (160, 0)


@pytest.mark.parametrize("first", [True, False])
def test_staff_contest_a_false_record_which_then_is_ruled(
    api: Api, organiser: Organiser, first: bool
) -> None:
    helper, street = Helper.registered(api, 55), boss(api, Role.STREET_SUPERVISOR, XIAN[:9])
    record = Day(organiser, helper).served()
    if first:
        record = move(organiser.ask, record, "confirmation").json()
    why = {"evidence": "抽查发现当日不在场"}
    assert move(helper.ask, record, "contest", why).status_code == 403
    assert move(Organiser(api, DONGSHAN).ask, record, "contest", why).status_code == 404
    contested = move(organiser.ask, record, "contest", why).json()
    assert (contested["status"], hours(helper)) == ("disputed", (0, 180))
    assert [said["text"] for said in said_of(helper.ask, record).json()["items"]] == [why["evidence"]]
    ruled = move(street, contested, "ruling", {"minutes": 0, "reason": "签到非本人"}).json()
    assert (ruled["status"], hours(helper)) == ("confirmed", (0, 0))
    assert move(organiser.ask, ruled, "contest", why).status_code == 409, "it was ruled"
    said = {"minutes": 180, "evidence": "我在后厨"}
    assert move(helper.ask, ruled, "dispute", said).status_code == 200, "the volunteer was not heard yet"


def said_of(who: Callable[..., Any], record: dict[str, Any]) -> Any:
    return who("GET", f"records/{record['record_id']}/statements")


def test_both_sides_are_heard_and_read_why_it_was_ruled(api: Api, organiser: Organiser) -> None:
    helper, stranger = Helper.registered(api, 51), Helper.registered(api, 52)
    record = Day(organiser, helper).served(left=120)
    path, key = f"records/{record['record_id']}/statements", {"Idempotency-Key": "reply-key-1"}
    answer = {"evidence": "当日十一点半签退，现场有照片"}
    assert organiser.ask("POST", path, answer, **key).status_code == 409, "nothing is disputed"
    said = {"minutes": 180, "evidence": "负责人让我留到结束"}
    disputed = move(helper.ask, record, "dispute", said).json()
    elsewhere = Organiser(api, DONGSHAN)
    assert elsewhere.ask("POST", path, answer, **key).status_code == 404
    for _ in range(2):
        assert organiser.ask("POST", path, answer, **key).status_code == 201
    street = boss(api, Role.STREET_SUPERVISOR, XIAN[:9])
    ruled = move(street, disputed, "ruling", {"minutes": 150, "reason": "双方各有一半属实"}).json()
    for who in (helper.ask, organiser.ask, street):
        seen = said_of(who, record)
        told = [(one["kind"], one["minutes"], one["text"]) for one in seen.json()["items"]]
        assert told == [
            ("dispute", 180, said["evidence"]),
            ("reply", None, answer["evidence"]),
            ("ruling", 150, "双方各有一半属实"),
        ]
        assert seen.headers["cache-control"] == "no-store"
    assert said_of(stranger.ask, record).status_code == 404
    assert said_of(elsewhere.ask, record).status_code == 404
    assert said_of(boss(api, Role.WINDOW_CLERK, XIAN), record).status_code == 403
    assert len(audited(api, "service_record.hearing_read")) == 2, "officers only"
    again = move(helper.ask, ruled, "dispute", said)
    assert (again.status_code, again.json()["state"]) == (409, "ruled")


def test_long_days_are_confirmed_higher_up(api: Api, organiser: Organiser) -> None:
    helper = Helper.registered(api, 61)
    day = Day(organiser, helper, hours=9)
    record = day.served(left=540)
    assert move(organiser.ask, record, "confirmation").json()["type"].endswith("higher-level-confirms")
    assert move(boss(api, Role.STREET_SUPERVISOR, XIAN[:9]), record, "confirmation").status_code == 200


def both_shifts(api: Api, helper: Helper, second: Organiser) -> list[dict[str, Any]]:
    """Serve five hours in Xi'an and five elsewhere on one day."""
    first = Organiser(api)
    days = [Day(first, helper, hours=5), Day(second, helper, hours=5, starts=5)]
    return [day.served(left=300) for day in days]


def test_a_long_day_is_long_wherever_it_was_served(api: Api) -> None:
    helper, other = Helper.registered(api, 77), Organiser(api, DONGSHAN)
    here, there = both_shifts(api, helper, other)
    told = boss(api, Role.STREET_SUPERVISOR, XIAN[:9])("GET", f"people/{helper.record['volunteer_no']}/hours")
    assert told.json()["pending_minutes"] == 600, "not of the reader's area alone"
    assert move(other.ask, there, "confirmation").status_code == 200
    refused = move(Organiser(api).ask, here, "confirmation")
    assert refused.json()["type"].endswith("higher-level-confirms")


def test_two_who_confirm_at_once_do_not_pass_the_limit_together(api: Api, organiser: Organiser) -> None:
    for n in range(3):
        helper = Helper.registered(api, 78 + n)
        records = both_shifts(api, helper, organiser)
        with ThreadPoolExecutor(2) as both:
            answers = list(both.map(lambda one: move(organiser.ask, one, "confirmation"), records))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        api.clock.now = MONDAY


def test_a_record_says_all_that_the_law_wants(api: Api, organiser: Organiser) -> None:
    record = Day(organiser, Helper.registered(api, 77)).served()
    wanted = ("activity", "on", "place", "content", "minutes", "organisation", "in_charge")
    assert all(record[name] for name in wanted), "民政部令第67号 art. 7"


def test_what_is_recorded_after_ten_working_days_is_shown_late(api: Api, organiser: Organiser) -> None:
    record = Day(organiser, Helper.registered(api, 71)).served()
    assert record["late"] is False
    api.clock.pass_(days=15)
    assert organiser.ask("GET", "records/area").json()["items"][0]["late"] is True


def test_records_of_others_are_not_found(api: Api, organiser: Organiser) -> None:
    record = Day(organiser, Helper.registered(api, 81)).served()
    elsewhere = Organiser(api, DONGSHAN)
    assert elsewhere.ask("GET", "records/area").json()["items"] == []
    assert move(elsewhere.ask, record, "confirmation").status_code == 404
    stranger = Helper.registered(api, 82)
    assert move(stranger.ask, record, "dispute", {"minutes": 1, "evidence": "别人的"}).status_code == 404
    path = f"shifts/{record['shift_id']}/code"
    assert elsewhere.ask("GET", path).status_code == 404


# --- rules


@pytest.mark.parametrize("status", RecordStatus)
@pytest.mark.parametrize("action", RecordAction)
def test_only_the_table_lets_a_record_move(status: RecordStatus, action: RecordAction) -> None:
    if (status, action) in rules.MOVES:
        assert rules.walk(status, action) is rules.MOVES[status, action]
    else:
        with pytest.raises(CannotMoveError):
            rules.walk(status, action)


@given(st.integers(0, 10**6), st.integers(-200, 200), st.integers(1, 99))
def test_a_code_was_read_while_it_was_shown_or_shortly_after(second: int, later: int, shift_id: int) -> None:
    shown_at = MONDAY + timedelta(seconds=second)
    window = Window.of(shown_at, LENGTH)
    code = rules.code_of(KEY, shift_id, window)
    read_at = shown_at + timedelta(seconds=later)
    assert rules.was_read(KEY, shift_id, code, read_at, LENGTH) == window.holds(read_at)
    assert not rules.was_read(KEY, shift_id + 1, code, shown_at, LENGTH)
    assert not rules.was_read(b"x" * 32, shift_id, code, shown_at, LENGTH)


@given(*[st.integers(-300, 600)] * 2)
def test_only_time_within_the_shift_is_given(came: int, left: int) -> None:
    begin, end = MONDAY, MONDAY + timedelta(hours=3)
    found = within(MONDAY + timedelta(minutes=came), MONDAY + timedelta(minutes=left), (begin, end))
    assert minutes_of(found) == len(range(max(came, 0), min(left, 180)))


@pytest.mark.parametrize(
    ("minutes", "who"),
    [(480, Role.COMMUNITY_MANAGER), (481, Role.STREET_SUPERVISOR), (721, Role.DISTRICT_ADMIN)],
)
def test_the_longer_the_day_the_higher_the_level(minutes: int, who: Role) -> None:
    lowest = [Role.COMMUNITY_MANAGER, Role.STREET_SUPERVISOR, Role.DISTRICT_ADMIN]
    may = [role for role in lowest if rules.allowed(minutes, Levels(480, 720), [role])]
    assert may == lowest[lowest.index(who) :]


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(0, (0, 6000)), (5999, (0, 1)), (6000, (1, 12000)), (90000, (5, None)), (95000, (5, None))],
)
def test_stars_by_confirmed_hours(minutes: int, expected: tuple[int, int | None]) -> None:
    assert rules.stars(minutes, [100, 300, 600, 1000, 1500]) == expected
