"""Grid cells (网格): parts of a community on codes of 15 digits (rules A57-A59)."""

from datetime import date
from typing import Annotated

from pydantic import StringConstraints

from onewindow_shared.contracts.areas import AreaName
from onewindow_shared.contracts.common import Contract, GridCode, StatedDay, Text


class GridIn(Contract):
    """A new cell."""

    code: GridCode
    name: AreaName
    effective_from: StatedDay | None = None
    """Its first day; null for always."""


class GridEndIn(Contract):
    """A cell goes on under another code, or becomes part of another cell."""

    heir: GridCode
    """The cell that stands for it; a code that no cell ever had is a new one."""
    name: AreaName | None = None
    """Of a new cell; that of the old one unless given."""
    effective_on: StatedDay
    """The first day on which it is so."""
    document_no: Annotated[Text, StringConstraints(max_length=100)]


class GridOut(Contract):
    """A cell of a community."""

    code: str
    name: str
    community: str
    """To which it belongs today: that of its code, or the heir of that one."""
    effective_from: date | None
    effective_until: date | None
    """Last day; null while nobody has decided its end."""
    heir: str | None
    """The cell that stands for it from the day after."""
