"""The check-list of a case: what of each paper is there, who saw it, and what is still lacking."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from onewindow_shared.contracts.common import Code, Contract, Moment
from onewindow_shared.contracts.intake import MaterialForm
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.contracts.parties import Acting


class Pieces(Contract):
    """How much there is of a paper, or lacks."""

    originals: int = 0
    copies: int = 0
    electronic: bool = False

    def __bool__(self) -> bool:
        return bool(self.originals or self.copies or self.electronic)


class Origin(Contract):
    """Where a paper was handed in before that is used again."""

    case_no: str
    material: str
    handed_in_on: date
    valid_until: date
    """Last day on which it can be used again."""


class MaterialOut(Contract):
    """A paper of the check-list and what is known of it."""

    code: str
    name: str
    required: bool
    applies_when: str | None
    deferrable: bool
    """It may come later, at a tolerant acceptance (容缺受理)."""
    form: MaterialForm
    """What the guide asks for."""
    form_stated: bool
    """False where any form will do."""
    copies_asked: int
    received: bool
    """The window has seen it, in the form and number that the guide asks for."""
    declared: bool
    """The applicant says so; the window has not seen it yet."""
    pieces: Pieces
    """What is there of it, or is declared."""
    lacks: Pieces
    """What of it is still to come before it counts as received."""
    documents: Sequence[str]
    remark: str | None
    received_at: Moment | None
    seen_at: Moment | None
    """When the window looked last."""
    seen_by: str | None
    origin: Origin | None
    """Where it was handed in before, if it was taken over from there."""


class LineState(StrEnum):
    """What became of a line of the notice of corrections."""

    OPEN = "open"
    DECLARED = "declared"
    """The applicant says it is met; the window has not looked yet."""
    MET = "met"
    """The window has seen it."""


class CorrectionLine(Contract):
    """A line of the notice of corrections and what became of it."""

    line: int
    """Its place on the notice, from 1."""
    material: str | None
    """The paper that meets it; null for what is wrong with anything else."""
    problem: str
    state: LineState
    since: Moment | None
    """Since when it is met or declared."""
    seen_by: str | None
    """Who at the window looked last."""


class OfferedFrom(Contract):
    """Where a paper was handed in that is offered; of another community's case only when that was."""

    case_no: str | None
    """Null where the caller does not reach the case."""
    material: str | None
    handed_in_on: date
    valid_until: date


class ReusableMaterial(Contract):
    """A paper that the applicant handed in before and need not bring again."""

    material: str
    """The paper of this case that it is good for."""
    name: str
    item_name: str | None
    """What it was handed in for; null, like its pieces and files, where that is another community's case."""
    origin: OfferedFrom
    pieces: Pieces | None
    documents: int | None
    """How many files stand behind it."""


class ReusableMaterials(Contract):
    """For each paper that is not there yet, what was handed in before and is valid longest."""

    case_no: str | None
    """Null for a draft."""
    offers: Sequence[ReusableMaterial]


class ReuseIn(Contract):
    """Which paper of which earlier case is to be used again."""

    case_no: CaseNo | None = None
    """Null for what another community keeps: the paper that is valid longest."""
    material: Code | None = None
    """Its code in that case."""
    consent: bool = False
    """The applicant agrees to have it taken from another community's case (个人信息保护法 art. 23)."""
    acting: Acting | None = None
    """Who asks for it; the guardian of a minor, the applicant otherwise, unless given."""
