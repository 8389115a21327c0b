"""What is done with an agency: asked for, entrusted, begun, suspended, resumed, done or terminated."""

from datetime import date

from sqlalchemy import func, select

from onewindow_casework.agency import ending, rules
from onewindow_casework.agency.models import MATTERS, PURPOSE, REASON, Agency, AgencyStep, AgencyVisit
from onewindow_casework.assignment.queries import in_charge
from onewindow_casework.handling import queries as cases
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.handling.moving import unless
from onewindow_shared.contracts.access import Permission, permits
from onewindow_shared.contracts.agency import (
    AgencyAction,
    AgencyEntrustmentIn,
    AgencyEntry,
    AgencyIn,
    AgencyOut,
    AgencyReasonIn,
    AgencyResumptionIn,
    AgencyState,
    VisitIn,
    VisitOut,
)
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.problems import MoveRefused, NotFound, invalid
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day

BY_VISIT = Keyset((AgencyVisit.id,))


def find(unit: Unit, case: CaseFile) -> Agency:
    """Return the agency of a case, or raise `NotFound`."""
    found = unit.session.get(Agency, case.id)
    if found is None:
        raise NotFound(detail="Nobody has asked for an agent in this case.")
    return found


def ask(unit: Unit, case_no: str, _body: AgencyIn) -> AgencyOut:
    """Ask for an agent, where it was not done with the application."""
    case = cases.locked(unit, case_no)
    if not case.open or unit.session.get(Agency, case.id) is not None:
        raise MoveRefused(
            detail="An agent is asked for once, while the case is open.", state=case.status, action="ask"
        )
    agency = Agency(**ending.applied(case.id) | {"version": 0})
    unit.session.add(agency)
    ending.write(unit, case, agency, AgencyState.APPLIED)
    ending.count(unit, case)
    _audit(unit, case, AgencyState.APPLIED)
    return _shown(unit, case, agency)


def one(unit: Unit, case_no: str) -> AgencyOut:
    """Return the agency of a case."""
    case = cases.find(unit, case_no)
    return _shown(unit, case, find(unit, case))


def entrust(unit: Unit, case_no: str, seen: int, body: AgencyEntrustmentIn) -> AgencyOut:
    """Take the signed letter of entrustment and the papers."""
    _holds(unit, body.until)
    case, agency, to = _to_move(unit, case_no, seen, AgencyAction.ENTRUST)
    agency.matters_sealed = unit.vault.seal(body.matters, purpose=MATTERS)
    agency.until, agency.papers = body.until, body.papers
    return _moved(unit, case, agency, to)


def start(unit: Unit, case_no: str, seen: int) -> AgencyOut:
    """Begin to act in the applicant's place."""
    return _moved(unit, *_to_move(unit, case_no, seen, AgencyAction.START))


def resume(unit: Unit, case_no: str, seen: int, body: AgencyResumptionIn) -> AgencyOut:
    """Go on, on the letter as it is renewed."""
    case, agency, to = _to_move(unit, case_no, seen, AgencyAction.RESUME)
    agency.until = body.until or agency.until
    _holds(unit, agency.until)
    return _moved(unit, case, agency, to, body.reason)


def _holds(unit: Unit, until: date | None) -> None:
    if fault := rules.has_ended(until, unit.today):
        raise invalid({"until": fault})


def change(unit: Unit, case_no: str, action: AgencyAction, seen: int, body: AgencyReasonIn) -> AgencyOut:
    """Suspend, complete or terminate, with the reason that stands on the form."""
    return _moved(unit, *_to_move(unit, case_no, seen, action), body.reason)


def _to_move(
    unit: Unit, case_no: str, seen: int, action: AgencyAction
) -> tuple[CaseFile, Agency, AgencyState]:
    case = cases.locked(unit, case_no)
    agency = find(unit, case)
    expect_version(_shown(unit, case, agency), seen)
    to = rules.MOVES.get((AgencyState(agency.state), action))
    if to is None or not case.open:
        detail = f"An agency that is {agency.state} has no {action}."
        raise MoveRefused(detail=detail, state=agency.state, action=action)
    charge = in_charge(unit, case)
    unless(rules.bar(action, actor=unit.actor.subject, roles=unit.actor.roles, in_charge=charge))
    if fault := _fault_of_letter(unit, agency, action):
        raise MoveRefused(detail=f"{fault.capitalize()}.", state=agency.state, action=action)
    return case, agency, to


def _fault_of_letter(unit: Unit, agency: Agency, action: AgencyAction) -> str | None:
    return rules.fault_of_letter(action, AgencyState(agency.state), agency.until, unit.today)


