"""Finding postings, accounts and instalments, and showing them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Case, ColumnElement, Select, case, func, select

from onewindow_casework.admission.models import NEVER_ADMITTED, WorkItem
from onewindow_casework.admission.rules import admissible
from onewindow_casework.funding import rules
from onewindow_casework.funding.models import FundAccount, FundEntry, FundPosting, Instalment, ItemFunding
from onewindow_casework.narrowing import Filters, narrowed
from onewindow_shared.contracts.admission import (
    CommunityRole,
    MatterClass,
    Money,
    MoneyPeriod,
    MoneyUnit,
    Workload,
)
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.funding import (
    AccountKind,
    AccountOut,
    ContractIn,
    FundSource,
    InstalmentOut,
    ItemFundingOut,
    Movement,
    PostingOut,
)
from onewindow_shared.plumbing.belonging import within
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.problems import NotFound
from onewindow_shared.plumbing.reference import communities_in
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit

BY_CODE = Keyset((FundAccount.code,))
NEWEST = Keyset((FundPosting.id,), newest_first=True)
BY_DUE = Keyset((Instalment.due_on, Instalment.id))
OF_COMMUNITIES = {Movement.TRANSFER: 1, Movement.RETURN: -1, Movement.USE: -1}
"""Movements of communities' money, and whether they add to it or take from it."""
TO_COMMUNITIES = (Movement.TRANSFER, Movement.RETURN)


def postings(unit: Unit, wanted: Wanted, filters: Filters, movement: Movement | None) -> Page[PostingOut]:
    """Return a page of the postings within reach, newest first."""
    query = narrowed(unit, FundPosting, filters)
    if movement is not None:
        query = query.where(FundPosting.movement == movement)
    return page(unit, query, NEWEST, wanted, bound=f"postings {filters} {movement}", show=show_posting)


def between(unit: Unit, first: date, last: date, after: int, limit: int) -> Sequence[FundPosting]:
    """Return the next postings of a period within reach, in the order in which they were written."""
    query = select(FundPosting).where(FundPosting.day.between(first, last), FundPosting.id > after)
    return unit.session.scalars(query.order_by(FundPosting.id).limit(limit)).all()


def show_posting(posting: FundPosting) -> PostingOut:
    """Return a posting as the ledger has it."""
    return PostingOut(
        no=posting.id,
        movement=Movement(posting.movement),
        day=posting.day,
        posted_at=posting.posted_at,
        posted_by=posting.posted_by,
        out_of=posting.out_of,
        into=posting.into,
        fen=posting.fen,
        source=source_of(posting.source),
        department=posting.department,
        item=posting.item,
        area=posting.community,
        document_no=posting.document_no,
        note=posting.note,
        corrects=posting.corrects,
    )


def source_of(value: str | None) -> FundSource | None:
    """Return the source that a column names."""
    return None if value is None else FundSource(value)


def accounts(unit: Unit, wanted: Wanted, filters: Filters) -> Page[AccountOut]:
    """Return a page of the accounts within reach, with what lies on each."""
    held = select(func.coalesce(func.sum(FundEntry.fen), 0)).where(FundEntry.account == FundAccount.code)
    query = narrowed(unit, FundAccount, filters)

    def show(account: FundAccount) -> AccountOut:
        balance = account.balance
        if balance is None:
            balance = int(unit.session.scalar(held.where(FundAccount.code == account.code)) or 0)
        return AccountOut(
            code=account.code,
            kind=AccountKind(account.kind),
            area=account.community,
            department=account.department,
            item=account.item,
            source=source_of(account.source),
            balance=balance,
        )

    return page(unit, query, BY_CODE, wanted, bound=f"accounts {filters}", show=show)


def work_item(unit: Unit, code: str, *, locked: bool = False) -> WorkItem:
    """Return a work item that concerns the actor's area, and is their department's, or raise `NotFound`."""
    query = select(WorkItem).where(WorkItem.code == code)
    item = unit.session.scalar(query.with_for_update() if locked else query)
    scope = unit.actor.scope
    mine = scope.area or "?"
    if item is None or not (scope.everything or any(_overlap(unit.heir(area), mine) for area in item.areas)):
        raise NotFound
    if scope.department not in {None, item.department}:
        raise NotFound
    return item


