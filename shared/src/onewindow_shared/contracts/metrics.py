"""Counters of an area (rules C5), as each service keeps and answers them."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from pydantic import Field

from onewindow_shared.contracts.common import Contract, Moment
from onewindow_shared.contracts.norms import NormHeld


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
    CASES_CLOSED_WITHIN_LAW = "cases.closed_within_law"
    """Closed by the last day that the law gives."""
    CASES_CLOSINGS = "cases.closings"
    """Closings, also of cases that were taken up again since."""
    REVIEWS_OF_CLOSINGS = "reviews.of_closings"
    """Reviews on the day of the closing that they are about."""
    CASES_HANDLED = "cases.handled"
    """Closed cases of which it is known how many days they took and how often the applicant came."""
    HANDLING_DAYS = "cases.handling_days"
    """Working days from acceptance to decision of closed cases, without those of special procedures."""
    CASES_WITH_AGENCY = "cases.with_agency"
    """Accepted cases for which somebody is asked to go in the applicant's place."""
    CASE_VISITS = "cases.visits"
    """Days on which applicants of closed cases came to a window for them."""
    CASES_AT_MOST_ONE_VISIT = "cases.at_most_one_visit"
    CASES_OVERDUE_OPEN = "cases.overdue_open"
    REVIEWS_RATED = "reviews.rated"
    REVIEWS_SATISFIED = "reviews.satisfied"
    REVIEWS_1 = "reviews.level_1"
    """Ratings of the lowest of the five levels, and so on."""
    REVIEWS_2 = "reviews.level_2"
    REVIEWS_3 = "reviews.level_3"
    REVIEWS_4 = "reviews.level_4"
    REVIEWS_5 = "reviews.level_5"
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
    """Whose last day was the one before."""
    DISCLOSURES_ON_TIME = "disclosures.on_time"
    EVALUATION_PAIRS = "evaluation.pairs"
    EVALUATION_PAIRS_BOTH = "evaluation.pairs_both"
    VOLUNTEERS_REGISTERED = "volunteers.registered"
    VOLUNTEERS_ACTIVE = "volunteers.active"
    """Registered ones with a confirmed service within the last twelve months."""
    VOLUNTEERS_SERVING = "volunteers.serving"
    """Registered ones who served for the district's `active_hours` in the year in which the period ends."""
    SERVICE_MINUTES = "service.minutes"
    """Confirmed minutes of a day, in the community that recorded them."""
    RECORDS_CONFIRMED = "records.confirmed"
    """Services of a day of which minutes are confirmed, whenever that was."""
    RECORDS_ENDED = "records.ended"
    """Services of a day that are over."""
    RECORDS_IN_TIME = "records.in_time"
    """Of these the ones whose record was confirmed by the last day for it."""
    RECORDS_EVALUATED_IN_TIME = "records.evaluated_in_time"
    """Of these the ones that the organisation evaluated by then, too."""
    STARS_1 = "stars.level_1"
    """Volunteers who were given the first star, and so on."""
    STARS_2 = "stars.level_2"
    STARS_3 = "stars.level_3"
    STARS_4 = "stars.level_4"
    STARS_5 = "stars.level_5"
    ACTIVITIES_HAZARDOUS = "activities.hazardous"
    """Published ones, on the day of their first shift."""
    ACTIVITIES_INSURED = "activities.insured"
    """Of these the insured ones."""
    SERVICE_CERTIFICATES_ISSUED = "service_certificates.issued"
    SERVICE_CERTIFICATES_CORRECTED = "service_certificates.corrected"
    """Replaced or revoked."""
    STATIONS = "areas.with_station"
    """Communities with a volunteer station."""
    ORDERS_SENT = "orders.sent"
    ORDERS_BARRED = "orders.barred"
    ORDERS_COMPLETED = "orders.completed"
    ORDERS_REFUSED = "orders.refused"
    FUND_RECEIVED = "fund.received"
    FUND_BUDGETED = "fund.budgeted"
    FUND_PAID = "fund.paid"
    TRANSFERS_LATE = "fund.transfers_late"
    ITEMS_TO_FUND = "items.to_fund"
    """Admitted work on the lists that may not be asked without money."""
    ITEMS_FUNDED = "items.funded"
    """Of this the work of which no transfer is late."""
    ADMISSION_FORBIDDEN = "admission.forbidden"
    ADMISSIONS_DECIDED = "admission.decided"
    ADMISSIONS_DECIDED_ON_TIME = "admission.decided_on_time"
    LISTED_AUTONOMY = "lists.autonomy"
    LISTED_ASSIST = "lists.assist"
    LISTED_PURCHASE = "lists.purchase"
    BURDEN_LEDGERS = "burden.ledgers"
    """Recorded for the year in which the period ends, where the year before is known, too.

    That is of each community with those that it stands for since, once every one of them has told.
    """
    BURDEN_LEDGERS_BEFORE = "burden.ledgers_before"
    """Of the same communities, in the year before."""
    BURDEN_FORMS = "burden.forms"
    BURDEN_FORMS_BEFORE = "burden.forms_before"
    BURDEN_MEETINGS = "burden.meetings"
    BURDEN_MEETINGS_BEFORE = "burden.meetings_before"
    COMMUNITIES = "areas.communities"
    FACILITY_AREA = "values.facility_area_by_100"
    """Square metres of integrated facilities, times 100, of communities that know their households, too."""
    FACILITY_HOUSEHOLDS = "values.facility_households"
    """Households of the same communities."""
    PREMISES_AREA = "values.premises_area_by_100"
    """Square metres of premises, times 100, of communities that know their population, too."""
    PREMISES_PEOPLE = "values.premises_people"
    STAFF_HOUSEHOLDS = "values.staff_households"
    """Households of communities that know their staff, too."""
    STAFF = "values.staff"
    STAFF_IN_10000 = "values.staff_by_10000"
    """Staff, times 10,000, of communities that know their population, too."""
    STAFF_PEOPLE = "values.staff_people"
    STAFF_TRAINED = "values.staff_trained"
    """Staff of communities in which each of them had the hours of training that the norm asks for."""
    STAFF_TRAINING_KNOWN = "values.staff_training_known"
    """Staff of communities of which it is known how long they were trained."""
    HOUSEHOLDS = "values.households"
    HOUSEHOLDS_COMMUNITIES = "values.households_communities"
    """Communities that know their households."""
    NORMS_MET = "norms.met"
    """Norms of the district's profile that communities meet, once for each of both."""
    NORMS_KNOWN = "norms.known"
    """Of which it is known whether they meet them."""
    ITEM_DAYS = "items.statutory_days"
    """Working days that the law gives for the items in force, added up."""
    ITEM_DAYS_SAVED = "items.days_saved"
    """By how much less is promised."""
    CATEGORIES = "categories.all"
    """The ten, once for each community."""
    CATEGORIES_LIVE = "categories.live"
    """Those with an item in force, in each community."""


