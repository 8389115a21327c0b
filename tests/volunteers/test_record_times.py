"""When somebody came and left: at the time of the shift, and ruled where nobody wrote it down in time."""

from datetime import datetime, timedelta

import pytest

from onewindow_shared.contracts.access import Role
from testkit.api import XIAN, Api
from volunteers.organiser import Helper, Organiser
from volunteers.signup import wrong_fields
from volunteers.test_metrics import figures, rebuilt
from volunteers.test_needs import TOLD, accepted, by_resident, helped, went
from volunteers.test_records import Day, boss, hours, move


@pytest.fixture
def organiser(api: Api) -> Organiser:
    return Organiser(api)


@pytest.mark.parametrize(
    ("came", "left", "wrong"),
    [
        (-72 * 60, -48 * 60, "came_at"),
        (-61, 100, "came_at"),
        (180, 200, "came_at"),
        (-30, 0, "left_at"),
        (10, 10 + 24 * 60 + 1, "left_at"),
    ],
)
def test_nobody_was_there_at_another_time(
    api: Api, organiser: Organiser, came: int, left: int, wrong: str
) -> None:
    day = Day(organiser, Helper.registered(api, 41))
    day.at(3 * 24 * 60)
    path = f"shifts/{day.activity['shifts'][0]['shift_id']}"
    times = {
        "came_at": (day.starts_at + timedelta(minutes=came)).isoformat(),
        "left_at": (day.starts_at + timedelta(minutes=left)).isoformat(),
    }
    by_hand = {"volunteer_no": day.helper.record["volunteer_no"], "reason": "现场签到表有签名", **times}
    key = {"Idempotency-Key": "another-time-1"}
    assert wrong_fields(organiser.ask("POST", f"{path}/attendance", by_hand, **key)) == {wrong}
    role = day.activity["shifts"][0]["roles"][0]["role_id"]
    walked_in = {"role_id": role, "name": "周建国", **times}
    assert wrong_fields(organiser.ask("POST", f"{path}/walk-ins", walked_in, **key)) == {wrong}
    by_hand["came_at"], by_hand["left_at"] = day.starts_at.isoformat(), api.clock.now.isoformat()
    by_hand["left_at"] = (day.starts_at + timedelta(minutes=170)).isoformat()
    right = organiser.ask("POST", f"{path}/attendance", by_hand, **{"Idempotency-Key": "right-time-1"})
    assert (right.status_code, right.json()["minutes"]) == (201, 170), "nothing stands in the way"


@pytest.mark.parametrize("side", ["volunteer", "staff"])
def test_a_check_out_forgotten_for_long_is_ruled(api: Api, organiser: Organiser, side: str) -> None:
    helper, street = Helper.registered(api, 46), boss(api, Role.STREET_SUPERVISOR, XIAN[:9])
    day = Day(organiser, helper)
    day.at(4)
    record = day.check("in").json()
    who, to, said = {
        "volunteer": (helper.ask, "dispute", {"minutes": 150, "evidence": "忘记签退，活动照片为证"}),
        "staff": (organiser.ask, "contest", {"evidence": "签到表写明十一点离开"}),
    }[side]
    day.at(9 * 24 * 60)
    assert move(who, record, to, said).status_code == 409, "it can still be mended"
    day.at(11 * 24 * 60)
    disputed = move(who, record, to, said).json()
    assert (disputed["status"], disputed["left_at"], disputed["minutes"]) == ("disputed", None, None)
    assert hours(helper) == (0, 0)
    found = {"minutes": 150, "reason": "照片与签到表一致"}
    assert wrong_fields(move(street, disputed, "ruling", found)) == {"left_at"}
    for minutes in (4, 4 + 25 * 60, 12 * 24 * 60):
        never = (day.starts_at + timedelta(minutes=minutes)).isoformat()
        assert wrong_fields(move(street, disputed, "ruling", {**found, "left_at": never})) == {"left_at"}
    left = (day.starts_at + timedelta(minutes=160)).isoformat()
    ruled = move(street, disputed, "ruling", {**found, "left_at": left}).json()
    assert (ruled["status"], ruled["minutes"], ruled["left_proof"]) == ("confirmed", 150, "ruled")
    assert datetime.fromisoformat(ruled["left_at"]) == datetime.fromisoformat(left)
    assert hours(helper) == (150, 0)
    told = figures(api, XIAN, to="2026-12-31")
    assert (told["records.ended"], told["service.minutes"]) == (1, 150)
    rebuilt(api)
    assert figures(api, XIAN, to="2026-12-31") == told


def test_a_ruling_corrects_the_times(api: Api, organiser: Organiser) -> None:
    helper, street = Helper.registered(api, 47), boss(api, Role.STREET_SUPERVISOR, XIAN[:9])
    record = Day(organiser, helper).served(came=30, left=60)
    said = {"minutes": 170, "evidence": "我八点就到了"}
    disputed = move(helper.ask, record, "dispute", said).json()
    api.clock.pass_(days=1)
    starts_at = datetime.fromisoformat(disputed["came_at"]) - timedelta(minutes=30)
    times = {"came_at": starts_at.isoformat(), "left_at": (starts_at + timedelta(minutes=170)).isoformat()}
    found = {"minutes": 175, "reason": "监控录像为证", **times}
    assert wrong_fields(move(street, disputed, "ruling", found)) == {"minutes"}, "more than its times hold"
    ruled = move(street, disputed, "ruling", {**found, "minutes": 170}).json()
    assert (ruled["minutes"], ruled["late_minutes"], ruled["came_proof"]) == (170, 0, "ruled")


def test_help_for_a_resident_has_no_check_out_to_mend(api: Api, organiser: Organiser) -> None:
    helper = Helper.registered(api, 46, consent=TOLD)
    told = went(helper.ask, accepted(organiser, helper), "completion", helped(api))
    assert by_resident(api, told, "confirmations").status_code == 200
    [record] = helper.ask("GET", "records").json()["items"]
    body = {"left_at": record["left_at"], "reason": "忘记签退"}
    answer = move(organiser.ask, record, "end", body)
    assert (answer.status_code, answer.json()["state"]) == (409, "pending")
