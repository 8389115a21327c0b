"""What must hold of every route of every service."""

import inspect
import json
import re
from typing import Any

from pydantic import TypeAdapter
from starlette.testclient import TestClient

from guards.suite import SERVICES, WRITES, Endpoint, app, each_endpoint, endpoints
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import Page

TOO_LARGE = 2**63
UNGATED = {
    "GET /healthz": "asked by whoever runs the service",
    "GET /readyz": "asked by whoever runs the service",
    "POST /internal/events": "signed by a peer instead",
}
WHOLE_LISTS = {
    "GET /api/casework/v1/queue/ageing": "as many steps as the setting names, twenty at most",
    "GET /api/intake/v1/cases/{case_no}/custody-slip": "a slip names every original that was taken",
    "GET /api/intake/v1/views/standard": "there are ten",
    "GET /api/intake/v1/cases/{case_no}/earlier-cases": "the ten likest",
    "GET /api/casework/v1/disclosure/communities/{code}": "its list is paged, the rest is a few dozen kinds, reasons and quarters",
    "GET /api/casework/v1/areas/{area_code}/profile": "a value at most of each kind",
    "GET /api/casework/v1/areas/{area_code}/norms": "a district holds a few dozen norms",
    "GET /api/casework/v1/areas/{area_code}": "an area comes from the areas of one change and becomes those of one",
    "GET /api/casework/v1/delays/{district}": "a district has a few dozen items, each late for a few kinds of reasons",
    "GET /api/casework/v1/burden/areas/{area_code}": "there are as many figures as kinds",
    "GET /api/casework/v1/evaluation-rounds/{round_id}": "a round has a few dozen questions",
    "GET /api/casework/v1/certificates/{certificate_no}": "a certificate has at most a few dozen facts",
    "GET /api/intake/v1/items/{code}": "an item has few materials and steps",
    "GET /api/intake/v1/items/{code}/versions/{number}": "an item has few materials and steps",
    "GET /api/intake/v1/categories": "a district has a few dozen categories, and a tree is of use as a whole",
    "GET /api/intake/v1/cases/{case_no}": "a case has as many materials as its item",
    "GET /api/intake/v1/cases/{case_no}/reusable-materials": "an offer at most for each of an item's materials",
    "GET /api/intake/v1/drafts/{draft_id}/reusable-materials": "an offer at most for each of an item's materials",
    "GET /api/intake/v1/cases/{case_no}/actions": "the moves of one state",
    "GET /api/intake/v1/cases/{case_no}/issued-documents": "a case has at most one document of each kind",
    "GET /api/intake/v1/cases/{case_no}/issued-documents/{kind}": "a document names everything at once, as the law asks",
    "GET /api/intake/v1/uploads/{upload_id}": "a document comes in few parts",
    "GET /api/casework/v1/cases/{case_no}/actions": "the moves of one state",
    "GET /api/casework/v1/reviews/{review_no}": "the table leads to an end in a few steps",
    "GET /api/casework/v1/reviews/{review_no}/actions": "the moves of one state",
    "GET /api/casework/v1/reviews/results/{area_code}": "a line per item, community, department or officer",
    "GET /api/casework/v1/roster/{subject}": "an officer knows at most a few hundred items",
    "GET /api/casework/v1/cases/{case_no}/agency": "an agency has a handful of papers and steps",
    "GET /api/casework/v1/cases/{case_no}/clock": "a limit has at most a few hundred days",
    "GET /api/casework/v1/admission/orders/{order_no}": "assisting has six actions, and a proof few pages",
    "GET /api/casework/v1/admission/refusals/counts/{area_code}": "departments by ten reasons",
    "GET /api/casework/v1/admission/funding/proof": "nothing is wrong, or there is much to do",
    "GET /api/casework/v1/admission/funding/figures/{area_code}": "there are six sources",
    "GET /api/casework/v1/admission/funding/statements/{area_code}/{month}": "a line per item, community or street",
    "GET /api/casework/v1/admission/funding/items/{code}": "three things can be lacking",
    "GET /api/casework/v1/calendar/{year}": "a year has its days",
    "GET /api/casework/v1/admission/items/{code}": "a form has the length of a form",
    "GET /api/casework/v1/admission/lists/{district}/{number}/entries/{code}": "a card has the length of a form",
    "GET /api/metrics/v1/areas/{area_code}": "there are as many indicators as definitions",
    "GET /api/metrics/v1/areas/{area_code}/parts": "a period has at most 400 spans, a district a few hundred parts",
    **{
        f"GET /api/{service}/v1/metrics/areas/{{area_code}}/parts": "as many as the gateway merges"
        for service in ("intake", "casework", "volunteers")
    },
    **{
        f"GET /api/{service}/v1/metrics/areas/{{area_code}}": "norms that a district holds, a dozen"
        for service in ("intake", "casework", "volunteers")
    },
    "GET /api/metrics/v1/definitions": "there are a few dozen",
    "GET /api/volunteers/v1/people/me": "a person has as many skills as there are kinds",
    "GET /api/volunteers/v1/people/{volunteer_no}": "a person has as many skills as there are kinds",
    "GET /api/volunteers/v1/organisations/{organisation_id}": "a station has six things",
    "GET /api/volunteers/v1/wards/{volunteer_no}": "there are five purposes",
    "GET /api/volunteers/v1/activities/drafts/{activity_id}": "an activity has a bounded number of shifts and roles",
    "GET /api/volunteers/v1/activities/{activity_id}": "an activity has a bounded number of shifts and roles",
    "GET /api/volunteers/v1/reports/areas/{area_code}/{year}": "a district has at most a few hundred communities",
    "GET /api/volunteers/v1/time-bank/proof": "nothing is wrong, or there is much to do",
    "GET /api/volunteers/v1/needs/{need_id}": "there are five times of the week",
    "GET /api/volunteers/v1/needs/{need_id}/candidates": "the twenty who fit best",
    "GET /auth/me": "an account has few roles",
}
UNCONDITIONAL = {
    "POST /api/casework/v1/review-invitations/{case_no}": "changes nothing: the code is sent in a body, not in an address",
    "POST /api/intake/v1/review-invitations": "changes nothing: the phone is sent in a body, not in an address",
    "POST /display": "changes nothing here: the browser keeps how somebody reads",
    "POST /certificates": "changes nothing: the code is sent in a body, not in an address",
    "POST /service-certificates": "changes nothing: the code is sent in a body, not in an address",
    "POST /papers": "changes nothing: the code is sent in a body, not in an address",
    "POST /reviews": "changes nothing: the code is sent in a body, not in an address",
    "POST /reviews/followed-up": "the key of the follow-up is made of what the form says",
    "POST /reviews/given": "the key of the review is made of what the form says",
    "POST /tracking": "changes nothing: the code is sent in a body, not in an address",
    "POST /auth/otp/proof": "a code works once",
    "POST /api/casework/v1/case-papers/proofs": "changes nothing: the code is sent in a body, not in an address",
    "POST /api/intake/v1/cases/duplicates": "changes nothing but the audit: a person is looked for in a body",
    "POST /api/volunteers/v1/people/{volunteer_no}/phone-changes/confirmation": "a number is confirmed once, by its phone",
    "POST /api/volunteers/v1/needs/proofs": "changes nothing: the code is sent in a body, not in an address",
    "POST /api/volunteers/v1/unconfirmed/{unconfirmed_id}/refusal": "what was handed in never changes, and goes once",
    "POST /api/volunteers/v1/people/export": "changes nothing but the audit",
    "POST /api/volunteers/v1/inactivity-answers/{secret}": "somebody stays once, by their link",
    "POST /api/volunteers/v1/needs/withdrawals": "a need is withdrawn once, by its code",
    "POST /api/volunteers/v1/needs/evaluations": "help is evaluated once, by its code",
    "POST /api/volunteers/v1/shifts/{shift_id}/scans": "one scan comes, a later one leaves; the same again changes nothing",
    "POST /api/volunteers/v1/needs/confirmations": "a need is confirmed once, by its code",
    "POST /api/volunteers/v1/needs/{need_id}/contact": "changes nothing but the audit",
    "POST /api/volunteers/v1/signups/{signup_id}/check-out": "one leaves a shift once; the same reading again changes nothing",
    "POST /api/intake/v1/route-checks": "changes nothing: it asks what the lists say",
    "POST /api/intake/v1/drafts/{draft_id}/resumption": "changes nothing but the audit",
    "POST /api/intake/v1/case-batches": "each case in it has a name of its own, under which there is one case",
    "POST /api/casework/v1/certificates/checks": "changes nothing: wordings may be personal and are sent in a body",
    "POST /api/casework/v1/admission/funding/statements/checks": "changes nothing: the code is sent in a body",
    "POST /api/casework/v1/certificates/proofs": "changes nothing: the code is sent in a body, not in an address",
    "POST /api/casework/v1/certificates/{certificate_no}/disclosure": "changes nothing but the audit",
    "POST /api/casework/v1/admission/checks": "changes nothing: a form is too long for an address",
    "POST /api/intake/v1/cases/handoffs": "each row says what was seen, and an offer that is there is not repeated",
    "POST /api/intake/v1/cases/export": "changes nothing but the audit",
    "POST /api/intake/v1/cases/lookup": "changes nothing: personal data is searched for in a body, not in an address",
    "POST /api/intake/v1/cases/{case_no}/disclosure": "changes nothing but the audit",
    "POST /api/intake/v1/contacts/{contact_id}/disclosure": "changes nothing but the audit",
    "POST /api/intake/v1/cases/{case_no}/originals/{original_id}/disclosure": "changes nothing but the audit",
    "POST /api/intake/v1/cases/{case_no}/documents/{document_id}/disclosure": "changes nothing but the audit",
    "PUT /api/intake/v1/uploads/{upload_id}/parts/{number}": "a part sent again takes the place of itself",
    "PUT /api/intake/v1/uploads/{upload_id}/content": "what is sent again takes the place of itself",
    "POST /api/intake/v1/uploads/{upload_id}/completion": "what is complete stays as it is",
    "POST /api/intake/v1/paper-checks": "changes nothing: the code is sent in a body, not in an address",
    "POST /api/intake/v1/tracking/{case_no}": "changes nothing: the code is sent in a body, not in an address",
    "POST /api/volunteers/v1/certificates/proofs": "changes nothing: the code is sent in a body, not in an address",
    "POST /api/volunteers/v1/people/{volunteer_no}/disclosure": "changes nothing but the audit",
    "POST /api/volunteers/v1/people/me/calendar": "a newer address replaces the older one",
    "DELETE /api/volunteers/v1/people/me/calendar": "what is withdrawn stays withdrawn",
    "POST /api/volunteers/v1/organisations/{organisation_id}/departure": "one leaves once",
    "POST /auth/accounts/{username}/disabling": "an account is in or out, whatever it was",
    "POST /auth/accounts/{username}/enabling": "an account is in or out, whatever it was",
    "POST /auth/token": "a grant is good for one use",
    "POST /auth/revoke": "the second revocation changes nothing",
    "POST /auth/otp": "a newer code replaces the older one",
    "POST /auth/otp/verify": "a code is good for one use",
    "POST /internal/events": "the inbox takes each event once",
}


