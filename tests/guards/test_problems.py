"""Every problem has a name of its own and stands in the description of the routes that can end in it."""

import json
import re

import pytest
from fastapi_rfc9457 import Problem
from fastapi_rfc9457.openapi import route_problem_types

from guards.suite import SERVICES, app, each_service, endpoints, service
from onewindow_shared.plumbing.problems import URN

for _name in SERVICES:
    service(_name)


def all_problems() -> list[type[Problem]]:
    found, waiting = [], [*Problem.__subclasses__()]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("onewindow_"):
            found.append(kind)
    return sorted(found, key=lambda kind: f"{kind.__module__}.{kind.__name__}")


PROBLEMS = all_problems()
each_problem = pytest.mark.parametrize("problem", PROBLEMS, ids=lambda kind: kind.__name__)


@each_problem
def test_a_problem_is_named_and_explained(problem: type[Problem]) -> None:
    assert str(problem.type).startswith(URN)
    assert problem.__doc__
    assert 400 <= problem.status < 600


def test_no_two_problems_have_one_name() -> None:
    names = [problem.type for problem in PROBLEMS]
    assert len(names) == len(set(names))


@each_service
def test_every_problem_of_a_service_is_declared_on_a_route(name: str) -> None:
    declared = set(route_problem_types(app(name)))
    own = {problem for problem in PROBLEMS if problem.__module__.startswith(f"onewindow_{name}")}
    own -= {problem for problem in own if ".edge" in problem.__module__}
    assert own <= declared


@each_service
def test_who_needs_a_token_or_a_permission_says_how_it_is_refused(name: str) -> None:
    for endpoint in endpoints(name):
        declared = {int(status) for status in endpoint.route.responses if str(status).isdigit()}
        if any(gate.permission is not None for gate in endpoint.gates):
            assert declared >= {401, 403}, endpoint.label
        if "if-match" in endpoint.headers:
            assert declared >= {412, 428}, endpoint.label
        if "idempotency-key" in endpoint.headers:
            assert declared >= {409, 422}, endpoint.label
        if re.search(r"\{\w+_no\}|\{code\}", endpoint.path):
            assert 404 in declared, endpoint.label


@each_service
def test_every_described_route_says_how_wrong_fields_are_refused(name: str) -> None:
    """Any of them refuses what it does not know in the query."""
    for endpoint in endpoints(name):
        if endpoint.route.include_in_schema:
            path = app(name).openapi()["paths"][endpoint.path]
            described = path[endpoint.method.lower()]["responses"]["422"]
            assert "/Invalid" in json.dumps(described), endpoint.label
