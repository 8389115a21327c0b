"""Why a case was not done by the day that was promised: stated by whoever answers for it, and published.

优化营商环境条例 art. 36: whoever handles a case beyond its limit states the reason publicly.
"""

from collections.abc import Sequence
from datetime import date

from onewindow_shared.contracts.common import Code, CommunityCode, Contract, Moment, Text
from onewindow_shared.contracts.numbers import CaseNo


class DelayReasonIn(Contract):
    """The reason of a delay."""

    kind: Code
    """One of the kinds that the district has set."""
    words: Text | None = None
    """What else there is to say, for staff alone."""


class DelayOut(Contract):
    """That a case was not done by its promised day, and why."""

    promised_on: date
    reason_by: date
    """Last day for stating the reason."""
    kind: str | None
    """Null while nobody has stated it."""
    told: str | None
    """The kind in plain words, as the applicant reads it."""
    words: str | None
    """Null for whoever applied."""
    stated_at: Moment | None


class DelayRow(DelayOut):
    """A delay as a line of a list."""

    case_no: CaseNo
    community: CommunityCode
    department: str


class DelayKind(Contract):
    """A kind of reason, as the district has set it."""

    kind: str
    told: str


class DelayLine(Contract):
    """How often cases of an item were late for a reason."""

    item_code: str | None
    """Null for all items that are too few each."""
    kind: str | None
    """Null where no reason was stated."""
    count: int | None
    """In multiples of `multiples_of`, rounded down; null where it could point at somebody."""


class DelayFigures(Contract):
    """The delays of a district in a quarter, by their promised day; nothing in it is personal."""

    district: str
    period: str
    kinds: Sequence[DelayKind]
    lines: Sequence[DelayLine]
    multiples_of: int