@each_endpoint
def test_a_route_says_who_may_call_it(endpoint: Endpoint) -> None:
    if endpoint.label in UNGATED:
        assert not endpoint.gates
        return
    assert len(endpoint.gates) == 1, "one gate: run: Run = gated(Permission...) or open_to_all(why)"
    gate = endpoint.gates[0]
    assert gate.permission is not None or len(str(gate.why_public).split()) > 4, "say why it is public"


@each_endpoint
def test_nothing_on_the_way_to_a_route_takes_a_thread(endpoint: Endpoint) -> None:
    for call in endpoint.calls:
        entry = call if inspect.isroutine(call) else type(call).__call__
        assert inspect.iscoroutinefunction(entry), f"{call} is not async: FastAPI calls it in a thread"


def holds_a_list(model: Any) -> bool:
    """Say whether an answer holds several of something, at any depth."""
    return model is not None and '"type": "array"' in json.dumps(TypeAdapter(model).json_schema())


@each_endpoint
def test_a_list_comes_in_pages(endpoint: Endpoint) -> None:
    model = endpoint.route.response_model
    paged = isinstance(model, type) and issubclass(model, Page)
    if paged:
        assert endpoint.queries >= {"limit", "cursor"}
    elif endpoint.method == "GET":
        assert holds_a_list(model) == (endpoint.label in WHOLE_LISTS), (
            "a page, or a reason why it stays short"
        )


