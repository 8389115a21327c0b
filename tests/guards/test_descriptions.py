"""The committed descriptions are those of the code, and every setting is explained where operators look."""

import json

import pytest

from guards.suite import ROOT, SERVICES, app, description, each_service, service
from onewindow_shared.plumbing.settings import ServiceSettings

SETTINGS = [(name, field) for name in SERVICES for field in service(name).settings.model_fields]
OF_ALL = ROOT / "docs" / "settings.md"


@each_service
def test_the_committed_description_is_fresh(name: str) -> None:
    assert description(name) == json.loads(json.dumps(app(name).openapi())), "run `make openapi`"


@pytest.mark.parametrize(("name", "field"), SETTINGS)
def test_a_setting_says_what_it_is_for(name: str, field: str) -> None:
    info = service(name).settings.model_fields[field]
    assert info.description


@pytest.mark.parametrize(("name", "field"), SETTINGS)
def test_a_setting_is_explained_to_operators(name: str, field: str) -> None:
    own = ROOT / "services" / name / "README.md"
    told = (OF_ALL if field in ServiceSettings.model_fields else own).read_text(encoding="utf-8")
    assert f"ONEWINDOW_{field.upper()}" in told or f"`{field}`" in told
