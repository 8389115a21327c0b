"""Writing to the ledger: the one way in which credit moves.

Accounts are changed in the order of their codes, so that two postings never wait for one another.
"""

from collections.abc import Mapping

from sqlalchemy import func, insert, select, update

from onewindow_shared.contracts.timebank import TimeMovement
from onewindow_shared.plumbing.bulk import insert_into, table_of
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.timebank.models import TimeAccount, TimeEntry, TimePosting
from onewindow_volunteers.timebank.problems import NoTimeAccount

ACCOUNTS, ENTRIES, POSTINGS = map(table_of, (TimeAccount, TimeEntry, TimePosting))


def open_common(unit: Unit, code: str, area: str, *, kept: bool) -> None:
    """Open an account that belongs to nobody, unless it is there; `kept` if its balance is."""
    values = {"code": code, "balance": 0 if kept else None, "opened_at": unit.now, **place(area)}
    unit.session.execute(insert_into(unit.session, ACCOUNTS).values(**values).on_conflict_do_nothing())


def held(unit: Unit, *codes: str) -> Mapping[str, int]:
    """Return what accounts hold, kept from other writers; raises `NoTimeAccount`."""
    a = ACCOUNTS.c
    query = select(a.code, a.balance).where(a.code.in_(codes)).order_by(a.code).with_for_update()
    found = {code: balance or 0 for code, balance in unit.session.execute(query)}
    if len(found) < len(set(codes)):
        raise NoTimeAccount
    return found


def post(
    unit: Unit,
    movement: TimeMovement,
    minutes: int,
    out_of: str,
    into: str,
    *,
    by: str,
    record_id: int | None = None,
) -> int:
    """Move minutes between two accounts that are held; return the number of the posting."""
    values = {"movement": movement, "minutes": minutes, "record_id": record_id}
    row = insert(POSTINGS).values(**values, at=unit.now, by=by).returning(POSTINGS.c.id)
    number: int = unit.session.execute(row).scalar_one()
    for code, change in sorted({out_of: -minutes, into: minutes}.items()):
        account = update(ACCOUNTS).where(ACCOUNTS.c.code == code)
        unit.session.execute(account.values(balance=ACCOUNTS.c.balance + change))
        unit.session.execute(insert(ENTRIES).values(posting_id=number, account=code, minutes=change))
    detail = {"minutes": minutes, "record": record_id}
    unit.audit(f"time.{movement}", "time_posting", str(number), detail=detail)
    return number


def brought(unit: Unit, record_id: int, code: str) -> int:
    """Return what a record has changed of an account so far."""
    e, p = ENTRIES.c, POSTINGS.c
    query = select(func.coalesce(func.sum(e.minutes), 0)).join_from(ENTRIES, POSTINGS, p.id == e.posting_id)
    return int(unit.session.scalar(query.where(p.record_id == record_id, e.account == code)) or 0)