@each_endpoint
def test_who_creates_names_the_request(endpoint: Endpoint) -> None:
    creates = endpoint.route.status_code == 201
    assert creates == ("idempotency-key" in endpoint.headers)
    assert not creates or endpoint.method == "POST"


@each_endpoint
def test_who_changes_says_what_they_saw(endpoint: Endpoint) -> None:
    if endpoint.method not in WRITES or endpoint.route.status_code == 201:
        assert "if-match" not in endpoint.headers
    else:
        assert ("if-match" in endpoint.headers) != (endpoint.label in UNCONDITIONAL)


@each_endpoint
def test_a_route_is_described(endpoint: Endpoint) -> None:
    assert endpoint.route.summary or endpoint.route.description
    personal = {"phone", "mobile", "name", "number", "id_number", "applicant"}
    assert not personal & endpoint.queries, "personal data never stands in an address"


@each_endpoint
def test_a_described_route_refuses_a_parameter_that_it_does_not_know(endpoint: Endpoint) -> None:
    """A page takes whatever the messenger or the search engine that leads to it has put into its address."""
    path = re.sub(r"{[^}]*}", "1", endpoint.path)
    answer = TestClient(app(endpoint.service)).request(endpoint.method, path, params={"unknown": "1"})
    refused = answer.status_code == 422 and [one["loc"] for one in answer.json()["errors"]] == [
        ["query", "unknown"]
    ]
    assert refused == endpoint.route.include_in_schema


