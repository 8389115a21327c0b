"""The own limits of steps: watched while they run, and as the calendar says now."""

from datetime import datetime

from sqlalchemy import select

from casework.office import HOLIDAYS_2027, Office
from casework.test_steps import PROCEDURE, SURVEYED, Hall
from onewindow_casework.clocks.steps import STEP_OVER
from onewindow_shared.plumbing.timers import Timer


def watched(office: Office, case_no: str) -> set[str]:
    """Return the numbers of the steps whose limits are watched."""
    query = select(Timer.entity_id).where(Timer.kind == STEP_OVER)
    found = office.api.system(lambda unit: list(unit.session.scalars(query)))
    return {number for of_case, _, number in (one.partition("/") for one in found) if of_case == case_no}


def watched_until(office: Office, case_no: str) -> datetime:
    """Return when the limit of the only step of a case is over."""
    query = select(Timer.due_at).where(Timer.kind == STEP_OVER, Timer.entity_id == f"{case_no}/1")
    due_at: datetime = office.api.system(lambda unit: unit.session.scalars(query).one())
    return due_at


def test_nobody_watches_a_step_that_is_done_or_set_aside(office: Office) -> None:
    limited = [step.model_copy(update={"working_days": 3}) for step in PROCEDURE]
    hall = Hall(office)
    hall.case_no = office.started(steps=limited, applicant_subject="r-1")
    assert watched(office, hall.case_no) == {"1", "2"}
    hall.must(office.agent, "steps/1/completion", SURVEYED)
    assert watched(office, hall.case_no) == {"1", "2"}, "it waits for the second officer"
    hall.must(hall.second, "steps/1/check", {})
    hall.must(office.officer, "steps/2/completion", {"result": "核对一致"})
    hall.must(hall.street, "steps/3/publicity", {"place": "公告栏"})
    assert watched(office, hall.case_no) == {"3"}
    heard = hall.settle(hall.street, hall.object_().json(), "hearing", {"record": "当面听取"}).json()
    hall.settle(hall.street, heard, "ruling", {"upheld": True, "reasons": "房产核对有误"})
    assert watched(office, hall.case_no) == {"6", "7"}


def test_the_limit_of_a_step_beyond_those_of_its_case_moves_with_the_calendar(office: Office) -> None:
    office.go_to(2026, 12, 28, 2)
    case_no = office.decided(promised_days=1, statutory_days=1)
    before = watched_until(office, case_no)
    assert office.import_year(2027, HOLIDAYS_2027).status_code == 200
    [step] = office.read(f"cases/{case_no}/clock", office.admin)["steps"]
    after = watched_until(office, case_no)
    assert before.date().isoformat() != after.date().isoformat() == step["due_on"]
