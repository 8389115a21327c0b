"""Loads the service items that come with the project, each with its source."""

from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from typing import Any

import yaml
from pydantic import TypeAdapter

from onewindow_intake.catalogue.models import Item
from onewindow_intake.catalogue.service import put
from onewindow_shared.contracts.catalogue import ItemContent
from onewindow_shared.plumbing.unit import Unit

_ITEMS = TypeAdapter(list[ItemContent])


def shipped_items() -> list[ItemContent]:
    """Read the file of items, and what people call them."""
    aliases: dict[str, list[str]] = _read("aliases.yaml")
    items = _read("items.yaml")["items"]
    return _ITEMS.validate_python([{**item, "aliases": aliases.get(item["code"], [])} for item in items])


def in_force_from() -> date:
    """Return the day from which the shipped items hold where they are new."""
    return TypeAdapter(date).validate_python(_read("items.yaml")["in_force_from"])


def _read(name: str) -> Any:
    return yaml.load(files("onewindow_intake").joinpath("seed", name).read_bytes(), Loader=yaml.CSafeLoader)


def seed(unit: Unit) -> None:
    """Publish every shipped item that is not there yet; what became of the others is the district's."""
    load(unit, [item for item in shipped_items() if unit.session.get(Item, item.code) is None])


def load(unit: Unit, items: Sequence[ItemContent]) -> int:
    """Publish these items; return how many were new or changed."""
    since = in_force_from()
    return sum(put(unit, item, since) for item in items)
