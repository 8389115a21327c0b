"""The catalogue as a file: what came of an import."""

from datetime import date
from enum import StrEnum

from onewindow_shared.contracts.common import Contract, Moment, StatedDay


class FileKind(StrEnum):
    """How a catalogue is written as a file."""

    YAML = "yaml"
    XLSX = "xlsx"


class Section(StrEnum):
    """What rows of a catalogue's file are about."""

    ITEMS = "items"
    OVERRIDES = "overrides"
    """Districts' own terms of items."""


class ImportMode(StrEnum):
    """What happens to the good rows of a file that has bad ones."""

    ALL_OR_NOTHING = "all_or_nothing"
    GOOD_ROWS_ONLY = "good_rows_only"


class ImportStatus(StrEnum):
    """How far an import is."""

    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    """It has bad rows, and was all or nothing."""


class ImportIn(Contract):
    """What is to be done with a file."""

    mode: ImportMode
    dry_run: bool
    effective_from: StatedDay | None
    digest: str
    """SHA-256 of the file."""


class ImportOut(Contract):
    """An import and what came of it so far."""

    import_no: int
    status: ImportStatus
    mode: ImportMode
    dry_run: bool
    """Nothing is published, whatever the rows are like."""
    effective_from: date
    total: int
    """Items and terms in the file."""
    done: int
    """Of those, how many were looked at."""
    added: int
    """Good rows of what was not there; none once the import is refused, since nothing of it was taken."""
    changed: int
    """Good rows that say otherwise than what was there; none once the import is refused."""
    unchanged: int
    bad: int
    created_by: str
    created_at: Moment
    finished_at: Moment | None


class ImportFault(Contract):
    """What is wrong with a row, or what was assumed of it."""

    row: str
    """`items.3` of a YAML file, counted from 0; `materials!7` of a workbook: the sheet and its row."""
    field: str
    reason: str
    assumed: bool
    """The row is good: this was taken for granted of it, or is why it was left out all the same."""
