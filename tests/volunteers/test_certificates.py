"""Service is certified free of charge, proved to anybody by number and code, and follows its records."""

import io
from typing import Any

import pytest
from httpx2 import Response
from pypdf import PdfReader
from sqlalchemy import select, update

from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.certificates.models import ServiceCertificate
from testkit.api import DONGSHAN, KAIYUAN, MONDAY, XIAN, Api
from volunteers.conftest import Open
from volunteers.organiser import Helper, Organiser
from volunteers.signup import BASE
from volunteers.test_records import Day, boss, move

PATH = "certificates"


@pytest.fixture
def organiser(api: Api) -> Organiser:
    return Organiser(api)


def confirmed(organiser: Organiser, helper: Helper, left: float = 170, **changes: Any) -> dict[str, Any]:
    tomorrow = (organiser.api.clock() - MONDAY).days + 1
    record = Day(organiser, helper, **{"days": tomorrow, **changes}).served(left=left)
    answer = move(organiser.ask, record, "confirmation")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def asked(helper: Helper, key: str = "first-certificate", **changes: Any) -> Response:
    return helper.ask("POST", PATH, {"community": XIAN, **changes}, **{"Idempotency-Key": key})


def issued(helper: Helper, key: str = "first-certificate", **changes: Any) -> dict[str, Any]:
    answer = asked(helper, key, **changes)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def paper(helper: Helper, number: str) -> str:
    answer = helper.ask("GET", f"{PATH}/{number}/paper")
    assert answer.status_code == 200, answer.text
    assert b"pdfaid:part" in answer.content
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


def code_on(text: str) -> str:
    return text.partition("核验码：")[2][:8]


def prove(api: Api, number: str, code: str) -> Response:
    body = {"certificate_no": number, "code": code}
    return api.client.post(f"{BASE}/{PATH}/proofs", json=body)


def test_what_was_confirmed_is_certified_printed_and_proved(api: Api, organiser: Organiser) -> None:
    helper = Helper.registered(api, 14)
    nothing = asked(helper, "too-early")
    assert nothing.json()["type"].endswith("nothing-to-certify")
    confirmed(organiser, helper)
    pending = Day(organiser, helper, days=2).served()
    made = issued(helper)
    assert made["certificate_no"] == f"{helper.record['volunteer_no']}-ZM1"
    assert (made["minutes"], made["valid"], made["holder"]) == (170, True, "买**·艾*"), (
        "only what is confirmed"
    )
    text = paper(helper, made["certificate_no"])
    for said in (
        helper.citizen.name,
        "2小时50分",
        "2.8小时",
        "西安社区",
        "独居老人周末探访",
        "上门陪伴",
    ):
        assert said in text.replace("\n", "")
    assert helper.citizen.id_document["number"] not in text

    code = code_on(text)
    told = prove(api, f" {made['certificate_no'].lower()} ", code)
    assert told.status_code == 200, told.text
    assert told.headers["cache-control"] == "no-store"
    shown = told.json()
    assert (shown["valid"], shown["minutes"], shown["issued_by"]) == (True, 170, "西安社区")
    assert not any(secret in told.text for secret in helper.citizen.secrets())

    assert issued(helper, "asked-again")["certificate_no"] == made["certificate_no"], (
        "the same is the same paper"
    )
    move(organiser.ask, pending, "confirmation")
    assert paper(helper, made["certificate_no"]) == text, "its content is frozen"
    more = issued(helper, "with-the-second-day")
    assert (more["certificate_no"][-4:], more["minutes"]) == ("-ZM2", 350)
    first = issued(helper, "first-day-only", last_on=made["last_on"])
    assert first["certificate_no"] == made["certificate_no"]
    listed = helper.ask("GET", PATH).json()["items"]
    assert [one["minutes"] for one in listed] == [350, 170]


def test_a_wrong_code_proves_nothing_and_too_many_close_the_number(api: Api, organiser: Organiser) -> None:
    helper = Helper.registered(api, 21)
    confirmed(organiser, helper)
    number = issued(helper)["certificate_no"]
    code = code_on(paper(helper, number))
    assert prove(api, "1" * 16 + "-ZM1", code).status_code == 404
    assert [prove(api, number, "AAAAAAAA").status_code for _ in range(6)] == [404] * 5 + [429]
    assert prove(api, number, code).status_code == 429
    api.clock.pass_(minutes=15)
    assert prove(api, number, code).status_code == 200

    def more_hours(unit: Unit) -> None:
        unit.session.execute(update(ServiceCertificate).values(minutes=17_000))

    api.system(more_hours)
    assert prove(api, number, code).status_code == 404, "who writes into the database proves nothing"


def test_a_ruling_replaces_what_was_certified_and_a_dispute_suspends_it(
    open_service: Open,
) -> None:
    with open_service(disputes_per_record=3) as api:
        replaced_and_revoked(api, Organiser(api))


