"""Many are certified in one go: each once, each for a reason told, taken away as one archive."""

import io
import zipfile
from typing import Any

import pytest
from httpx2 import Response
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from sqlalchemy import func, select

from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.certificate_batches import BatchOutcome
from onewindow_shared.contracts.numbers import volunteer_number
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.batches import rules, service
from onewindow_volunteers.certificates.models import ServiceCertificate
from onewindow_volunteers.certificates.rules import MOST_RECORDS
from testkit.api import DONGSHAN, KAIYUAN, XIAN, Api
from volunteers.organiser import Helper, Organiser
from volunteers.test_certificates import confirmed, issued
from volunteers.test_records import Day, boss, move

PATH, NOBODY = "certificate-batches", volunteer_number("330902", 2099, 1)


@pytest.fixture
def organiser(api: Api) -> Organiser:
    return Organiser(api)


def ask(organiser: Organiser, key: str = "first-batch", **form: Any) -> Response:
    return organiser.ask("POST", PATH, {"community": XIAN, **form}, **{"Idempotency-Key": key})


def begun(organiser: Organiser, key: str = "first-batch", **form: Any) -> dict[str, Any]:
    answer = ask(organiser, key, **form)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def followed(organiser: Organiser, batch: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = organiser.ask("GET", f"{PATH}/{batch['batch_no']}").json()
    return found


def outcomes(organiser: Organiser, batch: dict[str, Any]) -> dict[str, tuple[str, str | None]]:
    rows = organiser.ask("GET", f"{PATH}/{batch['batch_no']}/rows?limit=200").json()["items"]
    return {row["volunteer_no"]: (row["outcome"], row["certificate_no"]) for row in rows}


def papers(organiser: Organiser, batch: dict[str, Any]) -> dict[str, bytes]:
    answer = organiser.ask("GET", f"{PATH}/{batch['batch_no']}/papers")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip"), answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@given(records=st.integers(0, 2 * MOST_RECORDS), agreed=st.booleans())
def test_only_who_agreed_and_has_served_is_certified(records: int, agreed: bool) -> None:
    found = rules.outcome(records, agreed=agreed)
    assert (found is BatchOutcome.CERTIFIED) == (agreed and 1 <= records <= MOST_RECORDS)
    assert (found is BatchOutcome.NOT_AGREED_TO) == (not agreed)


def test_who_served_here_is_certified_here_wherever_they_live(api: Api, organiser: Organiser) -> None:
    away = Helper.registered(api, 57, community=DONGSHAN)
    confirmed(organiser, away)
    number = away.record["volunteer_no"]
    for nth, form in enumerate(({}, {"volunteer_nos": [number]})):
        batch = begun(organiser, f"batch-elsewhere-{nth}", **form)
        api.quiet()
        assert outcomes(organiser, batch)[number][0] == "certified"
        assert len(papers(organiser, batch)) == 1
    clerk = boss(api, Role.WINDOW_CLERK, XIAN)
    body, key = {"community": XIAN, "volunteer_no": number}, {"Idempotency-Key": "at-the-window"}
    assert clerk("POST", "certificates", body, **key).status_code == 201
    body = {"community": KAIYUAN, "volunteer_no": number}
    elsewhere = boss(api, Role.WINDOW_CLERK, KAIYUAN)
    assert elsewhere("POST", "certificates", body, **key).status_code == 404, "nothing was served there"


def test_each_gets_a_certificate_or_a_reason(
    api: Api, organiser: Organiser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "AT_ONCE", 2)
    helpers = [Helper.registered(api, n) for n in (51, 52, 53)]
    silent, idle = Helper.registered(api, 54), Helper.registered(api, 55)
    away = Helper.registered(api, 56, community=DONGSHAN)
    for one in (*helpers, silent):
        confirmed(organiser, one)
    silent.agree_to("registration")
    before = issued(helpers[0])["certificate_no"]
    numbers = [one.record["volunteer_no"] for one in (*helpers, silent, idle, away)]
    batch = begun(organiser, volunteer_nos=[*numbers, NOBODY])
    assert (batch["status"], batch["total"], batch["done"]) == ("running", 7, 0)
    api.tick()
    assert (followed(organiser, batch)["status"], followed(organiser, batch)["done"]) == ("running", 2)
    for _ in range(5):
        api.tick()
    done = followed(organiser, batch)
    assert (done["status"], done["done"], done["certified"]) == ("done", 7, 3)
    assert done["finished_at"] is not None

    told = outcomes(organiser, batch)
    assert [told[no][0] for no in numbers] == [
        *["certified"] * 3, "not_agreed_to", "nothing_to_certify", "unknown",
    ]  # fmt: skip
    assert told[NOBODY] == ("unknown", None)
    assert told[numbers[0]][1] == before, "what says the same is the same certificate"

    again = begun(organiser, "asked-again")
    for _ in range(5):
        api.tick()
    assert outcomes(organiser, again) == {no: told[no] for no in numbers[:4]}, "everybody who served"
    certificates = api.system(
        lambda unit: unit.session.scalar(select(func.count()).select_from(ServiceCertificate))
    )
    assert certificates == 3

    def who_asked(unit: Unit) -> set[str]:
        return set(unit.session.scalars(select(ServiceCertificate.issued_by)))

    assert api.system(who_asked) == {helpers[0].citizen.subject, f"{Role.COMMUNITY_MANAGER}-{XIAN}-none"}


def test_the_archive_holds_what_is_in_force_and_printing_is_written_down(
    api: Api, organiser: Organiser
) -> None:
    first, second = Helper.registered(api, 61), Helper.registered(api, 62)
    record = confirmed(organiser, first)
    confirmed(organiser, second)
    batch = begun(organiser)
    assert papers(organiser, batch) == {}, "nothing is written yet"
    api.tick()
    told = outcomes(organiser, batch)
    found = papers(organiser, batch)
    assert set(found) == {f"{number}.pdf" for _, number in told.values()}
    own = found[f"{told[first.record['volunteer_no']][1]}.pdf"]
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(own)).pages)
    assert first.citizen.name in text
    assert second.citizen.name not in text

    def printed(unit: Unit) -> int:
        query = select(func.count()).where(AuditRecord.action == "service_certificate.printed")
        return unit.session.scalar(query) or 0

    assert api.system(printed) == 2
    street = boss(api, Role.STREET_SUPERVISOR, "330902002")
    disputed = move(first.ask, record, "dispute", {"minutes": 0, "evidence": "没有参加"}).json()
    assert move(street, disputed, "ruling", {"minutes": 0, "reason": "本人承认未到场"}).status_code == 200
    api.tick()
    assert set(papers(organiser, batch)) == {f"{told[second.record['volunteer_no']][1]}.pdf"}