def _moved(
    unit: Unit, case: CaseFile, agency: Agency, to: AgencyState, reason: str | None = None
) -> AgencyOut:
    ending.write(unit, case, agency, to, reason)
    _audit(unit, case, to)
    return _shown(unit, case, agency)


def _audit(unit: Unit, case: CaseFile, state: AgencyState) -> None:
    unit.audit(f"agency.{state}", "case", case.case_no, area=case.community)


def visit(unit: Unit, case_no: str, body: VisitIn) -> VisitOut:
    """Write down a way that the agent went in the applicant's place."""
    case = cases.locked(unit, case_no)
    agency = find(unit, case)
    charge = in_charge(unit, case)
    unless(rules.bar(AgencyAction.START, actor=unit.actor.subject, roles=unit.actor.roles, in_charge=charge))
    if agency.state not in rules.RUNNING:
        raise MoveRefused(detail="The agency is not running.", state=agency.state, action="visit")
    if fault := rules.fault_of_visit(body.day, _begun_on(unit, case), agency.until, unit.today):
        raise invalid({"day": fault})
    made = AgencyVisit(
        case_id=case.id,
        day=body.day,
        place=body.place,
        purpose_sealed=unit.vault.seal(body.purpose, purpose=PURPOSE),
        by=unit.actor.subject,
        by_name=unit.actor.name,
    )
    unit.session.add(made)
    agency.visits += 1
    unit.count(Metric.AGENCY_VISITS, community=case.community, day=body.day, item=case.item_code)
    agency.version += 1
    unit.audit("agency.visit", "case", case.case_no, area=case.community, detail={"visits": agency.visits})
    return _visit(unit, made)


def _begun_on(unit: Unit, case: CaseFile) -> date:
    begun = select(func.min(AgencyStep.at)).where(
        AgencyStep.case_id == case.id, AgencyStep.state == AgencyState.IN_PROGRESS
    )
    return local_day(unit.session.scalars(begun).one(), unit.zone)


def possible(unit: Unit, case: CaseFile) -> list[str]:
    """Return the routes below the case by which the caller may bring its agency on now."""
    roles = unit.actor.roles
    if not case.open:
        return []
    agency = unit.session.get(Agency, case.id)
    if agency is None:
        return ["agency"] * permits(roles, Permission.CASE_WITHDRAW)
    charge, state = in_charge(unit, case), AgencyState(agency.state)
    mine = [
        action
        for action in AgencyAction
        if permits(roles, rules.NEEDS.get(action, Permission.CASE_HANDLE))
        and rules.bar(action, actor=unit.actor.subject, roles=roles, in_charge=charge) is None
    ]
    moves = [
        f"agency/{action}"
        for action in mine
        if (state, action) in rules.MOVES and _fault_of_letter(unit, agency, action) is None
    ]
    return [*moves, *["agency/visits"] * (state in rules.RUNNING and AgencyAction.START in mine)]


def visits(unit: Unit, wanted: Wanted, case_no: str) -> Page[VisitOut]:
    """Return the visits of a case, oldest first."""
    case = cases.find(unit, case_no)
    find(unit, case)
    query = select(AgencyVisit).where(AgencyVisit.case_id == case.id)
    bound = f"visits {case_no}"
    return page(unit, query, BY_VISIT, wanted, bound=bound, show=lambda made: _visit(unit, made))


def _visit(unit: Unit, made: AgencyVisit) -> VisitOut:
    purpose = unit.vault.open(made.purpose_sealed, purpose=PURPOSE)
    return VisitOut(day=made.day, place=made.place, purpose=purpose, by=made.by_name)


def steps(unit: Unit, case: CaseFile) -> list[AgencyEntry]:
    """Return what happened to an agency, oldest first."""
    unit.session.flush()
    query = select(AgencyStep).where(AgencyStep.case_id == case.id).order_by(AgencyStep.id)
    return [
        AgencyEntry(
            state=AgencyState(step.state),
            at=step.at,
            by=step.by_name,
            reason=unit.vault.opened(step.reason_sealed, purpose=REASON),
            until=step.until,
        )
        for step in unit.session.scalars(query)
    ]


def _shown(unit: Unit, case: CaseFile, agency: Agency) -> AgencyOut:
    return AgencyOut(
        version=agency.version,
        case_no=case.case_no,
        state=AgencyState(agency.state),
        matters=unit.vault.opened(agency.matters_sealed, purpose=MATTERS),
        until=agency.until,
        papers=agency.papers,
        visits=agency.visits,
        entries=steps(unit, case),
    )
