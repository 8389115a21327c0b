"""Opening files, the one path of this service that a whole backlog comes through: a batch at a time."""

from collections.abc import Mapping, Sequence
from typing import Any

from onewindow_casework.agency import ending as agency
from onewindow_casework.agency.models import Agency
from onewindow_casework.assignment import queries as assignment
from onewindow_casework.assignment.charge import GIVE
from onewindow_casework.clocks import service as clocks
from onewindow_casework.handling import rules
from onewindow_casework.handling.counting import figures_of_closed, visits
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.needs import service as needs
from onewindow_casework.reviews import inviting
from onewindow_casework.steps import planning
from onewindow_casework.steps.models import CaseStep
from onewindow_casework.timeline import service as timeline
from onewindow_shared.contracts.events import CaseAccepted
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.plumbing.bulk import insert_new, table_of
from onewindow_shared.plumbing.rollups import facets_of
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day

FILES, STEPS, AGENCIES = map(table_of, (CaseFile, CaseStep, Agency))
TAKEN_OVER = (
    *("case_no", "item_code", "item_version", "item_name", "category", "department", "channel", "grid"),
    *("applicant_subject", "applicant_masked", "first_contact_officer", "agency_requested"),
    *("originals_held", "extension_days"),
    *("received_at", "accepted_at", "accepted_on", "status", "statutory_days", "promised_days"),
)
"""What a file takes over from the event as it is."""
FIRST_VERSION = 1


def open_files(unit: Unit, events: Sequence[CaseAccepted]) -> None:
    """Open the files of accepted cases and start their clocks; a second event for a case changes nothing."""
    first = {event.case_no: event for event in reversed(events)}
    limits = clocks.limits_of(unit, first.values())
    files = [_file(unit, event, limit) for event, limit in zip(first.values(), limits, strict=True)]
    files.reverse()
    connection = unit.session.connection()
    ids = dict(insert_new(connection, FILES, files, FILES.c.case_no, FILES.c.id))
    served = assignment.served(unit, files)
    for file, by_rule in zip(files, served, strict=True):
        if file["case_no"] in ids:
            _opened(unit, file, ids[file["case_no"]])
            if by_rule and file["open"]:
                unit.set_timer(GIVE, file["case_no"], unit.now)
    for case_no, file_id in ids.items():
        event = first[case_no]
        if event.steps and rules.is_open(event.status):
            unit.add(STEPS, *planning.rows(file_id, event.steps))
        if event.agency_requested and rules.is_open(event.status):
            unit.add(AGENCIES, agency.applied(file_id))
            agency.count(unit, event)
    needs.cases_opened(unit, ids)


def _file(unit: Unit, event: CaseAccepted, limits: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row of a file. An instant case comes closed, to be reviewed, and within any promise."""
    closed = event.status is CaseStatus.CLOSED
    return {
        **{name: getattr(event, name) for name in TAKEN_OVER},
        **place(event.community),
        **limits,
        "version": FIRST_VERSION,
        "posted_as": event.posted_as,
        "entrustment": event.entrustment.model_dump(mode="json") if event.entrustment else None,
        "awaits_applicant": False,
        "open": rules.is_open(event.status),
        "overdue": False,
        "closed_at": event.accepted_at if closed else None,
        "on_time": True if closed else None,
        "review_until": inviting.last_day(unit, event.accepted_at) if closed else None,
        "handling_days": 0 if closed else None,
        "special_procedures": [*event.special_procedures] or None,
        "came_on": None if event.came_on is None else [day.isoformat() for day in event.came_on],
    }


def _opened(unit: Unit, file: Mapping[str, Any], file_id: int) -> None:
    if file["open"]:
        clocks.watch(unit, file["case_no"], file["promised_due_on"])
    else:
        _closed(unit, file)
    timeline.opened(unit, file, file_id)


def _closed(unit: Unit, file: Mapping[str, Any]) -> None:
    day = local_day(file["closed_at"], unit.zone)
    inviting.invite(unit, file["case_no"], file["closed_at"], file["review_until"])
    came = visits(file["came_on"], None)
    for metric, by, n in figures_of_closed(facets_of(file), on_time=True, within_law=True, days=0, came=came):
        if n:
            unit.count(metric, n, community=file["community"], day=day, by=by)
