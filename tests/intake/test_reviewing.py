"""Tracking says where a handling can be reviewed, and a proved phone finds its cases."""

from datetime import date
from typing import Any

from intake.test_tracking import track
from intake.window import Somebody, person
from onewindow_shared.contracts.access import Claims
from onewindow_shared.contracts.events import ReviewInvited
from onewindow_shared.plumbing.phoneproof import phone_proof
from testkit.api import SECRETS, Api


def invite(api: Api, case: Any, until: date | None, *, follow_up: bool = False) -> None:
    event = ReviewInvited(case_no=case["case_no"], until=until, follow_up=follow_up)
    api.receive(event, source="casework")


def holder(api: Api, phone: str) -> Somebody:
    """Somebody without an account, who proved a phone."""
    who = f"phone:{phone}"
    api.people.known[who] = Claims(
        subject=who,
        name="",
        roles=frozenset(),
        area=None,
        department=None,
        organisation=None,
        phone_proof=phone_proof(SECRETS["events_secret"], f"+86{phone}"),
        session=who,
        expires_at=4_000_000_000,
    )
    return Somebody(api, {"Authorization": f"Bearer {who}"})


def test_tracking_tells_until_when_and_by_which_code(api: Api, clerk: Somebody) -> None:
    case = clerk.posted()
    number, code = case["case_no"], case["tracking_code"]
    assert track(api, number, code).json()["review"] is None
    until = api.clock().date()
    invite(api, case, until)
    told = track(api, number, code).json()["review"]
    assert (told["until"], told["follow_up"]) == (until.isoformat(), False)
    assert told["link"].endswith(f"/reviews#{number}.{told['code']}")
    invite(api, case, until, follow_up=True)
    assert track(api, number, code).json()["review"]["follow_up"] is True
    api.clock.pass_(days=2)
    assert track(api, number, code).json()["review"] is None
    invite(api, case, None)
    assert track(api, number, code).json()["review"] is None


def test_a_proved_phone_finds_its_cases_and_no_others(api: Api, clerk: Somebody) -> None:
    mine, others = clerk.posted(serial=1), clerk.posted(serial=2)
    phone = person(1)["mobile"][-11:]
    for case in (mine, others):
        invite(api, case, api.clock().date())
    me = holder(api, phone)
    found = me.post("review-invitations", {"phone": phone})
    assert [row["case_no"] for row in found.json()] == [mine["case_no"]]
    paper = track(api, mine["case_no"], mine["tracking_code"]).json()["review"]["code"]
    assert found.json()[0]["code"] != paper
    assert found.headers["cache-control"] == "no-store"
    assert me.post("review-invitations", {"phone": person(2)["mobile"]}).status_code == 403
    assert clerk.post("review-invitations", {"phone": phone}).status_code == 403
    assert me.get("cases").status_code == 403
    invite(api, mine, None)
    assert me.post("review-invitations", {"phone": phone}).json() == []
