"""The register of a district as a file: its rows, and what came of an import."""

from typing import Self

from pydantic import model_validator

from onewindow_shared.contracts.areas import AreaName
from onewindow_shared.contracts.common import LEVELS, AreaCode, Contract, GridCode, StatedDay
from onewindow_shared.contracts.events import AreaKind
from onewindow_shared.contracts.exchange import ImportFault, ImportMode, ImportStatus
from onewindow_shared.contracts.register import AreaValueIn

DIGITS = {AreaKind.DISTRICT: LEVELS[0], AreaKind.STREET: LEVELS[1]}


class AreaRow(Contract):
    """An area, with its first and last day and its heir where decisions gave it any."""

    code: AreaCode
    name: AreaName
    kind: AreaKind
    effective_from: StatedDay | None = None
    effective_until: StatedDay | None = None
    heir: AreaCode | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.code) != DIGITS.get(self.kind, LEVELS[2]):
            raise ValueError("the code is none of this kind's level")
        if (self.effective_until is None) is not (self.heir is None):
            raise ValueError("what ends has a last day and an heir")
        return self


class ValueRow(AreaValueIn):
    """A dated value of an area."""

    area: AreaCode


class GridRow(Contract):
    """A grid cell."""

    code: GridCode
    name: AreaName
    effective_from: StatedDay | None = None
    effective_until: StatedDay | None = None
    heir: GridCode | None = None

    @model_validator(mode="after")
    def _ends_with_an_heir(self) -> Self:
        if (self.effective_until is None) is not (self.heir is None):
            raise ValueError("what ends has a last day and an heir")
        return self


class RegisterImportIn(Contract):
    """What is to be done with a file."""

    mode: ImportMode
    dry_run: bool
    digest: str
    """SHA-256 of the file."""


class RegisterImportNow(Contract):
    """An import and what came of it so far."""

    import_no: int
    status: ImportStatus
    mode: ImportMode
    dry_run: bool
    """Nothing was written, whatever the rows are like."""
    total: int
    """Rows that are to be written."""
    done: int
    """How many of these are behind it."""
    added: int
    """Rows that are new to the register."""
    changed: int
    unchanged: int
    bad: int


class RegisterImportOut(RegisterImportNow):
    """An import as it began."""

    faults: list[ImportFault]
    """Every bad row with each wrong field and the reason."""
