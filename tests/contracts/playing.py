"""Whatever is sent to a service, it answers as its description says, and never with a defect.

Requests are made from the description, right ones and wrong ones, for records that exist and that do not, by
people of every role and by nobody.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from httpx2 import Response
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from contracts.places import PLACES, Place
from onewindow_shared.plumbing.sheets import XLSX_TYPE
from testkit import databases

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
schemathesis.serializer.alias(XLSX_TYPE, "application/octet-stream")
EXAMPLES = {GenerationMode.POSITIVE: 8, GenerationMode.NEGATIVE: 5}
"""Of each operation, right requests and wrong ones."""
MADE_BY_CLIENTS = {
    "User-Agent",
    "Accept-Encoding",
    "Connection",
    "X-Schemathesis-TestCaseId",
    "Authorization",
}
Operation = Any


def operations(description: dict[str, Any]) -> dict[str, Operation]:
    """Return every operation of a description by method and path."""
    schema: Any = schemathesis.openapi.from_dict(description)
    return {found.ok().label: found.ok() for found in schema.get_all_operations()}


@contextmanager
def opened(name: str, folder: Path) -> Iterator[Place]:
    """Run a service with records on SQLite: its description does not depend on the database."""
    if "sqlite" not in databases.backends():
        pytest.skip("played on SQLite only")
    with PLACES[name](databases.fresh("sqlite", name, folder, folder)) as place:
        yield place


def sent(place: Place, case: Any, who: Any) -> Response:
    told = case.as_transport_kwargs(base_url=place.url)
    if isinstance(told.get("data"), bytes | str):
        told["content"] = told.pop("data")
    kept = {name: value for name, value in told["headers"].items() if name not in MADE_BY_CLIENTS}
    told["headers"] = {**kept, **who}
    answer: Response = place.client.request(**{name: value for name, value in told.items() if value})
    return answer


def lead_somewhere(place: Place, case: Any, data: st.DataObject) -> None:
    """Let a case be about a record that exists, one that answers to most of its parameters, as somebody saw it."""
    asked = set(case.path_parameters)
    most = max(len(asked & record.keys()) for record in place.known)
    fitting = [record for record in place.known if len(asked & record.keys()) == most]
    record = data.draw(st.sampled_from(fitting))
    case.path_parameters.update({name: record[name] for name in asked & record.keys()})
    case.headers["If-Match"] = data.draw(st.sampled_from(('"1"', '"2"', '"3"')))


def play(place: Place, operation: Operation, mode: GenerationMode, examples: int) -> None:
    """Send requests of an operation, right or wrong ones, and compare each answer with the description."""

    @given(operation.as_strategy(generation_mode=mode), st.data())
    @settings(
        max_examples=examples,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
        database=None,
    )
    def one(case: Any, data: st.DataObject) -> None:
        if data.draw(st.integers(0, 3)):
            lead_somewhere(place, case, data)
        who = data.draw(st.sampled_from(place.people))
        case.validate_response(sent(place, case, who), checks=CHECKS)

    with suppress(Unsatisfiable):  # what needs nothing cannot be asked wrongly
        one()
