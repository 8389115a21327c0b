"""Free text: what a person writes is kept as it is seen, and what would read otherwise is refused."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError

from onewindow_shared import contracts
from onewindow_shared.contracts.common import Contract, Text

TEXT = TypeAdapter(Text)
SECRETS = {"password", "new_password", "refresh_token", "code", "phone_proof", "old_password"}
"""Compared, never shown to anybody: every sign of them counts."""

OTHERWISE = {
    "UploadIn.name": "the name of a file is made harmless before it is kept",
    "HandedIn.name": "a line of a document that the service itself writes",
    "ImportIn.digest": "told by the service itself",
    "VolunteerImportIn.digest": "told by the service itself",
    "RegisterImportIn.digest": "told by the service itself",
    "TrackingIn.cursor": "signed by the service itself, and kept by nobody",
    "AreaValueIn.unit": "one of a few",
}


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200f", "\u061c", "\x00", "\x1b", "\x7f", "\r"])
def test_controls_and_signs_that_turn_the_direction_are_refused(sign: str) -> None:
    with pytest.raises(ValidationError):
        TEXT.validate_python(f"王{sign}芳")


@pytest.mark.parametrize(
    "sign", ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u0085", "\u2028", "\U000e0041"]
)
def test_signs_without_width_are_left_out(sign: str) -> None:
    assert TEXT.validate_python(f"{sign} 王{sign}桂\n芳 {sign}") == "王桂\n芳"
    with pytest.raises(ValidationError):
        TEXT.validate_python(sign * 3)


@pytest.mark.parametrize("picture", ["👨\u200d👩\u200d👧", "🏳\ufe0f\u200d🌈", "👩🏽\u200d⚕\ufe0f"])
def test_pictures_that_are_joined_to_one_stay_one(picture: str) -> None:
    assert TEXT.validate_python(f"王\u200d{picture}\u200d芳") == f"王{picture}芳"


def taken_in() -> Iterator[tuple[str, Any]]:
    """Yield every field of what people send, by its name."""
    for module in iter_modules(contracts.__path__):
        for name, kind in vars(import_module(f"{contracts.__name__}.{module.name}")).items():
            if isinstance(kind, type) and issubclass(kind, Contract) and name.endswith("In"):
                for field, info in kind.model_fields.items():
                    yield f"{name}.{field}", info


def accepts(info: Any, given: Any) -> Any:
    annotated = info.annotation
    for one in info.metadata:
        annotated = _with(annotated, one)
    try:
        return TypeAdapter(annotated).validate_python(given)
    except ValidationError:
        return None


def _with(annotation: Any, one: Any) -> Any:
    return Annotated[annotation, one]


def test_no_text_that_people_send_keeps_a_sign_that_turns_the_direction() -> None:
    given = "甲乙丙\u202e丁戊"
    careless = [
        name
        for name, info in taken_in()
        if name.partition(".")[2] not in SECRETS
        for value in (given, [given])
        if "\u202e" in str(accepts(info, value) or "")
    ]
    assert set(careless) == set(OTHERWISE)
