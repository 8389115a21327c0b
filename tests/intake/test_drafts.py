"""What is begun at a window is not lost: saved as it is, resumed by a colleague, and submitted once."""

import asyncio
import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from intake.conftest import Open
from intake.window import ITEM, NO_PAPERS, Answer, Somebody, form, joined, person, somebody
from onewindow_intake.cases.models import Case
from onewindow_intake.cases.numbering import Numbers
from onewindow_intake.drafts import rules
from onewindow_intake.drafts.models import Draft
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.drafts import DraftIn
from onewindow_shared.contracts.intake import CaseIn
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.unit import Unit
from testkit.api import DONGSHAN, KAIYUAN, XIAN, Api

Found = dict[str, Any]
Meanwhile = Callable[[Callable[[], object]], None]
_keys = itertools.count(1)


def content(**change: Any) -> Found:
    """An application as a draft says it: without the community, which stands beside it."""
    whole = form(**change)
    return {name: value for name, value in whole.items() if name != "community"}


def begin(who: Somebody, said: Found, community: str = XIAN) -> Found:
    body = {"community": community, "content": said}
    answer = who.post("drafts", body, **{"Idempotency-Key": f"draft-{next(_keys):06d}"})
    assert answer.status_code == 201, answer.text
    found: Found = answer.json()
    return found


def save(who: Somebody, draft: Found, said: Found) -> Answer:
    headers = {**who.headers, "If-Match": f'"{draft["version"]}"'}
    path = f"/api/intake/v1/drafts/{draft['draft_id']}"
    return who.api.client.put(path, json={"community": XIAN, "content": said}, headers=headers)


def submit(who: Somebody, draft: Found) -> Answer:
    path = f"drafts/{draft['draft_id']}/submission"
    return who.post(path, **{"If-Match": f'"{draft["version"]}"'})


def resume(who: Somebody, draft: Found) -> Answer:
    return who.post(f"drafts/{draft['draft_id']}/resumption")


def fields(draft: Found) -> set[str]:
    return {wrong["field"] for wrong in draft["wrong"]}


def count(api: Api, table: Any) -> int:
    return api.system(lambda unit: unit.session.scalar(select(func.count()).select_from(table)) or 0)


def test_each_saving_says_what_is_still_wrong_and_refuses_nothing(clerk: Somebody) -> None:
    draft = begin(clerk, {"item_code": ITEM, "applicant": {"name": "王桂芳"}})
    assert fields(draft) == {"channel", "consent", "applicant.id_document", "applicant.mobile"}
    better = save(clerk, draft, content(channel="pigeon")).json()
    assert fields(better) == {"channel"}
    deeper = save(clerk, better, content(materials=[{"code": "nonsense", "received": True}])).json()
    assert fields(deeper) == {"materials.0.code"}
    assert fields(save(clerk, deeper, content()).json()) == set()


def test_a_draft_has_no_number_and_becomes_a_case_like_any_other(api: Api, clerk: Somebody) -> None:
    before = count(api, Case)
    draft = begin(clerk, content(item=NO_PAPERS))
    assert count(api, Case) == before
    made = submit(clerk, draft)
    assert made.status_code == 200, made.text
    assert clerk.case(made.json())["first_contact_officer"] == "clerk.xian"
    assert clerk.get("drafts").json()["items"] == []
    assert resume(clerk, draft).status_code == 409
    assert save(clerk, draft, content()).status_code == 409


def test_a_colleague_at_the_same_window_goes_on_and_submits(
    api: Api, clerk: Somebody, neighbour: Somebody
) -> None:
    draft = begin(clerk, {"item_code": ITEM})
    colleague = somebody(api, Role.WINDOW_CLERK, XIAN, subject="clerk.two")
    assert [row["draft_id"] for row in colleague.get("drafts").json()["items"]] == [draft["draft_id"]]
    opened = resume(colleague, draft)
    assert (opened.json()["content"], opened.headers["cache-control"]) == ({"item_code": ITEM}, "no-store")
    saved = save(colleague, draft, content()).json()
    assert save(clerk, draft, content()).status_code == 412
    case = submit(colleague, saved).json()
    assert clerk.case(case)["first_contact_officer"] == "clerk.two"
    for answer in (resume(neighbour, draft), save(neighbour, draft, content()), submit(neighbour, draft)):
        assert answer.status_code == 404


def test_submitted_twice_by_two_it_is_one_case(api: Api, clerk: Somebody) -> None:
    draft, before = begin(clerk, content()), count(api, Case)
    first = submit(clerk, draft)
    colleague = somebody(api, Role.WINDOW_CLERK, XIAN, subject="clerk.two")
    again = submit(colleague, draft)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert count(api, Case) == before + 1


