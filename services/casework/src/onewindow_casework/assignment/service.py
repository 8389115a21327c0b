"""Keeping the roster and absences, and giving cases to officers by it."""

from datetime import datetime

from onewindow_casework.assignment import charge, known, queries, rules
from onewindow_casework.assignment.models import Absence, Charge, RosterEntry
from onewindow_casework.handling import queries as cases
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.handling.moving import taken
from onewindow_casework.handling.rules import ASSIGNABLE
from onewindow_casework.officers import service as officers
from onewindow_shared.contracts.assignment import (
    AbsenceIn,
    AbsenceOut,
    ChargeHow,
    ChargeOut,
    RosterIn,
    RosterOut,
)
from onewindow_shared.contracts.casework import AssignmentIn, CaseFileOut
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.paging import Wanted, page
from onewindow_shared.plumbing.problems import MoveRefused, Problem, VersionStale, invalid
from onewindow_shared.plumbing.scope import COMMUNITY, place
from onewindow_shared.plumbing.unit import Unit


class AlreadyAssigned(Problem):
    """Somebody is in charge of this case already."""

    type = "urn:onewindow:problem:already-assigned"
    title = "Already assigned"
    status = 409


class NobodyFree(Problem):
    """The roster has nobody for this case who is there, knows its item and has room for it."""

    type = "urn:onewindow:problem:nobody-free"
    title = "Nobody can be given this case"
    status = 409


class RosteredMeanwhile(Problem):
    """The officer is on the roster already, of this area or another one."""

    type = "urn:onewindow:problem:rostered-meanwhile"
    title = "On the roster already"
    status = 409


def claim(unit: Unit, case_no: str, seen: int) -> CaseFileOut:
    """Take charge of a case that nobody is in charge of."""
    case = taken(unit, case_no, seen)
    if case.handler is not None:
        raise AlreadyAssigned(detail="Ask whoever assigns cases to assign it anew.")
    return _give(unit, case, unit.actor.subject, unit.actor.name, ChargeHow.CLAIMED)


def assign(unit: Unit, case_no: str, seen: int, body: AssignmentIn) -> CaseFileOut:
    """Put an officer in charge, or another one than before; by rule where nobody is named."""
    case = taken(unit, case_no, seen)
    if body.officer is not None:
        if fault := known.cannot_handle(unit, body.officer, case):
            raise invalid({"officer": fault})
        return _give(unit, case, body.officer, known.name_of(unit, body.officer), ChargeHow.BY_HAND)
    _is_in_hand(case)
    if not charge.by_rule(unit, case):
        raise NobodyFree
    return cases.show(unit, case)


def _give(unit: Unit, case: CaseFile, officer: str, name: str, how: ChargeHow) -> CaseFileOut:
    _is_in_hand(case)
    away = queries.substitutes(queries.away(unit, [officer]))
    if fault := rules.fault_of_charge(officer, case.applicant_subject, away):
        raise invalid({"officer": fault})
    charge.put(unit, case, officer, name, how)
    return cases.show(unit, case)


def _is_in_hand(case: CaseFile) -> None:
    if CaseStatus(case.status) not in ASSIGNABLE:
        raise MoveRefused(detail="The case is past being worked on.", state=case.status, action="assign")


def give(unit: Unit, case_no: str, _due_at: datetime) -> None:
    """Give a new case to somebody by rule; where nobody can take it, it stays in the pool."""
    case = cases.locked(unit, case_no)
    if case.handler is None and CaseStatus(case.status) in ASSIGNABLE:
        charge.by_rule(unit, case)


def keep(unit: Unit, subject: str, seen: int, body: RosterIn) -> RosterOut:
    """Put an officer on the roster, or change what they are given."""
    if not unit.actor.scope.covers(body.area):
        raise invalid({"area": "lies outside your area"})
    if body.department is None and len(body.area) != COMMUNITY:
        raise invalid({"area": "agents take the cases of a community"})
    if body.active and (fault := known.cannot_be_listed(unit, subject, body.area, body.department)):
        raise invalid({"subject": fault})
    name = _called(unit, subject, body)
    found = queries.entry(unit, subject, to_change=True)
    if found is not None:
        expect_version(_entry(found), seen)
    elif seen != 0:
        raise VersionStale(detail='They are not on the roster yet: send If-Match "0".', current={})
    else:
        found = RosterEntry(subject=subject, version=0)
        unit.session.add(found)
    values = body.model_dump(exclude={"area"}) | place(body.area) | {"name": name, "version": seen + 1}
    for column, value in values.items():
        setattr(found, column, value)
    unit.session.flush()
    unit.audit("roster.kept", "officer", subject, area=body.area, detail={"active": body.active})
    return _entry(found)


