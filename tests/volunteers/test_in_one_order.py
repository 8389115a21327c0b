"""Whoever writes about a person holds them first, and rows are held in one order: nobody waits in a circle."""

from functools import partial
from typing import Any

import pytest

from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing import database
from testkit.api import XIAN, Api
from testkit.moments import Act, at_once
from volunteers.organiser import Helper, Organiser, trained
from volunteers.signup import BASE, leave, post_form
from volunteers.test_at_once import erasure
from volunteers.test_evaluations import WORDS, read
from volunteers.test_life import mine, of_ones_own, of_staff, suspended, suspension_of
from volunteers.test_needs import TOLD, accepted, by_resident, helped, went
from volunteers.test_organisations import change, create, founded, path_of
from volunteers.test_stars import create as create_star


@pytest.fixture(autouse=True)
def no_second_try(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a circle end in an error, where it would be tried again."""
    monkeypatch.setattr(database, "_RETRIED_STATES", frozenset())


@pytest.fixture
def organiser(api: Api) -> Organiser:
    return Organiser(api)


@pytest.fixture
def helper(api: Api) -> Helper:
    return Helper.registered(api, 14, consent=TOLD)


def _honoured(organiser: Organiser, helper: Helper) -> Any:
    said = {"kind": "honour", "title": "优秀志愿者", "given_by": "街道办事处", "given_on": "2026-11-20"}
    body = {"volunteer_no": helper.record["volunteer_no"], **said}
    return create_star(organiser.ask, "honours", body)


@pytest.mark.parametrize("write", [partial(trained, skill="急救"), _honoured])
def test_nothing_is_written_about_whoever_is_being_erased(
    api: Api, organiser: Organiser, helper: Helper, write: Any
) -> None:
    _, written = at_once(api, "audit", erasure(helper), partial(write, organiser, helper))
    if api.runtime.database.dialect == "postgresql":
        assert written.status_code == 404, "the erasure came first"


def test_of_an_evaluation_beside_an_erasure_no_words_are_kept(
    api: Api, organiser: Organiser, helper: Helper
) -> None:
    told = went(helper.ask, accepted(organiser, helper), "completion", helped(api))
    assert by_resident(api, told, "confirmations").status_code == 200
    [record] = helper.ask("GET", "records").json()["items"]
    body = {"need_id": told["need_id"], "code": told["code"], "stars": 4, "words": WORDS}
    says = partial(api.client.post, f"{BASE}/needs/evaluations", json=body)
    _, said = at_once(api, "audit", erasure(helper), says)
    assert said.status_code == 200
    assert [(one["stars"], one["words"]) for one in read(organiser.ask, record)] == [(4, None)]


def _lifted(api: Api, helper: Helper) -> Act:
    suspended(api, helper)
    suspension = suspension_of(api, helper)
    path, statement = f"suspensions/{suspension['suspension_id']}", {"statement": "当日住院"}
    of_ones_own(api, helper.citizen, f"{path}/appeal", statement, suspension["version"])
    body, seen = {"outcome": "lifted", "reason": "病历属实，予以解除"}, suspension["version"] + 1
    return partial(of_staff, api, Role.STREET_SUPERVISOR, XIAN[:9], f"{path}/ruling", body, seen)


def test_a_ruling_on_an_appeal_beside_an_erasure(api: Api, helper: Helper) -> None:
    ruled = _lifted(api, helper)
    erased, lifted = at_once(api, "volunteer_steps", erasure(helper), ruled)
    assert (erased.status_code, lifted.status_code) in {(200, 200), (412, 200), (200, 412)}


def test_whoever_leaves_beside_being_named_leader_leads_no_more(
    api: Api, organiser: Organiser, helper: Helper
) -> None:
    team = founded(organiser)
    create(helper, path_of(team, "members"))
    leader = {"volunteer_no": helper.record["volunteer_no"]}
    seen = change(organiser, team, "leader", leader).json()["version"]
    leaves = partial(helper.ask, "POST", path_of(team, "departure"))
    left, led = at_once(api, "members", leaves, partial(change, organiser, team, "leader", leader, seen))
    assert left.status_code == 200
    assert led.status_code in ({412} if api.runtime.database.dialect == "postgresql" else {200, 412})
    assert api.client.get(f"{BASE}/{path_of(team)}").json()["leader"] is None


def test_two_registrations_of_one_person_are_erased_once(api: Api, helper: Helper) -> None:
    seen = leave(api, helper.citizen, mine(api, helper.citizen).json()).json()
    earlier, path = {"If-Match": f'"{seen["version"]}"'}, f"people/{seen['volunteer_no']}/erasure"
    now = Helper(api, helper.citizen, post_form(api, helper.citizen, key="registered-anew").json())
    answers = at_once(api, "volunteer_steps", erasure(now), partial(helper.ask, "POST", path, {}, **earlier))
    assert sorted(one.status_code for one in answers) == [200, 404]
