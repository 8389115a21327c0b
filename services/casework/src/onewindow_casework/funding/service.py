"""Moving money, recording what an item has beside it, and telling admission when all of it is there."""

from datetime import datetime

from onewindow_casework.admission.models import NEVER_ADMITTED, OFF, PAID_STATES, WorkItem
from onewindow_casework.admission.money import contracted_anew, in_place
from onewindow_casework.admission.queries import drafted_on
from onewindow_casework.districts.queries import department_name
from onewindow_casework.funding import ledger, queries, rules, schedule
from onewindow_casework.funding.models import FundPosting
from onewindow_casework.funding.rules import Party
from onewindow_shared.contracts.admission import MatterClass
from onewindow_shared.contracts.admission_life import ItemStatus
from onewindow_shared.contracts.common import area_prefix
from onewindow_shared.contracts.funding import (
    AccountKind,
    AllotmentIn,
    BudgetIn,
    BypassIn,
    ConditionsIn,
    ContractIn,
    CorrectionIn,
    ItemFundingOut,
    Movement,
    PostingOut,
    TransferIn,
)
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.problems import URN, Problem, invalid
from onewindow_shared.plumbing.scope import DISTRICT
from onewindow_shared.plumbing.unit import Unit


class NothingToPayFor(Problem):
    """No community will do this work: its application was rejected or taken back."""

    type = URN + "nothing-to-pay-for"
    title = "Nothing to pay for"
    status = 409


def budget(unit: Unit, body: BudgetIn) -> PostingOut:
    """Pay money of a source into the special account, for a department."""
    district = _district(unit)
    if department_name(unit, district, body.department) is None:
        raise invalid({"department": "no such department in the register"})
    party = Party(district, department=body.department, source=body.source)
    return queries.show_posting(ledger.post(unit, Movement.BUDGET, party, body))


def bypass(unit: Unit, body: BypassIn) -> PostingOut:
    """Write down money that communities got without the special account (against A81)."""
    party = Party(_district(unit), source=body.source)
    return queries.show_posting(ledger.post(unit, Movement.BYPASS, party, body))


def _district(unit: Unit) -> str:
    return area_prefix(unit.actor.area or "")[:DISTRICT]


def allot(unit: Unit, body: AllotmentIn) -> PostingOut:
    """Give an item money of its department; with it the item may be whole."""
    item = queries.work_item(unit, body.item, locked=True)
    if item.status in NEVER_ADMITTED:
        raise NothingToPayFor(detail=f"The application is {item.status}.")
    posting = ledger.post(unit, Movement.ALLOT, queries.party_of(item), body)
    look_again(unit, item)
    return queries.show_posting(posting)


def release(unit: Unit, body: AllotmentIn) -> PostingOut:
    """Take money of an item back to its department, but none that communities work for now, or are owed."""
    item = queries.work_item(unit, body.item, locked=True)
    if item.status in OFF:
        ledger.reserve(unit, rules.account(AccountKind.ITEM, queries.party_of(item)).code, 0)
    posting = ledger.post(unit, Movement.RELEASE, queries.party_of(item), body)
    _expect_owed(unit, item)
    return queries.show_posting(posting)


def _expect_owed(unit: Unit, item: WorkItem) -> None:
    """Raise `MoneyReserved` where an item would be left with less than communities are still to get."""
    account, owed = queries.item_account(unit, item), schedule.still_owed(unit, item)
    if account is None or (account.balance or 0) < owed:
        raise ledger.MoneyReserved(detail=f"Communities are still to get {owed} fen of it for their work.")


def transfer(unit: Unit, body: TransferIn) -> PostingOut:
    """Pay a community for its work under an item."""
    return _between(unit, Movement.TRANSFER, body)


def return_(unit: Unit, body: TransferIn) -> PostingOut:
    """Write down that a community gave money back to the item."""
    return _between(unit, Movement.RETURN, body)


def _between(unit: Unit, movement: Movement, body: TransferIn) -> PostingOut:
    item = queries.work_item(unit, body.item)
    if body.community not in queries.communities_of(unit, item):
        raise invalid({"community": "the item does not concern this community"})
    posting = _post(unit, movement, item, body)
    schedule.settle(unit, item, body.community)
    return queries.show_posting(posting)


def use(unit: Unit, body: TransferIn) -> PostingOut:
    """Write down what a community spent of an item's money."""
    return queries.show_posting(_post(unit, Movement.USE, queries.work_item(unit, body.item), body))


