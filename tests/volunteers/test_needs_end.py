"""A need names a case that can be, is withdrawn by its resident, and tells not for ever whose it was."""

from datetime import timedelta
from typing import Any

import pytest

from onewindow_shared.contracts.events import AreaChanged, AreaKind
from onewindow_shared.contracts.numbers import case_number
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.needs import service
from onewindow_volunteers.needs.models import Need
from testkit.api import KAIYUAN, MONDAY, XIAN, Api
from volunteers.organiser import Helper, Organiser
from volunteers.signup import wrong_fields
from volunteers.test_needs import (
    PATH,
    RESIDENT,
    TOLD,
    by_resident,
    candidates,
    helped,
    need,
    step,
    taken_down,
    went,
)


@pytest.fixture
def organiser(api: Api) -> Organiser:
    return Organiser(api)


def of_resident(api: Api, told: dict[str, Any]) -> dict[str, str]:
    """Return what is kept of whose a need is."""

    def kept(unit: Unit) -> dict[str, str]:
        row = unit.session.get_one(Need, told["need_id"])
        return {**service.told(unit, row).model_dump(), "taken_by": row.taken_by}

    return api.system(kept)


@pytest.mark.parametrize(
    ("area", "days", "fits"), [(XIAN, 0, True), (XIAN, -400, True), (XIAN, 1, False), (KAIYUAN, 0, False)]
)
def test_a_need_names_a_case_of_its_community_and_of_a_day_that_was(
    api: Api, area: str, days: int, fits: bool
) -> None:
    number = case_number(area, MONDAY.date() + timedelta(days=days), 7)
    answer = taken_down(api, case_no=number)
    assert answer.status_code == 201 if fits else wrong_fields(answer) == {"case_no"}


def test_a_resident_withdraws_a_need_by_its_code(api: Api, organiser: Organiser) -> None:
    helper = Helper.registered(api, 133, consent=TOLD)
    told = went(organiser.ask, need(api), "offer", {"volunteer_no": helper.record["volunteer_no"]})
    told = went(helper.ask, told, "acceptance")
    assert by_resident(api, told, "withdrawals", "AAAAAAAA").status_code == 404
    assert by_resident(api, told, "withdrawals").json()["status"] == "withdrawn"
    assert by_resident(api, told, "withdrawals").status_code == 409, "once"
    assert step(helper.ask, told, "completion", helped(api)).status_code == 412
    assert helper.told() == ["withdrawn", "offered"]
    about = helper.ask("GET", "notices").json()["items"][0]
    assert (about["need_id"], about["signup_id"], about["activity_id"]) == (told["need_id"], None, None)


def test_nobody_is_told_of_a_need_that_they_gave_back(api: Api, organiser: Organiser) -> None:
    helper, late = (Helper.registered(api, n, consent=TOLD) for n in (134, 135))
    told = need(api)
    for one, answered in ((helper, "refusal"), (late, None)):
        told = went(organiser.ask, told, "offer", {"volunteer_no": one.record["volunteer_no"]})
        told = went(one.ask, told, answered) if answered else told
    api.clock.pass_(hours=24)
    api.quiet()
    assert by_resident(api, told, "withdrawals").status_code == 200
    assert (helper.told(), late.told()) == (["offered"], ["expired", "offered"])


def test_a_need_is_given_up_and_whose_it_was_is_forgotten_in_time(api: Api, organiser: Organiser) -> None:
    told = need(api)
    path = f"{PATH}/{told['need_id']}"
    api.clock.pass_(days=179)
    api.quiet()
    assert organiser.ask("GET", path).json()["status"] == "open"
    api.clock.pass_(days=1)
    api.quiet()
    assert organiser.ask("GET", path).json()["status"] == "withdrawn", "nothing came of it"
    assert of_resident(api, told)["name"] == RESIDENT["name"]
    api.clock.pass_(days=180)
    api.quiet()
    kept = of_resident(api, told)
    assert set(kept.values()) == {"", f"forgotten:{told['need_id']}"}
    assert by_resident(api, told, "proofs").json()["status"] == "withdrawn"


def test_an_offer_that_has_run_out_is_not_accepted(api: Api, organiser: Organiser) -> None:
    helper = Helper.registered(api, 136, consent=TOLD)
    told = went(organiser.ask, need(api), "offer", {"volunteer_no": helper.record["volunteer_no"]})
    api.clock.pass_(hours=24)
    assert step(helper.ask, told, "acceptance").json()["type"].endswith("offer-over")


def test_whoever_lives_in_a_community_that_goes_on_as_this_one_is_no_farther(
    api: Api, organiser: Organiser
) -> None:
    Helper.registered(api, 137, community=KAIYUAN, consent=TOLD)
    ended = AreaChanged(
        code=KAIYUAN,
        name="开源社区",
        kind=AreaKind.RESIDENTS_COMMITTEE,
        population=4865,
        effective_until=MONDAY.date() - timedelta(days=1),
        heir=XIAN,
    )
    api.receive(ended, source="casework")
    [one] = candidates(organiser, need(api))
    figures = {factor["factor"]: factor["figure"] for factor in one["factors"]}
    assert (one["community"], figures["distance"]) == (XIAN, 1)