_COUNTING_PEOPLE = (
    *("cases.", "contacts.", "handoffs.", "codes.", "reviews.", "agencies.", "certificates."),
    *("volunteers.", "service.", "records.", "stars.", "service_certificates."),
)
OF_PEOPLE = frozenset(one for one in Metric if one.startswith(_COUNTING_PEOPLE))
"""What counts people, or what one of them did or asked for; all others count things."""
OF_REVIEWS = frozenset(one for one in Metric if one.startswith("reviews."))
"""What is told exactly to nobody: whoever may see the cases could find out whose an unnamed review is."""
SUMS_OVER: Mapping[Metric, Metric] = {
    Metric.HANDLING_DAYS: Metric.CASES_HANDLED,
    Metric.CASE_VISITS: Metric.CASES_HANDLED,
    Metric.SERVICE_MINUTES: Metric.RECORDS_CONFIRMED,
}
"""Sums, and what counts the cases or services that they are sums over."""
UNITS: Mapping[Metric, int] = {Metric.SERVICE_MINUTES: 60}
"""What of a sum stands for one matter of a person, where that is not 1: minutes are given by the hour."""
PERCENTILES = (90,)
"""Shares of a hundred of which it is told within how many days they were through."""


class Facet(StrEnum):
    """By what counters can be taken apart, where it is known of what they count."""

    ITEM = "item"
    CATEGORY = "category"
    DEPARTMENT = "department"
    CHANNEL = "channel"
    OFFICER = "officer"
    GRID = "grid"
    """Of cases of which the cell is known."""
    KIND = "kind"
    """Of certificates and forbidden matters their kind, of refused work the reason, of money its source."""


OF_BURDEN = frozenset(one for one in Metric if one.startswith("burden."))
"""What weighs on communities in a year, and in the year before."""
OF_THE_REGISTER = frozenset(one for one in Metric if one.startswith(("values.", "norms.")))
"""What communities have, and the norms that they meet."""
COMPUTED = (
    OF_THE_REGISTER
    | OF_BURDEN
    | frozenset(
        {
            Metric.COMMUNITIES,
            Metric.ITEM_DAYS,
            Metric.ITEM_DAYS_SAVED,
            Metric.CATEGORIES,
            Metric.CATEGORIES_LIVE,
            Metric.STATIONS,
            Metric.ITEMS_TO_FUND,
            Metric.ITEMS_FUNDED,
        }
    )
)
"""Standing numbers that no event changes but the day does; read off tables that do not grow with cases."""