def _post(unit: Unit, movement: Movement, item: WorkItem, body: TransferIn) -> FundPosting:
    """Move money to, from or of a community, and keep of which source it is.

    A department's accounts mix what it received. So who transfers says the source, and no more of one goes to
    communities than the department received of it; from there on it is known.
    """
    party, given = queries.party_of(item, body.community), movement is Movement.TRANSFER
    community = body.community
    if given:
        ledger.hold(unit, rules.account(AccountKind.DEPARTMENT, party))
    else:
        community = queries.purse(unit, item, body.community, body.fen)
    left = (queries.left_to_transfer if given else queries.left_to_community)(unit, party)
    faults = rules.fault_of_source(left, body.source, body.fen)
    if faults:
        raise invalid(faults)
    source = rules.source_of(left, body.source)
    return ledger.post(unit, movement, queries.party_of(item, community, source), body)


def correct(unit: Unit, no: int, body: CorrectionIn) -> PostingOut:
    """Take a posting back by a counter-entry."""
    wrong = unit.session.get(FundPosting, no)
    paid_for = wrong and wrong.item
    item = queries.work_item(unit, paid_for, locked=True) if paid_for else None
    counter = ledger.take_back(unit, no, body)
    _expect_source(unit, counter)
    if item is not None and counter.movement == Movement.ALLOT:
        _expect_owed(unit, item)
    if item is not None and counter.movement in queries.TO_COMMUNITIES:
        schedule.settle(unit, item, counter.community)
    return queries.show_posting(counter)


def _expect_source(unit: Unit, counter: FundPosting) -> None:
    """Let nothing be taken back of which, by its source, a part has gone on."""
    source = queries.source_of(counter.source)
    if source is not None and counter.department is not None:
        party = Party(counter.district, counter.community, counter.department, counter.item)
        for left in (queries.left_to_transfer(unit, party), queries.left_to_community(unit, party)):
            if left.get(source, 0) < 0:
                raise ledger.NotEnoughMoney(detail="Money of this source has gone on.")


def item_funding(unit: Unit, code: str) -> ItemFundingOut:
    """Return money and conditions of an item."""
    return queries.show_funding(unit, queries.work_item(unit, code))


def deliver_conditions(unit: Unit, code: str, seen: int, body: ConditionsIn) -> ItemFundingOut:
    """Record that what the community needs for the work was delivered."""
    if body.delivered_on > unit.today:
        raise invalid({"delivered_on": "this day is still to come"})
    item = _taken(unit, code, seen)
    begun = drafted_on(unit, item)
    if begun is not None and body.delivered_on < begun:
        raise invalid({"delivered_on": f"the application was first written on {begun}"})
    known = queries.funding_of(unit, item)
    known.conditions_delivered_on, known.conditions_document = body.delivered_on, body.document_no
    return _recorded(unit, item, "conditions", body.document_no, body.note)


def sign_contract(unit: Unit, code: str, seen: int, body: ContractIn) -> ItemFundingOut:
    """Record the contract by which an item's work is purchased."""
    item = _taken(unit, code, seen)
    if item.matter_class not in {None, MatterClass.PURCHASE}:
        raise invalid({"contract_no": "this item is not purchased"})
    known = queries.funding_of(unit, item)
    faults = rules.faults_of_contract(
        body, begins=item.first_day, covered_until=known.contract_to, today=unit.today
    )
    least = queries.promised(unit, item, body.first_day, body.last_day)
    if body.fen < least:
        faults["fen"] = f"for these days {least} fen were promised"
    if faults:
        raise invalid(faults)
    known.contract_no, known.contract_fen = body.contract_no, body.fen
    known.contract_from, known.contract_to = body.first_day, body.last_day
    if item.status in PAID_STATES:
        contracted_anew(unit, item, body)
    return _recorded(unit, item, "contract", body.contract_no, None)


def _taken(unit: Unit, code: str, seen: int) -> WorkItem:
    item = queries.work_item(unit, code, locked=True)
    expect_version(queries.show_funding(unit, item), seen)
    return item


def _recorded(unit: Unit, item: WorkItem, what: str, document: str, note: str | None) -> ItemFundingOut:
    queries.funding_of(unit, item).version += 1
    unit.session.flush()
    unit.audit(f"fund.{what}", "work_item", item.code, reason=note, detail={"document": document})
    look_again(unit, item)
    return queries.show_funding(unit, item)


def admitted(unit: Unit, code: str, due_at: datetime) -> None:
    """Look whether an item had all it needs before it was admitted."""
    look_again(unit, queries.work_item(unit, code, locked=True))


def look_again(unit: Unit, item: WorkItem) -> None:
    """Call an approved item paid for once nothing is lacking (N6); its money stays with it from then on."""
    if item.status != ItemStatus.APPROVED or item.matter_class not in rules.PAID_CLASSES:
        return
    if queries.lacking(unit, item):
        return
    ledger.reserve(
        unit, rules.account(AccountKind.ITEM, queries.party_of(item)).code, queries.needed(unit, item)
    )
    in_place(unit, item, contract=queries.contract_of(queries.funding_of(unit, item)))
    schedule.begin(unit, item)
