"""Who may act for whom, on which day, and who agrees for whom.

民法典 arts. 17-28 and 161-173, 行政许可法 art. 29, 个人信息保护法 arts. 14 and 31.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from onewindow_shared.contracts.catalogue import Audience
from onewindow_shared.contracts.identity import IdDocument, age_on, birth_date
from onewindow_shared.contracts.intake import CaseIn
from onewindow_shared.contracts.parties import (
    NO_LETTER,
    Acting,
    AgentIn,
    ConsentBy,
    ConsentIn,
    EntrustmentIn,
    GuardianIn,
    MemberIn,
    Power,
    exceeded,
)
from onewindow_shared.plumbing.workdays import ONE_DAY, midnight

ADULT = 18
"""Full years from which somebody is no minor (民法典 art. 17)."""


@dataclass(frozen=True)
class Side:
    """The applicant's side of a case, as far as it decides who may act."""

    minor: bool
    guardian: bool
    """Somebody acts as a guardian, and may still."""
    entrustment: EntrustmentIn | None


def is_minor(document: IdDocument, day: date) -> bool:
    """Say whether a document tells that its bearer is a minor; some numbers do not tell."""
    born = birth_date(document)
    return born is not None and age_on(born, max(born, day)) < ADULT


def guarded(applicant: IdDocument, received_on: date, day: date) -> bool:
    """Say whether a guardian who was named still acts: a minor's does until the minor is of age."""
    return is_minor(applicant, day) or not is_minor(applicant, received_on)


def acting_of(form: CaseIn, *, own: bool) -> Acting:
    """Say who hands an application in; whoever uses an account of their own says so if they are the agent."""
    if form.acting is not None:
        return form.acting
    if form.agent is not None and not own:
        return Acting.AGENT
    return Acting.APPLICANT if form.guardian is None else Acting.GUARDIAN


def consent_by(form: CaseIn) -> ConsentBy:
    """Say who agrees for the applicant."""
    return form.consent.by or (ConsentBy.GUARDIAN if form.guardian else ConsentBy.APPLICANT)


def wrong(form: CaseIn, day: date, *, own: bool) -> dict[str, str]:
    """Return what is wrong with the people of an application on the day it comes: field -> reason."""
    minor = is_minor(form.applicant.id_document, day)
    faults = _wrong_consent(form.consent, minor=minor, guarded=form.guardian is not None)
    if minor and form.guardian is None:
        faults["guardian"] = "a minor acts through a guardian"
    if form.guardian is not None:
        faults |= _wrong_guardian(form.guardian, form, day)
    if form.agent is not None:
        faults |= _wrong_agent(form.agent, form, day)
    faults |= _wrong_members(form.household, form, day)
    side = Side(minor, form.guardian is not None, form.agent.entrustment if form.agent else None)
    reason = may_not(side, acting_of(form, own=own), None, day)
    return faults if reason is None or "guardian" in faults else faults | {"acting": reason}


def _wrong_consent(consent: ConsentIn, *, minor: bool, guarded: bool) -> dict[str, str]:
    faults = {}
    if minor and consent.by is ConsentBy.APPLICANT:
        faults["consent.by"] = "for a minor the guardian agrees"
    if consent.by is ConsentBy.GUARDIAN and not guarded:
        faults["consent.by"] = "no guardian is named"
    return faults


def _wrong_guardian(guardian: GuardianIn, form: CaseIn, day: date) -> dict[str, str]:
    if is_minor(guardian.id_document, day):
        return {"guardian.id_document": "a guardian is of age"}
    if _same(guardian.id_document, form.applicant.id_document):
        return {"guardian.id_document": "nobody is their own guardian"}
    return {}


def _wrong_agent(agent: AgentIn, form: CaseIn, day: date) -> dict[str, str]:
    faults = _wrong_letter(agent.entrustment, day)
    if is_minor(agent.id_document, day):
        faults["agent.id_document"] = "an entrusted person is of age"
    if _same(agent.id_document, form.applicant.id_document):
        faults["agent.id_document"] = "nobody entrusts themselves"
    return faults


def _wrong_letter(letter: EntrustmentIn, day: date) -> dict[str, str]:
    faults = {}
    if len(set(letter.scope)) < len(letter.scope):
        faults["agent.entrustment.scope"] = "each is said once"
    if Power.SUBMIT not in letter.scope:
        faults["agent.entrustment.scope"] = "the letter does not allow submitting"
    if letter.begins_on > day:
        faults["agent.entrustment.begins_on"] = "the term has not begun"
    if letter.ends_on < day:
        faults["agent.entrustment.ends_on"] = "the term is over"
    if letter.ends_on < letter.begins_on:
        faults["agent.entrustment.ends_on"] = "this lies before the term begins"
    if letter.document is None and letter.seen_by is None:
        faults["agent.entrustment.document"] = "name the letter, or who has seen it"
    return faults


def entrusted_until(letter: EntrustmentIn, zone: tzinfo) -> datetime:
    """Return the end of a letter's last day, or of the last day there is."""
    return midnight(min(letter.ends_on, date.max - ONE_DAY) + ONE_DAY, zone)


def of_age_at(document: IdDocument, zone: tzinfo) -> datetime | None:
    """Return when a minor comes of age, at the beginning of the eighteenth birthday (民法典 art. 17)."""
    born = birth_date(document)
    if born is None:
        return None
    last = monthrange(born.year + ADULT, born.month)[1]
    return midnight(date(born.year + ADULT, born.month, min(born.day, last)), zone)


def _same(one: IdDocument, other: IdDocument) -> bool:
    return one.lookup_key == other.lookup_key


def _wrong_members(members: Sequence[MemberIn], form: CaseIn, day: date) -> dict[str, str]:
    times = Counter(member.id_document.lookup_key for member in members)
    times[form.applicant.id_document.lookup_key] += 1
    faults = {}
    for place, member in enumerate(members):
        if times[member.id_document.lookup_key] > 1:
            faults[f"household.{place}.id_document"] = "this person is named more than once"
        minor = is_minor(member.id_document, day)
        if minor and member.consent.by is not ConsentBy.GUARDIAN:
            faults[f"household.{place}.consent.by"] = "for a minor the guardian agrees"
    return faults


def wrong_for(form: CaseIn, audience: Audience) -> dict[str, str]:
    """Refuse members where no household applies."""
    if form.household and audience is not Audience.HOUSEHOLD:
        return {"household": "for this item somebody applies for themselves"}
    return {}


def may_not(side: Side, acting: Acting, power: Power | None, day: date) -> str | None:
    """Say why somebody may not do what needs a power, or None if they may.

    At the posting no power is asked for here, since each fault of the letter is named by its own field.
    """
    if acting is Acting.APPLICANT:
        return "a minor acts through a guardian" if side.minor else None
    if acting is Acting.GUARDIAN:
        return None if side.guardian else "no guardian acts in this case"
    if side.entrustment is None:
        return NO_LETTER
    if power is None:
        return None
    return exceeded(side.entrustment, power, day)
