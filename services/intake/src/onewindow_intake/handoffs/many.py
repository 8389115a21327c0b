"""Many cases offered at once, some of them in each transaction; each stands for itself."""

from onewindow_intake.cases import queries as cases
from onewindow_intake.handoffs import queries, service
from onewindow_shared.contracts.handing_over import (
    HandOffOutcome,
    HandOffResult,
    ManyHandOffs,
    ManyHandOffsIn,
    SeenCase,
)
from onewindow_shared.contracts.handoffs import HandOffIn
from onewindow_shared.contracts.numbers import parse
from onewindow_shared.plumbing.problems import Invalid, NotFound, Problem, Unavailable
from onewindow_shared.plumbing.runtime import Run
from onewindow_shared.plumbing.unit import Unit

AT_ONCE = 50


async def offer_many(run: Run, form: ManyHandOffsIn) -> ManyHandOffs:
    """Offer each case to the taker; sent again, what is offered already stays as it is.

    They are offered in the order of their numbers, so that two callers wait for each other and no more. One
    that is listed twice is offered once, as it was seen first.
    """
    seen = {one.case_no: one for one in reversed(form.cases)}
    each = [seen[case_no] for case_no in sorted(seen)]
    found: dict[str, HandOffResult] = {}
    for first in range(0, len(each), AT_ONCE):
        found |= await run.write(_offer_some, form, each[first : first + AT_ONCE])
    return ManyHandOffs(results=[found[one.case_no] for one in form.cases])


def _offer_some(unit: Unit, form: ManyHandOffsIn, some: list[SeenCase]) -> dict[str, HandOffResult]:
    return {seen.case_no: _tried(unit, form, seen) for seen in some}


def _tried(unit: Unit, form: ManyHandOffsIn, seen: SeenCase) -> HandOffResult:
    """Offer a case unless something speaks against it; then nothing of it is kept."""
    try:
        parse(seen.case_no)
    except ValueError as fault:
        return _result(seen, HandOffOutcome.REFUSED, detail=str(fault))
    try:
        return _offered(unit, form, seen)
    except NotFound:
        return _result(seen, HandOffOutcome.NOT_FOUND)
    except Unavailable:
        raise
    except Problem as problem:
        why = problem.errors[0].detail if isinstance(problem, Invalid) else problem.detail
        return _result(seen, HandOffOutcome.REFUSED, detail=why)


def _offered(unit: Unit, form: ManyHandOffsIn, seen: SeenCase) -> HandOffResult:
    case = cases.of(unit.session, seen.case_no, to_move=True)
    waiting = queries.open_of(unit.session, seen.case_no)
    if waiting is not None and (waiting.giver, waiting.taker) == (unit.actor.subject, form.taker):
        return _result(seen, HandOffOutcome.ALREADY_OFFERED, waiting.id)
    if waiting is not None:
        return _result(seen, HandOffOutcome.REFUSED, detail="The case waits for an officer's answer already.")
    if case.version != seen.version:
        return _result(seen, HandOffOutcome.STALE)
    made = service.offer(unit, seen.case_no, HandOffIn(taker=form.taker, note=form.note))
    return _result(seen, HandOffOutcome.OFFERED, made.handoff_id)


def _result(
    seen: SeenCase, outcome: HandOffOutcome, handoff_id: int | None = None, *, detail: str | None = None
) -> HandOffResult:
    return HandOffResult(case_no=seen.case_no, outcome=outcome, handoff_id=handoff_id, detail=detail)
