"""Writing an application, handing it in, taking it back."""

from sqlalchemy import func, select

from onewindow_casework.admission import checks, clocks, queries, rules
from onewindow_casework.admission.forms import columns_of, form_of
from onewindow_casework.admission.life import move, record
from onewindow_casework.admission.models import Application, WorkItem
from onewindow_shared.contracts.admission_life import ItemAction, ItemStatus
from onewindow_shared.contracts.applications import ItemIn, ItemOut
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.problems import MoveRefused, NotPermitted, invalid
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit

WRITTEN = (ItemStatus.DRAFT, ItemStatus.RETURNED)
"""States in which the form is the department's to write."""


def draft(unit: Unit, body: ItemIn) -> ItemOut:
    """Begin an application in the name of one's own department."""
    district, department = checks.district_of(unit), unit.actor.department
    if department is None:
        raise NotPermitted(detail="Departments apply; you work in none.")
    _check_form(unit, body, district)
    unit.session.get(Area, district, with_for_update=True)
    numbers = select(func.max(WorkItem.serial)).where(
        WorkItem.district == district, WorkItem.year == unit.today.year
    )
    serial = (unit.session.scalar(numbers) or 0) + 1
    item = WorkItem(
        **columns_of(body),
        district=district,
        year=unit.today.year,
        serial=serial,
        code=f"{district}-{unit.today.year}-{serial:04}",
        version=0,
        status=ItemStatus.DRAFT,
        department=department,
    )
    unit.session.add(item)
    unit.session.flush()
    application = Application(
        item_id=item.id,
        department=department,
        applied_by=unit.actor.subject,
        **place(district),
    )
    unit.session.add(application)
    record(unit, item, "drafted")
    return one(unit, item)


def one(unit: Unit, item: WorkItem) -> ItemOut:
    """Return an item as the actor sees it."""
    unit.session.flush()
    return queries.show(unit, item, checks.of_item(unit, item))


def read(unit: Unit, code: str) -> ItemOut:
    """Return an item within reach."""
    return one(unit, queries.find(unit, code))


def taken(unit: Unit, code: str, seen: int) -> WorkItem:
    """Load an item for writing, as the caller saw it."""
    item = queries.locked(unit, code)
    queries.application_of(unit, item)
    expect_version(one(unit, item), seen)
    return item


def rewrite(unit: Unit, code: str, seen: int, body: ItemIn) -> ItemOut:
    """Replace the form of a draft, or of an application that was returned."""
    item = taken(unit, code, seen)
    if item.status not in WRITTEN:
        raise MoveRefused(detail="The application is handed in.", state=item.status, action="rewrite")
    _check_form(unit, body, item.district)
    for name, value in columns_of(body).items():
        setattr(item, name, value)
    record(unit, item, "written")
    return one(unit, item)


def _check_form(unit: Unit, form: ItemIn, district: str) -> None:
    known = unit.session.scalars(select(Area.code).where(Area.code.in_(form.areas)))
    faults = rules.faults_of_form(form, district, known)
    if faults:
        raise invalid(faults)


def submit(unit: Unit, code: str, seen: int) -> ItemOut:
    """Hand an application in (N1); what must not be asked of communities is rejected at once (N2)."""
    item = taken(unit, code, seen)
    faults = rules.fault_of_lead(form_of(item).first_day, clocks.earliest_start(unit))
    if faults:
        raise invalid(faults)
    move(unit, item, ItemAction.SUBMIT)
    forbidden = [one.matter for one in checks.of_item(unit, item) if one.refused]
    if forbidden:
        for matter in forbidden:
            unit.count(Metric.ADMISSION_FORBIDDEN, community=item.district, item=matter)
        move(unit, item, ItemAction.REJECT_AT_ONCE, by_system=True, note=" ".join(forbidden))
    else:
        clocks.start(unit, item)
    return one(unit, item)


def withdraw(unit: Unit, code: str, seen: int) -> ItemOut:
    """Take an application back before it is decided."""
    item = taken(unit, code, seen)
    move(unit, item, ItemAction.WITHDRAW)
    clocks.stop(unit, item)
    return one(unit, item)
