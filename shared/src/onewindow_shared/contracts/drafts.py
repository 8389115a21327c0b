"""Drafts: applications that are begun, may be incomplete, and are no case yet."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, JsonValue, TypeAdapter

from onewindow_shared.contracts.common import CommunityCode, Contract, Moment, Resource

MOST_BYTES = 65_536
_CONTENT = TypeAdapter(dict[str, JsonValue])


def _of_bearable_size(content: dict[str, JsonValue]) -> dict[str, JsonValue]:
    if len(_CONTENT.dump_json(content)) > MOST_BYTES:
        raise ValueError(f"a draft has at most {MOST_BYTES} bytes")
    return content


class DraftIn(Contract):
    """An application as far as it has come: the fields of one, whatever is still wrong with them.

    It lies at the window of `office`, whose colleagues go on with it.
    """

    community: CommunityCode
    """Whose authority decides."""
    accepting_community: CommunityCode | None = None
    """Where the window is that takes it in for another community's authority (全城通办)."""
    content: Annotated[dict[str, JsonValue], AfterValidator(_of_bearable_size)]

    @property
    def office(self) -> str:
        """The community whose window takes it in."""
        return self.accepting_community or self.community


class WrongField(Contract):
    """What keeps a draft from being submitted."""

    field: str
    """Path of the field with dots."""
    reason: str


class DraftSaved(Resource):
    """Answer to saving: everything that is still wrong."""

    draft_id: int
    wrong: Sequence[WrongField]
    expires_at: Moment
    """When it is erased unless it is saved again or submitted."""


class DraftSummary(Contract):
    """A draft in a list, without what it says."""

    draft_id: int
    version: int
    community: str
    accepting_community: str | None
    item_code: str | None
    created_by: str
    saved_by: str
    saved_at: Moment
    expires_at: Moment


class DraftOut(DraftSaved):
    """A draft to be gone on with; opening it is written down."""

    community: str
    accepting_community: str | None
    content: dict[str, JsonValue]
    created_by: str
    saved_by: str
    saved_at: Moment
