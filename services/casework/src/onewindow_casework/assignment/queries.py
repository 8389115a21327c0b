"""Statements on roster, absences, hand-offs and who was in charge."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal, select, update

from onewindow_casework.assignment import rules
from onewindow_casework.assignment.models import Absence, Charge, ChargeOffer, RosterEntry
from onewindow_casework.assignment.rules import Candidate, Listed
from onewindow_casework.handling.models import CaseFile
from onewindow_shared.contracts.casework import Officer
from onewindow_shared.contracts.handoffs import HandOffState
from onewindow_shared.plumbing.belonging import within
from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset
from onewindow_shared.plumbing.problems import NotFound
from onewindow_shared.plumbing.unit import Unit

BY_ENTRY, BY_ABSENCE = Keyset((RosterEntry.id,)), Keyset((Absence.id,))
LISTED = [field.name for field in fields(Listed)]
_AWAY = "away"
"""Mark of a session that found out who is away today: it is asked once in a transaction."""
BY_OFFER, BY_CHARGE = Keyset((ChargeOffer.id,)), Keyset((Charge.id,))


def entry(unit: Unit, subject: str, *, to_change: bool = False) -> RosterEntry | None:
    """Return an officer's entry within reach; kept from other writers where it is to be changed."""
    query = select(RosterEntry).where(RosterEntry.subject == subject)
    return unit.session.scalar(query.with_for_update() if to_change else query)


def listed(unit: Unit, subject: str) -> Row[str, str, str | None, bool] | None:
    """Return name, area and department of an officer's entry, wherever it is, and whether it is in use."""
    entries = table_of(RosterEntry).c
    told = select(entries.name, entries.community, entries.department, entries.active)
    return unit.session.execute(told.where(entries.subject == subject)).one_or_none()


def known_entry(unit: Unit, subject: str, *, to_change: bool = False) -> RosterEntry:
    """Return an officer's entry as `entry` does, or raise `NotFound`."""
    found = entry(unit, subject, to_change=to_change)
    if found is None:
        raise NotFound(detail="There is no such officer on the roster within your reach.")
    return found


def entries() -> Select[RosterEntry]:
    """Return the roster."""
    return select(RosterEntry)


def absences(subject: str) -> Select[Absence]:
    """Return the absences of an officer."""
    return select(Absence).where(Absence.subject == subject)


def hold_absences(unit: Unit, subjects: Iterable[str]) -> None:
    """Have others who say of one of these that they are away, or stand in, wait for this transaction.

    Not everybody who stands in has a row on the roster that could be held. SQLite has one writer anyway.
    """
    if unit.dialect == "postgresql":
        for subject in sorted(subjects):
            lock = func.hashtextextended(f"absence of {subject}", 0)
            unit.session.execute(select(func.pg_advisory_xact_lock(lock)))


def away_between(unit: Unit, subject: str, first: date, last: date) -> bool:
    """Say whether an officer is away on a day from `first` to `last`, as far as it is written down."""
    met = absences(subject).where(Absence.first <= last, Absence.last >= first, ~Absence.cancelled)
    return unit.session.scalars(met.limit(1)).first() is not None


def absence(unit: Unit, subject: str, absence_id: int) -> Absence:
    """Return an absence of an officer, or raise `NotFound`."""
    return must_find(
        unit.session,
        absences(subject).where(Absence.id == absence_id).with_for_update(),
        "There is no such absence.",
    )


def absences_changed(unit: Unit) -> None:
    """Have it asked again in this transaction who is away."""
    unit.session.info.pop(_AWAY, None)


def away(unit: Unit, subjects: Iterable[str]) -> dict[str, Absence]:
    """Return who of these is absent today, and who of those that stand in for them."""
    found = _away(unit, subjects)
    return found | _away(unit, {one.substitute for one in found.values() if one.substitute} - found.keys())


def _away(unit: Unit, subjects: Iterable[str]) -> dict[str, Absence]:
    known: dict[str, Absence | None] = unit.session.info.setdefault(_AWAY, {})
    wanted = set(subjects)
    if unknown := wanted - known.keys():
        today = and_(Absence.first <= unit.today, Absence.last >= unit.today, ~Absence.cancelled)
        query = select(Absence).where(Absence.subject.in_(sorted(unknown)), today).order_by(Absence.id)
        with unit.session.no_autoflush:
            found = {one.subject: one for one in unit.session.scalars(query)}
        known.update({subject: found.get(subject) for subject in unknown})
    return {subject: one for subject in wanted if (one := known[subject]) is not None}


def substitutes(found: Mapping[str, Absence]) -> dict[str, str | None]:
    """Return who stands in for each who is away."""
    return {subject: one.substitute for subject, one in found.items()}


