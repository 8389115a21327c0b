"""Writing to the ledger: the one way in which money moves, and the proof that none was lost."""

from typing import Any

from sqlalchemy import select, update

from onewindow_casework.disclosure.facts import arose
from onewindow_casework.funding.counting import counted
from onewindow_casework.funding.models import BOOKS, FundAccount, FundEntry, FundPosting
from onewindow_casework.funding.rules import GUARDED, ROUTES, Account, Party, account, change_of_allotment
from onewindow_shared.contracts.disclosure import FactKind
from onewindow_shared.contracts.funding import AccountKind, CorrectionIn, Movement, PostingIn
from onewindow_shared.contracts.ledger import Proof
from onewindow_shared.plumbing import ledger as books
from onewindow_shared.plumbing.bulk import insert_into
from onewindow_shared.plumbing.problems import NotFound, Problem
from onewindow_shared.plumbing.scope import COMMUNITY, place
from onewindow_shared.plumbing.unit import Unit


class NotEnoughMoney(Problem):
    """The account does not hold this much: money must exist before it leaves."""

    type = "urn:onewindow:problem:not-enough-money"
    title = "Not enough money"
    status = 409


class MoneyReserved(Problem):
    """Communities work for this money now: it stays with the item until the item is off the lists."""

    type = "urn:onewindow:problem:money-reserved"
    title = "Money reserved"
    status = 409


class CorrectedBefore(Problem):
    """This posting was taken back already, or is itself a counter-entry."""

    type = "urn:onewindow:problem:corrected-before"
    title = "Corrected before"
    status = 409


def post(unit: Unit, movement: Movement, party: Party, body: PostingIn) -> FundPosting:
    """Move money; raises `NotFound` where the actor reaches no such account."""
    out_of, into = (account(kind, party) for kind in ROUTES[movement])
    _open(unit, out_of, into)
    posting = FundPosting(
        movement=movement,
        fen=body.fen,
        out_of=out_of.code,
        into=into.code,
        department=party.department,
        item=party.item,
        source=party.source,
        document_no=body.document_no,
        note=body.note,
        **place(party.area),
    )
    return _write(unit, posting)


def take_back(unit: Unit, no: int, body: CorrectionIn) -> FundPosting:
    """Take a posting back by a counter-entry; both stay."""
    wrong = unit.session.get(FundPosting, no)
    if wrong is None:
        raise NotFound
    if wrong.corrects is not None:
        raise CorrectedBefore(detail="A counter-entry is not taken back: post the right amount anew.")
    if wrong.department is not None:
        hold(unit, Account(AccountKind.DEPARTMENT, wrong.district, wrong.department))
    kept = ("movement", "out_of", "into", "department", "item", "source", "community", "street", "district")
    counter = FundPosting(
        fen=-wrong.fen,
        document_no=body.document_no,
        note=body.reason,
        corrects=wrong.id,
        **{name: getattr(wrong, name) for name in kept},
    )
    return _write(unit, counter)


def _open(unit: Unit, *accounts: Account) -> None:
    for one in sorted(accounts, key=lambda one: one.code):
        values: dict[str, Any] = {
            "code": one.code,
            "kind": one.kind,
            "department": one.department,
            "item": one.item,
            "source": one.source,
            "balance": 0 if one.kind in GUARDED else None,
            "allotted": 0,
            "reserved": 0,
            **place(one.area),
        }
        account = insert_into(unit.session, FundAccount).values(**values)
        unit.session.execute(account.on_conflict_do_nothing())


def _write(unit: Unit, posting: FundPosting) -> FundPosting:
    """Write a posting and its two entries, and change the balances that are kept.

    Accounts are changed in the order of their codes, so that two postings never wait for one another.
    """
    posting.posted_at, posting.posted_by, posting.day = unit.now, unit.actor.subject, unit.today
    entries = {posting.out_of: -posting.fen, posting.into: posting.fen}
    for code, fen in sorted(entries.items()):
        _change(unit, code, fen, change_of_allotment(Movement(posting.movement), posting.fen))
    posting.entries = [FundEntry(account=code, fen=fen) for code, fen in entries.items()]
    unit.session.add(posting)
    unit.session.flush()
    _tell(unit, posting)
    _have_published(unit, posting)
    return posting


def _change(unit: Unit, code: str, fen: int, allotted: int) -> None:
    if code.partition("/")[0] not in GUARDED:
        return
    held = select(FundAccount.balance).where(FundAccount.code == code).with_for_update()
    balance = unit.session.scalar(held)
    if balance is not None and balance + fen < 0:
        raise NotEnoughMoney(detail=f"The account holds {balance} fen.")
    values: dict[str, Any] = {"balance": FundAccount.balance + fen}
    if code.startswith("item/") and allotted:
        values["allotted"] = FundAccount.allotted + allotted
    statement = update(FundAccount).where(FundAccount.code == code).values(values).returning(FundAccount.code)
    if unit.session.scalar(statement.execution_options(synchronize_session=False)) is None:
        raise NotFound


def _tell(unit: Unit, posting: FundPosting) -> None:
    for metric, day, item, community, n in counted(posting):
        unit.count(metric, n, community=community, day=day, item=item)
    unit.audit(
        f"fund.{posting.movement}",
        "fund_posting",
        str(posting.id),
        area=posting.community,
        reason=posting.note,
        detail={"fen": posting.fen, "document": posting.document_no, "corrects": posting.corrects},
    )


def _have_published(unit: Unit, posting: FundPosting) -> None:
    """Have a community publish what came to it or left it."""
    if len(posting.community) == COMMUNITY:
        content = {"movement": posting.movement, "fen": posting.fen, "item": posting.item}
        arose(unit, FactKind.MONEY, posting.day, {posting.community: content})


def hold(unit: Unit, account_: Account) -> None:
    """Let nobody else draw on an account before this transaction ends."""
    query = select(FundAccount.code).where(FundAccount.code == account_.code)
    unit.session.scalar(query.with_for_update())


def reserve(unit: Unit, code: str, fen: int) -> None:
    """Keep this much of an item's money with it; nothing where the item is off the lists."""
    statement = update(FundAccount).where(FundAccount.code == code).values(reserved=fen)
    unit.session.execute(statement.execution_options(synchronize_session=False))


def proof(unit: Unit) -> Proof:
    """Count the whole ledger: every kept balance is the sum of its entries, and all of it is zero."""
    return books.proof(unit.session, BOOKS)
