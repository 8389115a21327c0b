"""Figures of an area for dashboards (rules C5), as each service answers and as the gateway merges them."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from onewindow_shared.contracts.common import Contract, Moment


class Metric(StrEnum):
    """Counters that the services keep as rollups; each is a sum over days of an area."""

    CASES_RECEIVED = "cases.received"
    CASES_ACCEPTED = "cases.accepted"
    CASES_NOT_ACCEPTED = "cases.not_accepted"
    CASES_DEEMED_ACCEPTED = "cases.deemed_accepted"
    CASES_TOLERANTLY_ACCEPTED = "cases.tolerantly_accepted"
    CORRECTIONS_ASKED = "cases.corrections_asked"
    """Notices of corrections."""
    CORRECTIONS_ASKED_IN_TIME = "cases.corrections_asked_in_time"
    SECOND_DEMANDS = "cases.second_demands"
    """Second notices, and demands beyond the first one, that were refused."""
    CONTACTS_TAKEN = "contacts.taken"
    CONTACTS_SETTLED = "contacts.settled"
    """Contacts of a day whose outcome is written down, whenever that was."""
    HANDOFFS_BOUNCED = "handoffs.bounced"
    CODES_WRONG = "codes.wrong"
    """Wrong codes that were tried on cases and papers without signing in."""
    CASES_CLOSED = "cases.closed"
    CASES_CLOSED_INSTANTLY = "cases.closed_instantly"
    """Closed in the visit in which they were applied for."""
    CASES_CLOSED_ON_TIME = "cases.closed_on_time"
    CASES_OVERDUE_OPEN = "cases.overdue_open"
    REVIEWS_RATED = "reviews.rated"
    REVIEWS_SATISFIED = "reviews.satisfied"
    AGENCIES_ENTRUSTED = "agencies.entrusted"
    AGENCIES_SUSPENDED = "agencies.suspended"
    AGENCIES_RESUMED = "agencies.resumed"
    AGENCIES_DONE = "agencies.done"
    AGENCIES_TERMINATED = "agencies.terminated"
    AGENCY_VISITS = "agencies.visits"
    """Ways that agents went in place of applicants."""
    REVIEWS_BAD = "reviews.bad"
    REVIEWS_BAD_NAMED = "reviews.bad_named"
    REVIEWS_CONTACTED = "reviews.contacted"
    REVIEWS_CONTACTED_IN_TIME = "reviews.contacted_in_time"
    REVIEWS_ANSWERED_IN_TIME = "reviews.answered_in_time"
    CERTIFICATES_ISSUED = "certificates.issued"
    CERTIFICATES_REFUSED = "certificates.refused"
    DISCLOSURES_DUE = "disclosures.due"
    DISCLOSURES_ON_TIME = "disclosures.on_time"
    EVALUATION_PAIRS = "evaluation.pairs"
    EVALUATION_PAIRS_BOTH = "evaluation.pairs_both"
    VOLUNTEERS_REGISTERED = "volunteers.registered"
    ORDERS_SENT = "orders.sent"
    ORDERS_BARRED = "orders.barred"
    ORDERS_COMPLETED = "orders.completed"
    ORDERS_REFUSED = "orders.refused"
    FUND_RECEIVED = "fund.received"
    FUND_BUDGETED = "fund.budgeted"
    FUND_PAID = "fund.paid"
    TRANSFERS_LATE = "fund.transfers_late"
    ADMISSION_FORBIDDEN = "admission.forbidden"
    ADMISSIONS_DECIDED = "admission.decided"
    ADMISSIONS_DECIDED_ON_TIME = "admission.decided_on_time"
    LISTED_AUTONOMY = "lists.autonomy"
    LISTED_ASSIST = "lists.assist"
    LISTED_PURCHASE = "lists.purchase"
    BURDEN_LEDGERS = "burden.ledgers"
    """Recorded for the year in which the period ends, by communities whose year before is known, too."""
    BURDEN_LEDGERS_BEFORE = "burden.ledgers_before"
    """Of the same communities, in the year before."""
    BURDEN_FORMS = "burden.forms"
    BURDEN_FORMS_BEFORE = "burden.forms_before"
    BURDEN_MEETINGS = "burden.meetings"
    BURDEN_MEETINGS_BEFORE = "burden.meetings_before"


class Facet(StrEnum):
    """By what counters can be taken apart, where it is known of what they count."""

    ITEM = "item"
    CATEGORY = "category"
    DEPARTMENT = "department"
    CHANNEL = "channel"
    OFFICER = "officer"


STANDING = frozenset(
    {
        Metric.CASES_OVERDUE_OPEN,
        Metric.VOLUNTEERS_REGISTERED,
        Metric.TRANSFERS_LATE,
        Metric.LISTED_AUTONOMY,
        Metric.LISTED_ASSIST,
        Metric.LISTED_PURCHASE,
        Metric.BURDEN_LEDGERS,
        Metric.BURDEN_LEDGERS_BEFORE,
        Metric.BURDEN_FORMS,
        Metric.BURDEN_FORMS_BEFORE,
        Metric.BURDEN_MEETINGS,
        Metric.BURDEN_MEETINGS_BEFORE,
    }
)
"""Metrics that are a standing number at the end of the period, not a count within it."""


OWNERS: Mapping[Metric, str] = {
    Metric.CASES_RECEIVED: "intake",
    Metric.CASES_ACCEPTED: "intake",
    Metric.CASES_NOT_ACCEPTED: "intake",
    Metric.CASES_DEEMED_ACCEPTED: "intake",
    Metric.CASES_TOLERANTLY_ACCEPTED: "intake",
    Metric.CORRECTIONS_ASKED: "intake",
    Metric.CORRECTIONS_ASKED_IN_TIME: "intake",
    Metric.SECOND_DEMANDS: "intake",
    Metric.CONTACTS_TAKEN: "intake",
    Metric.CONTACTS_SETTLED: "intake",
    Metric.HANDOFFS_BOUNCED: "intake",
    Metric.CASES_CLOSED_INSTANTLY: "intake",
    Metric.CODES_WRONG: "intake",
    Metric.CASES_CLOSED: "casework",
    Metric.CASES_CLOSED_ON_TIME: "casework",
    Metric.CASES_OVERDUE_OPEN: "casework",
    Metric.REVIEWS_RATED: "casework",
    Metric.REVIEWS_SATISFIED: "casework",
    Metric.AGENCIES_ENTRUSTED: "casework",
    Metric.AGENCIES_SUSPENDED: "casework",
    Metric.AGENCIES_RESUMED: "casework",
    Metric.AGENCIES_DONE: "casework",
    Metric.AGENCIES_TERMINATED: "casework",
    Metric.AGENCY_VISITS: "casework",
    Metric.REVIEWS_BAD: "casework",
    Metric.REVIEWS_BAD_NAMED: "casework",
    Metric.REVIEWS_CONTACTED: "casework",
    Metric.REVIEWS_CONTACTED_IN_TIME: "casework",
    Metric.REVIEWS_ANSWERED_IN_TIME: "casework",
    Metric.CERTIFICATES_ISSUED: "casework",
    Metric.CERTIFICATES_REFUSED: "casework",
    Metric.DISCLOSURES_DUE: "casework",
    Metric.DISCLOSURES_ON_TIME: "casework",
    Metric.EVALUATION_PAIRS: "casework",
    Metric.EVALUATION_PAIRS_BOTH: "casework",
    Metric.VOLUNTEERS_REGISTERED: "volunteers",
    Metric.ORDERS_SENT: "casework",
    Metric.ORDERS_BARRED: "casework",
    Metric.ORDERS_COMPLETED: "casework",
    Metric.ORDERS_REFUSED: "casework",
    Metric.FUND_RECEIVED: "casework",
    Metric.FUND_BUDGETED: "casework",
    Metric.FUND_PAID: "casework",
    Metric.TRANSFERS_LATE: "casework",
    Metric.ADMISSION_FORBIDDEN: "casework",
    Metric.ADMISSIONS_DECIDED: "casework",
    Metric.ADMISSIONS_DECIDED_ON_TIME: "casework",
    Metric.LISTED_AUTONOMY: "casework",
    Metric.LISTED_ASSIST: "casework",
    Metric.LISTED_PURCHASE: "casework",
    Metric.BURDEN_LEDGERS: "casework",
    Metric.BURDEN_LEDGERS_BEFORE: "casework",
    Metric.BURDEN_FORMS: "casework",
    Metric.BURDEN_FORMS_BEFORE: "casework",
    Metric.BURDEN_MEETINGS: "casework",
    Metric.BURDEN_MEETINGS_BEFORE: "casework",
}
"""The service that keeps a counter, and without which it is not known."""


_OF_CASES = frozenset({Facet.ITEM, Facet.CATEGORY, Facet.DEPARTMENT, Facet.CHANNEL})
_CLOSED = frozenset({Metric.CASES_CLOSED, Metric.CASES_CLOSED_ON_TIME})
FACETS: Mapping[Metric, frozenset[Facet]] = {
    metric: _OF_CASES | ({Facet.OFFICER} if metric in _CLOSED else frozenset())
    for metric in (
        *(Metric.CASES_RECEIVED, Metric.CASES_ACCEPTED, Metric.CASES_NOT_ACCEPTED),
        *(Metric.CASES_DEEMED_ACCEPTED, Metric.CASES_TOLERANTLY_ACCEPTED, Metric.CASES_CLOSED_INSTANTLY),
        *(Metric.CORRECTIONS_ASKED, Metric.CORRECTIONS_ASKED_IN_TIME, Metric.SECOND_DEMANDS),
        *(Metric.CASES_CLOSED, Metric.CASES_CLOSED_ON_TIME, Metric.CASES_OVERDUE_OPEN),
        *(Metric.REVIEWS_RATED, Metric.REVIEWS_SATISFIED),
    )
}
"""By what the counters of cases can be taken apart; others by time and area alone."""


def default_period(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    """Return the period meant: up to today, from the first of the month in which it ends."""
    end = last or today
    return first or end.replace(day=1), end


class ServiceFigures(Contract):
    """One service's counters of an area in a period."""

    area: str
    period_from: date
    period_to: date
    figures: dict[Metric, int]
    population: int | None
    """Resident population of the area where a public figure is known."""
    as_of: Moment


class Definition(Contract):
    """What an indicator means, as data: both parts, the target and where each comes from."""

    id: str
    name: str
    name_en: str
    numerator: Metric
    denominator: Metric | None
    denominator_is_population: bool
    target: str | None
    source: str


class Indicator(Contract):
    """An indicator of an area: both parts are given; `ratio` is null without a denominator."""

    id: str
    numerator: int | None
    denominator: int | None
    ratio: float | None
    withheld: bool = False
    """Its parts are null because so few people are counted that they could be pointed at."""


class Before(StrEnum):
    """An earlier period to compare with."""

    PREVIOUS = "previous"
    """The one before: as many months where it begins with a month, else as many days."""
    YEAR_AGO = "year_ago"


class Comparison(Contract):
    """The same indicators in an earlier period."""

    before: Before
    period_from: date
    period_to: date
    indicators: list[Indicator]
    missing: list[str]


class AreaMetrics(Contract):
    """The district's figures, merged over the services."""

    area: str
    period_from: date
    period_to: date
    indicators: list[Indicator]
    missing: list[str]
    """Services that did not answer in time; their indicators have null parts."""
    as_of: Moment
    """The oldest of the services' own moments: everything before it is counted."""
    compared: Sequence[Comparison] = ()
