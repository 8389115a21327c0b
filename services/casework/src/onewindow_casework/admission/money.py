"""What the ledger reports of an item: its money and conditions are in place (N6), and by which contract."""

from datetime import timedelta

from onewindow_casework.admission.life import move, record
from onewindow_casework.admission.models import WorkItem
from onewindow_shared.contracts.admission import MatterClass
from onewindow_shared.contracts.admission_life import ItemAction
from onewindow_shared.contracts.funding import ContractIn
from onewindow_shared.plumbing.problems import invalid
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import midnight

CONTRACT_OVER = "item.contract_over"
"""Timer at the end of the last day of the contract by which an item's work is purchased."""


def in_place(unit: Unit, item: WorkItem, *, contract: ContractIn | None = None) -> None:
    """Take note that an admitted item's money lies on the special account and its conditions are delivered.

    Purchased work needs its contract. The next version of the lists will have the item.
    """
    if item.matter_class == MatterClass.PURCHASE:
        if contract is None:
            raise invalid({"contract": "purchased work needs its contract"})
        _bind(unit, item, contract)
    item.funded_at = unit.now
    move(unit, item, ItemAction.FUND, by_system=True, note=item.contract)


def contracted_anew(unit: Unit, item: WorkItem, contract: ContractIn) -> None:
    """Take note of another contract, or another term, for work that is purchased already."""
    _bind(unit, item, contract)
    record(unit, item, "contract", note=contract.contract_no)


def _bind(unit: Unit, item: WorkItem, contract: ContractIn) -> None:
    item.contract, item.contract_until = contract.contract_no, contract.last_day
    over = midnight(contract.last_day + timedelta(days=1), unit.zone)
    unit.set_timer(CONTRACT_OVER, item.code, over)
