"""Showing deliveries: people masked, what only staff need to see left out for whoever applied."""

from onewindow_casework.delivery.models import (
    PROOF,
    RECEIVER,
    REMARK,
    TRACKING_NO,
    TRIED_NO,
    WITNESS,
    Delivery,
    DeliveryTry,
)
from onewindow_shared.contracts.delivery import DeliveryFailure, DeliveryMethod, DeliveryOut, DeliveryTryOut
from onewindow_shared.contracts.masking import mask_name
from onewindow_shared.plumbing.unit import Unit


def delivery(unit: Unit, made: Delivery) -> DeliveryOut:
    """Return how an outcome was delivered."""
    return DeliveryOut(
        method=DeliveryMethod(made.method),
        delivered_on=made.delivered_on,
        proof=unit.vault.opened(made.proof_sealed, purpose=PROOF),
        carrier=made.carrier,
        tracking_no=unit.vault.opened(made.tracking_no_sealed, purpose=TRACKING_NO),
        receiver=_masked(unit, made.sealed_receiver, RECEIVER),
        refused=made.refused,
        witness=_masked(unit, made.witness_sealed, WITNESS),
        delivered_at=made.delivered_at,
        delivered_by=made.delivered_by_name,
    )


def _masked(unit: Unit, sealed: str | None, purpose: str) -> str | None:
    name = unit.vault.opened(sealed, purpose=purpose)
    return mask_name(name) if name else None


def tried(unit: Unit, made: DeliveryTry) -> DeliveryTryOut:
    """Return a try that failed."""
    staff = unit.actor.scope.owner is None
    return DeliveryTryOut(
        method=DeliveryMethod(made.method),
        failure=DeliveryFailure(made.failure),
        tried_on=made.tried_on,
        carrier=made.carrier,
        tracking_no=unit.vault.opened(made.tracking_no_sealed, purpose=TRIED_NO),
        remark=unit.vault.opened(made.remark_sealed, purpose=REMARK) if staff else None,
        at=made.at,
        by=made.by_name,
    )
