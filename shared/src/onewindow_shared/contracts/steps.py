"""The steps of an item's procedure, as its version tells them and as a case goes through them."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.common import Contract, Moment, Resource, Text
from onewindow_shared.contracts.identity import Mobile, PersonName
from onewindow_shared.contracts.lamps import Lamp
from onewindow_shared.contracts.numbers import CaseNo

StepRole = Literal[
    Role.WINDOW_CLERK,
    Role.AGENT_OFFICER,
    Role.DEPARTMENT_OFFICER,
    Role.COMMUNITY_MANAGER,
    Role.STREET_SUPERVISOR,
]
Short = Annotated[Text, Field(max_length=100)]
StepNumber = Annotated[int, Field(ge=1, le=2**31 - 1)]


class StepKind(StrEnum):
    """What a step is in the handling of a case."""

    WORK = "work"
    PUBLICITY = "publicity"
    """公示: the outcome so far is put up for some days, and objections are ruled on (rules C2, T23)."""
    DECISION = "decision"
    DELIVERY = "delivery"


def in_order(kinds: Sequence[StepKind]) -> bool:
    """Say whether a procedure can be walked: whatever there is to do, one decision, one delivery."""
    last = [kind for kind in kinds if kind in {StepKind.DECISION, StepKind.DELIVERY}]
    return list(kinds[len(kinds) - len(last) :]) == last and last == sorted(set(last))


class PlannedStep(BaseModel):
    """A step as an accepted case takes it along; fields that a newer sender adds are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    name: str
    kind: StepKind
    stage: int
    """Steps of one stage run side by side, stages one after the other."""
    role: Role | None = None
    working_days: int | None = None
    officers: int = 1
    paper: str | None = None
    publicity_working_days: int | None = None
    publicity_calendar_days: int | None = None


class StepState(StrEnum):
    """Where a step of a case stands."""

    WAITING = "waiting"
    RUNNING = "running"
    TO_CHECK = "to_check"
    """Done by one officer, to be checked by another."""
    PUT_UP = "put_up"
    """Made public; objections are taken."""
    DONE = "done"
    SET_ASIDE = "set_aside"
    """An objection was upheld: its place was taken by a step that is done again."""


class StepAction(StrEnum):
    """What is done to a step; the last part of its route."""

    COMPLETE = "completion"
    CHECK = "check"
    RETURN = "return"
    PUT_UP = "publicity"
    UPHOLD = "uphold"
    """By the ruling on an objection, not by a route of its own."""
    MOVE = "move"
    """By the decision or the delivery of the case."""


class CompletionIn(Contract):
    """What came of a step."""

    result: Text
    paper_no: Short | None = None
    """Number of the paper that it left; needed where the step has one."""


class CheckIn(Contract):
    """A second officer has checked what the first one did."""

    remark: Text | None = None


class StepReturnIn(Contract):
    """Why a second officer does not agree."""

    reason: Text


class PublicityIn(Contract):
    """Where it is put up (公示); the days are the item's."""

    place: Short


class StepOut(Contract):
    """A step of a case."""

    number: int
    again_of: int | None
    """Number of the step that is done again; null for one of the plan."""
    stage: int
    name: str
    kind: StepKind
    role: Role | None
    officers: int
    paper: str | None
    state: StepState
    started_on: date | None
    due_on: date | None
    """Last day of its own limit; null where it has none, or has not begun."""
    lamp: Lamp | None
    """While it is to be done."""
    put_up_on: date | None
    put_up_until: date | None
    """Last day of the publicity."""
    place: str | None
    result: str | None
    """Null for whoever applied, as is the remark."""
    remark: str | None
    """Of the second officer."""
    paper_no: str | None
    done_by: str | None
    """Name of the officer."""
    checked_by: str | None
    done_at: Moment | None


class ObjectionState(StrEnum):
    """Where an objection stands."""

    TAKEN = "taken"
    HEARD = "heard"
    DISMISSED = "dismissed"
    UPHELD = "upheld"
    """Steps are done again."""


class ObjectionIn(Contract):
    """What somebody has against an outcome that was put up."""

    name: PersonName
    mobile: Mobile | None = None
    words: Text


class HearingIn(Contract):
    """Whoever objects was heard."""

    record: Text


class RulingIn(Contract):
    """What becomes of an objection."""

    upheld: bool
    reasons: Text
    again_from: StepNumber | None = None
    """The step from which on the work is done again where it is upheld; the first one unless given."""


class ObjectionOut(Resource):
    """An objection; whoever objects is masked."""

    objection_id: int
    case_no: CaseNo
    step: int
    state: ObjectionState
    name: str
    mobile: str | None
    words: str
    record: str | None
    reasons: str | None
    taken_at: Moment
    taken_by: str
    heard_at: Moment | None
    ruled_at: Moment | None
    ruled_by: str | None
