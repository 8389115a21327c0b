"""Personal data lies sealed, shows masked, leaves traces when disclosed, and is nowhere else."""

from typing import Any

import pytest
from sqlalchemy import select

from intake.conftest import Open
from intake.window import INSTANT, Answer, Somebody, born, entrusted, form, person, somebody
from onewindow_intake.app import SERVICE
from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.audit import AuditRecord, seal, verify
from onewindow_shared.plumbing.migrations import migrate
from onewindow_shared.plumbing.privacy import new_key_ring
from onewindow_shared.plumbing.sealed import reencrypt
from onewindow_shared.plumbing.unit import Unit
from testkit.api import XIAN, Api, environment
from testkit.databases import everything

REASON = "申请人来电核对身份信息"


def secrets(serial: int, name: str) -> set[str]:
    particulars = person(serial, name)
    return {name, particulars["id_document"]["number"], particulars["mobile"]}


def audited(api: Api, action: str) -> list[AuditRecord]:
    def records(unit: Unit) -> list[AuditRecord]:
        return list(unit.session.scalars(select(AuditRecord).where(AuditRecord.action == action)))

    return api.system(records)


def test_nothing_personal_lies_open_in_the_database_or_the_log(
    open_furnished: Open, capfd: pytest.CaptureFixture[str]
) -> None:
    with open_furnished() as api:
        clerk = somebody(api, Role.WINDOW_CLERK, XIAN)
        case = clerk.posted(agent=entrusted())
        clerk.moved(case, "withdrawal", {"reason": "不办了"})
        clerk.post(f"cases/{case['case_no']}/disclosure", {"reason": REASON})
        clerk.post("cases/lookup", {"id_document": person(1)["id_document"]})
        url = api.runtime.settings.database_url.get_secret_value()
    lying = everything(url)
    assert case["case_no"] in lying
    for secret in secrets(1, "王桂芳") | secrets(2, "李小明"):
        assert secret not in lying
    logged = capfd.readouterr()
    for secret in secrets(1, "王桂芳") | secrets(2, "李小明"):
        assert secret not in logged.out + logged.err


def test_what_a_desk_keeps_besides_cases_lies_open_nowhere_either(
    open_furnished: Open, capfd: pytest.CaptureFixture[str]
) -> None:
    someone = person(9, "陈彩娣") | {"address": "昌国街道西安社区昌国路61号301室"}
    refused: list[Answer] = []
    with open_furnished(duplicates_refused=True) as api:
        clerk = somebody(api, Role.WINDOW_CLERK, XIAN)
        content = {key: value for key, value in form(applicant=someone).items() if key != "community"}
        draft = {"community": XIAN, "content": {**content, "materials": [{"code": "m99", "received": True}]}}
        begun = clerk.post("drafts", draft, **{"Idempotency-Key": "draft-000001"}).json()
        path = f"drafts/{begun['draft_id']}/submission"
        refused.append(clerk.post(path, **{"If-Match": f'"{begun["version"]}"'}))
        case = clerk.posted(applicant=someone)
        refused.append(clerk.apply(form(applicant=someone)))
        looked = {"item_code": case["item_code"], "community": XIAN, "applicant": someone}
        assert clerk.post("cases/duplicates", looked).json()["cases"]
        refused.append(clerk.post("cases/duplicates", {**looked, "community": someone["name"]}))
        asked = {"community": XIAN, "channel": "phone", "matter": f"问{someone['name']}家低保怎么办"}
        asked |= {"name": someone["name"], "mobile": someone["mobile"]}
        contact = clerk.post("contacts", asked, **{"Idempotency-Key": "contact-000001"}).json()
        assert clerk.post(f"contacts/{contact['contact_id']}/disclosure", {"reason": REASON}).is_success
        refused.append(clerk.post("contacts", {**asked, "channel": someone["mobile"]}))
        originals = f"cases/{case['case_no']}/originals"
        paper = {"material": "m1", "place": "2号柜", "note": f"{someone['name']}的户口簿原件"}
        taken = clerk.post(originals, paper, **{"Idempotency-Key": "paper-000001"}).json()
        back = {"act": "returned", "returned_to": someone["name"], "signature": someone["mobile"]}
        view = {"name": "她的办件", "shared": True, "filter": {"q": someone["name"]}}
        kept = clerk.post("views", view, **{"Idempotency-Key": "view-000001"}).json()
        assert kept["filter"]["q"] == someone["name"]
        steps = f"{originals}/{taken['original_id']}/steps"
        refused += [clerk.post(steps, back, **{"If-Match": f'"{taken["version"]}"'}) for _ in range(2)]
        url = api.runtime.settings.database_url.get_secret_value()
    assert [answer.status_code for answer in refused] == [422, 409, 422, 422, 200, 412]
    logged = capfd.readouterr()
    told = [answer.text for answer in refused if answer.status_code in {409, 422}]
    open_to_see = [everything(url), logged.out + logged.err, *told]
    assert case["tracking_code"] not in everything(url)
    for secret in secrets(9, "陈彩娣") | {someone["address"]}:
        assert [text for text in open_to_see if secret in text] == []


