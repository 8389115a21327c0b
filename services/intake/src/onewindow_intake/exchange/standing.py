"""What stands in the catalogue, beside what a row of a file tells of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

from onewindow_intake.catalogue import queries as catalogue
from onewindow_intake.catalogue import rules as guides
from onewindow_intake.catalogue.models import ItemOverride, ItemVersion
from onewindow_intake.exchange import queries, rules
from onewindow_intake.exchange.models import Import, ImportRow
from onewindow_intake.exchange.rules import Row, Span, Terms
from onewindow_shared.contracts.catalogue import ItemContent
from onewindow_shared.contracts.exchange import Section
from onewindow_shared.plumbing.rows import Wrong
from onewindow_shared.plumbing.unit import Unit

if TYPE_CHECKING:
    from onewindow_intake.settings import Settings


@dataclass(frozen=True)
class Found:
    """The numbers of what stood there at one moment."""

    versions: Mapping[tuple[str, date | None], int]
    """By item, and the first day of those that were to come."""
    terms: Mapping[tuple[str, str], int]
    """Of the newest terms, by item and district."""

    def of(self, row: Row) -> int | None:
        """Return the number of what a row stands beside; none where there was nothing."""
        section, code, *district = row.about
        if section == Section.ITEMS:
            return self.versions.get((code, row.span.effective_from))
        return self.terms.get((code, district[0]))


def found(unit: Unit, day: date, today: date) -> Found:
    """Return what is in force today, and what comes after the day of an import."""
    versions: dict[tuple[str, date | None], int] = {
        (one.item_code, one.effective_from): one.number for one in catalogue.all_to_come(unit.session, day)
    }
    versions |= {(code, None): number for code, number in catalogue.names_in_force(unit.session, today)}
    return Found(versions, catalogue.last_overrides(unit.session))


def as_row(row: ImportRow) -> Row:
    """Return a kept row as it was read."""
    span = Span(effective_from=row.effective_from, effective_to=row.effective_to)
    return Row(row.row, row.content, row.origins, span, Section(row.section))


def first_day(job: Import, row: ImportRow) -> date:
    """Return the day from which a row is meant."""
    return row.effective_from or job.effective_from


def since(unit: Unit, job: Import, row: ImportRow) -> date:
    """Return the day from which a row can hold: an import may have taken until after its own."""
    return max(first_day(job, row), unit.today)


def version(unit: Unit, job: Import, row: ImportRow) -> ItemVersion | None:
    """Return the version that a row stands beside: the one in force, or the one that begins on its day."""
    code = row.item_code or ""
    if row.effective_from is not None:
        return catalogue.beginning_on(unit.session, code, row.effective_from)
    return catalogue.in_force(unit.session, code, job.effective_from)


def told(unit: Unit, job: Import, row: ImportRow) -> ItemContent | list[Wrong]:
    """Return the item of a row, or everything that is wrong with it."""
    now = catalogue.in_force(unit.session, row.item_code or "", first_day(job, row))
    usual_days = cast("Settings", unit.settings).usual_promised_days
    return rules.content_of(as_row(row), catalogue.content_of(now) if now is not None else None, usual_days)


def says(version: ItemVersion, content: ItemContent, row: ImportRow) -> bool:
    """Say whether a version says what a row tells; where that tells no end, the version's stays."""
    return catalogue.content_of(version) == content and row.effective_to in {None, version.effective_to}


def stands(unit: Unit, job: Import, row: ImportRow, form: Terms) -> bool:
    """Say whether a district has just these terms already."""
    day, theirs = first_day(job, row), _theirs(unit, form)
    begun = [one for one in theirs if one.effective_from <= day]
    last = max(begun, key=lambda one: (one.effective_from, one.number), default=None)
    if last is None or (row.effective_from is not None and last.effective_from != day):
        return False
    return catalogue.terms_of(last) == form.terms


def unfit(unit: Unit, job: Import, row: ImportRow, form: Terms) -> dict[str, str]:
    """Name what stands against a district's terms: field -> reason.

    They have to go with every guide that they will be applied to, those of the file before those in force.
    """
    if job.reach is not None and not form.district.startswith(job.reach):
        return {"district": "each district sets its own terms"}
    met = _met(unit, job, row, form)
    if not met:
        return {"code": "there is no such item, and no good row of the file has it"}
    return {
        f"terms.{field}": why for content in met for field, why in guides.unfit(content, form.terms).items()
    }


def _met(unit: Unit, job: Import, row: ImportRow, form: Terms) -> Sequence[ItemContent]:
    """Return the guides of an item from the first day of a district's terms until its next ones."""
    day, coming = first_day(job, row), _guides(unit, job, form.code)
    later = {one.effective_from for one in _theirs(unit, form)}
    later |= {first_day(job, one) for one in queries.terms_of(unit.session, job.id, form.code, form.district)}
    until = min((one for one in later if one > day), default=date.max)
    begun = max((first for first in coming if first <= day), default=None)
    return [content for first, content in coming.items() if first == begun or day < first < until]


def _guides(unit: Unit, job: Import, code: str) -> dict[date, ItemContent]:
    """Return what an item will say once the import is done, by first days; none lies before the import's."""
    coming = {
        max(one.effective_from or date.min, job.effective_from): catalogue.content_of(one)
        for one in catalogue.now_or_later(unit.session, code, job.effective_from)
    }
    for row in queries.of_item(unit.session, job.id, code):
        content = told(unit, job, row)
        if isinstance(content, ItemContent):
            coming[first_day(job, row)] = content
    return coming


def _theirs(unit: Unit, form: Terms) -> Sequence[ItemOverride]:
    return catalogue.overrides_in(unit.session, form.code, form.district)
