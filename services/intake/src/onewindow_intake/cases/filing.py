"""What an application is checked for before it is posted; nothing is read or written."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from onewindow_intake.cases import rules
from onewindow_intake.cases.channels import WAYS, Sight, wrong_forms
from onewindow_intake.cases.problems import OutsideArea
from onewindow_intake.cases.rules import Terms
from onewindow_intake.catalogue.offers import Offer
from onewindow_intake.checklist import rules as checklist
from onewindow_intake.checklist.rules import Look, Paper, Papers
from onewindow_intake.instant import rules as instant
from onewindow_intake.parties import rules as parties
from onewindow_intake.parties.rules import acting_of
from onewindow_intake.reference import Names, Snapshot
from onewindow_intake.routing.rules import of_item
from onewindow_shared.contracts.intake import CaseIn
from onewindow_shared.contracts.lifecycle import CaseAction, CaseStatus, walk
from onewindow_shared.contracts.machines import CannotMoveError
from onewindow_shared.contracts.parties import Acting
from onewindow_shared.plumbing.problems import NotPermitted, invalid
from onewindow_shared.plumbing.unit import Actor
from onewindow_shared.plumbing.workdays import Due, local_day

Row = dict[str, Any]


@dataclass(frozen=True)
class Filing:
    """An application, who posts it and when."""

    form: CaseIn
    actor: Actor
    now: datetime
    zone: ZoneInfo
    terms: Terms
    acted_at: datetime | None = None
    """When a window that was offline did what it asks for in the same visit; that is now otherwise."""

    @property
    def done_at(self) -> datetime:
        """When it is accepted or decided, if it is at once: limits run from when the applicant was told."""
        return self.acted_at or self.now

    @property
    def done_on(self) -> date:
        """The district's day of that."""
        return local_day(self.done_at, self.zone)

    @property
    def received_at(self) -> datetime:
        """When the papers came."""
        return (self.form.received_at or self.now).astimezone(UTC)

    @property
    def received_on(self) -> date:
        """The district's day on which the papers came."""
        return local_day(self.received_at, self.zone)

    @property
    def own(self) -> bool:
        """Whether it comes from an account of somebody's own, not from an office."""
        return rules.in_person(self.actor.roles)

    @property
    def at_once(self) -> CaseAction | None:
        """What is done in the same step; to decide is to accept, too."""
        if self.form.decide is not None:
            return CaseAction.DECIDE_AT_ONCE
        return CaseAction.ACCEPT if self.form.accept else None

    @property
    def acting(self) -> Acting:
        """In which quality it is handed in."""
        return acting_of(self.form, own=self.own)


@dataclass(frozen=True)
class Checked:
    """An application that can be posted."""

    filing: Filing
    offer: Offer
    status: CaseStatus
    materials: Row
    papers: Papers
    """The same, as rules have it."""
    names: Names
    complete_on: date | None
    notice_due_at: datetime
    answer_days: int
    answer_due_at: datetime
    limit: Due | None
    """End of the promised limit, if the case is accepted at once."""


def check(filing: Filing, snapshot: Snapshot) -> Checked:
    """Find an application good, or say everything that is wrong with it.

    Raises `NotPermitted` for accepting or deciding at once without the role, `Invalid`, and `OutsideArea`.
    """
    form = filing.form
    status = _status(filing)
    offer = snapshot.offer(form.item_code, form.community)
    wrong = rules.posted(
        form,
        filing.actor.roles,
        filing.now,
        filing.terms,
        calendar=snapshot.calendar,
        zone=filing.zone,
    )
    if "received_at" not in wrong:
        wrong |= parties.wrong(form, filing.received_on, own=filing.own)
    for field in ("community", "accepting_community"):
        named = getattr(form, field)
        if named not in {None, *snapshot.communities}:
            wrong[field] = snapshot.fault_of(named)
    if form.grid is not None and not snapshot.has_cell(form.grid, form.community):
        wrong["grid"] = "no grid cell of this community on that day"
    if offer is None:
        raise invalid(wrong | {"item_code": "no such item is offered"})
    wrong |= _wrong_for(filing, snapshot, offer) | _wrong_route(filing, snapshot, offer)
    if wrong:
        raise invalid(wrong)
    if not filing.own and not filing.actor.scope.covers(form.office):
        raise OutsideArea(detail="Post cases at windows of your own area.")
    return _timed(filing, snapshot, offer, status)