def _overlap(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def communities_of(unit: Unit, item: WorkItem) -> list[str]:
    """Return the communities that an item concerns, by code."""
    return list(unit.session.scalars(communities_in(unit, *item.areas)))


def money_of(item: WorkItem) -> Money:
    """Return what is paid for an item."""
    return Money(fen=item.fen, unit=MoneyUnit(item.money_unit), period=MoneyPeriod(item.money_period))


def needed(unit: Unit, item: WorkItem) -> int:
    """Return what must lie ready before an item may be asked of anybody; never nothing, where it is paid."""
    if item.status in NEVER_ADMITTED or not _classes(item) <= rules.PAID_CLASSES:
        return 0
    workload = Workload(minutes_per_case=item.minutes_per_case, hours_per_year=item.hours_per_year)
    return max(rules.needed(money_of(item), workload, len(communities_of(unit, item))), 1)


def promised(unit: Unit, item: WorkItem, first: date, last: date) -> int:
    """Return what was promised for the periods of an item that begin in these days."""
    term = rules.Term(item.first_day, item.last_day, MoneyPeriod(item.money_period), item.off_from)
    return rules.begun_in(term, first, last) * needed(unit, item)


def _classes(item: WorkItem) -> frozenset[MatterClass]:
    """Return as what an item was admitted, or before that as what it may be."""
    if item.matter_class is None:
        return admissible(CommunityRole(item.role), item.fen)
    return frozenset({MatterClass(item.matter_class)})


def funding_of(unit: Unit, item: WorkItem) -> ItemFunding:
    """Return what is known of an item's conditions and contract, as a new row if nothing is."""
    known = unit.session.get(ItemFunding, item.code, populate_existing=True)
    if known is None:
        known = ItemFunding(item=item.code, department=item.department, version=0, **place(item.district))
        unit.session.add(known)
    return known


def item_account(unit: Unit, item: WorkItem) -> FundAccount | None:
    """Return the account of an item as it is now, if money ever lay on it."""
    code = rules.account(AccountKind.ITEM, party_of(item)).code
    return unit.session.get(FundAccount, code, populate_existing=True)


def party_of(item: WorkItem, community: str | None = None, source: FundSource | None = None) -> rules.Party:
    """Return whom money of an item is about, and of which source it is where that is told."""
    return rules.Party(item.district, community, item.department, item.code, source)


def left_to_transfer(unit: Unit, party: rules.Party) -> dict[FundSource, int]:
    """Return by source what a department received and did not pay to communities."""
    signs = {Movement.BUDGET: 1, Movement.RETURN: 1, Movement.TRANSFER: -1}
    own = FundPosting.district == party.district, FundPosting.department == party.department
    return _left(unit, signs, *own)


def purse(unit: Unit, item: WorkItem, community: str, fen: int) -> str:
    """Return the community whose account for an item holds so much, and let nobody else draw on any of them.

    Its own account goes first, then those of the communities that it is heir of; its own where none does.
    """
    codes = unit.gathered(community).codes
    accounts = {rules.account(AccountKind.COMMUNITY, party_of(item, code)).code: code for code in codes}
    held = select(FundAccount).where(FundAccount.code.in_(accounts)).order_by(FundAccount.code)
    rows = unit.session.scalars(held.with_for_update().execution_options(populate_existing=True))
    holding = {accounts[row.code] for row in rows if (row.balance or 0) >= fen}
    return next((code for code in codes if code in holding), community)


def left_to_community(unit: Unit, party: rules.Party) -> dict[FundSource, int]:
    """Return by source what a community has of an item's money."""
    codes = unit.gathered(party.area).codes
    own = FundPosting.community.in_(codes), FundPosting.item == party.item
    return _left(unit, OF_COMMUNITIES, *own)


def _left(unit: Unit, signs: Mapping[Movement, int], *those: ColumnElement[bool]) -> dict[FundSource, int]:
    signed = case(*((FundPosting.movement == one, sign * FundPosting.fen) for one, sign in signs.items()))
    query = (
        select(FundPosting.source, func.sum(signed))
        .where(FundPosting.source.is_not(None), FundPosting.movement.in_(signs), *those)
        .group_by(FundPosting.source)
    )
    return {FundSource(source): int(fen) for source, fen in unit.session.execute(query)}


def lacking(unit: Unit, item: WorkItem) -> list[str]:
    """Name what an item lacks before it may be asked of anybody (N6).

    Before it is admitted, that is what it will lack for certain: a contract only if it can but be purchased.
    """
    if item.status in NEVER_ADMITTED:
        return []
    account = item_account(unit, item)
    known = unit.session.get(ItemFunding, item.code)
    return rules.lacking(
        allotted=account.allotted if account else 0,
        needed_=needed(unit, item),
        conditions=item.conditions is None or bool(known and known.conditions_delivered_on),
        contract=_classes(item) != {MatterClass.PURCHASE} or _under_contract(known, unit.today),
    )


def _under_contract(known: ItemFunding | None, today: date) -> bool:
    return known is not None and known.contract_to is not None and known.contract_to >= today


def show_funding(unit: Unit, item: WorkItem) -> ItemFundingOut:
    """Return money and conditions of an item."""
    known, account = unit.session.get(ItemFunding, item.code), item_account(unit, item)
    return ItemFundingOut(
        version=known.version if known else 0,
        item=item.code,
        department=item.department,
        allotted=account.allotted if account else 0,
        needed=needed(unit, item),
        balance=(account.balance or 0) if account else 0,
        transferred=transferred(unit, item.code),
        conditions_delivered_on=known.conditions_delivered_on if known else None,
        conditions_document=known.conditions_document if known else None,
        contract=contract_of(known) if known else None,
        lacking=lacking(unit, item),
    )


def contract_of(known: ItemFunding) -> ContractIn | None:
    """Return the contract of purchased work, if one was recorded."""
    if None in {known.contract_no, known.contract_fen, known.contract_from, known.contract_to}:
        return None
    return ContractIn.model_validate(
        {
            "contract_no": known.contract_no,
            "fen": known.contract_fen,
            "first_day": known.contract_from,
            "last_day": known.contract_to,
        }
    )


def transferred(
    unit: Unit, item: str, community: str | None = None, period: tuple[date, date] | None = None
) -> int:
    """Return what communities, or one, got for an item, less what came back."""
    query = select(func.coalesce(func.sum(net()), 0)).where(
        FundPosting.item == item, FundPosting.movement.in_(TO_COMMUNITIES)
    )
    if community is not None:
        query = query.where(within(FundPosting, unit.gathered(community)))
    if period is not None:
        query = query.where(FundPosting.day.between(*period))
    return int(unit.session.scalar(query) or 0)


def transferred_to(unit: Unit, item: str, period: tuple[date, date] | None = None) -> dict[str, int]:
    """Return, by community, what was got for an item, less what came back."""
    query = select(FundPosting.community, func.sum(net())).where(
        FundPosting.item == item, FundPosting.movement.in_(TO_COMMUNITIES)
    )
    if period is not None:
        query = query.where(FundPosting.day.between(*period))
    return _by_community(unit, query.group_by(FundPosting.community))


def due_to(unit: Unit, item: str, period: tuple[date, date] | None = None) -> dict[str, int]:
    """Return, by community, the instalments of an item, or those of them that are due in a period."""
    query = select(Instalment.community, func.sum(Instalment.fen)).where(Instalment.item == item)
    if period is not None:
        query = query.where(Instalment.due_on.between(*period))
    return _by_community(unit, query.group_by(Instalment.community))


def _by_community(unit: Unit, query: Select[str, int]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for community, fen in unit.session.execute(query):
        found[unit.heir(community)] += int(fen)
    return dict(found)


def net() -> Case[int]:
    """What a posting between an item and a community adds to what the community got."""
    return case((FundPosting.movement == Movement.RETURN, -FundPosting.fen), else_=FundPosting.fen)


def instalments(unit: Unit, wanted: Wanted, filters: Filters, *, late: bool | None) -> Page[InstalmentOut]:
    """Return a page of the instalments within reach, by due day; or only those that are late, or are not."""
    query = narrowed(unit, Instalment, filters)
    if late is not None:
        query = query.where(Instalment.late if late else ~Instalment.late)
    return page(unit, query, BY_DUE, wanted, bound=f"instalments {filters} {late}", show=show_instalment)


def show_instalment(instalment: Instalment) -> InstalmentOut:
    """Return an instalment with its lamp."""
    return InstalmentOut(
        item=instalment.item,
        department=instalment.department,
        community=instalment.community,
        period_from=instalment.period_from,
        period_to=instalment.period_to,
        due_on=instalment.due_on,
        provisional=instalment.provisional,
        fen=instalment.fen,
        paid=instalment.paid_on is not None,
        late=instalment.late,
    )


def is_late(unit: Unit, item: str, community: str) -> bool:
    """Say whether a community waits for money of an item past its day."""
    query = select(Instalment.id).where(
        Instalment.item == item, within(Instalment, unit.gathered(community)), Instalment.late
    )
    return unit.session.scalar(query.limit(1)) is not None
