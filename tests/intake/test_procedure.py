"""The procedure of an item's version travels with its accepted cases; prose is left behind."""

from typing import Any

import pytest
from pydantic import ValidationError

from intake.window import Somebody
from onewindow_intake.catalogue.rules import procedure
from onewindow_intake.seed import shipped_items
from onewindow_shared.contracts.catalogue import ItemContent
from onewindow_shared.contracts.events import CaseAccepted
from onewindow_shared.contracts.steps import StepKind

SURVEY = {"name": "入户调查", "actor": "街道", "working_days": 3, "kind": "work", "role": "agent_officer"}
CHECK = SURVEY | {"name": "信息核对", "parallel": True, "officers": 2}
PUT_UP = {
    "name": "公示",
    "actor": "街道",
    "working_days": None,
    "kind": "publicity",
    "role": "street_supervisor",
}
PROSE = {"name": "申请", "actor": "申请人", "working_days": None}
DECIDED = {"name": "审批", "actor": "民政局", "working_days": 5, "kind": "decision"}
DELIVERED = {"name": "告知", "actor": "窗口", "working_days": 3, "kind": "delivery"}
SEVEN_DAYS = {"calendar_days": 7, "objections": "向街道提出"}


def item(steps: list[dict[str, Any]], publicity: dict[str, Any] | None = None) -> ItemContent:
    return ItemContent.model_validate(
        shipped_items()[0].model_dump() | {"steps": steps, "publicity": publicity}
    )


def test_steps_side_by_side_are_of_one_stage_and_prose_is_no_step() -> None:
    planned = procedure(item([PROSE, SURVEY, CHECK, PUT_UP, DECIDED, DELIVERED], SEVEN_DAYS))
    assert [(step.kind, step.stage) for step in planned] == [
        (StepKind.WORK, 2),
        (StepKind.WORK, 2),
        (StepKind.PUBLICITY, 3),
        (StepKind.DECISION, 4),
        (StepKind.DELIVERY, 5),
    ]
    assert [step.publicity_calendar_days for step in planned] == [None, None, 7, None, None]
    assert (planned[1].officers, planned[0].working_days) == (2, 3)


@pytest.mark.parametrize(
    ("steps", "publicity"),
    [
        ([DECIDED, SURVEY], None),
        ([DECIDED, DECIDED], None),
        ([DELIVERED, DECIDED], None),
        ([PUT_UP], None),
        ([PUT_UP], {"objections": "向街道提出"}),
        ([PUT_UP], SEVEN_DAYS | {"working_days": 5}),
        ([SURVEY | {"role": None}], None),
        ([SURVEY | {"role": "resident"}], None),
        ([DECIDED | {"role": "department_officer"}], None),
        ([PROSE | {"officers": 2}], None),
    ],
)
def test_a_procedure_that_cannot_be_walked_is_refused(
    steps: list[dict[str, Any]], publicity: dict[str, Any] | None
) -> None:
    with pytest.raises(ValidationError):
        item(steps, publicity)


def test_the_procedure_travels_with_the_case_however_it_was_accepted(clerk: Somebody) -> None:
    at_once = clerk.posted(accept=True, materials=clerk.papers())
    later = clerk.posted(materials=clerk.papers(), serial=2)
    clerk.moved(later, "acceptance", {})
    told = {event.case_no: event for event in clerk.api.sent(CaseAccepted)}
    steps = {number: told[number].steps for number in (at_once["case_no"], later["case_no"])}
    assert steps[at_once["case_no"]] == steps[later["case_no"]]
    assert [step.kind for step in steps[later["case_no"]]] == [
        "work",
        "work",
        "publicity",
        "decision",
        "delivery",
    ]
