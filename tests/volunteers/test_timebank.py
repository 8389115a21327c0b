"""Credit for help among neighbours: every minute is somewhere, and honorary hours are never less for it."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
from httpx2 import Response
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.timebank import rules
from onewindow_volunteers.timebank.models import TimeAccount, TimePosting
from onewindow_volunteers.timebank.service import record_counts
from testkit.api import DONGSHAN, KAIYUAN, XIAN, Api
from volunteers.organiser import Helper, Organiser
from volunteers.test_needs import TOLD, accepted, by_resident, helped, went
from volunteers.test_records import boss, hours, move

PATH = "time-bank"
_keys = count(1)


@pytest.fixture
def organiser(api: Api) -> Organiser:
    return Organiser(api)


def post(helper: Helper, what: str, body: dict[str, Any], key: str | None = None) -> Response:
    return helper.ask("POST", f"{PATH}/{what}", body, **{"Idempotency-Key": key or f"time-key-{next(_keys)}"})


def saver(api: Api, n: int, **changes: Any) -> Helper:
    helper = Helper.registered(api, n, consent=TOLD, **changes)
    assert post(helper, "account", {}).status_code == 201
    return helper


def balance(helper: Helper) -> int:
    answer = helper.ask("GET", f"{PATH}/account")
    assert answer.status_code == 200, answer.text
    minutes: int = answer.json()["minutes"]
    return minutes


def helps(organiser: Organiser, helper: Helper, minutes: int) -> dict[str, Any]:
    """Help a resident, who confirms it, and have it counted."""
    told = went(helper.ask, accepted(organiser, helper), "completion", helped(organiser.api, minutes))
    assert by_resident(organiser.api, told, "confirmations").status_code == 200
    record: dict[str, Any] = helper.ask("GET", "records").json()["items"][0]
    record = move(organiser.ask, record, "confirmation").json()
    organiser.api.tick()
    return record


def sound(api: Api) -> dict[str, Any]:
    proof: dict[str, Any] = boss(api, Role.STREET_SUPERVISOR, "330902002")("GET", f"{PATH}/proof").json()
    assert proof["sound"], proof
    assert proof["total"] == 0
    return proof


@given(st.integers(0, 10**6), st.integers(-(10**5), 10**5), st.integers(1, 10**5))
def test_what_is_earned_is_shared_without_a_rest(earned: int, held: int, cap: int) -> None:
    kept, over = rules.shared(earned, held, cap)
    assert kept + over == earned
    assert kept >= 0 <= over
    assert held + kept <= max(cap, held)
    assert not over or held + kept >= cap, "nothing goes on while there is room"


def test_help_is_credited_once_and_hours_stay(api: Api, organiser: Organiser) -> None:
    helper = saver(api, 161)
    assert post(helper, "account", {}).json()["type"].endswith("time-account-there")
    record = helps(organiser, helper, 90)
    assert (balance(helper), hours(helper)) == (90, (90, 0))
    for _ in range(3):
        api.system(record_counts, str(record["record_id"]), api.clock())
    assert balance(helper) == 90, "however often it is looked at"
    assert post(helper, "gifts", {"minutes": 30}).json()["minutes"] == 60
    assert hours(helper) == (90, 0), "honorary hours are never less"
    found = helper.ask("GET", f"{PATH}/account/postings").json()["items"]
    assert [(one["movement"], one["minutes"]) for one in found] == [("gift", -30), ("earn", 90)]
    assert sound(api)["postings"] == 2


def test_a_ruling_corrects_the_credit_even_below_zero(api: Api, organiser: Organiser) -> None:
    helper = saver(api, 171)
    record = helps(organiser, helper, 90)
    assert post(helper, "gifts", {"minutes": 50}).status_code == 201
    disputed = move(helper.ask, record, "dispute", {"minutes": 80, "evidence": "途中另有急事"}).json()
    api.tick()
    assert balance(helper) == -50, "a disputed record counts nothing"
    street = boss(api, Role.STREET_SUPERVISOR, "330902002")
    assert move(street, disputed, "ruling", {"minutes": 75, "reason": "双方陈述一致"}).status_code == 200
    api.tick()
    assert balance(helper) == 25
    assert post(helper, "gifts", {"minutes": 26}).json()["type"].endswith("not-enough-time")
    sound(api)


def test_over_the_cap_it_goes_to_the_community(open_service: Any) -> None:
    with open_service(time_bank_cap_hours=1) as api:
        organiser = Organiser(api)
        helper, other = saver(api, 181), saver(api, 182)
        record = helps(organiser, helper, 100)
        assert balance(helper) == 60
        helps(organiser, other, 30)
        to = {"to": helper.record["volunteer_no"], "minutes": 10}
        assert post(other, "transfers", to).json()["type"].endswith("over-cap")
        disputed = move(helper.ask, record, "dispute", {"minutes": 0, "evidence": "记错了人"}).json()
        street = boss(api, Role.STREET_SUPERVISOR, "330902002")
        assert move(street, disputed, "ruling", {"minutes": 0, "reason": "查明没有参加"}).status_code == 200
        api.tick()
        assert balance(helper) == 0, "what went to the community came from there again"
        sound(api)


def test_a_district_credits_help_at_its_own_rate(open_service: Any) -> None:
    with open_service(time_bank_rate=0.5) as api:
        helper = saver(api, 183)
        helps(Organiser(api), helper, 91)
        assert (balance(helper), hours(helper)) == (45, (91, 0))
        sound(api)


def test_credit_is_given_to_whoever_has_an_account(api: Api, organiser: Organiser) -> None:
    giver, taker = saver(api, 191), saver(api, 192, community=KAIYUAN)
    without = Helper.registered(api, 193)
    helps(organiser, giver, 60)
    own = giver.record["volunteer_no"]
    assert post(giver, "transfers", {"to": own, "minutes": 5}).status_code == 422
    nobody = {"to": without.record["volunteer_no"], "minutes": 5}
    assert post(giver, "transfers", nobody).json()["type"].endswith("no-time-account")
    assert without.ask("GET", f"{PATH}/account").status_code == 409
    told = post(giver, "transfers", {"to": taker.record["volunteer_no"], "minutes": 45})
    assert told.json()["minutes"] == 15
    assert balance(taker) == 45
    assert giver.ask("GET", f"{PATH}/proof").status_code == 403
    sound(api)


def test_nothing_is_lost_or_doubled_by_transfers_side_by_side(api: Api, organiser: Organiser) -> None:
    savers = [saver(api, n) for n in (201, 202, 203)]
    for one in savers:
        helps(organiser, one, 60)
    numbers = [one.record["volunteer_no"] for one in savers]

    def move_some(n: int) -> tuple[int, int, int, int]:
        giver, taker, minutes = n % 3, (n + 1 + n % 2) % 3, 7 + n % 11
        body = {"to": numbers[taker], "minutes": minutes}
        answers = [post(savers[giver], "transfers", body, f"transfer-number-{n}") for _ in range(2)]
        codes = [answer.status_code for answer in answers]
        assert set(codes) <= {201, 409}, answers
        return giver, taker, minutes, int(201 in codes)

    with ThreadPoolExecutor(6) as together:
        done = list(together.map(move_some, [n for n in range(24) for _ in range(2)]))
    expected = [60, 60, 60]
    for (giver, taker, minutes, first), (_, _, _, second) in zip(done[::2], done[1::2], strict=True):
        went_through = max(first, second)
        expected[giver] -= minutes * went_through
        expected[taker] += minutes * went_through
    assert [balance(one) for one in savers] == expected
    assert sum(expected) == 180
    assert min(expected) >= 0
    sound(api)


def test_whoever_proves_the_ledger_is_told_accounts_of_their_own_area(api: Api) -> None:
    here, there = saver(api, 221), saver(api, 222, community=DONGSHAN)

    def tamper(unit: Unit) -> None:
        unit.session.execute(update(TimeAccount).values(balance=5))

    api.system(tamper)
    unlike = {
        area: boss(api, role, area)("GET", f"{PATH}/proof").json()["unlike"]
        for role, area in ((Role.STREET_SUPERVISOR, XIAN[:9]), (Role.DISTRICT_ADMIN, XIAN[:6]))
    }
    codes = [f"volunteer/{one.record['volunteer_no']}" for one in (here, there)]
    assert unlike == {XIAN[:9]: codes[:1], XIAN[:6]: codes}


def test_a_posting_never_changes(api: Api, organiser: Organiser) -> None:
    helper = saver(api, 211)
    helps(organiser, helper, 60)

    def tamper(unit: Unit) -> None:
        unit.session.execute(update(TimePosting).values(minutes=6000))

    with pytest.raises(DBAPIError, match="frozen"):
        api.system(tamper)
    sound(api)
