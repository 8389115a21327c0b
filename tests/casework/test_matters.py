"""Standing matters that a district adds by a basis of its own: checked at once, listed next, told to intake."""

from datetime import timedelta
from typing import Any

import pytest

from casework.hall import DISTRICT, Hall
from casework.office import BASE
from casework.test_lists import TODAY, told
from onewindow_casework.lists import service
from onewindow_shared.contracts.admission import MatterClass
from testkit.api import XIAN

BASIS = {"document": "定海区社区减负若干规定", "article": "第三条", "quote": "社区不承担网络投票、拉票任务"}
VOTING: dict[str, Any] = {
    "code": "online-voting",
    "name": "网络投票拉票",
    "aliases": ["微信投票"],
    "phrases": ["网络投票", "组织 拉票"],
    "kind": "campaign",
    "matter_class": "forbidden",
    "basis": [BASIS],
    "instead": "主办部门自行组织",
}
PET_CERTIFICATE: dict[str, Any] = VOTING | {
    "code": "cert-pet",
    "name": "宠物饲养证明",
    "aliases": ["养犬证明"],
    "phrases": [],
    "kind": "certificate",
    "matter_class": "not_issued",
    "instead": "公安机关",
}


def added(hall: Hall, matter: dict[str, Any]) -> None:
    response = hall.create(hall.district, "matters", matter)
    assert response.status_code == 201, response.text


def set_aside(hall: Hall, code: str, basis: Any, seen: int) -> None:
    response = hall.office.api.client.put(
        f"{BASE}/admission/matters/{DISTRICT}/{code}",
        json={"basis": basis},
        headers=hall.district | {"If-Match": f'"{seen}"'},
    )
    assert response.status_code == 200, response.text


def test_what_a_district_forbids_is_refused_at_once_with_its_own_words(hall: Hall) -> None:
    added(hall, VOTING)
    draft = hall.item(hall.drafted(content="由社区组织居民参加网络投票"))
    (finding,) = (one for one in draft["findings"] if one["matter"] == "online-voting")
    assert (finding["refused"], finding["basis"][0]["quote"]) == (True, BASIS["quote"])
    assert hall.item(hall.submitted(content="由社区组织居民参加网络投票"))["status"] == "rejected"


def test_a_certificate_that_a_district_takes_from_communities_is_not_issued_any_more(hall: Hall) -> None:
    added(hall, PET_CERTIFICATE)

    def verdict() -> str:
        asked = {"community": XIAN, "wording": "宠物饲养证明"}
        return str(hall.office.api.client.post(f"{BASE}/certificates/checks", json=asked).json()["verdict"])

    assert verdict() == "unknown"
    hall.published()
    assert verdict() == "not_issued"


@pytest.mark.parametrize("matter_class", ["autonomy", "assist"])
def test_what_a_district_allows_stands_on_its_lists(hall: Hall, matter_class: str) -> None:
    added(
        hall, VOTING | {"code": "pets", "name": "文明养犬劝导", "phrases": [], "matter_class": matter_class}
    )
    hall.published()
    assert "pets" in hall.listed(XIAN)


def test_intake_is_told_of_a_matter_as_it_comes_goes_and_comes_back(hall: Hall) -> None:
    added(hall, PET_CERTIFICATE)
    assert told(hall, "cert-pet") == []
    hall.published()
    set_aside(hall, "cert-pet", BASIS, 1)
    hall.published()
    set_aside(hall, "cert-pet", None, 2)
    hall.published()
    events = told(hall, "cert-pet")
    assert [one.revision for one in events] == [1, 2, 3]
    assert [one.effective_until for one in events] == [None, TODAY - timedelta(days=1), None]
    assert (events[0].matter_class, events[0].aliases) == (MatterClass.NOT_ISSUED, ["养犬证明"])


def test_a_code_is_taken_once(hall: Hall) -> None:
    added(hall, VOTING)
    again = hall.create(hall.district, "matters", VOTING | {"name": "另一事项"})
    assert (again.status_code, again.json()["title"]) == (409, "Code taken")
    known = hall.create(hall.district, "matters", VOTING | {"code": "demolition"})
    assert known.status_code == 409


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"matter_class": "purchase"}, "matter_class"),
        ({"matter_class": "not_issued"}, "kind"),
        ({"matter_class": "assist", "main_only": True}, "main_only"),
        ({"basis": []}, "basis"),
        ({"code": "330902-2026-0001"}, "code"),
    ],
)
def test_every_wrong_field_of_a_matter_is_named(hall: Hall, change: dict[str, Any], field: str) -> None:
    answer = hall.create(hall.district, "matters", VOTING | change)
    assert answer.status_code == 422, answer.text
    assert field in {part for error in answer.json()["errors"] for part in error["loc"]}


def test_only_the_district_adds_matters(hall: Hall) -> None:
    for who in (hall.department, hall.street, hall.xian):
        assert hall.create(who, "matters", VOTING).status_code == 403


def reword(hall: Hall, code: str, seen: int, **more: Any) -> Any:
    wording = {name: VOTING[name] for name in ("name", "aliases", "phrases", "basis", "instead")}
    return hall.office.api.client.put(
        f"{BASE}/admission/matters/{DISTRICT}/{code}/wording",
        json=wording | more,
        headers=hall.district | {"If-Match": f'"{seen}"'},
    )


