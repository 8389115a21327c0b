"""Saved views: lists of cases that a person, or everybody at an office, looks at again and again."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from onewindow_shared.contracts.common import Contract, Resource, Text
from onewindow_shared.contracts.worklists import CaseFilter


class StandardView(StrEnum):
    """Views that everybody at a window has."""

    NOBODY_YET = "nobody_yet"
    """无人负责: open, from home, and no officer has dealt with it (首问负责)."""
    TO_ACCEPT = "to_accept"
    """待受理: received and waiting for the window."""
    NOTICE_TODAY = "notice_today"
    """今日须告知: the answer, or the notice of corrections, is due today or overdue (行政许可法 art. 32)."""
    NOTICE_SOON = "notice_soon"
    """临近受理期限: the time for an answer is nearly over, or over; at the end it counts as accepted."""
    WAITING_FOR_RESIDENT = "waiting_for_resident"
    """待申请人补正: corrections or papers promised later are awaited."""
    TO_LOOK_AT = "to_look_at"
    """待窗口核验: the applicant has handed in or declared everything that was awaited."""
    MINE = "mine"
    """我负责的: open cases that one answers for."""
    DUE_TODAY = "due_today"
    """今日到期: accepted, and due today or overdue."""
    UNDECIDED = "undecided"
    """待判重: taken in offline, and an earlier case may be the same."""
    HANDED_TO_ME = "handed_to_me"
    """待我接收: offered to one by another officer."""


class Counted(Contract):
    """How many cases a list has, at a cost that does not grow with it."""

    count: int
    more: bool
    """The count stopped at its bound: there are at least so many."""


class ViewIn(Contract):
    """A list of cases to be kept under a name."""

    name: Annotated[Text, Field(max_length=50)]
    shared: bool = False
    """For everybody at the same office, not only for oneself."""
    filter: CaseFilter


class ViewOut(Resource):
    """A kept list and how many cases it has now."""

    view_id: int
    name: str
    shared: bool
    mine: bool
    filter: CaseFilter
    cases: Counted


class StandardViewOut(Contract):
    """A view that everybody has."""

    view: StandardView
    filter: CaseFilter | None
    """Null where the list is one of hand-offs, not of cases."""
    cases: Counted


class StandardViews(Contract):
    """All of them."""

    views: Sequence[StandardViewOut]
