"""An application's form and the columns it is kept in."""

from typing import Any

from onewindow_casework.admission.models import WorkItem
from onewindow_shared.contracts.admission import (
    AssistingAction,
    Basis,
    CommunityRole,
    DutyOf,
    MatterKind,
    Money,
    MoneyPeriod,
    MoneyUnit,
    Workload,
)
from onewindow_shared.contracts.applications import ItemIn

AS_IT_IS = (
    *("name", "aliases", "content", "power_granted", "areas", "first_day", "last_day"),
    *("conditions", "training", "data_asked", "item_codes"),
)
"""What a column keeps as the form has it."""


def columns_of(form: ItemIn) -> dict[str, Any]:
    """Return the columns that keep a form."""
    return {name: getattr(form, name) for name in AS_IT_IS} | {
        "kind": form.kind,
        "basis": [basis.model_dump(mode="json") for basis in form.basis],
        "duty_of": form.duty_of,
        "role": form.role,
        "actions": list(form.actions),
        "minutes_per_case": form.workload.minutes_per_case,
        "hours_per_year": form.workload.hours_per_year,
        "fen": form.money.fen,
        "money_unit": form.money.unit,
        "money_period": form.money.period,
    }


def form_of(item: WorkItem) -> ItemIn:
    """Return the form that an item was applied for with."""
    return ItemIn(
        **{name: getattr(item, name) for name in AS_IT_IS},
        kind=MatterKind(item.kind),
        basis=[Basis.model_validate(basis) for basis in item.basis],
        duty_of=DutyOf(item.duty_of),
        role=CommunityRole(item.role),
        actions=[AssistingAction(action) for action in item.actions],
        workload=workload_of(item),
        money=money_of(item),
    )


def workload_of(item: WorkItem) -> Workload:
    """Return what an item costs one community in time."""
    return Workload(minutes_per_case=item.minutes_per_case, hours_per_year=item.hours_per_year)


def money_of(item: WorkItem) -> Money:
    """Return what is paid for an item."""
    return Money(fen=item.fen, unit=MoneyUnit(item.money_unit), period=MoneyPeriod(item.money_period))
