"""The volunteers service as one value."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from onewindow_shared.plumbing.figures import Reading, figures_router
from onewindow_shared.plumbing.reference import register_check
from onewindow_shared.plumbing.runtime import Runtime
from onewindow_shared.plumbing.service import Service
from onewindow_volunteers.activities import api as activities
from onewindow_volunteers.activities.models import ONCE_A_SHIFT, ONE_PLACE_AT_A_TIME
from onewindow_volunteers.activities.problems import Overlaps, SignedUpAlready
from onewindow_volunteers.activities.service import BEGINS, ENDS, REMINDER, has_ended, is_about_to_begin
from onewindow_volunteers.activities.signups import (
    OFFER_ENDS,
    PLACE_FREED,
    line_ends,
    offer_has_ended,
    place_was_freed,
)
from onewindow_volunteers.base import Base
from onewindow_volunteers.batches import api as batches
from onewindow_volunteers.batches.service import NEXT_SLICE, next_slice
from onewindow_volunteers.certificates import api as certificates
from onewindow_volunteers.certificates.models import SEALED_CONTENT
from onewindow_volunteers.certificates.service import record_changed
from onewindow_volunteers.corrections import api as corrections
from onewindow_volunteers.corrections.service import forget_phone
from onewindow_volunteers.deps import with_identity_check
from onewindow_volunteers.erasure import api as erasure
from onewindow_volunteers.erasure.service import guardian_overdue, known_again, person_is_gone, unverified
from onewindow_volunteers.evaluations import api as evaluations
from onewindow_volunteers.evaluations.models import ONE_EVALUATION, SEALED_WORDS
from onewindow_volunteers.evaluations.problems import EvaluatedAlready
from onewindow_volunteers.exports import api as exports
from onewindow_volunteers.feeds import api as feeds
from onewindow_volunteers.imports import api as imports
from onewindow_volunteers.imports.models import SEALED_CELLS
from onewindow_volunteers.imports.service import (
    NEXT_ROWS,
    ROWS_OLD,
    UNANSWERED,
    next_rows,
    rows_old,
    unanswered,
)
from onewindow_volunteers.inactivity import api as inactivity
from onewindow_volunteers.inactivity.sending import sending, with_sender
from onewindow_volunteers.inactivity.service import UNANSWERED_BY, notice, unanswered_in_time
from onewindow_volunteers.metrics.queries import recount
from onewindow_volunteers.metrics.stations import computing
from onewindow_volunteers.needs import api as needs
from onewindow_volunteers.needs.models import SEALED_NEEDS
from onewindow_volunteers.needs.service import FORGOTTEN as NEED_FORGOTTEN
from onewindow_volunteers.needs.service import OFFER_LAPSES, OWNER_ERASED, offer_has_lapsed, owner_erased
from onewindow_volunteers.needs.service import forgotten as need_forgotten
from onewindow_volunteers.organisations import api as organisations
from onewindow_volunteers.organisations.models import ONE_MEMBERSHIP, ONE_NAME, ONE_PAPER
from onewindow_volunteers.organisations.problems import MemberAlready, OrganisationExists, PaperThere
from onewindow_volunteers.organisations.service import PAPER_TURNS, paper_turns
from onewindow_volunteers.people import api as people
from onewindow_volunteers.people.ageing import comes_of_age
from onewindow_volunteers.people.models import ONE_ACCOUNT, ONE_PERSON, SEALED
from onewindow_volunteers.people.service import (
    GONE,
    GUARDIAN_OVERDUE,
    INACTIVE,
    KNOWN_AGAIN,
    OF_AGE,
    PHONE_FORGOTTEN,
    UNVERIFIED,
    AlreadyRegistered,
)
from onewindow_volunteers.records import api as records
from onewindow_volunteers.records.models import ONE_RECORD, SEALED_EVIDENCE
from onewindow_volunteers.records.problems import RecordedAlready
from onewindow_volunteers.records.service import HELP_COUNTS, SETTLED
from onewindow_volunteers.reports import api as reports
from onewindow_volunteers.settings import Settings
from onewindow_volunteers.standing import api as standing
from onewindow_volunteers.standing.models import SEALED_SUSPENSIONS
from onewindow_volunteers.stars import api as stars
from onewindow_volunteers.stars.models import ONE_OBJECTION, ONE_STAR, SEALED_OBJECTION
from onewindow_volunteers.stars.problems import ObjectedAlready, StarAlready
from onewindow_volunteers.stars.service import PUBLICITY_OVER, publicity_over
from onewindow_volunteers.subscribers import HANDLERS
from onewindow_volunteers.timebank import api as timebank
from onewindow_volunteers.timebank.models import ONE_TIME_ACCOUNT
from onewindow_volunteers.timebank.problems import TimeAccountThere
from onewindow_volunteers.timebank.service import record_counts
from onewindow_volunteers.training import api as training
from onewindow_volunteers.walkins import api as walkins
from onewindow_volunteers.walkins.models import SEALED_WALK_IN
from onewindow_volunteers.walkins.service import FORGOTTEN, forgotten
from onewindow_volunteers.wards import api as wards


@asynccontextmanager
async def _with_the_outside(app: FastAPI, runtime: Runtime) -> AsyncIterator[None]:
    """Keep the identity check and the way to phones open."""
    async with with_identity_check(app, runtime), with_sender(app, runtime):
        yield


SERVICE = Service(
    name="volunteers",
    title="Volunteers",
    description="Volunteers of the district: who helps, where and since when.",
    settings=Settings,
    tables=Base.metadata,
    routers=[
        exports.router,
        people.router,
        corrections.router,
        imports.router,
        wards.router,
        inactivity.router,
        standing.router,
        erasure.router,
        training.router,
        feeds.router,
        organisations.router,
        stars.router,
        activities.router,
        records.router,
        walkins.router,
        certificates.router,
        batches.router,
        evaluations.router,
        needs.router,
        timebank.router,
        reports.router,
        figures_router("volunteers", Reading(computing)),
    ],
    handlers=HANDLERS,
    conflicts={
        ONE_PERSON: AlreadyRegistered,
        ONE_ACCOUNT: AlreadyRegistered,
        ONCE_A_SHIFT: SignedUpAlready,
        ONE_PLACE_AT_A_TIME: Overlaps,
        ONE_RECORD: RecordedAlready,
        ONE_TIME_ACCOUNT: TimeAccountThere,
        ONE_NAME: OrganisationExists,
        ONE_MEMBERSHIP: MemberAlready,
        ONE_PAPER: PaperThere,
        ONE_STAR: StarAlready,
        ONE_OBJECTION: ObjectedAlready,
        ONE_EVALUATION: EvaluatedAlready,
    },
    timers={
        ENDS: has_ended,
        PAPER_TURNS: paper_turns,
        PUBLICITY_OVER: publicity_over,
        REMINDER: is_about_to_begin,
        BEGINS: line_ends,
        FORGOTTEN: forgotten,
        PLACE_FREED: place_was_freed,
        OFFER_ENDS: offer_has_ended,
        SETTLED: record_changed,
        NEXT_SLICE: next_slice,
        GONE: person_is_gone,
        GUARDIAN_OVERDUE: guardian_overdue,
        OF_AGE: comes_of_age,
        UNVERIFIED: unverified,
        KNOWN_AGAIN: known_again,
        PHONE_FORGOTTEN: forget_phone,
        OFFER_LAPSES: offer_has_lapsed,
        NEED_FORGOTTEN: need_forgotten,
        OWNER_ERASED: owner_erased,
        HELP_COUNTS: record_counts,
        NEXT_ROWS: next_rows,
        ROWS_OLD: rows_old,
        UNANSWERED: unanswered,
        INACTIVE: notice,
        UNANSWERED_BY: unanswered_in_time,
    },
    checks={"register": register_check},
    destinations=("casework", "gateway"),
    sealed=[
        *SEALED,
        SEALED_CELLS,
        *SEALED_SUSPENSIONS,
        *SEALED_NEEDS,
        SEALED_WALK_IN,
        SEALED_OBJECTION,
        SEALED_EVIDENCE,
        SEALED_WORDS,
        SEALED_CONTENT,
    ],
    recount=recount,
    extension=_with_the_outside,
    jobs=sending,
)
