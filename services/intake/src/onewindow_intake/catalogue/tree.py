"""Use cases of the category tree: ten fixed roots, and whatever hangs below them."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from onewindow_intake.catalogue import queries, rules
from onewindow_intake.catalogue.models import ItemCategory
from onewindow_intake.catalogue.owning import expect_owner
from onewindow_intake.catalogue.problems import CategoryExists, CategoryInUse
from onewindow_shared.contracts.cataloguing import CategoryIn, CategoryOut, CategoryPlace, CategoryTree
from onewindow_shared.contracts.intake import ServiceCategory
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.problems import NotFound, invalid
from onewindow_shared.plumbing.unit import Unit

FIXED = 0
"""Version of the ten."""


def whole(session: Session) -> list[CategoryOut]:
    """Return every category, each behind its parent."""
    ten = [
        CategoryOut(
            code=code, root=ServiceCategory(code), parent=None, name=name, name_en=name_en, version=FIXED
        )
        for code, (name, name_en) in rules.ROOTS.items()
    ]
    below = [_shown(category) for category in queries.categories(session)]
    parents = {one.code: one.parent for one in (*ten, *below)}
    place = {code: n for n, code in enumerate(rules.ROOTS)}
    return sorted((*ten, *below), key=lambda one: (place[one.root], rules.path(one.code, parents)[::-1]))


def present(unit: Unit) -> CategoryTree:
    """Return the tree as it is now."""
    return CategoryTree(categories=whole(unit.session))


def roots(session: Session) -> Mapping[str, str]:
    """Return the root of every category below the ten."""
    return {category.code: category.root for category in queries.categories(session)}


def add(unit: Unit, form: CategoryIn) -> CategoryOut:
    """Hang a new category into the tree."""
    expect_owner(unit)
    if form.code in rules.ROOTS or unit.session.get(ItemCategory, form.code) is not None:
        raise CategoryExists
    category = ItemCategory(code=form.code, revision=1)
    _place(unit, category, form)
    unit.session.add(category)
    unit.session.flush()
    unit.audit("category.added", "category", form.code, detail={"parent": form.parent})
    return _shown(category)


def change(unit: Unit, code: str, seen: int, form: CategoryPlace) -> CategoryOut:
    """Rename a category, or hang it elsewhere below its root."""
    category = _seen(unit, code, seen)
    before = category.root
    _place(unit, category, form)
    if category.root != before:
        raise invalid({"parent": f"this category belongs to {before}, and so do its items"})
    if code in _above(unit.session, form.parent):
        raise invalid({"parent": "this lies below the category itself"})
    category.revision += 1
    unit.audit("category.changed", "category", code, detail={"parent": form.parent})
    return _shown(category)


def remove(unit: Unit, code: str, seen: int) -> None:
    """Take a category out of the tree; nothing may hang below it."""
    category = _seen(unit, code, seen)
    if queries.uses_category(unit.session, code):
        raise CategoryInUse
    unit.session.delete(category)
    unit.audit("category.removed", "category", code)


def _seen(unit: Unit, code: str, seen: int) -> ItemCategory:
    expect_owner(unit)
    category = unit.session.get(ItemCategory, code, with_for_update=True)
    if category is None:
        raise NotFound
    expect_version(_shown(category), seen)
    return category


def _place(unit: Unit, category: ItemCategory, form: CategoryPlace) -> None:
    if form.parent in rules.ROOTS:
        category.root, category.parent = form.parent, None
    else:
        parent = unit.session.get(ItemCategory, form.parent, with_for_update=True)
        if parent is None:
            raise invalid({"parent": "no such category"})
        category.root, category.parent = parent.root, parent.code
    category.name, category.name_en = form.name, form.name_en


def _above(session: Session, code: str) -> list[str]:
    with session.no_autoflush:
        return rules.path(code, {one.code: one.parent for one in whole(session)})


def _shown(category: ItemCategory) -> CategoryOut:
    return CategoryOut(
        code=category.code,
        root=ServiceCategory(category.root),
        parent=category.parent or category.root,
        name=category.name,
        name_en=category.name_en,
        version=category.revision,
    )
