"""Use cases of item versions: drafts, publishing from a day on, retiring."""

from collections.abc import Mapping
from datetime import date

from onewindow_intake.catalogue import queries, rules, tree
from onewindow_intake.catalogue.models import Item, ItemVersion, VersionStatus
from onewindow_intake.catalogue.owning import expect_owner
from onewindow_intake.catalogue.problems import AlreadyOver, NotADraft
from onewindow_intake.catalogue.registers import registers
from onewindow_intake.catalogue.rules import Life, Registers
from onewindow_shared.contracts.catalogue import ItemContent
from onewindow_shared.contracts.cataloguing import (
    ItemVersionOut,
    ItemVersionSummary,
    PublicationIn,
    RetirementIn,
    VersionState,
)
from onewindow_shared.contracts.common import Page
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.problems import NotFound, invalid
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.words import plain

FIRST = 1
NEWEST_FIRST = Keyset([ItemVersion.number], newest_first=True)


def create(unit: Unit, code: str, content: ItemContent) -> ItemVersionOut:
    """Draft a new version of an item, or the first one of a new item."""
    expect_owner(unit)
    _fit(unit, code, content)
    version = stage(unit, content)
    unit.audit("item.drafted", "item", code, detail={"version": version.number})
    return shown(unit, version)


def change(unit: Unit, code: str, number: int, seen: int, content: ItemContent) -> ItemVersionOut:
    """Replace what a draft says."""
    version = _seen(unit, code, number, seen)
    if version.status != VersionStatus.DRAFT:
        raise NotADraft
    _fit(unit, code, content)
    _write(version, content)
    return _done(unit, version, "item.draft_changed")


def publish(unit: Unit, code: str, number: int, seen: int, form: PublicationIn) -> ItemVersionOut:
    """Put a draft in force from a day on; cases of before stay with what they were posted under."""
    version = _seen(unit, code, number, seen)
    if version.status != VersionStatus.DRAFT:
        raise NotADraft
    day = form.effective_from or unit.today
    if day < unit.today:
        raise invalid({"effective_from": "a version cannot have been in force before it was published"})
    content = queries.content_of(version)
    if wrong := misfits(unit, content, day, registers(unit, day), tree.roots(unit.session)):
        raise invalid(wrong)
    _put_in_force(unit, version, day)
    return _done(unit, version, "item.published", effective_from=day.isoformat())


def retire(unit: Unit, code: str, number: int, seen: int, form: RetirementIn) -> ItemVersionOut:
    """End a version, call off one that has not begun, or throw a draft away."""
    version = _seen(unit, code, number, seen)
    if shown(unit, version).state is VersionState.RETIRED:
        raise AlreadyOver
    end = form.effective_to or unit.today
    if end < unit.today:
        raise invalid({"effective_to": "a version cannot have ended before this was decided"})
    begun = version.effective_from is not None and version.effective_from <= unit.today
    if begun or (version.effective_from is not None and end > version.effective_from):
        version.effective_to = end
    else:
        version.status = VersionStatus.RETIRED
    return _done(unit, version, "item.retired", reason=form.reason, effective_to=end.isoformat())


def put(unit: Unit, content: ItemContent, since: date) -> bool:
    """Put a guide in force today, an item's first one since a day; say whether it was new."""
    known = queries.held(unit.session, content.code) is not None
    current = queries.in_force(unit.session, content.code, unit.today)
    if current is not None and queries.content_of(current) == content:
        return False
    version = stage(unit, content)
    _put_in_force(unit, version, unit.today if known else min(since, unit.today))
    unit.audit("item.published", "item", content.code, detail={"version": version.number})
    return True


def stage(unit: Unit, content: ItemContent) -> ItemVersion:
    """Add a draft."""
    if unit.session.get(Item, content.code) is None:
        unit.session.add(Item(code=content.code))
        unit.session.flush()
    version = ItemVersion(
        item_code=content.code,
        number=queries.last_number(unit.session, content.code) + 1,
        revision=FIRST,
        status=VersionStatus.DRAFT,
    )
    _write(version, content)
    unit.session.add(version)
    unit.session.flush()
    return version