def test_reasons_are_given_for_routes_that_exist() -> None:
    known = {one.label for name in SERVICES for one in endpoints(name)}
    for reasons in (UNGATED, WHOLE_LISTS, UNCONDITIONAL):
        assert set(reasons) <= known


def test_every_permission_opens_something() -> None:
    used = {gate.permission for name in SERVICES for one in endpoints(name) for gate in one.gates}
    assert used - {None} == set(Permission)


def test_numbers_in_addresses_are_such_as_a_database_can_look_for() -> None:
    """A number with more than 63 bits in an address would be a failure of the database, not an answer."""
    boundless = [
        f"{path} {parameter['name']}"
        for name in SERVICES
        for path, operations in app(name).openapi()["paths"].items()
        for operation in operations.values()
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "path" and parameter["schema"].get("type") == "integer"
        if not _bounded(parameter["schema"])
    ]
    assert not boundless


def _bounded(schema: dict[str, int]) -> bool:
    most = min(schema.get("maximum", TOO_LARGE), schema.get("exclusiveMaximum", TOO_LARGE + 1) - 1)
    return most < TOO_LARGE and "minimum" in schema


def test_operation_ids_are_unique_in_the_whole_suite() -> None:
    found = [
        operation["operationId"]
        for name in SERVICES
        for path in app(name).openapi()["paths"].values()
        for operation in path.values()
    ]
    assert len(found) == len(set(found))