def replaced_and_revoked(api: Api, organiser: Organiser) -> None:
    helper, street = Helper.registered(api, 31), boss(api, Role.STREET_SUPERVISOR, "330902002")
    record = confirmed(organiser, helper)
    old = issued(helper)["certificate_no"]
    code = code_on(paper(helper, old))

    def disputed_and_ruled(record: dict[str, Any], minutes: int) -> dict[str, Any]:
        disputed = move(helper.ask, record, "dispute", {"minutes": 180, "evidence": "一直到最后"}).json()
        assert not helper.ask("GET", f"{PATH}/{old}").json()["valid"]
        said = prove(api, old, code).json()
        assert (said["valid"], said["status"]) == (False, "issued"), "nothing is proved meanwhile"
        ruled = move(street, disputed, "ruling", {"minutes": minutes, "reason": "双方陈述一致"})
        assert ruled.status_code == 200, ruled.text
        api.tick()
        told: dict[str, Any] = ruled.json()
        return told

    record = disputed_and_ruled(record, 170)
    assert prove(api, old, code).json()["valid"], "it was right after all"
    record = disputed_and_ruled(record, 180)
    said = prove(api, old, code).json()
    assert (said["valid"], said["status"]) == (False, "replaced")
    new = said["replaced_by"]
    told = prove(api, new, code_on(paper(helper, new))).json()
    assert (told["valid"], told["minutes"]) == (True, 180)
    old, code = new, code_on(paper(helper, new))
    disputed_and_ruled(record, 0)
    said = prove(api, old, code).json()
    assert (said["valid"], said["status"], said["replaced_by"]) == (False, "revoked", None)
    assert asked(helper, "nothing-is-left").status_code == 409


def test_staff_certify_who_agreed_within_their_area_and_take_one_back_for_a_reason(
    api: Api, organiser: Organiser
) -> None:
    helper, silent = Helper.registered(api, 41), Helper.registered(api, 42)
    for one in (helper, silent):
        confirmed(organiser, one)
    silent.agree_to("registration")
    clerk, manager = boss(api, Role.WINDOW_CLERK, XIAN), organiser.ask
    form = {"community": XIAN, "volunteer_no": helper.record["volunteer_no"]}

    def ask(key: str, who: Any = clerk, **changes: Any) -> Response:
        answer: Response = who("POST", PATH, {**form, **changes}, **{"Idempotency-Key": key})
        return answer

    made = ask("at-the-window").json()
    number = made["certificate_no"]
    assert ask("no-number", volunteer_no=None).status_code == 422
    assert ask("elsewhere", community=KAIYUAN).status_code == 403
    silent_no = silent.record["volunteer_no"]
    assert ask("not-asked", volunteer_no=silent_no).json()["type"].endswith("certifying-not-agreed-to")
    assert asked(silent, "asked-myself").status_code == 201
    assert asked(helper, "of-others", volunteer_no=silent_no).status_code == 422
    assert ask("from-afar", boss(api, Role.WINDOW_CLERK, DONGSHAN), community=DONGSHAN).status_code == 404

    for who in (silent.ask, boss(api, Role.WINDOW_CLERK, KAIYUAN)):
        assert who("GET", f"{PATH}/{number}").status_code == 404
        assert who("GET", f"{PATH}/{number}/paper").status_code == 404
    seen = {"If-Match": f'"{made["version"]}"'}
    path, why = f"{PATH}/{number}/revocation", {"reason": "姓名登记有误"}
    assert clerk("POST", path, why, **seen).status_code == 403
    gone = manager("POST", path, why, **seen)
    assert (gone.json()["status"], gone.json()["reason"]) == ("revoked", "姓名登记有误")
    printed = clerk("GET", f"{PATH}/{number}/paper")
    assert (printed.status_code, printed.json()["state"]) == (409, "revoked"), "the sheet would not say so"
    assert manager("POST", path, why, **seen).status_code == 412
    assert manager("POST", path, why, **{"If-Match": '"2"'}).status_code == 409
    again = ask("issued-anew")
    assert again.status_code == 201, again.text
    assert again.json()["certificate_no"] != number

    def stored(unit: Unit) -> str:
        rows = [
            vars(row)
            for table in (ServiceCertificate, AuditRecord)
            for row in unit.session.scalars(select(table))
        ]
        return str(rows)

    kept = api.system(stored)
    assert not any(secret in kept for secret in helper.citizen.secrets())


def test_what_staff_took_back_does_not_come_back_by_asking(api: Api, organiser: Organiser) -> None:
    helper = Helper.registered(api, 43)
    confirmed(organiser, helper)
    made = issued(helper)
    path, seen = f"{PATH}/{made['certificate_no']}/revocation", {"If-Match": f'"{made["version"]}"'}
    assert organiser.ask("POST", path, {"reason": "抽查发现代签"}, **seen).status_code == 200
    assert asked(helper, "once-more").json()["type"].endswith("certificate-taken-back")
    form = {"community": XIAN, "volunteer_no": helper.record["volunteer_no"]}
    window = boss(api, Role.WINDOW_CLERK, XIAN)("POST", PATH, form, **{"Idempotency-Key": "at-the-window"})
    assert window.status_code == 201, "the window has looked at it"
    assert issued(helper, "and-again")["certificate_no"] == window.json()["certificate_no"]