def test_submitted_by_many_at_once_it_is_one_case(api: Api, clerk: Somebody) -> None:
    draft, before = begin(clerk, content()), count(api, Case)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: submit(clerk, draft), range(8)))
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert len({answer.json()["case_no"] for answer in answers if answer.status_code == 200}) == 1
    assert count(api, Case) == before + 1


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Return a function that has something done between the reading of a draft and the writing of its case."""
    number = Numbers.next

    def happens(act: Callable[[], object]) -> None:
        async def late(numbers: Numbers, *of: Any) -> str:
            await asyncio.to_thread(act)
            return await number(numbers, *of)

        monkeypatch.setattr(Numbers, "next", late)

    return happens


def test_an_edit_saved_while_a_draft_is_submitted_is_not_lost(
    api: Api, clerk: Somebody, meanwhile: Meanwhile
) -> None:
    draft, before = begin(clerk, content(remark="一")), count(api, Case)
    saved: list[Answer] = []
    colleague = somebody(api, Role.WINDOW_CLERK, XIAN, subject="clerk.two")
    meanwhile(lambda: saved.append(save(colleague, draft, content(remark="二"))))
    refused = submit(clerk, draft)
    assert (saved[0].status_code, refused.status_code) == (200, 412)
    assert refused.json()["current"]["version"] == saved[0].json()["version"]
    assert count(api, Case) == before
    assert resume(clerk, draft).json()["content"]["remark"] == "二"
    meanwhile(lambda: None)
    made = submit(clerk, saved[0].json())
    assert made.status_code == 200, made.text
    assert clerk.case(made.json())["remark"] == "二"


def test_a_draft_discarded_while_it_is_submitted_makes_no_case(
    api: Api, clerk: Somebody, meanwhile: Meanwhile
) -> None:
    draft, before = begin(clerk, content()), count(api, Case)
    headers = {"If-Match": f'"{draft["version"]}"'}
    meanwhile(lambda: clerk.ask("DELETE", f"drafts/{draft['draft_id']}", **headers))
    assert submit(clerk, draft).status_code == 404
    assert count(api, Case) == before


def test_a_changed_draft_keeps_nobody_elses_case_from_being_written(
    api: Api, clerk: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One transaction takes whatever waits: what is wrong with one draft is told to that one alone."""
    drafts = [begin(clerk, content(serial=serial)) for serial in range(6)]
    before = count(api, Case)
    for changed in drafts[:2]:
        save(clerk, changed, content(remark="改"))
    monkeypatch.setattr("onewindow_intake.drafts.service.expect_version", lambda *_: None)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda draft: submit(clerk, draft), drafts))
    assert [answer.status_code for answer in answers] == [412] * 2 + [200] * 4
    assert count(api, Case) == before + 4


def test_a_draft_goes_with_its_case_or_stays(api: Api, clerk: Somebody, monkeypatch: Any) -> None:
    draft, before = begin(clerk, content()), count(api, Case)
    with monkeypatch.context() as cut:
        cut.setattr("onewindow_intake.drafts.posting._close", _cut_off)
        assert submit(clerk, draft).status_code == 500
    assert count(api, Case) == before
    made = submit(clerk, draft)
    assert made.status_code == 200
    assert api.system(lambda unit: unit.session.scalars(select(Draft.content_sealed)).all()) == [None]
    assert submit(clerk, draft).json() == made.json()

    def submitters(unit: Unit) -> Any:
        query = select(AuditRecord.actor).where(AuditRecord.action == "draft.submitted")
        return unit.session.scalars(query).all()

    assert api.system(submitters) == ["clerk.xian"]


def _cut_off(*_: Any) -> None:
    raise RuntimeError


def test_a_draft_that_is_not_ready_is_not_submitted(clerk: Somebody) -> None:
    assert submit(clerk, begin(clerk, {})).status_code == 422
    unknown = begin(clerk, content(item="no-such-item"))
    assert submit(clerk, unknown).status_code == 422
    assert fields(unknown) == {"item_code"}


def test_a_residents_draft_is_theirs_alone(api: Api, clerk: Somebody, resident: Somebody) -> None:
    draft = begin(resident, content(channel="web"))
    assert fields(draft) == set()
    assert clerk.get("drafts").json()["items"] == []
    assert resume(clerk, draft).status_code == 404
    assert resume(somebody(api, Role.RESIDENT, subject="r-2"), draft).status_code == 404
    case = submit(resident, draft).json()
    assert resident.case(case)["channel"] == "web"


