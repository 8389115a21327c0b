"""Finding delays, and showing them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from onewindow_casework.delays.models import WORDS, Delay
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.settings import settings_of
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.delays import DelayOut, DelayRow
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.unit import Unit

NEWEST = Keyset((Delay.id,), newest_first=True)


@dataclass(frozen=True)
class Filters:
    """Which delays a list is of; a dependency of its route."""

    stated: Annotated[bool | None, Query(description="Only such whose reason is stated, or is not")] = None


def latest(unit: Unit, case: CaseFile) -> Delay | None:
    """Return the last delay of a case; one that was never late needs no look."""
    if case.overdue_on is None and case.reopened_at is None:
        return None
    query = select(Delay).where(Delay.case_id == case.id)
    return unit.session.scalar(query.order_by(Delay.promised_on.desc()).limit(1))


def several(unit: Unit, wanted: Wanted, filters: Filters) -> Page[DelayRow]:
    """Return a page of the delays within reach, the newest first."""
    query = select(Delay).options(joinedload(Delay.case))
    if filters.stated is not None:
        query = query.where(Delay.kind.is_not(None) if filters.stated else Delay.kind.is_(None))
    bound = f"delays {filters}"
    return page(unit, query, NEWEST, wanted, bound=bound, show=lambda delay: _row(unit, delay))


def _row(unit: Unit, delay: Delay) -> DelayRow:
    place: dict[str, Any] = {
        "case_no": delay.case.case_no,
        "community": delay.community,
        "department": delay.department,
    }
    return DelayRow(**_shown(unit, delay), **place)


def show(unit: Unit, delay: Delay | None) -> DelayOut | None:
    """Return a delay as the caller may see it, none where there is none."""
    return DelayOut(**_shown(unit, delay)) if delay else None


def _shown(unit: Unit, delay: Delay) -> dict[str, Any]:
    staff = unit.actor.scope.owner is None
    return {
        "promised_on": delay.promised_on,
        "reason_by": delay.reason_by,
        "kind": delay.kind,
        "told": told(unit, delay.kind) if delay.kind else None,
        "words": unit.vault.opened(delay.words_sealed, purpose=WORDS) if staff else None,
        "stated_at": delay.stated_at,
    }


def told(unit: Unit, kind: str) -> str:
    """Say a kind of reason in plain words; one that the district has dropped since keeps its code."""
    return settings_of(unit).delay_reasons.get(kind, kind)


def counted(unit: Unit, district: str, first: date, last: date) -> Mapping[tuple[str, str | None], int]:
    """Count a district's delays of a period by item and kind of reason."""
    query = (
        select(Delay.item_code, Delay.kind, func.count())
        .where(Delay.district == district, Delay.promised_on.between(first, last))
        .group_by(Delay.item_code, Delay.kind)
    )
    return {(item, kind): n for item, kind, n in unit.session.execute(query)}