def misfits(
    unit: Unit, content: ItemContent, day: date, known: Registers, roots: Mapping[str, str]
) -> dict[str, str]:
    """Name what stands against a guide from a day on: field -> reason.

    That is its place in the tree (`roots` has the root of each category), whatever it names that does not
    exist, and terms of districts that do not go with it.
    """
    return rules.misplaced(content, roots) | rules.unknown(content, known) | _at_odds(unit, content, day)


def _at_odds(unit: Unit, content: ItemContent, day: date) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for override in queries.overrides_from(unit.session, content.code, day):
        for field, why in rules.unfit(content, queries.terms_of(override)).items():
            place = "statutory_days" if field == "promised_days" else "materials"
            wrong[place] = f"terms {override.number} of {override.district}: {why}"
    return wrong


def read(unit: Unit, code: str, number: int) -> ItemVersionOut:
    """Show one version."""
    return shown(unit, _found(unit, code, number))


def versions(unit: Unit, code: str, wanted: Wanted) -> Page[ItemVersionSummary]:
    """List an item's versions, newest first."""
    if unit.session.get(Item, code) is None:
        raise NotFound
    begin = queries.beginnings(unit.session, code)

    def show(version: ItemVersion) -> ItemVersionSummary:
        life = _life(version)
        return ItemVersionSummary(
            number=version.number,
            version=version.revision,
            state=rules.state_of(life, begin, unit.today),
            effective_from=version.effective_from,
            effective_to=rules.ends(life, begin),
            statutory_days=version.statutory_days,
            promised_days=version.promised_days,
        )

    query = queries.of_item(code)
    return page(unit, query, NEWEST_FIRST, wanted, bound=f"versions of {code}", show=show)


def shown(unit: Unit, version: ItemVersion) -> ItemVersionOut:
    """Show a version as it stands today."""
    life, begin = _life(version), queries.beginnings(unit.session, version.item_code)
    return ItemVersionOut(
        version=version.revision,
        number=version.number,
        state=rules.state_of(life, begin, unit.today),
        effective_from=version.effective_from,
        effective_to=rules.ends(life, begin),
        content=queries.content_of(version),
    )


def _life(version: ItemVersion) -> Life:
    return Life(VersionStatus(version.status), version.effective_from, version.effective_to)


def _found(unit: Unit, code: str, number: int, *, to_change: bool = False) -> ItemVersion:
    version = unit.session.get(ItemVersion, (code, number), with_for_update=to_change or None)
    if version is None:
        raise NotFound
    return version


def _seen(unit: Unit, code: str, number: int, seen: int) -> ItemVersion:
    expect_owner(unit)
    if queries.held(unit.session, code) is None:
        raise NotFound
    version = _found(unit, code, number, to_change=True)
    expect_version(shown(unit, version), seen)
    return version


def _fit(unit: Unit, code: str, content: ItemContent) -> None:
    wrong = rules.misplaced(content, tree.roots(unit.session))
    if content.code != code:
        wrong["code"] = "this is another item's address"
    if wrong:
        raise invalid(wrong)


def _write(version: ItemVersion, content: ItemContent) -> None:
    version.content = content.model_dump(mode="json")
    version.statutory_days, version.promised_days = content.statutory_days, content.promised_days
    version.instant, version.name = content.instant, content.name
    version.category, version.department = content.category, content.department
    version.called = "\n".join(map(plain, content.aliases))


def _put_in_force(unit: Unit, version: ItemVersion, day: date) -> None:
    """Publish a draft from a day on; what was published for that very day gives way."""
    before = queries.beginning_on(unit.session, version.item_code, day)
    if before is not None:
        before.status, before.revision = VersionStatus.RETIRED, before.revision + 1
        unit.session.flush()
    version.status, version.effective_from = VersionStatus.PUBLISHED, day
    unit.session.flush()


def _done(
    unit: Unit, version: ItemVersion, action: str, *, reason: str | None = None, **detail: object
) -> ItemVersionOut:
    version.revision += 1
    unit.session.flush()
    unit.audit(action, "item", version.item_code, reason=reason, detail={"version": version.number, **detail})
    return shown(unit, version)
