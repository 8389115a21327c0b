"""Accounts as they are found."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from onewindow_gateway.accounts.models import PHONE, ResidentAccount, StaffAccount
from onewindow_shared.plumbing.bulk import insert_into
from onewindow_shared.plumbing.privacy import Vault


def staff_accounts() -> Select[Any]:
    """Return every staff account that the caller may see."""
    return select(StaffAccount)


def held_account(session: Session, username: str, *, shared: bool = False) -> StaffAccount | None:
    """Return a staff account as it is now, and keep it so until the transaction ends.

    Shared holders do not wait for one another, but for whoever changes the account, and the other way round.
    """
    return session.get(StaffAccount, username, with_for_update={"read": shared})


def resident_by_phone(session: Session, vault: Vault, phone: str) -> ResidentAccount | None:
    """Return the account of an E.164 number."""
    index = vault.blind_index(phone, purpose=PHONE)
    return session.scalar(select(ResidentAccount).where(ResidentAccount.phone_index == index))


def ensure_resident(session: Session, vault: Vault, phone: str, roles: Sequence[str], now: datetime) -> None:
    """Make the account of a phone unless there is one."""
    statement = insert_into(session, ResidentAccount).values(
        subject=f"r-{secrets.token_hex(16)}",
        phone=vault.seal(phone, purpose=PHONE),
        phone_index=vault.blind_index(phone, purpose=PHONE),
        roles=list(roles),
        disabled=False,
        created_at=now,
    )
    session.execute(statement.on_conflict_do_nothing(index_elements=["phone_index"]))