def answerable(unit: Unit, case: CaseFile) -> Officer | None:
    """Return the one person who answers for a case today; until somebody is in charge, the first asked."""
    if case.handler is None or case.handler_name is None:
        first = case.first_contact_officer
        return Officer(subject=first, name=first) if first else None
    found = away(unit, [case.handler])
    subject = rules.answerable(case.handler, substitutes(found))
    if subject is None or subject == case.handler:
        return Officer(subject=case.handler, name=case.handler_name)
    return Officer(subject=subject, name=found[case.handler].substitute_name or subject)


def followed(subject: str) -> ColumnElement[bool]:
    """Select the cases in which somebody was asked first and nobody has taken over from them yet."""
    return and_(CaseFile.first_contact_officer == subject, CaseFile.first_contact_released_at.is_(None))


def in_charge(unit: Unit, case: CaseFile) -> str | None:
    """Return the account that works on a case today, or None while nobody is in charge."""
    found = answerable(unit, case) if case.handler is not None else None
    return found.subject if found else None


def agents(unit: Unit, case: CaseFile) -> frozenset[str]:
    """Return everybody who was ever in charge of a case, or stood in."""
    query = select(Charge.officer).where(Charge.case_id == case.id)
    return frozenset(unit.session.scalars(query)) | {one for one in (case.handler,) if one}


def stood_in_for(unit: Unit, subject: str) -> list[str]:
    """Return those for whose cases somebody answers today: themselves, and whom they stand in for."""
    query = select(Absence.subject).where(
        Absence.substitute == subject,
        Absence.first <= unit.today,
        Absence.last >= unit.today,
        ~Absence.cancelled,
    )
    others = list(unit.session.scalars(query))
    found = substitutes(away(unit, [subject, *others]))
    return [one for one in (subject, *others) if rules.answerable(one, found) == subject]


def pool(unit: Unit, case: CaseFile) -> list[list[Listed]]:
    """Return the officers of a case's community, then those of its department, whoever asks for one."""
    entries = table_of(RosterEntry).c
    told = select(*(entries[name] for name in LISTED)).where(entries.active)
    here = and_(within(entries, unit.gathered(case.community)), entries.department.is_(None))
    there = and_(entries.department == case.department, entries.district == case.district)
    held = told.order_by(entries.id).with_for_update()
    return [
        [Listed(**row) for row in unit.session.execute(held.where(where)).mappings()]
        for where in (here, there)
    ]


def given_now(unit: Unit, subject: str) -> None:
    """Keep that somebody was given a case by rule, wherever their entry is."""
    entries = table_of(RosterEntry)
    unit.session.execute(update(entries).where(entries.c.subject == subject).values(given_at=unit.now))


def served(unit: Unit, files: Iterable[Mapping[str, str]]) -> list[bool]:
    """Say of new files whether the roster has anybody for their community or department."""
    query = select(RosterEntry.community, RosterEntry.department, RosterEntry.district)
    found = unit.session.execute(query.where(RosterEntry.active).distinct()).all()
    areas = {unit.heir(community) for community, department, _ in found if department is None}
    offices = {(department, district) for _, department, district in found}
    return [
        unit.heir(file["community"]) in areas or (file["department"], file["district"]) in offices
        for file in files
    ]


def candidates(unit: Unit, entries: Sequence[Listed]) -> list[Candidate]:
    """Return officers with what they have in hand now, in every area that they work for."""
    subjects, files = [one.subject for one in entries], table_of(CaseFile).c
    counted = (
        select(files.handler, func.count())
        .where(files.open, files.handler.in_(subjects))
        .group_by(files.handler)
    )
    loads: dict[str, int] = dict(unit.session.execute(counted).all())
    absent = away(unit, subjects)
    return [
        Candidate(
            subject=one.subject,
            items=frozenset(one.items),
            load=loads.get(one.subject, 0),
            most_open=one.most_open,
            present=one.subject not in absent,
            given_at=one.given_at,
        )
        for one in entries
    ]


def offers(case: CaseFile) -> Select[ChargeOffer]:
    """Return the hand-offs of a case."""
    return select(ChargeOffer).where(ChargeOffer.case_id == case.id)


def open_offers(taker: str) -> Select[ChargeOffer]:
    """Return what is offered to an officer, of the cases within their reach."""
    waits = ChargeOffer.state == literal(HandOffState.OFFERED.value, literal_execute=True)
    return select(ChargeOffer).join(CaseFile).where(waits, ChargeOffer.taker == taker)


def charges(case: CaseFile) -> Select[Charge]:
    """Return who was in charge of a case, oldest first."""
    return select(Charge).where(Charge.case_id == case.id)