def _called(unit: Unit, subject: str, body: RosterIn) -> str:
    """Return what an officer is called: as the account says, or else whoever keeps the roster."""
    told = officers.officer_names(unit, [subject]).get(subject)
    if told is not None and body.name not in {None, told}:
        raise invalid({"name": "is that of the account"})
    name = told or body.name
    if name is None:
        raise invalid({"name": "nobody has told what this officer is called"})
    return name


def roster(unit: Unit, wanted: Wanted) -> Page[RosterOut]:
    """Return a page of the roster within reach."""
    query = queries.entries()
    return page(unit, query, queries.BY_ENTRY, wanted, bound="roster", show=_entry)


def one(unit: Unit, subject: str) -> RosterOut:
    """Return an officer's entry."""
    return _entry(queries.known_entry(unit, subject))


def be_away(unit: Unit, subject: str, body: AbsenceIn) -> AbsenceOut:
    """Write down that an officer is away, and who stands in."""
    entry = queries.known_entry(unit, subject, to_change=True)
    if body.last < unit.today:
        raise invalid({"last": "lies in the past"})
    if body.substitute == subject:
        raise invalid({"substitute": "nobody stands in for themselves"})
    office = entry.community, entry.department
    if body.substitute and (fault := known.cannot_serve(unit, body.substitute, *office)):
        raise invalid({"substitute": fault})
    queries.hold_absences(unit, {subject, body.substitute or subject})
    if queries.away_between(unit, subject, body.first, body.last):
        raise invalid({"first": "this officer is away on some of these days already"})
    if body.substitute and queries.away_between(unit, body.substitute, body.first, body.last):
        raise invalid({"substitute": "is away on some of these days"})
    made = Absence(
        **body.model_dump(),
        substitute_name=known.name_of(unit, body.substitute) if body.substitute else None,
        subject=subject,
        version=1,
        cancelled=False,
        kept_at=unit.now,
        kept_by=unit.actor.subject,
    )
    unit.session.add(made)
    unit.session.flush()
    queries.absences_changed(unit)
    detail = {"first": body.first.isoformat(), "last": body.last.isoformat(), "substitute": body.substitute}
    unit.audit("absence.kept", "officer", subject, area=entry.community, detail=detail)
    return _absence(made)


def end_absence(unit: Unit, subject: str, absence_id: int, seen: int) -> AbsenceOut:
    """Take an absence back, or end it: from now on it has no effect."""
    entry = queries.known_entry(unit, subject, to_change=True)
    made = queries.absence(unit, subject, absence_id)
    expect_version(_absence(made), seen)
    made.cancelled = True
    made.version += 1
    queries.absences_changed(unit)
    unit.audit("absence.ended", "officer", subject, area=entry.community, detail={"absence": made.id})
    return _absence(made)


def absences(unit: Unit, wanted: Wanted, subject: str) -> Page[AbsenceOut]:
    """Return a page of an officer's absences."""
    queries.known_entry(unit, subject)
    query, bound = queries.absences(subject), f"absences of {subject}"
    return page(unit, query, queries.BY_ABSENCE, wanted, bound=bound, show=_absence)


def charges(unit: Unit, wanted: Wanted, case_no: str) -> Page[ChargeOut]:
    """Return who was in charge of a case, oldest first."""
    case = cases.find(unit, case_no)
    query, bound = queries.charges(case), f"charges {case_no}"
    return page(unit, query, queries.BY_CHARGE, wanted, bound=bound, show=_charge)


def _charge(one: Charge) -> ChargeOut:
    return ChargeOut(officer=one.officer, name=one.name, how=ChargeHow(one.how), at=one.at, by=one.by)


def _entry(found: RosterEntry) -> RosterOut:
    return RosterOut(
        version=found.version,
        subject=found.subject,
        name=found.name,
        area=found.community,
        department=found.department,
        items=found.items,
        most_open=found.most_open,
        active=found.active,
    )


def _absence(made: Absence) -> AbsenceOut:
    return AbsenceOut(
        version=made.version,
        absence_id=made.id,
        subject=made.subject,
        first=made.first,
        last=made.last,
        substitute=made.substitute,
        substitute_name=made.substitute_name,
        cancelled=made.cancelled,
    )
