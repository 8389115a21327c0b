"""One description of all APIs, and a page that needs no internet."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis

from gateway.behind import Behind, standing_behind
from gateway.conftest import Open
from onewindow_gateway.documentation.rules import clashes, merge
from onewindow_gateway.settings import BEHIND
from testkit.api import Api


def service_document(name: str) -> dict[str, Any]:
    """Every service has a Page of its own rows, and the same Problem."""
    page = {"type": "object", "properties": {"items": {"items": {"$ref": f"#/components/schemas/{name}Row"}}}}
    listed = {
        "description": "a page",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Page"}}},
    }
    operation = {"operationId": f"{name}_list", "responses": {"200": listed}}
    return {
        "openapi": "3.1.0",
        "info": {"title": name, "version": "1"},
        "security": [{"bearer": []}],
        "paths": {
            f"/api/{name}/v1/rows": {"get": operation, "post": {**operation, "security": []}},
            "/healthz": {"get": {}},
            "/internal/events": {"post": {}},
        },
        "components": {
            "schemas": {"Page": page, f"{name}Row": {"type": "object"}, "Problem": {"type": "object"}},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


@pytest.fixture
def behind() -> Behind:
    return Behind(documents={name: service_document(name) for name in BEHIND})


@pytest.fixture
def described(open_gateway: Open, behind: Behind) -> Iterator[Api]:
    with open_gateway(description_cache_seconds=0) as api, standing_behind(api, behind):
        yield api


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_every_service_is_in_the_one_description(described: Api) -> None:
    paths = described.client.get("/openapi.json").json()["paths"]
    assert {f"/api/{name}/v1/rows" for name in BEHIND} < set(paths)
    assert {"/auth/token", "/auth/otp", "/api/metrics/v1/areas/{area_code}"} < set(paths)


def test_what_is_for_operators_is_left_out(described: Api) -> None:
    paths = described.client.get("/openapi.json").json()["paths"]
    assert not [path for path in paths if path.startswith(("/internal", "/healthz", "/readyz"))]


def test_every_reference_leads_somewhere(described: Api) -> None:
    document = described.client.get("/openapi.json").json()
    schemas = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references(document)) <= schemas


def test_schemas_of_one_name_and_different_meaning_are_told_apart(described: Api) -> None:
    document = described.client.get("/openapi.json").json()
    schemas = document["components"]["schemas"]
    assert {"IntakePage", "CaseworkPage", "VolunteersPage", "Problem"} <= set(schemas)
    assert "Page" not in schemas
    answer = document["paths"]["/api/casework/v1/rows"]["get"]["responses"]["200"]
    assert answer["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/CaseworkPage"}


def test_a_token_is_needed_but_where_it_is_not(described: Api) -> None:
    document = described.client.get("/openapi.json").json()
    assert document["security"] == [{"bearer": []}, {"password": []}]
    flow = document["components"]["securitySchemes"]["password"]["flows"]["password"]
    assert flow["tokenUrl"] == "https://issuer.test/auth/token"
    assert document["paths"]["/auth/token"]["post"]["security"] == []
    assert "security" not in document["paths"]["/auth/me"]["get"]
    assert document["paths"]["/api/intake/v1/rows"]["post"]["security"] == []


def test_the_whole_is_a_valid_description(described: Api) -> None:
    schemathesis.openapi.from_dict(described.client.get("/openapi.json").json()).validate()


def test_operations_have_names_of_their_own(described: Api) -> None:
    paths = described.client.get("/openapi.json").json()["paths"]
    names = [
        operation["operationId"]
        for path, item in paths.items()
        for operation in item.values()
        if not path.endswith("/rows")
    ]
    assert len(names) == len(set(names))


def test_a_service_that_is_down_is_named_and_left_out(described: Api, behind: Behind) -> None:
    behind.down.add("casework")
    document = described.client.get("/openapi.json").json()
    assert "did not answer just now: casework." in document["info"]["description"]
    assert "/api/casework/v1/rows" not in document["paths"]
    behind.down.clear()
    assert "did not answer" not in described.client.get("/openapi.json").json()["info"]["description"]


def test_a_service_that_was_down_is_described_soon_after_it_is_back(
    open_gateway: Open, behind: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onewindow_gateway.memory.PASSING_SECONDS", 0.0)
    with open_gateway(description_cache_seconds=600) as api, standing_behind(api, behind):
        behind.down.add("casework")
        assert "/api/casework/v1/rows" not in api.client.get("/openapi.json").json()["paths"]
        behind.down.clear()
        assert "/api/casework/v1/rows" in api.client.get("/openapi.json").json()["paths"]


def test_services_are_asked_seldom(open_gateway: Open, behind: Behind) -> None:
    with open_gateway() as api, standing_behind(api, behind):
        assert len({api.client.get("/openapi.json").text for _ in range(5)}) == 1
        assert len(behind.asked) == len(BEHIND)


def test_the_page_asks_no_other_host(api: Api) -> None:
    page = api.client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert not re.search(r"https?:|//\w", page.text)
    assert "<script>" not in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self';" in policy
    assert "http" not in policy


def test_the_page_has_all_its_parts(api: Api) -> None:
    parts = re.findall(r'(?:src|href)="([^"]+)"', api.client.get("/docs").text)
    assert len(parts) == 4
    for part in parts:
        assert api.client.get(part).status_code == 200, part


def test_a_part_that_a_browser_has_is_not_sent_again(api: Api) -> None:
    part = "/docs/assets/swagger-ui-bundle.js"
    tag = api.client.get(part).headers["etag"]
    assert api.client.get(part, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("name", ["nothing.js", "..%2f..%2fcore.py", "%2e%2e%2f__init__.py"])
def test_nothing_else_is_served(api: Api, name: str) -> None:
    assert api.client.get(f"/docs/assets/{name}").status_code == 404


# --- rules


def test_schemas_that_name_a_clashing_one_clash_too() -> None:
    outer = {"$ref": "#/components/schemas/Inner"}
    left = {"Outer": outer, "Inner": {"type": "string"}, "Same": {"type": "null"}}
    right = {"Outer": outer, "Inner": {"type": "integer"}, "Same": {"type": "null"}}
    assert clashes({"left": left, "right": right}) == {"Outer", "Inner"}


def test_schemas_that_are_the_same_keep_their_name_even_if_they_name_each_other() -> None:
    tree = {"items": {"$ref": "#/components/schemas/Tree"}}
    assert clashes({"left": {"Tree": tree}, "right": {"Tree": tree}}) == set()


def test_mappings_of_discriminators_are_followed() -> None:
    def document(kind: str) -> dict[str, Any]:
        body = {"discriminator": {"mapping": {"a": "#/components/schemas/A"}}}
        return {"paths": {f"/{kind}": body}, "components": {"schemas": {"A": {"type": kind}}}}

    merged = merge("about", "https://issuer.test", {"left": document("string"), "right": document("integer")})
    assert merged["paths"]["/string"]["discriminator"]["mapping"]["a"] == "#/components/schemas/LeftA"
    assert set(merged["components"]["schemas"]) == {"LeftA", "RightA"}


def test_what_the_gateway_answers_by_itself_is_described_on_every_address(described: Api) -> None:
    paths = described.client.get("/openapi.json").json()["paths"]
    for path, item in paths.items():
        for operation in item.values():
            assert {"400", "413", "429", "502", "503", "504"} <= set(operation["responses"]), path


def test_a_services_own_word_goes_before_the_gateways() -> None:
    document = service_document("intake")
    operation = document["paths"]["/api/intake/v1/rows"]["get"]
    operation["responses"] = {"503": {"description": "numbers used up"}}
    merged = merge("about", "https://issuer.test", {"intake": document})
    answers = merged["paths"]["/api/intake/v1/rows"]["get"]["responses"]
    assert answers["503"] == {"description": "numbers used up"}
    assert "429" in answers