def test_a_disclosure_shows_everything_and_is_written_down(api: Api, clerk: Somebody) -> None:
    case = clerk.posted(agent=entrusted())
    answer = clerk.post(f"cases/{case['case_no']}/disclosure", {"reason": REASON})
    shown = answer.json()
    assert shown["applicant"]["name"] == "王桂芳"
    assert shown["applicant"]["id_number"] == person(1)["id_document"]["number"]
    assert shown["agent"]["mobile"].endswith(person(2)["mobile"])
    assert answer.headers["cache-control"] == "no-store"
    (record,) = audited(api, "case.disclosed")
    assert (record.actor, record.entity_id) == ("clerk.xian", case["case_no"])
    assert record.reason(api.runtime.vault) == REASON


def test_a_disclosure_needs_a_reason_and_the_permission(
    api: Api, clerk: Somebody, resident: Somebody
) -> None:
    case = clerk.posted()
    path = f"cases/{case['case_no']}/disclosure"
    assert clerk.post(path, {}).status_code == 422
    assert clerk.post(path, {"reason": "  ok "}).status_code == 422
    assert resident.post(path, {"reason": REASON}).status_code == 403
    assert somebody(api, Role.AUDITOR, "330902").post(path, {"reason": REASON}).status_code == 403
    assert audited(api, "case.disclosed") == []


def test_a_disclosure_of_a_minor_is_recorded_as_one(api: Api, clerk: Somebody) -> None:
    parent = {**person(), "relation": "parent"}
    for party, minor in (({}, False), ({"applicant": born("2015-04-01"), "guardian": parent}, True)):
        case = clerk.posted(**party)
        path = f"cases/{case['case_no']}/disclosure"
        assert clerk.post(path, {"reason": REASON}).json()["minor"] is minor
        (record,) = [found for found in audited(api, "case.disclosed") if found.entity_id == case["case_no"]]
        assert record.detail == {"minor": minor}


def test_every_write_is_audited_in_an_unbroken_chain(api: Api, clerk: Somebody) -> None:
    case = clerk.posted(materials=clerk.papers())
    clerk.moved(case, "acceptance")
    records = audited(api, "case.posted") + audited(api, "case.accepted")
    mine = [record for record in records if record.entity_id == case["case_no"]]
    assert [record.detail["status"] for record in mine] == ["received", "accepted"]
    assert {(record.actor, record.area) for record in mine} == {("clerk.xian", XIAN)}
    api.system(lambda unit: seal(unit.session))
    assert api.system(lambda unit: verify(unit.session, unit.vault)) == []


def test_data_keys_rotate_and_the_index_stays(open_furnished: Open) -> None:
    with open_furnished() as api:
        ring = api.runtime.settings.data_keys.get_secret_value()
        clerk = somebody(api, Role.WINDOW_CLERK, XIAN)
        case = clerk.posted(agent=entrusted())
    newer = f"2{new_key_ring().removeprefix('1')},{ring}"
    with open_furnished(data_keys=newer) as api:
        again = lambda unit: reencrypt(unit.session, unit.vault, SERVICE.sealed)  # noqa: E731
        assert (api.system(again), api.system(again)) == (3, 0)
    with open_furnished(data_keys=newer.split(",", maxsplit=1)[0]) as api:
        clerk = somebody(api, Role.WINDOW_CLERK, XIAN)
        shown = clerk.post(f"cases/{case['case_no']}/disclosure", {"reason": REASON}).json()
        assert shown["agent"]["name"] == "李小明"
        found = clerk.post("cases/lookup", {"id_document": form()["applicant"]["id_document"]}).json()
        assert [row["case_no"] for row in found["items"]] == [case["case_no"]]