def test_a_batch_is_of_ones_area_and_says_what_is_wrong(api: Api, organiser: Organiser) -> None:
    assert ask(organiser, "nobody-served").json()["type"].endswith("nothing-to-certify")
    helper = Helper.registered(api, 71)
    confirmed(organiser, helper)
    no = helper.record["volunteer_no"]
    assert ask(organiser, "twice-the-same", volunteer_nos=[no, no]).status_code == 422
    assert ask(organiser, "nobody-named", volunteer_nos=[]).status_code == 422
    assert ask(organiser, "too-many-named", volunteer_nos=[no] * 1001).status_code == 422
    assert ask(organiser, "of-others", community=KAIYUAN).status_code == 403
    assert ask(organiser, "of-nowhere", community="330902002999").status_code == 422
    batch = begun(organiser)
    assert begun(organiser)["batch_no"] == batch["batch_no"], "sent again it is the same"
    elsewhere = boss(api, Role.COMMUNITY_MANAGER, KAIYUAN)
    for path in ("", "/rows", "/papers"):
        assert elsewhere("GET", f"{PATH}/{batch['batch_no']}{path}").status_code == 404
        assert helper.ask("GET", f"{PATH}/{batch['batch_no']}{path}").status_code == 403
    assert elsewhere("GET", PATH).json()["items"] == []
    assert [one["batch_no"] for one in organiser.ask("GET", PATH).json()["items"]] == [batch["batch_no"]]


def test_days_bound_what_is_certified(api: Api, organiser: Organiser) -> None:
    helper = Helper.registered(api, 81)
    first = confirmed(organiser, helper, left=60)
    Day(organiser, helper, days=5).served(left=90)
    later = begun(organiser, volunteer_nos=[helper.record["volunteer_no"]], first_on="2026-11-25")
    api.tick()
    assert list(outcomes(organiser, later).values()) == [("nothing_to_certify", None)], "not confirmed yet"
    early = begun(organiser, "until-the-first", last_on=first["on"])
    api.tick()
    assert [outcome for outcome, _ in outcomes(organiser, early).values()] == ["certified"]
