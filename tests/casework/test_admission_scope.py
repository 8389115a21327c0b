"""Work items, orders, refusals and money of others are not there, by any route, whoever asks."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from casework.dispatching import Desk
from casework.hall import MEETING, RETIRED, SURVEY, Hall
from casework.office import Headers, Office
from onewindow_casework.app import SERVICE
from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.service import create_app
from testkit.api import KAIYUAN

ADMISSION = "/api/casework/v1/admission"
PUBLIC = ("/listed", "/lists", "/matters")
RECORDS = ("code", "order_no", "refusal_no", "posting_no")
PAPER = {"document_no": "定财〔2026〕8号"}
BODIES: Mapping[str, Any] = {
    "ItemIn": SURVEY,
    "ReviewIn": {},
    "ReturnIn": {"missing": "缺少经费安排"},
    "AdmissionDecisionIn": MEETING,
    "OpinionIn": {"answer": "agree"},
    "ReasonIn": {"reason": "依据已修订"},
    "ExitIn": RETIRED,
    "CompletionIn": {"evidence": ["走访登记表第12号"], "minutes": 55, "cases": 2},
    "ConfirmationIn": {},
    "RefusalIn": {"reason": "NO_FUNDS", "explanation": "经费尚未到账"},
    "ObjectionIn": {"grounds": "经费已列入预算"},
    "SettlementIn": {"upheld": True, "reasons": "专户未见拨付"},
    "CorrectionIn": PAPER | {"reason": "金额录错"},
    "ConditionsIn": PAPER | {"delivered_on": "2026-11-23"},
    "ContractIn": {
        "contract_no": "定购〔2026〕3号",
        "fen": 100,
        "first_day": "2026-12-01",
        "last_day": "2027-11-30",
    },
}


def routes() -> Iterator[tuple[str, str, Any]]:
    """Every route that leads to a record which is not public: method, path, and a body that is in order."""
    for route in iter_route_contexts(create_app(SERVICE).routes):
        path = str(route.path_format)
        below, original = path.removeprefix(ADMISSION), route.original_route
        leads = any(f"{{{name}}}" in path for name in RECORDS)
        if below == path or not leads or below.startswith(PUBLIC) or not isinstance(original, APIRoute):
            continue
        told = original.body_field.field_info.annotation if original.body_field else None
        for method in sorted(route.methods or ()):
            yield method, path, BODIES[told.__name__] if told else None


def strangers(office: Office) -> Iterator[Headers]:
    """Somebody of every role in another district; a neighbouring community, a street, another department."""
    headers = office.api.people.headers
    for role in Role:
        department = "civil_affairs" if role is Role.DEPARTMENT_OFFICER else None
        yield headers(role, "330903002001", department=department, subject=f"abroad-{role}")
    yield headers(Role.COMMUNITY_MANAGER, KAIYUAN)
    yield headers(Role.STREET_SUPERVISOR, "330902003")
    yield headers(Role.DEPARTMENT_OFFICER, "330902", department="health")


@pytest.fixture
def records(office: Office) -> dict[str, Any]:
    """An item that is heard for 西安社区, and an order under another one, its money, and its refusal."""
    desk, hall = Desk(office), Hall(office)
    hall.put_up_lists()
    desk.active()
    refusal = desk.refused()
    posting = desk.read("postings")["items"][0]["no"]
    return {
        "code": hall.heard(),
        "order_no": desk.sent(),
        "refusal_no": refusal["no"],
        "posting_no": posting,
    }


def versions(office: Office, records: dict[str, Any]) -> list[int]:
    paths = ("items/{code}", "orders/{order_no}", "refusals/{refusal_no}", "funding/items/{code}")
    found = [office.read(f"admission/{path.format(**records)}", office.admin)["version"] for path in paths]
    return [*found, len(office.read("admission/funding/postings", office.admin)["items"])]


def test_no_route_leads_a_stranger_to_a_record(office: Office, records: dict[str, Any]) -> None:
    before = versions(office, records)
    for serial, (method, path, body) in enumerate(routes()):
        seen = set()
        for who in strangers(office):
            sent = who | {"If-Match": '"1"', "Idempotency-Key": f"stranger-{serial:04}"}
            query = "?from=2026-01-01&to=2026-12-31" if path.endswith("/work") else ""
            address = path.format(**records) + query
            answer = office.api.client.request(method, address, json=body, headers=sent)
            assert answer.status_code in {403, 404}, (method, path, who, answer.text)
            seen.add(answer.status_code)
        assert 404 in seen, f"nobody who may ask at all asked for {method} {path}"
    assert versions(office, records) == before
