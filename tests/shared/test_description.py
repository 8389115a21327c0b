"""What an OpenAPI description says of access."""

from typing import Any

import pytest
from fastapi import APIRouter

from onewindow_shared.contracts.access import Permission
from onewindow_shared.plumbing.database import metadata
from onewindow_shared.plumbing.runtime import Run, gated, open_to_all
from onewindow_shared.plumbing.service import Service, create_app
from onewindow_shared.plumbing.settings import ServiceSettings

router = APIRouter()


@router.get("/cases/{case_no}")
async def read_case(case_no: str, run: Run = gated(Permission.CASE_READ)) -> str:
    return case_no


@router.get("/items")
async def list_items(run: Run = open_to_all("anybody may know what they can apply for")) -> str:
    return run.operation


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    service = Service("desk", "Desk", "A desk.", ServiceSettings, metadata(), routers=[router])
    return create_app(service).openapi()


def test_a_token_is_needed_unless_a_route_says_otherwise(document: dict[str, Any]) -> None:
    assert document["security"] == [{"bearer": []}]
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert "security" not in document["paths"]["/cases/{case_no}"]["get"]


def test_a_route_names_its_permission(document: dict[str, Any]) -> None:
    assert document["paths"]["/cases/{case_no}"]["get"]["x-permission"] == "case.read"


def test_a_public_route_says_why(document: dict[str, Any]) -> None:
    operation = document["paths"]["/items"]["get"]
    assert operation["security"] == []
    assert operation["x-public"] == "anybody may know what they can apply for"


def test_health_needs_no_token(document: dict[str, Any]) -> None:
    assert document["paths"]["/readyz"]["get"]["security"] == []
