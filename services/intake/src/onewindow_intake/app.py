"""The intake service, put together."""

from sqlalchemy import select

from onewindow_intake.base import Base
from onewindow_intake.batches.api import router as batches
from onewindow_intake.cases.api import router as cases
from onewindow_intake.cases.deadlines import correction_is_due, notice_is_due
from onewindow_intake.cases.models import SEALED
from onewindow_intake.cases.moving import CORRECTION_DUE, NOTICE_DUE, SUPPLEMENT_DUE
from onewindow_intake.cases.problems import SecondNotice
from onewindow_intake.cases.queries import COUNT_NEXT
from onewindow_intake.cases.rows import ENTRUSTMENT_ENDS, GUARDIANSHIP_ENDS
from onewindow_intake.catalogue.api import router as catalogue
from onewindow_intake.catalogue.keeping import router as keeping
from onewindow_intake.catalogue.models import Item
from onewindow_intake.catalogue.problems import CategoryExists, CategoryInUse, Overtaken
from onewindow_intake.checklist.api import router as checklist
from onewindow_intake.contacts.api import router as contacts
from onewindow_intake.contacts.models import SEALED as SEALED_OF_CONTACTS
from onewindow_intake.custody.api import router as custody
from onewindow_intake.custody.models import SEALED as SEALED_OF_CUSTODY
from onewindow_intake.deps import jobs, with_desk
from onewindow_intake.documents.api import router as documents
from onewindow_intake.documents.models import SEALED as SEALED_OF_DOCUMENTS
from onewindow_intake.documents.service import RETENTION_DUE, UPLOAD_EXPIRES, upload_expires
from onewindow_intake.documents.tending import FILE_INFECTED, file_is_infected, retention_is_due
from onewindow_intake.drafts.api import router as drafts
from onewindow_intake.drafts.models import SEALED as SEALED_OF_DRAFTS
from onewindow_intake.drafts.service import EXPIRED, has_expired
from onewindow_intake.duplicates.api import router as duplicates
from onewindow_intake.exchange.api import router as exchange
from onewindow_intake.exchange.service import NEXT_SLICE, next_slice
from onewindow_intake.handoffs.api import router as handoffs
from onewindow_intake.handoffs.models import SEALED as SEALED_OF_HANDOFFS
from onewindow_intake.handoffs.problems import AlreadyOffered
from onewindow_intake.instant.api import router as instant
from onewindow_intake.instant.models import SEALED as SEALED_OF_DECISIONS
from onewindow_intake.issued.api import router as issued
from onewindow_intake.metrics.catalogue import computing
from onewindow_intake.metrics.names import names
from onewindow_intake.metrics.queries import recount
from onewindow_intake.papers.api import router as papers
from onewindow_intake.papers.keeping import KEEP_NEXT, keep_next
from onewindow_intake.papers.models import SEALED as SEALED_OF_PAPERS
from onewindow_intake.parties.api import router as parties
from onewindow_intake.parties.ending import entrustment_ends, guardianship_ends
from onewindow_intake.parties.models import SEALED as SEALED_OF_PARTIES
from onewindow_intake.recounting import CALENDAR_SETTLED, calendar_has_settled, count_next
from onewindow_intake.reuse.api import router as reuse
from onewindow_intake.reviewing.api import router as reviewing
from onewindow_intake.routing.api import router as routing
from onewindow_intake.seed import seed
from onewindow_intake.settings import Settings
from onewindow_intake.subscribers import HANDLERS
from onewindow_intake.tolerance.api import router as tolerance
from onewindow_intake.tolerance.service import supplement_is_due
from onewindow_intake.tracking.api import router as tracking
from onewindow_intake.views.api import router as views
from onewindow_intake.views.models import ONE_NAME
from onewindow_intake.views.models import SEALED as SEALED_OF_VIEWS
from onewindow_intake.views.problems import NameTaken
from onewindow_intake.worklists.api import router as worklists
from onewindow_shared.plumbing.figures import Reading, figures_router
from onewindow_shared.plumbing.reference import register_check
from onewindow_shared.plumbing.runtime import Runtime
from onewindow_shared.plumbing.scope import EVERYTHING
from onewindow_shared.plumbing.service import Service


async def catalogue_check(runtime: Runtime) -> str | None:
    """Readiness: there is something to apply for."""
    found = await runtime.database.read(EVERYTHING, lambda s: s.scalar(select(Item.code).limit(1)))
    return None if found else "no service items are loaded: run `seed`"


SERVICE = Service(
    name="intake",
    title="Intake",
    description="Service items, applications until they are accepted or refused, and their tracking.",
    settings=Settings,
    tables=Base.metadata,
    routers=[
        catalogue,
        keeping,
        exchange,
        worklists,
        views,
        duplicates,
        cases,
        checklist,
        reuse,
        parties,
        batches,
        tolerance,
        instant,
        routing,
        handoffs,
        drafts,
        custody,
        contacts,
        issued,
        documents,
        papers,
        tracking,
        reviewing,
        figures_router("intake", Reading(computing, names=names)),
    ],
    handlers=HANDLERS,
    timers={
        NEXT_SLICE: next_slice,
        NOTICE_DUE: notice_is_due,
        CORRECTION_DUE: correction_is_due,
        SUPPLEMENT_DUE: supplement_is_due,
        CALENDAR_SETTLED: calendar_has_settled,
        COUNT_NEXT: count_next,
        UPLOAD_EXPIRES: upload_expires,
        RETENTION_DUE: retention_is_due,
        FILE_INFECTED: file_is_infected,
        EXPIRED: has_expired,
        ENTRUSTMENT_ENDS: entrustment_ends,
        GUARDIANSHIP_ENDS: guardianship_ends,
        KEEP_NEXT: keep_next,
    },
    conflicts={
        ONE_NAME: NameTaken,
        "pk_correction_notices": SecondNotice,
        "pk_items": Overtaken,
        "pk_item_versions": Overtaken,
        "pk_item_overrides": Overtaken,
        "uq_item_versions_item_code_effective_from": Overtaken,
        "pk_item_categories": CategoryExists,
        "fk_item_categories_parent": CategoryInUse,
        "uq_case_handoffs_open": AlreadyOffered,
    },
    checks={"register": register_check, "catalogue": catalogue_check},
    destinations=("casework",),
    sealed=[
        *SEALED,
        *SEALED_OF_CONTACTS,
        *SEALED_OF_CUSTODY,
        *SEALED_OF_DECISIONS,
        *SEALED_OF_DOCUMENTS,
        *SEALED_OF_DRAFTS,
        *SEALED_OF_HANDOFFS,
        *SEALED_OF_PAPERS,
        *SEALED_OF_PARTIES,
        *SEALED_OF_VIEWS,
    ],
    seed=seed,
    recount=recount,
    extension=with_desk,
    jobs=jobs,
)
