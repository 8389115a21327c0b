"""What the next version of the lists is made of: the matters followed, and the items ready to be asked."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import or_, select

from onewindow_casework.admission.forms import money_of, workload_of
from onewindow_casework.admission.models import PAID_STATES, WorkItem
from onewindow_casework.matters import queries as matters
from onewindow_casework.matters.models import Matter
from onewindow_shared.contracts.admission import (
    AssistingAction,
    Basis,
    CommunityRole,
    ListedMatter,
    MatterClass,
    MatterKind,
)
from onewindow_shared.contracts.admission_life import ItemStatus
from onewindow_shared.plumbing.unit import Unit


def cards(unit: Unit, district: str, day: date) -> Iterator[tuple[ListedMatter, int | None]]:
    """Yield the card of everything that is to be listed from a day, with the id of its item if it has one."""
    for matter in matters.of_district(unit, district):
        yield _of_matter(matter, day), None
    for item in _ready(unit, district, day):
        if item.matter_class is not None:
            yield _of_item(item, MatterClass(item.matter_class)), item.id


def _ready(unit: Unit, district: str, day: date) -> Iterator[WorkItem]:
    own = (WorkItem.status == ItemStatus.APPROVED) & (WorkItem.matter_class == MatterClass.AUTONOMY)
    yield from unit.session.scalars(
        select(WorkItem)
        .where(WorkItem.district == district, or_(WorkItem.status.in_(PAID_STATES), own))
        .where(or_(WorkItem.last_day.is_(None), WorkItem.last_day >= day))
        .where(or_(WorkItem.contract_until.is_(None), WorkItem.contract_until >= day))
        .order_by(WorkItem.code)
    )


def _of_matter(matter: Matter, day: date) -> ListedMatter:
    return ListedMatter(
        code=matter.code,
        name=matter.name,
        aliases=matter.aliases,
        phrases=matter.phrases,
        kind=MatterKind(matter.kind),
        matter_class=MatterClass(matter.matter_class),
        department=None,
        content=None,
        role=None,
        actions=[],
        areas=[matter.district],
        first_day=day,
        last_day=None,
        workload=None,
        money=None,
        conditions=None,
        training=None,
        data_asked=None,
        basis=[Basis.model_validate(basis) for basis in matter.basis],
        instead=matter.instead,
        item_codes=matter.item_codes,
    )


def _of_item(item: WorkItem, matter_class: MatterClass) -> ListedMatter:
    return ListedMatter(
        code=item.code,
        name=item.name,
        aliases=item.aliases,
        kind=MatterKind(item.kind),
        matter_class=matter_class,
        department=item.department,
        content=item.content,
        role=CommunityRole(item.role),
        actions=[AssistingAction(action) for action in item.actions],
        areas=item.areas,
        first_day=item.first_day,
        last_day=item.last_day,
        workload=workload_of(item),
        money=money_of(item),
        conditions=item.conditions,
        training=item.training,
        data_asked=item.data_asked,
        basis=[Basis.model_validate(basis) for basis in item.basis],
        instead=None,
        item_codes=item.item_codes,
    )