def test_an_old_draft_is_erased_and_saving_keeps_it_longer(api: Api, clerk: Somebody) -> None:
    left, kept = begin(clerk, content()), begin(clerk, content(serial=2))
    api.clock.pass_(days=10)
    saved = save(clerk, kept, content(serial=2)).json()
    api.clock.pass_(days=5)
    assert resume(clerk, left).status_code == 404
    api.tick()
    assert count(api, Draft) == 1
    assert resume(clerk, saved).status_code == 200


def test_the_number_of_an_erased_draft_is_nobody_elses(api: Api, clerk: Somebody) -> None:
    """Its case is answered under it for days: whoever had the number next would be told of somebody else's."""
    first = begin(clerk, content())
    api.clock.pass_(days=13)
    told = submit(clerk, first).json()
    api.clock.pass_(days=2)
    api.tick()
    assert count(api, Draft) == 0
    second = begin(clerk, content(serial=2))
    assert second["draft_id"] > first["draft_id"]
    assert submit(clerk, second).json()["case_no"] != told["case_no"]


def test_a_draft_of_a_community_that_ended_goes_on_with_its_heir(
    api: Api, clerk: Somebody, neighbour: Somebody
) -> None:
    draft = begin(clerk, content())
    api.receive(joined(XIAN, KAIYUAN, api.clock.now.date()), source="casework")
    api.clock.pass_(days=1)
    (listed,) = neighbour.get("drafts").json()["items"]
    opened = resume(neighbour, draft).json()
    assert [one["community"] for one in (listed, opened)] == [KAIYUAN] * 2
    assert fields(opened) == set()
    for community, wrong in ((KAIYUAN, 200), (XIAN, 200), (DONGSHAN, 422)):
        body = {"community": community, "content": content(remark="合并后继续办理")}
        saved = neighbour.ask(
            "PUT", f"drafts/{draft['draft_id']}", body, **{"If-Match": f'"{opened["version"]}"'}
        )
        assert saved.status_code == wrong, saved.text
        if saved.is_success:
            opened = saved.json()
            assert fields(opened) == set(), "as it would be submitted"
    case = submit(neighbour, opened)
    assert case.status_code == 200, case.text
    assert neighbour.case(case.json())["community"] == KAIYUAN


def test_a_draft_is_submitted_with_the_consent_it_was_begun_with(api: Api, clerk: Somebody) -> None:
    consent = {"purpose": "case_handling", "given": True, "given_at": api.clock.now.isoformat()}
    draft = begin(clerk, content(consent=consent))
    api.clock.pass_(days=13)
    made = submit(clerk, draft)
    assert made.status_code == 200, made.text
    assert clerk.case(made.json())["consent"]["given_at"] == "2026-11-23T01:30:00Z"


def test_a_draft_is_discarded(api: Api, clerk: Somebody) -> None:
    draft = begin(clerk, content())
    headers = {**clerk.headers, "If-Match": '"1"'}
    path = f"/api/intake/v1/drafts/{draft['draft_id']}"
    assert api.client.delete(path, headers=headers).status_code == 204
    assert api.client.delete(path, headers=headers).status_code == 404
    assert count(api, Draft) == 0


def test_drafts_of_other_areas_and_of_a_bad_size_are_refused(clerk: Somebody) -> None:
    body = {"community": KAIYUAN, "content": {}}
    assert clerk.post("drafts", body, **{"Idempotency-Key": "elsewhere"}).status_code == 403
    huge = {"community": XIAN, "content": {"remark": "长" * 70_000}}
    assert clerk.post("drafts", huge, **{"Idempotency-Key": "too-large"}).status_code == 422
    twice = begin(clerk, {**content(), "community": XIAN})
    assert fields(twice) == {"community"}


def test_what_a_draft_says_lies_sealed(open_furnished: Open) -> None:
    with open_furnished() as api:
        clerk = somebody(api, Role.WINDOW_CLERK, XIAN)
        begin(clerk, content())
        token = api.system(lambda unit: unit.session.scalars(select(Draft.content_sealed)).one())
        assert token is not None
        for secret in ("王桂芳", person()["id_document"]["number"], person()["mobile"]):
            assert secret not in token


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from([*CaseIn.model_fields, "surprise"])


@given(st.dictionaries(names, values, max_size=8))
def test_whatever_is_saved_is_an_application_or_its_wrong_fields_are_named(said: Found) -> None:
    found = rules.application(DraftIn(community=XIAN, content=said))
    assert isinstance(found, CaseIn) or (found and all(wrong.field for wrong in found))


@given(st.text(min_size=5, max_size=20))
def test_what_is_wrong_is_said_without_repeating_it(secret: str) -> None:
    content: Found = {"applicant": {"mobile": secret}, "channel": secret}
    found = rules.application(DraftIn(community=XIAN, content=content))
    assert not isinstance(found, CaseIn)
    assert not any(repr(secret) in wrong.reason for wrong in found)