OF_DISTRICTS = frozenset(
    {
        *(Metric.LISTED_AUTONOMY, Metric.LISTED_ASSIST, Metric.LISTED_PURCHASE),
        *(Metric.ADMISSION_FORBIDDEN, Metric.ADMISSIONS_DECIDED, Metric.ADMISSIONS_DECIDED_ON_TIME),
        *(Metric.ORDERS_BARRED, Metric.ORDERS_REFUSED, Metric.FUND_RECEIVED, Metric.FUND_BUDGETED),
        *(Metric.ITEMS_TO_FUND, Metric.ITEMS_FUNDED),
    }
)
"""What is done for a whole district and belongs to no area below it."""


STANDING = COMPUTED | frozenset(
    {
        Metric.CASES_OVERDUE_OPEN,
        Metric.VOLUNTEERS_REGISTERED,
        Metric.VOLUNTEERS_ACTIVE,
        Metric.VOLUNTEERS_SERVING,
        *(Metric.STARS_1, Metric.STARS_2, Metric.STARS_3, Metric.STARS_4, Metric.STARS_5),
        Metric.TRANSFERS_LATE,
        Metric.LISTED_AUTONOMY,
        Metric.LISTED_ASSIST,
        Metric.LISTED_PURCHASE,
    }
)
"""Metrics that are a standing number at the end of the period, not a count within it."""


OWNERS: Mapping[Metric, str] = {
    **dict.fromkeys(OF_THE_REGISTER | OF_BURDEN, "casework"),
    **dict.fromkeys(
        (
            *(Metric.CASES_RECEIVED, Metric.CASES_ACCEPTED, Metric.CASES_NOT_ACCEPTED),
            *(Metric.CASES_DEEMED_ACCEPTED, Metric.CASES_TOLERANTLY_ACCEPTED, Metric.CORRECTIONS_ASKED),
            *(Metric.CORRECTIONS_ASKED_IN_TIME, Metric.SECOND_DEMANDS, Metric.CONTACTS_TAKEN),
            *(Metric.CONTACTS_SETTLED, Metric.HANDOFFS_BOUNCED, Metric.CASES_CLOSED_INSTANTLY),
            *(Metric.CODES_WRONG, Metric.ITEM_DAYS, Metric.ITEM_DAYS_SAVED, Metric.CATEGORIES),
            Metric.CATEGORIES_LIVE,
        ),
        "intake",
    ),
    **dict.fromkeys(
        (
            *(Metric.COMMUNITIES, Metric.ITEMS_TO_FUND, Metric.ITEMS_FUNDED, Metric.CASES_WITH_AGENCY),
            *(Metric.CASES_CLOSED, Metric.CASES_CLOSED_WITHIN_LAW, Metric.CASES_CLOSINGS),
            *(Metric.REVIEWS_OF_CLOSINGS, Metric.CASES_HANDLED, Metric.HANDLING_DAYS),
            *(Metric.CASE_VISITS, Metric.CASES_AT_MOST_ONE_VISIT, Metric.REVIEWS_1, Metric.REVIEWS_2),
            *(Metric.REVIEWS_3, Metric.REVIEWS_4, Metric.REVIEWS_5, Metric.CASES_CLOSED_ON_TIME),
            *(Metric.CASES_OVERDUE_OPEN, Metric.REVIEWS_RATED, Metric.REVIEWS_SATISFIED),
            *(Metric.AGENCIES_ENTRUSTED, Metric.AGENCIES_SUSPENDED, Metric.AGENCIES_RESUMED),
            *(Metric.AGENCIES_DONE, Metric.AGENCIES_TERMINATED, Metric.AGENCY_VISITS),
            *(Metric.REVIEWS_BAD, Metric.REVIEWS_BAD_NAMED, Metric.REVIEWS_CONTACTED),
            *(Metric.REVIEWS_CONTACTED_IN_TIME, Metric.REVIEWS_ANSWERED_IN_TIME),
            *(Metric.CERTIFICATES_ISSUED, Metric.CERTIFICATES_REFUSED, Metric.DISCLOSURES_DUE),
            *(Metric.DISCLOSURES_ON_TIME, Metric.EVALUATION_PAIRS, Metric.EVALUATION_PAIRS_BOTH),
            *(Metric.ORDERS_SENT, Metric.ORDERS_BARRED, Metric.ORDERS_COMPLETED, Metric.ORDERS_REFUSED),
            *(Metric.FUND_RECEIVED, Metric.FUND_BUDGETED, Metric.FUND_PAID, Metric.TRANSFERS_LATE),
            *(Metric.ADMISSION_FORBIDDEN, Metric.ADMISSIONS_DECIDED, Metric.ADMISSIONS_DECIDED_ON_TIME),
            *(Metric.LISTED_AUTONOMY, Metric.LISTED_ASSIST, Metric.LISTED_PURCHASE),
        ),
        "casework",
    ),
    **dict.fromkeys(
        (
            *(Metric.VOLUNTEERS_REGISTERED, Metric.VOLUNTEERS_ACTIVE, Metric.VOLUNTEERS_SERVING),
            *(Metric.SERVICE_MINUTES, Metric.RECORDS_CONFIRMED, Metric.RECORDS_ENDED),
            *(Metric.RECORDS_IN_TIME, Metric.RECORDS_EVALUATED_IN_TIME),
            *(Metric.STARS_1, Metric.STARS_2, Metric.STARS_3, Metric.STARS_4, Metric.STARS_5),
            *(Metric.ACTIVITIES_HAZARDOUS, Metric.ACTIVITIES_INSURED),
            *(Metric.SERVICE_CERTIFICATES_ISSUED, Metric.SERVICE_CERTIFICATES_CORRECTED),
            Metric.STATIONS,
        ),
        "volunteers",
    ),
}
"""The service that keeps a counter, and without which it is not known."""