def test_a_district_words_its_own_matter_anew_and_published_lists_stay(hall: Hall) -> None:
    added(hall, VOTING)
    number = hall.published()
    answer = reword(hall, "online-voting", 1, name="网络投票与点赞", phrases=["网络点赞"])
    assert (answer.status_code, answer.json()["version"], answer.headers["ETag"]) == (200, 2, '"2"')
    assert reword(hall, "online-voting", 1).status_code == 412
    draft = hall.item(hall.drafted(content="由社区组织居民网络点赞"))
    assert "online-voting" in [one["matter"] for one in draft["findings"]]
    entry = f"admission/lists/{DISTRICT}/{{}}/entries/online-voting"
    assert hall.office.read(entry.format(number), {})["name"] == "网络投票拉票"
    hall.office.api.clock.now += timedelta(days=1)
    following = hall.published("2026-11-24")
    assert hall.office.read(entry.format(following), {})["name"] == "网络投票与点赞"
    assert reword(hall, "online-voting", 2, main_only=False, basis=[]).status_code == 422
    (law,) = [
        one
        for one in hall.office.read(f"admission/matters?district={DISTRICT}&limit=200", {})["items"]
        if one["code"] == "demolition"
    ]
    assert not law["own"]
    refused = reword(hall, "demolition", law["version"])
    assert refused.json()["type"] == "urn:onewindow:problem:not-own-matter"


def tie(hall: Hall, code: str, seen: int, *items: str) -> Any:
    return hall.office.api.client.put(
        f"{BASE}/admission/matters/{DISTRICT}/{code}/items",
        json={"item_codes": items},
        headers=hall.district | {"If-Match": f'"{seen}"'},
    )


def test_a_service_item_is_tied_to_a_matter_of_the_law_and_the_next_lists_tell_intake(hall: Hall) -> None:
    (before,) = told(hall, "own-03")
    assert before.item_codes == []
    answer = tie(hall, "own-03", 1, "owners-meeting", "owners-committee", "owners-meeting")
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert answer.json()["item_codes"] == ["owners-committee", "owners-meeting"]
    assert tie(hall, "own-03", 1).status_code == 412
    assert len(told(hall, "own-03")) == 1
    number = hall.published()
    after = told(hall, "own-03")[-1]
    assert (after.item_codes, after.matter_class) == (["owners-committee", "owners-meeting"], "autonomy")
    entry = hall.office.read(f"admission/lists/{DISTRICT}/{number}/entries/own-03", {})
    assert entry["item_codes"] == ["owners-committee", "owners-meeting"]
    assert tie(hall, "no-such-matter", 1).status_code == 404


def test_the_shipped_mediation_is_the_committee_s_own_and_so_is_what_a_district_adds(hall: Hall) -> None:
    (mediation,) = told(hall, "own-02")
    assert mediation.item_codes == ["med-peoples-mediation-heping"]
    own = {"matter_class": "autonomy", "kind": "work_item", "phrases": [], "item_codes": ["pet-walking"]}
    added(hall, VOTING | {"code": "pets", "name": "文明养犬劝导", **own})
    hall.published()
    (pets,) = told(hall, "pets")
    assert pets.item_codes == ["pet-walking"]


@pytest.mark.parametrize("field", ["power_granted", "conditions", "training", "data_asked"])
def test_what_is_forbidden_is_found_wherever_it_is_written(hall: Hall, field: str) -> None:
    added(hall, VOTING)
    written: dict[str, Any] = {field: "街道派员指导；由社区组织居民参加网络投票"}
    code = hall.submitted(**written)
    item = hall.item(code)
    assert item["status"] == "rejected"
    assert [one["field"] for one in item["findings"] if one["matter"] == "online-voting"] == [field]
    form = {"name": "社区调查", "kind": "survey", "role": "assisting"} | written
    answer = hall.office.api.client.post(
        f"{BASE}/admission/checks", json=form, headers=hall.department
    ).json()
    assert (answer["refused"], answer["findings"][0]["field"]) == (True, field)


def test_an_item_that_is_reviewed_again_does_not_stay_with_what_was_forbidden_meanwhile(hall: Hall) -> None:
    code = hall.active(training="网络投票操作培训")
    hall.must(hall.district, "adjustment", code, {"reason": "定期调整"})
    for who in (hall.xian, hall.street):
        assert hall.create(who, f"items/{code}/opinions", {"answer": "agree"}).status_code == 201
    added(hall, VOTING)
    stays = hall.do(hall.district, "confirmation", code, {"reason": "居民仍有需要"})
    assert (stays.status_code, stays.json()["errors"][0]["loc"]) == (422, ["body", "reason"])
    set_aside(hall, VOTING["code"], BASIS, seen=1)
    assert hall.must(hall.district, "confirmation", code, {"reason": "居民仍有需要"})["status"] == "active"


def test_two_versions_are_compared_however_few_codes_are_looked_at_at_a_time(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = hall.active(first_day="2027-01-25")
    added(hall, VOTING)
    hall.published()
    whole = hall.office.read(f"admission/lists/{DISTRICT}/3/changes?since=1", {})
    monkeypatch.setattr(service, "COMPARED", 3)
    assert hall.office.read(f"admission/lists/{DISTRICT}/3/changes?since=1", {}) == whole
    assert [one["code"] for one in whole["items"]] == sorted([code, "online-voting"])
    back = hall.office.read(f"admission/lists/{DISTRICT}/1/changes?since=3", {})["items"]
    assert {one["what"] for one in back} == {"removed"}
