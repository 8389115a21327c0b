"""What is wrong with an application that is only begun; nothing of it is repeated."""

import re
from collections.abc import Mapping, Sequence

from pydantic import JsonValue, ValidationError

from onewindow_shared.contracts.drafts import WrongField
from onewindow_shared.contracts.intake import CaseIn

_CODE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")


def application(content: Mapping[str, JsonValue], community: str) -> CaseIn | list[WrongField]:
    """Read a draft as an application, or say which fields keep it from being one."""
    if "community" in content:
        return [WrongField(field="community", reason="this is said beside the content")]
    try:
        return CaseIn.model_validate({**content, "community": community})
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        return [named(fault["loc"], fault["msg"]) for fault in found]


def named(path: Sequence[int | str], reason: str) -> WrongField:
    """Name a wrong field."""
    return WrongField(field=".".join(map(str, path)), reason=reason)


def item_of(content: Mapping[str, JsonValue]) -> str | None:
    """Return the code of the item that a draft is about, if it says one."""
    code = content.get("item_code")
    return code if isinstance(code, str) and _CODE.fullmatch(code) else None
