"""What stands on a written document, ready to be printed: words only, in the order of the page."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from onewindow_shared.contracts.common import Contract, ReadOff
from onewindow_shared.contracts.lifecycle import CaseStatus


class Fact(Contract):
    """A labelled line, as 事项名称: 最低生活保障."""

    label: str
    value: str


class Listing(Contract):
    """A table with a heading; every row has as many cells as the head."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


class Sheet(Contract):
    """The content of a paper; once issued it is kept as it is, so that a later print is the same paper."""

    title: str
    number: str
    code: str
    """Proves, with the number, that the office issued this paper; empty for what is public anyway."""
    check_address: str
    """What the QR code says: where the paper can be checked, or read; it holds no personal data."""
    addressee: str | None
    opening: Sequence[str]
    """Paragraphs above the facts."""
    facts: Sequence[Fact]
    tables: Sequence[Listing]
    closing: Sequence[str]
    """Paragraphs below the tables: deadlines, remedies, whom to ask."""
    signature: str | None = None
    """What stands before the line that somebody signs on by hand; none where nobody does."""
    office: str
    dated: str
    """Day of issue as it is printed, e.g. 2026年11月23日."""


class Standing(StrEnum):
    """What a check says of a paper."""

    GENUINE = "genuine"
    REPLACED = "replaced"
    """It was issued by the office, and a newer one of its kind was issued, or is due for what is kept."""
    UNKNOWN = "unknown"


class PaperCheckIn(Contract):
    """Number and verification code as they are printed on the paper."""

    number: ReadOff
    code: ReadOff


class PaperCheck(Contract):
    """Whether the office issued a paper, and what has to stand on it; nothing more of an unknown one."""

    standing: Standing
    number: str | None
    title: str | None
    issued_on: date | None
    office: str | None
    applicant: str | None
    """Masked name."""
    item_name: str | None
    status: CaseStatus | None
    """Where the case stands now."""
    status_label: str | None
