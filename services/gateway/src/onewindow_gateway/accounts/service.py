"""Use cases of accounts."""

from onewindow_gateway.accounts import queries
from onewindow_gateway.accounts.models import PHONE, ResidentAccount, StaffAccount
from onewindow_gateway.accounts.rules import Identity, gained, permissions_of
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.accounts import MeOut, StaffAccountOut
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.events import VolunteerRegistered
from onewindow_shared.contracts.masking import mask_phone
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.phoneproof import phone_proof
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.unit import Unit


def me(unit: Unit) -> MeOut:
    """Tell the caller what their token says, with the name of their area."""
    actor = unit.actor
    area = unit.session.get(Area, actor.area) if actor.area else None
    return MeOut(
        subject=actor.subject,
        name=actor.name,
        roles=sorted(actor.roles),
        permissions=permissions_of(actor.roles),
        area=actor.area,
        area_name=area.name if area else None,
        department=actor.department,
        organisation=actor.organisation,
    )


def list_accounts(unit: Unit, wanted: Wanted) -> Page[StaffAccountOut]:
    """List the staff accounts of the caller's area by user name."""
    keyset = Keyset([StaffAccount.username])
    return page(unit, queries.staff_accounts(), keyset, wanted, bound="accounts", show=_show)


def _show(account: StaffAccount) -> StaffAccountOut:
    return StaffAccountOut(
        username=account.username,
        name=account.name,
        roles=[Role(role) for role in account.roles],
        area=account.area,
        department=account.department,
        organisation=account.organisation,
        disabled=account.disabled,
        created_at=account.created_at,
    )


def identity_of(unit: Unit, subject: str, proof_secret: str) -> Identity | None:
    """Return what tokens of an account say now, None where it does not exist or is disabled."""
    staff = unit.session.get(StaffAccount, subject)
    if staff is not None:
        return None if staff.disabled else _of_staff(staff)
    resident = unit.session.get(ResidentAccount, subject)
    return None if resident is None or resident.disabled else _of_resident(unit, resident, proof_secret)


def _of_staff(account: StaffAccount) -> Identity:
    return Identity(
        subject=account.username,
        name=account.name,
        roles=frozenset(map(Role, account.roles)),
        area=account.area,
        department=account.department,
        organisation=account.organisation,
    )


def _of_resident(unit: Unit, account: ResidentAccount, proof_secret: str) -> Identity:
    phone = unit.vault.open(account.phone, purpose=PHONE)
    return Identity(
        subject=account.subject,
        name=mask_phone(phone),
        roles=frozenset(map(Role, account.roles)),
        phone_proof=phone_proof(proof_secret, phone),
    )


def volunteer_registered(unit: Unit, event: VolunteerRegistered) -> None:
    """Give the account of a new volunteer the role; tokens carry it from the next refresh on."""
    account = unit.session.get(ResidentAccount, event.subject)
    if account is None or Role.VOLUNTEER in account.roles:
        return
    account.roles = gained(account.roles, Role.VOLUNTEER)
    unit.audit("account.role_gained", "account", account.subject, detail={"role": Role.VOLUNTEER})
