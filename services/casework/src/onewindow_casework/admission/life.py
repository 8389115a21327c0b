"""Moving an item along the table of its life, and writing down what happened to it."""

from onewindow_casework.admission.models import ItemStep, WorkItem
from onewindow_shared.contracts.admission_life import (
    ItemAction,
    ItemStatus,
    walk_item,
)
from onewindow_shared.contracts.machines import CannotMoveError
from onewindow_shared.plumbing.problems import MoveRefused
from onewindow_shared.plumbing.unit import Unit


def move(
    unit: Unit, item: WorkItem, action: ItemAction, *, by_system: bool = False, note: str | None = None
) -> None:
    """Make a move of the table; `by_system` for timers, the ledger and lists, whoever set them off."""
    roles = None if by_system else unit.actor.roles
    try:
        item.status = walk_item(ItemStatus(item.status), action, roles).target
    except CannotMoveError as error:
        raise MoveRefused(detail=f"{error}.", state=item.status, action=action) from error
    record(unit, item, action, note=note)


def record(unit: Unit, item: WorkItem, step: str, *, note: str | None = None) -> None:
    """Write down that something happened to an item, for its history and for the audit."""
    item.version += 1
    unit.session.add(
        ItemStep(
            item_id=item.id,
            at=unit.now,
            step=step,
            status=item.status,
            by=unit.actor.subject,
            note=note,
        )
    )
    unit.audit(f"item.{step}", "item", item.code, area=item.district, detail={"status": item.status})
