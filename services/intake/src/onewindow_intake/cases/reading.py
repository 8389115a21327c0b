"""Use cases that show cases."""

from sqlalchemy import select

from onewindow_intake.cases import queries, rules, shown
from onewindow_intake.cases.acting import barred_here
from onewindow_intake.cases.models import Entry
from onewindow_intake.cases.moving import left_to_authority, standing, whole
from onewindow_intake.cases.queries import AS_IT_HAPPENED
from onewindow_intake.catalogue.queries import pinned
from onewindow_shared.contracts.cases import (
    CaseOut,
    HistoryEntry,
    NextActions,
)
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.plumbing.paging import Wanted, page
from onewindow_shared.plumbing.unit import Unit


def one(unit: Unit, case_no: str) -> CaseOut:
    """Show a case."""
    case = queries.of(unit.session, case_no)
    return whole(unit, case)


def next_actions(unit: Unit, case_no: str) -> NextActions:
    """Say what the caller may do with a case now."""
    case = queries.of(unit.session, case_no)
    barred = (
        rules.kept_from(pinned(unit.session, case)) | barred_here(unit, case) | left_to_authority(unit, case)
    )
    return NextActions(
        case_no=case_no,
        version=case.version,
        status=CaseStatus(case.status),
        actions=rules.possible(standing(case), unit.actor.roles, unit.now, barred),
    )


def history(unit: Unit, wanted: Wanted, case_no: str) -> Page[HistoryEntry]:
    """Show what happened to a case, oldest first."""
    queries.of(unit.session, case_no)
    query = select(Entry).where(Entry.case_no == case_no)
    return page(unit, query, AS_IT_HAPPENED, wanted, bound=f"timeline {case_no}", show=shown.entry)
