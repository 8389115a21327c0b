"""Use cases of contacts: somebody asks, and what came of it is written down."""

from onewindow_intake.cases import queries as cases
from onewindow_intake.cases.problems import OutsideArea
from onewindow_intake.catalogue import queries as catalogue
from onewindow_intake.contacts import queries, rules
from onewindow_intake.contacts.models import ANSWER, MATTER, MOBILE, NAME
from onewindow_intake.contacts.models import Contact as Row
from onewindow_intake.contacts.problems import ContactSettled
from onewindow_intake.contacts.queries import NEWEST_FIRST, Filter
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.contacts import (
    Body,
    Contact,
    ContactIn,
    ContactOutcome,
    ContactParticulars,
    OutcomeIn,
)
from onewindow_shared.contracts.intake import CaseDisclosureIn, Channel
from onewindow_shared.contracts.masking import mask_name, mask_phone
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.paging import Wanted, page_within
from onewindow_shared.plumbing.privacy import Vault
from onewindow_shared.plumbing.problems import NotFound, invalid
from onewindow_shared.plumbing.reference import community_faults
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day


def take(unit: Unit, form: ContactIn) -> Contact:
    """Write down that somebody asked, with what came of it if that is known at once."""
    department = form.item_code and catalogue.department_of(unit.session, form.item_code)
    wrong = _wrong(unit, form)
    if form.item_code is not None and department is None:
        wrong["item_code"] = "no such item"
    if wrong:
        raise invalid(wrong)
    if not unit.actor.scope.covers(form.community):
        raise OutsideArea(detail="Take contacts of communities in your own area.")
    made = Row(
        version=1,
        **place(form.community),
        officer=unit.actor.subject,
        channel=form.channel,
        at=unit.now,
        item_code=form.item_code,
        department=department,
        matter_sealed=unit.vault.seal(form.matter, purpose=MATTER),
        name_sealed=unit.vault.sealed(form.name, purpose=NAME),
        mobile_sealed=unit.vault.sealed(form.mobile, purpose=MOBILE),
    )
    unit.count(
        Metric.CONTACTS_TAKEN, community=form.community, by=rules.counted_by(made.channel, made.officer)
    )
    if form.outcome is not None:
        _settle(unit, made, form.outcome)
    unit.session.add(made)
    unit.session.flush()
    detail = {"outcome": made.outcome}
    unit.audit("contact.taken", "contact", str(made.id), area=made.community, detail=detail)
    return shown(unit.vault, made)


def _wrong(unit: Unit, form: ContactIn) -> dict[str, str]:
    wrong = community_faults(unit, form.community)
    if form.outcome is not None:
        faults = _faults(unit, form.outcome)
        wrong |= {f"outcome.{field}": reason for field, reason in faults.items()}
    return wrong


def _faults(unit: Unit, form: OutcomeIn) -> dict[str, str]:
    wrong = rules.faults(form)
    if form.case_no is not None and "case_no" not in wrong:
        try:
            cases.of(unit.session, form.case_no)
        except NotFound:
            wrong["case_no"] = "no such case within your reach"
    return wrong


def settle(unit: Unit, contact_id: int, seen: int, form: OutcomeIn) -> Contact:
    """Write down what came of a contact, once."""
    found = queries.of(unit.session, contact_id, to_settle=True)
    expect_version(shown(unit.vault, found), seen)
    if found.outcome is not None:
        raise ContactSettled(detail="See the contact for what came of it.")
    if wrong := _faults(unit, form):
        raise invalid(wrong)
    _settle(unit, found, form)
    found.version += 1
    detail = {"outcome": found.outcome}
    unit.audit("contact.settled", "contact", str(found.id), area=found.community, detail=detail)
    return shown(unit.vault, found)


def _settle(unit: Unit, contact: Row, form: OutcomeIn) -> None:
    """Settle a contact; it is counted on the day it was taken, so that the share never exceeds the whole."""
    contact.outcome, contact.case_no = form.outcome, form.case_no
    contact.answer_sealed = unit.vault.sealed(form.answer, purpose=ANSWER)
    contact.settled_at, contact.settled_by = unit.now, unit.actor.subject
    if form.referred_to is not None:
        contact.referred_name = form.referred_to.name
        contact.referred_address = form.referred_to.address
        contact.referred_phone = form.referred_to.phone
    taken_on = local_day(contact.at, unit.zone)
    by = rules.counted_by(contact.channel, contact.officer)
    unit.count(Metric.CONTACTS_SETTLED, community=contact.community, day=taken_on, by=by)


def several(unit: Unit, wanted: Wanted, chosen: Filter) -> Page[Contact]:
    """List contacts, newest first; a page looks at a bounded number of them."""
    return page_within(
        unit,
        chosen.ranges(unit),
        chosen.sieve,
        NEWEST_FIRST,
        wanted,
        bound=f"contacts {chosen}",
        show=lambda contact: shown(unit.vault, contact),
    )


def one(unit: Unit, contact_id: int) -> Contact:
    """Show a contact."""
    return shown(unit.vault, queries.of(unit.session, contact_id))


def disclose(unit: Unit, contact_id: int, form: CaseDisclosureIn) -> ContactParticulars:
    """Show who asked in full, and write down to whom and why (个人信息保护法 art. 6)."""
    found = queries.of(unit.session, contact_id)
    unit.audit("contact.disclosed", "contact", str(found.id), area=found.community, reason=form.reason)
    return ContactParticulars(
        contact_id=found.id,
        name=unit.vault.opened(found.name_sealed, purpose=NAME),
        mobile=unit.vault.opened(found.mobile_sealed, purpose=MOBILE),
    )


def shown(vault: Vault, contact: Row) -> Contact:
    """Show a contact; who asked is masked."""
    name = vault.opened(contact.name_sealed, purpose=NAME)
    mobile = vault.opened(contact.mobile_sealed, purpose=MOBILE)
    body = contact.referred_name and Body(
        name=contact.referred_name, address=contact.referred_address, phone=contact.referred_phone
    )
    return Contact(
        contact_id=contact.id,
        version=contact.version,
        community=contact.community,
        officer=contact.officer,
        channel=Channel(contact.channel),
        at=contact.at,
        matter=vault.open(contact.matter_sealed, purpose=MATTER),
        item_code=contact.item_code,
        name=mask_name(name) if name else None,
        mobile=mask_phone(mobile) if mobile else None,
        outcome=ContactOutcome(contact.outcome) if contact.outcome else None,
        answer=vault.opened(contact.answer_sealed, purpose=ANSWER),
        case_no=contact.case_no,
        referred_to=body or None,
        settled_at=contact.settled_at,
        settled_by=contact.settled_by,
    )