def _status(filing: Filing) -> CaseStatus:
    roles = filing.actor.roles
    status = walk(CaseStatus.DRAFT, CaseAction.SUBMIT, roles).target
    if filing.at_once is None:
        return status
    try:
        return walk(status, filing.at_once, roles).target
    except CannotMoveError:
        detail = "Your role does not accept cases: post without `accept` and `decide`."
        raise NotPermitted(detail=detail) from None


def _wrong_for(filing: Filing, snapshot: Snapshot, offer: Offer) -> dict[str, str]:
    form = filing.form
    wrong = checklist.wrong_materials(offer.materials, form.materials)
    wrong |= wrong_forms(form.channel, form.materials)
    wrong |= parties.wrong_for(form, offer.guide.audience)
    if not snapshot.offers.offered_in(offer, form.community):
        wrong["item_code"] = "this item is not offered in this community"
    if form.accepting_community is not None and not offer.guide.anywhere:
        wrong["accepting_community"] = "this item is taken in by its own community only"
    if form.agency_requested and not offer.guide.agency_available:
        wrong["agency_requested"] = "this item has to be applied for in person"
    wrong |= _wrong_decision(filing, offer)
    if filing.at_once and not wrong:
        wrong |= checklist.missing(offer.guide.materials, _known(filing, offer))
    return wrong


def _wrong_decision(filing: Filing, offer: Offer) -> dict[str, str]:
    form = filing.form
    if form.decide is None:
        return {}
    wrong = {f"decide.{field}": reason for field, reason in instant.wrong(form.decide).items()}
    if not offer.guide.instant:
        wrong["decide"] = "this item is not decided on the spot"
    elif form.accepting_community is not None and not filing.actor.scope.covers(form.community):
        wrong["decide"] = "it is taken in for another community: its own window decides"
    return wrong


def _known(filing: Filing, offer: Offer) -> dict[str, Paper]:
    form = filing.form
    seen = rules.seen_by(form.channel, filing.actor.roles)
    files_only = WAYS[form.channel].sight is Sight.ELECTRONIC
    look = Look(filing.received_at, filing.actor.subject if seen else None, files_only)
    return checklist.handed_in({}, form.materials, offer.materials, look)


def _wrong_route(filing: Filing, snapshot: Snapshot, offer: Offer) -> dict[str, str]:
    barred = of_item(offer.guide, snapshot.matters, filing.form.community, filing.done_on)
    return {} if barred is None else {"item_code": barred.detail}


def _timed(filing: Filing, snapshot: Snapshot, offer: Offer, status: CaseStatus) -> Checked:
    terms, calendar = filing.terms, snapshot.calendar
    papers = _known(filing, offer)
    complete = not checklist.absent(offer.guide.materials, papers)
    answer_days = rules.answer_days(filing.form.channel, terms)
    notice_due_at, answer_due_at = (
        rules.notice_due(calendar, filing.received_on, days, terms.closing_hour, filing.zone)
        for days in (terms.notice_days, answer_days)
    )
    accepted = filing.at_once is not None
    if accepted and filing.done_at >= notice_due_at:
        late = "the time for a notice is over: it counts as accepted since its receipt"
        raise invalid({"decide" if filing.form.decide else "accept": late})
    return Checked(
        filing=filing,
        offer=offer,
        status=status,
        materials=checklist.rows(papers),
        papers=papers,
        names=snapshot.names_for(filing.form.community, filing.form.office, offer.guide.department),
        complete_on=filing.received_on if complete else None,
        notice_due_at=notice_due_at,
        answer_days=answer_days,
        answer_due_at=answer_due_at,
        limit=rules.completion_due(calendar, filing.done_on, offer.guide.promised_days) if accepted else None,
    )
