"""What the ledger reports of an item: its money and conditions are in place (N6)."""

from onewindow_casework.admission.life import move
from onewindow_casework.admission.models import WorkItem
from onewindow_shared.contracts.admission import MatterClass
from onewindow_shared.contracts.admission_life import ItemAction
from onewindow_shared.plumbing.problems import invalid
from onewindow_shared.plumbing.unit import Unit


def in_place(unit: Unit, item: WorkItem, *, contract: str | None = None) -> None:
    """Take note that an admitted item's money lies on the special account and its conditions are delivered.

    Purchased work needs the number of its contract. The next version of the lists will have the item.
    """
    if item.matter_class == MatterClass.PURCHASE and contract is None:
        raise invalid({"contract": "purchased work needs its contract"})
    item.funded_at, item.contract = unit.now, contract
    move(unit, item, ItemAction.FUND, by_system=True, note=contract)
