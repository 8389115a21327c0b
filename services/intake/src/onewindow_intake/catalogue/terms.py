"""Use cases of a district's own terms of an item: numbered rows that only ever follow one another."""

from datetime import date

from onewindow_intake.catalogue import queries, rules
from onewindow_intake.catalogue.models import Item, ItemOverride
from onewindow_intake.catalogue.problems import OutsideDistrict
from onewindow_shared.contracts.cataloguing import ItemOverrideIn, ItemOverrideOut, ItemTerms
from onewindow_shared.contracts.common import Page
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.problems import NotFound, invalid
from onewindow_shared.plumbing.unit import Unit

IN_ORDER = Keyset([ItemOverride.district, ItemOverride.number])


def add(unit: Unit, code: str, form: ItemOverrideIn) -> ItemOverrideOut:
    """Give an item a district's own terms from a day on."""
    if queries.held(unit.session, code) is None:
        raise NotFound
    if not unit.actor.scope.covers(form.district):
        raise OutsideDistrict
    day = form.effective_from or unit.today
    if wrong := _wrong(unit, code, form):
        raise invalid(wrong)
    return _shown(put(unit, code, form.district, day, form.terms, by=unit.actor.subject))


def put(unit: Unit, code: str, district: str, day: date, terms: ItemTerms, *, by: str) -> ItemOverride:
    """Have a district's terms follow its earlier ones from a day on."""
    override = ItemOverride(
        item_code=code,
        district=district,
        number=queries.last_override(unit.session, code, district) + 1,
        effective_from=day,
        terms=terms.model_dump(mode="json"),
        created_at=unit.now,
        created_by=by,
    )
    unit.session.add(override)
    unit.session.flush()
    detail = {"number": override.number, "effective_from": day.isoformat()}
    unit.audit("item.terms_set", "item", code, area=district, detail=detail)
    return override


def _wrong(unit: Unit, code: str, form: ItemOverrideIn) -> dict[str, str]:
    day = form.effective_from or unit.today
    if day < unit.today:
        return {"effective_from": "terms cannot have been in force before they were set"}
    return {
        f"terms.{field}": f"version {version.number}: {why}"
        for version in queries.now_or_later(unit.session, code, day)
        for field, why in rules.unfit(queries.content_of(version), form.terms).items()
    }


def of_item(unit: Unit, code: str, wanted: Wanted) -> Page[ItemOverrideOut]:
    """List the terms of an item by district and number."""
    if unit.session.get(Item, code) is None:
        raise NotFound
    return page(unit, queries.overrides_of(code), IN_ORDER, wanted, bound=f"overrides of {code}", show=_shown)


def _shown(override: ItemOverride) -> ItemOverrideOut:
    return ItemOverrideOut(
        code=override.item_code,
        district=override.district,
        number=override.number,
        effective_from=override.effective_from,
        terms=queries.terms_of(override),
        created_at=override.created_at,
        created_by=override.created_by,
    )
