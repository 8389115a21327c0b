"""The casework service as one value."""

from onewindow_casework.admission import api as admission
from onewindow_casework.agency import api as agency
from onewindow_casework.agency.models import SEALED as SEALED_AGENCIES
from onewindow_casework.areas import api as areas
from onewindow_casework.assignment import api as assignment
from onewindow_casework.assignment.handoffs import OfferWaits
from onewindow_casework.assignment.models import ONE_ENTRY_EACH, ONE_OPEN_OFFER
from onewindow_casework.assignment.models import SEALED as SEALED_OFFERS
from onewindow_casework.assignment.service import RosteredMeanwhile
from onewindow_casework.base import Base
from onewindow_casework.burden import api as burden
from onewindow_casework.burden.models import ONE_RECORD_EACH
from onewindow_casework.burden.service import RecordedMeanwhile
from onewindow_casework.certificates import api as certificates
from onewindow_casework.certificates.models import ONE_REPLACEMENT
from onewindow_casework.certificates.models import SEALED as SEALED_CERTIFICATES
from onewindow_casework.certificates.service import AlreadyReplaced
from onewindow_casework.clocks import api as clocks
from onewindow_casework.delays import api as delays
from onewindow_casework.delays.models import SEALED as SEALED_DELAYS
from onewindow_casework.delivery import api as delivery
from onewindow_casework.delivery.models import SEALED as SEALED_DELIVERIES
from onewindow_casework.disclosure import api as disclosure
from onewindow_casework.districts import api as districts
from onewindow_casework.evaluations import api as evaluations
from onewindow_casework.evaluations import models as evaluation_tables
from onewindow_casework.evaluations.rounds import RoundOfThatYear
from onewindow_casework.evaluations.service import AlreadyAppealed, AlreadyAppraised, AlreadyRated
from onewindow_casework.exchange import api as exchange
from onewindow_casework.funding import api as funding
from onewindow_casework.funding import reports_api as funding_reports
from onewindow_casework.funding import statements_api as statements
from onewindow_casework.funding.ledger import CorrectedBefore, MoneyReserved, NotEnoughMoney
from onewindow_casework.funding.models import ENOUGH, RESERVED, TAKEN_BACK_ONCE
from onewindow_casework.grids import api as grids
from onewindow_casework.grids.models import ONE_CELL_PER_CODE
from onewindow_casework.grids.service import CellExists
from onewindow_casework.handling import api as handling
from onewindow_casework.handling.models import SEALED
from onewindow_casework.lists import api as lists
from onewindow_casework.lists import upkeep_api as upkeep
from onewindow_casework.matters import api as matters
from onewindow_casework.matters.models import ONE_MATTER_PER_CODE
from onewindow_casework.matters.service import CodeTaken
from onewindow_casework.messages.sending import sending, with_outlet
from onewindow_casework.metrics.areas import READING
from onewindow_casework.metrics.queries import recount
from onewindow_casework.needs import api as needs
from onewindow_casework.norms import api as norms
from onewindow_casework.orders import api as orders
from onewindow_casework.orders import refusals_api as refusals
from onewindow_casework.papers import api as papers
from onewindow_casework.reviews import api as reviews
from onewindow_casework.reviews import invited_api, work_api
from onewindow_casework.reviews.models import ONE_PER_HANDLING
from onewindow_casework.reviews.models import SEALED as SEALED_REVIEWS
from onewindow_casework.reviews.service import AlreadyReviewed
from onewindow_casework.seed import seed
from onewindow_casework.settings import Settings
from onewindow_casework.steps import api as steps
from onewindow_casework.steps.models import SEALED as SEALED_STEPS
from onewindow_casework.subscribers import HANDLERS, TIMERS
from onewindow_casework.supervision import api as supervision
from onewindow_casework.supervision.models import ONE_OPEN
from onewindow_casework.supervision.models import SEALED as SEALED_SUPERVISIONS
from onewindow_casework.supervision.service import SupervisionOpen
from onewindow_casework.timeline import api as timeline
from onewindow_casework.timeline.models import SEALED as SEALED_NOTES
from onewindow_casework.values import api as values
from onewindow_shared.plumbing.figures import figures_router
from onewindow_shared.plumbing.service import Service

SERVICE = Service(
    name="casework",
    title="Casework",
    description="The handling of accepted cases: who has each, until when, what was decided.",
    settings=Settings,
    tables=Base.metadata,
    routers=[
        handling.router,
        assignment.router,
        agency.router,
        papers.router,
        steps.router,
        delivery.router,
        timeline.router,
        clocks.router,
        supervision.router,
        delays.router,
        reviews.router,
        invited_api.router,
        work_api.router,
        districts.router,
        areas.router,
        values.router,
        norms.router,
        grids.router,
        exchange.router,
        figures_router("casework", READING),
        admission.router,
        matters.router,
        needs.router,
        lists.router,
        certificates.router,
        evaluations.router,
        orders.router,
        refusals.router,
        funding.router,
        funding_reports.router,
        statements.router,
        burden.router,
        upkeep.router,
        disclosure.router,
    ],
    handlers=HANDLERS,
    timers=TIMERS,
    conflicts={
        ONE_ENTRY_EACH: RosteredMeanwhile,
        ONE_OPEN_OFFER: OfferWaits,
        ONE_OPEN: SupervisionOpen,
        ONE_PER_HANDLING: AlreadyReviewed,
        ONE_REPLACEMENT: AlreadyReplaced,
        ONE_RECORD_EACH: RecordedMeanwhile,
        evaluation_tables.ONE_ROUND_A_YEAR: RoundOfThatYear,
        evaluation_tables.ONE_RATING_EACH: AlreadyRated,
        evaluation_tables.ONE_APPRAISAL_A_DAY: AlreadyAppraised,
        evaluation_tables.ONE_APPEAL_EACH: AlreadyAppealed,
        ONE_MATTER_PER_CODE: CodeTaken,
        ENOUGH: NotEnoughMoney,
        RESERVED: MoneyReserved,
        TAKEN_BACK_ONCE: CorrectedBefore,
        ONE_CELL_PER_CODE: CellExists,
    },
    destinations=("intake", "volunteers", "gateway"),
    sealed=[
        *SEALED,
        *SEALED_AGENCIES,
        *SEALED_DELIVERIES,
        *SEALED_OFFERS,
        *SEALED_STEPS,
        *SEALED_SUPERVISIONS,
        *SEALED_DELAYS,
        *SEALED_NOTES,
        *SEALED_CERTIFICATES,
        *SEALED_REVIEWS,
    ],
    seed=seed,
    recount=recount,
    extension=with_outlet,
    jobs=sending,
)