WORDS = "她儿子陈志强电话里说的"


def written_about(api: Api) -> dict[str, Any]:
    """Have the window write free words wherever it may, and return each as it is shown, by its route."""
    clerk = somebody(api, Role.WINDOW_CLERK, XIAN, subject="clerk.xian")
    agent = somebody(api, Role.AGENT_OFFICER, XIAN, subject="agent.xian")
    twice = {"decision": "go_on", "earlier": clerk.posted()["case_no"], "reason": WORDS}
    case = clerk.posted(duplicate=twice)
    path = f"cases/{case['case_no']}/handoffs"
    offered = clerk.post(path, {"taker": "agent.xian", "note": WORDS}, **{"Idempotency-Key": "offer-000001"})
    made = offered.json()
    bounced = f"{path}/{made['handoff_id']}/bounce"
    assert agent.post(bounced, {"reason": WORDS}, **{"If-Match": '"1"'}).is_success
    listed = {"defects": [{"material": "m1", "problem": WORDS}], "deadline": "2026-12-21"}
    case = clerk.moved(case, "corrections", listed)
    case = clerk.moved(case, "materials", {"materials": [{"code": "m2", "received": True}]})
    unmet = {"ground": "not_conforming", "reason": WORDS, "unmet": [{"material": "m1", "problem": WORDS}]}
    clerk.moved(case, "refusal", unmet)
    instant = clerk.posted(item=INSTANT, materials=clerk.papers(INSTANT))
    clerk.moved(instant, "instant-decision", {"outcome": "refuse", "reasons": WORDS})
    return {"case": case["case_no"], "instant": instant["case_no"]}


def read_again(api: Api, found: dict[str, Any]) -> list[Any]:
    clerk = somebody(api, Role.WINDOW_CLERK, XIAN, subject="clerk.xian")
    case, instant = f"cases/{found['case']}", f"cases/{found['instant']}"
    (handoff,) = clerk.get(f"{case}/handoffs").json()["items"]
    notice, refusal, decision = (
        clerk.get(f"{of}/issued-documents/{kind}").json()
        for of, kind in (
            (case, "correction_notice"),
            (case, "non_acceptance"),
            (instant, "instant_decision"),
        )
    )
    return [
        clerk.get(case).json()["duplicate"]["reason"],
        handoff["note"],
        handoff["reason"],
        notice["defects"][0]["problem"],
        refusal["reason"],
        refusal["unmet"][0]["problem"],
        decision["reasons"],
    ]


def test_what_officers_write_about_a_case_lies_sealed_and_under_the_newest_key(open_furnished: Open) -> None:
    with open_furnished() as api:
        ring = api.runtime.settings.data_keys.get_secret_value()
        found = written_about(api)
        assert set(read_again(api, found)) == {WORDS}
        assert WORDS not in everything(api.runtime.settings.database_url.get_secret_value())
    newer = f"2{new_key_ring().removeprefix('1')},{ring}"
    with open_furnished(data_keys=newer) as api:
        api.system(lambda unit: reencrypt(unit.session, unit.vault, SERVICE.sealed))
    with open_furnished(data_keys=newer.split(",", maxsplit=1)[0]) as api:
        assert set(read_again(api, found)) == {WORDS}


def test_words_that_lay_open_are_sealed_by_the_migration(
    open_furnished: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_furnished() as api:
        found, plain = written_about(api), somebody(api, Role.WINDOW_CLERK, XIAN).posted()
        url = api.runtime.settings.database_url.get_secret_value()
    for name, value in environment(api.runtime.settings).items():
        monkeypatch.setenv(name, value)
    migrate("intake", url, down_to="0016_drafts_anywhere")
    assert everything(url).count(WORDS) == 7
    migrate("intake", url)
    assert WORDS not in everything(url)
    with open_furnished() as api:
        assert set(read_again(api, found)) == {WORDS}
        assert somebody(api, Role.WINDOW_CLERK, XIAN).case(plain)["duplicate"] is None
