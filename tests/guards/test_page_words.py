"""The pages say every problem in Chinese, name every field that they send, and know the reasons of its contract."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from guards.suite import ROOT
from guards.test_problems import PROBLEMS
from onewindow_casework.agency import rules as agency_rules
from onewindow_casework.handling import rules as handling_rules
from onewindow_casework.steps import rules as steps_rules
from onewindow_shared.plumbing.problems import URN

GATEWAY = ROOT / "services/gateway"
WORDS: dict[str, dict[str, Any]] = json.loads(
    (GATEWAY / "src/onewindow_gateway/pages/words.json").read_text(encoding="utf-8")
)
SENT = re.compile(r"\b(intake|casework|volunteers|gateway)\s*\.(POST|PUT|PATCH)\(\s*\"([^\"]+)\"")
CASE = "/api/casework/v1/cases/{case_no}"
CHINESE = re.compile(r"[一-鿿]")
CONTRACTS = ("common", "identity", "intake", "numbers", "parties")
"""Modules of contracts whose reasons come up while a case is taken in."""


def edge_problems() -> set[str]:
    """Return what the edge calls the problems that it answers by itself."""
    source = (GATEWAY / "src/onewindow_gateway/edge/problems.py").read_text(encoding="utf-8")
    made = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Refusal"
    ]
    return {str(ast.literal_eval(node.args[1])) for node in made}


def test_every_problem_has_chinese_words_and_no_word_is_left_over() -> None:
    types = {str(problem.type).removeprefix(URN) for problem in PROBLEMS} | edge_problems()
    assert set(WORDS["problems"]) == types
    assert not [name for name, words in WORDS["problems"].items() if not CHINESE.search(words)]


@cache
def specification(service: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((ROOT / f"services/{service}/openapi.json").read_text(encoding="utf-8"))
    return told


def sent_by_pages() -> set[tuple[str, str, str]]:
    """Return what the pages send: service, method and path."""
    pages = [
        file
        for kind in ("*.vue", "*.ts")
        for file in (GATEWAY / "web/src").rglob(kind)
        if "types" not in file.parts
    ]
    sent = {found for file in pages for found in SENT.findall(file.read_text(encoding="utf-8"))}
    return sent | {("casework", "POST", path.replace("${CASE}", CASE)) for _, path in forms_of_case_files()}


def forms_of_case_files() -> list[tuple[str, str]]:
    """Return the actions that the case file has a form for, each with where it is sent."""
    sources = [file.read_text(encoding="utf-8") for file in (GATEWAY / "web/src/desk").glob("*Forms.ts")]
    form = re.compile(r"^  \"?([a-z*/-]+)\"?: \{.*?path: `([^`]+)`", re.DOTALL | re.MULTILINE)
    return [found for source in sources for found in form.findall(source)]


def fields(service: str, schema: Any, seen: set[str]) -> Iterator[str]:
    """Name every field of a body, however deep."""
    if isinstance(schema, list):
        for one in schema:
            yield from fields(service, one, seen)
    if not isinstance(schema, dict):
        return
    if reference := schema.get("$ref"):
        name = reference.rpartition("/")[2]
        if name not in seen:
            inner = specification(service)["components"]["schemas"][name]
            yield from fields(service, inner, seen | {name})
        return
    for name, inner in schema.get("properties", {}).items():
        yield name
        yield from fields(service, inner, seen)
    for part in ("anyOf", "oneOf", "allOf", "items"):
        yield from fields(service, schema.get(part), seen)


@pytest.mark.parametrize(("service", "method", "path"), sorted(sent_by_pages()))
def test_every_field_that_a_page_sends_has_a_label(service: str, method: str, path: str) -> None:
    route = specification(service)["paths"][path][method.lower()]
    bodies = route.get("requestBody", {}).get("content", {}).values()
    named = {name for body in bodies for name in fields(service, body["schema"], set())}
    assert named <= set(WORDS["fields"])


def test_whatever_the_service_offers_at_a_case_file_has_a_form() -> None:
    steps = {
        f"steps/*/{action}"
        for kind, state, _ in steps_rules.MOVES
        for action in steps_rules.moves(kind, state)
    }
    objections = {f"objections/*/{action}" for action in steps_rules.NEXT.values()} | {"steps/*/objections"}
    agency = {"agency", "agency/visits"} | {f"agency/{action}" for _, action in agency_rules.MOVES}
    assert {*handling_rules.ROUTES.values(), *steps, *objections, *agency} <= {
        action for action, _ in forms_of_case_files()
    }


@pytest.mark.parametrize("module", CONTRACTS)
def test_every_reason_of_the_form_at_the_window_is_known_in_chinese(module: str) -> None:
    source = (ROOT / f"shared/src/onewindow_shared/contracts/{module}.py").read_text(encoding="utf-8")
    raised = [
        node.args[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "ValueError"
    ]
    assert {pattern(node) for node in raised} <= set(WORDS["reasons"])


def pattern(said: ast.expr) -> str:
    """Return a text with `{}` for whatever stands in it."""
    if isinstance(said, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in said.values)
    return str(ast.literal_eval(said))


def test_words_name_nothing_that_their_reason_does_not_hold() -> None:
    for said, meant in WORDS["reasons"].items():
        places = [int(place or "1") for place in re.findall(r"\{(\d?)\}", meant)]
        assert all(place <= said.count("{}") for place in places), said
        assert meant.count("{}") <= said.count("{}"), said