_OF_BOTH = frozenset({Facet.ITEM, Facet.CATEGORY, Facet.DEPARTMENT})
_OF_CASES = _OF_BOTH | {Facet.CHANNEL, Facet.GRID}
_CLOSED = frozenset(
    {
        *(Metric.CASES_CLOSED, Metric.CASES_CLOSED_ON_TIME, Metric.CASES_CLOSED_WITHIN_LAW),
        *(Metric.CASES_HANDLED, Metric.HANDLING_DAYS),
        *(Metric.CASE_VISITS, Metric.CASES_AT_MOST_ONE_VISIT),
    }
)
FACETS: Mapping[Metric, frozenset[Facet]] = {
    **dict.fromkeys(
        (
            *(Metric.CASES_RECEIVED, Metric.CASES_ACCEPTED, Metric.CASES_NOT_ACCEPTED),
            *(Metric.CASES_DEEMED_ACCEPTED, Metric.CASES_TOLERANTLY_ACCEPTED, Metric.CASES_CLOSED_INSTANTLY),
            *(Metric.CORRECTIONS_ASKED, Metric.CORRECTIONS_ASKED_IN_TIME, Metric.SECOND_DEMANDS),
            *(Metric.CASES_OVERDUE_OPEN, Metric.CASES_WITH_AGENCY, Metric.CASES_CLOSINGS),
        ),
        _OF_CASES,
    ),
    **dict.fromkeys(_CLOSED, _OF_CASES | {Facet.OFFICER}),
    **dict.fromkeys(OF_REVIEWS, _OF_BOTH | {Facet.OFFICER}),
    Metric.REVIEWS_OF_CLOSINGS: _OF_BOTH,
    **dict.fromkeys(
        (Metric.CONTACTS_TAKEN, Metric.CONTACTS_SETTLED), frozenset({Facet.CHANNEL, Facet.OFFICER})
    ),
    **dict.fromkeys((Metric.ORDERS_BARRED, Metric.ORDERS_REFUSED), frozenset({Facet.KIND, Facet.DEPARTMENT})),
    **dict.fromkeys(
        (
            *(Metric.CERTIFICATES_ISSUED, Metric.CERTIFICATES_REFUSED, Metric.ADMISSION_FORBIDDEN),
            *(Metric.FUND_RECEIVED, Metric.FUND_BUDGETED),
        ),
        frozenset({Facet.KIND}),
    ),
    Metric.TRANSFERS_LATE: frozenset({Facet.DEPARTMENT}),
}
"""By what counters can be taken apart; others by time and area alone."""


def default_period(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    """Return the period meant: up to today, from the first of the month in which it ends."""
    end = last or today
    return first or end.replace(day=1), end


class ServiceFigures(Contract):
    """One service's counters of an area in a period."""

    area: str
    period_from: date
    period_to: date
    figures: dict[Metric, int | None]
    """Null for what is withheld, because it counts so few people that they could be pointed at.

    What is not known there, as what only whole districts have, is not among them.
    """
    percentiles: dict[Metric, dict[int, int]] = Field(default_factory=dict)
    """Days within which so many of a hundred were through, of each counter that is known by days."""
    population: int | None
    """Resident population of the area on the last day, where a public figure is known."""
    norms: list[NormHeld] = Field(default_factory=list)
    """That were held there on the last day; what is wanted in a year, only of a whole one."""
    multiples_of: int | None = None
    """Whoever may see no cases is told of people's matters rounded down to multiples of this."""
    reviews_multiples_of: int | None = None
    """Everybody is told of reviews rounded down to multiples of this; null of who counts none."""
    as_of: Moment
