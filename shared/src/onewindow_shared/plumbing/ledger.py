"""Counting a ledger of double entry: every kept balance is the sum of its entries, and all of it is zero."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from onewindow_shared.contracts.ledger import Proof


@dataclass(frozen=True)
class Books:
    """The columns of a ledger: accounts with the balances that are kept, postings, and their entries."""

    account: InstrumentedAttribute[str]
    balance: InstrumentedAttribute[Any]
    """None where an account is summed from its entries."""
    posting: InstrumentedAttribute[int]
    entry_account: InstrumentedAttribute[str]
    entry_posting: InstrumentedAttribute[int]
    amount: InstrumentedAttribute[int]


def proof(session: Session, books: Books) -> Proof:
    """Count the whole ledger that the session reaches."""
    held = func.coalesce(func.sum(books.amount), 0)
    accounts = session.execute(
        select(books.account, books.balance, held)
        .outerjoin(books.entry_account.class_, books.entry_account == books.account)
        .group_by(books.account, books.balance)
        .order_by(books.account)
    ).all()
    unbalanced = session.scalars(
        select(books.posting)
        .outerjoin(books.entry_posting.class_, books.entry_posting == books.posting)
        .group_by(books.posting)
        .having((held != 0) | (func.count(books.entry_account) != 2))
        .order_by(books.posting)
    ).all()
    unlike = [code for code, balance, total in accounts if balance is not None and balance != total]
    whole = sum(int(total) for _, _, total in accounts)
    return Proof(
        sound=not (unlike or unbalanced or whole),
        accounts=len(accounts),
        postings=session.scalar(select(func.count()).select_from(books.posting.class_)) or 0,
        total=whole,
        unlike=unlike,
        unbalanced=unbalanced,
    )
