"""Use cases of accounts."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import SecretStr

from onewindow_gateway.accounts import queries
from onewindow_gateway.accounts.models import PHONE, ResidentAccount, StaffAccount
from onewindow_gateway.accounts.rules import Identity, gained, permissions_of, refusals, too_short
from onewindow_gateway.sessions.queries import revoke_all
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.accounts import DeskKeyOut, MeOut, StaffAccountIn, StaffAccountOut
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.events import OfficerChanged, VolunteerRegistered
from onewindow_shared.contracts.masking import mask_phone
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.phoneproof import phone_proof
from onewindow_shared.plumbing.problems import URN, NotFound, Problem, invalid
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit


class UsernameTaken(Problem):
    """There is an account of this name, perhaps outside your area."""

    type = URN + "username-taken"
    title = "User name taken"
    status = 409


@dataclass(frozen=True)
class Changed:
    """An account after a change, and the sessions that the change ended."""

    account: StaffAccountOut
    ended: Sequence[str] = ()


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


def desk_key(unit: Unit, machine: str) -> DeskKeyOut:
    """Derive the key of one account at one machine; another account, or another machine, has another."""
    purpose = f"gateway.desk:{unit.actor.subject}:{machine}"
    return DeskKeyOut(key=unit.vault.derive(purpose).hex())


def list_accounts(unit: Unit, wanted: Wanted) -> Page[StaffAccountOut]:
    """List the staff accounts of the caller's area by user name."""
    keyset = Keyset([StaffAccount.username])
    return page(unit, queries.staff_accounts(), keyset, wanted, bound="accounts", show=_show)


def every_account(unit: Unit) -> list[StaffAccountOut]:
    """List every staff account that the caller may see by user name, for the command line."""
    found = unit.session.scalars(queries.staff_accounts().order_by(StaffAccount.username))
    return list(map(_show, found))


def vet(new: StaffAccountIn, password_min_length: int) -> None:
    """Refuse a new account for every reason at once that does not need the database."""
    found = refusals(new, password_min_length)
    if found:
        raise invalid(found)


def vet_password(password: SecretStr, password_min_length: int) -> None:
    """Refuse a new password that is too short."""
    if len(password.get_secret_value()) < password_min_length:
        raise invalid({"password": too_short(password_min_length)})


def add(unit: Unit, password_hash: str, new: StaffAccountIn) -> StaffAccountOut:
    """Make a staff account within the caller's area; its password was checked and hashed before."""
    if not unit.actor.scope.covers(new.area):
        raise invalid({"area": "outside your area"})
    known = unit.session.get(Area, new.area)
    if known is not None and not known.lives(unit.today):
        raise invalid({"area": known.why_not(unit.today)})
    account = StaffAccount(
        username=new.username,
        name=new.name,
        password_hash=password_hash,
        roles=sorted(set(new.roles)),
        area=new.area,
        department=new.department,
        organisation=new.organisation,
        disabled=False,
        created_at=unit.now,
        **place(new.area),
    )
    unit.session.add(account)
    _write_down(unit, "account.added", account, roles=account.roles, department=account.department)
    tell(unit, account)
    return _show(account)


def set_password(unit: Unit, username: str, password_hash: str) -> Changed:
    """Give an account another password, and end every session that the old one opened."""
    account = _held(unit, username)
    account.password_hash = password_hash
    _write_down(unit, "account.password_set", account)
    return Changed(_show(account), _end_sessions(unit, account, "password set"))


def disable(unit: Unit, username: str) -> Changed:
    """Keep somebody out from now on, and end their sessions; the second time changes nothing."""
    account = _held(unit, username)
    if not account.disabled:
        account.disabled = True
        _write_down(unit, "account.disabled", account)
        tell(unit, account)
    return Changed(_show(account), _end_sessions(unit, account, "account disabled"))


def enable(unit: Unit, username: str) -> Changed:
    """Let somebody sign in again; sessions that were ended stay so."""
    account = _held(unit, username)
    if account.disabled:
        account.disabled = False
        _write_down(unit, "account.enabled", account)
        tell(unit, account)
    return Changed(_show(account))


def _held(unit: Unit, username: str) -> StaffAccount:
    account = queries.held_account(unit.session, username)
    if account is None:
        raise NotFound(detail="There is no such account.")
    return account


def _write_down(unit: Unit, action: str, account: StaffAccount, **detail: object) -> None:
    unit.audit(action, "account", account.username, area=account.area, detail=detail)


def tell(unit: Unit, account: StaffAccount) -> None:
    """Tell who works where, as it stands now."""
    unit.publish(
        OfficerChanged(
            subject=account.username,
            name=account.name,
            roles=account.roles,
            area=account.area,
            department=account.department,
            active=not account.disabled,
        )
    )


def _end_sessions(unit: Unit, account: StaffAccount, why: str) -> Sequence[str]:
    ended = revoke_all(unit.session, account.username, unit.now)
    for session_id in ended:
        detail = {"why": why, "account": account.username}
        unit.audit("session.revoked", "session", session_id, area=account.area, detail=detail)
    return ended


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
