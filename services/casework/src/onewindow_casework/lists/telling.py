"""Telling the other services what was listed, changed or taken off."""

from datetime import date, timedelta

from sqlalchemy import select

from onewindow_casework.admission.models import WorkItem
from onewindow_casework.disclosure.facts import list_changed
from onewindow_casework.lists.models import ListEntry, ListVersion
from onewindow_casework.matters.models import Matter
from onewindow_shared.contracts.admission import ListedMatter
from onewindow_shared.contracts.events import ListedMatterChanged
from onewindow_shared.plumbing.unit import Unit

ONE_DAY = timedelta(days=1)


def tell(unit: Unit, district: str, card: ListedMatter, since: date, until: date | None) -> None:
    """Tell that a matter stands on the lists from a day, until another, as its card has it."""
    unit.publish(
        ListedMatterChanged(
            district=district,
            code=card.code,
            name=card.name,
            aliases=card.aliases,
            phrases=card.phrases,
            areas=card.areas,
            kind=card.kind,
            matter_class=card.matter_class,
            item_codes=card.item_codes,
            basis="\n".join(f"{basis.document}：{basis.quote}" for basis in card.basis),
            instead=card.instead,
            effective_from=since,
            effective_until=until,
            revision=_next_revision(unit, district, card.code),
        )
    )


def taken_off(unit: Unit, item: WorkItem, first_day_off: date, *, told: bool) -> None:
    """Tell that an item is listed no more, if it ever was; communities publish it, `told` before or not."""
    query = (
        select(ListEntry, ListVersion.effective_from)
        .join(ListVersion, ListVersion.id == ListEntry.list_id)
        .where(ListEntry.item_id == item.id)
        .order_by(ListVersion.number.desc())
        .limit(1)
    )
    last = unit.session.execute(query).first()
    if last is not None:
        entry, since = last
        card = ListedMatter.model_validate(entry.card)
        list_changed(unit, item.district, first_day_off, {"removed": [card]})
        if not told:
            tell(unit, item.district, card, max(since, entry.first_day), first_day_off - ONE_DAY)


def _next_revision(unit: Unit, district: str, code: str) -> int:
    matters = select(Matter).where(Matter.district == district, Matter.code == code)
    items = select(WorkItem).where(WorkItem.district == district, WorkItem.code == code)
    owner = unit.session.scalar(matters) or unit.session.scalars(items).one()
    owner.revision += 1
    return owner.revision
