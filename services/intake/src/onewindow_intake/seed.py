"""Loads the service items that come with the project, each with its source."""

from collections.abc import Sequence
from importlib.resources import files

import yaml
from pydantic import TypeAdapter

from onewindow_intake.catalogue.service import put
from onewindow_shared.contracts.catalogue import ItemContent
from onewindow_shared.plumbing.unit import Unit

_ITEMS = TypeAdapter(list[ItemContent])


def shipped_items() -> list[ItemContent]:
    """Read the file of items."""
    text = files("onewindow_intake").joinpath("seed/items.yaml").read_text(encoding="utf-8")
    return _ITEMS.validate_python(yaml.safe_load(text)["items"])


def seed(unit: Unit) -> None:
    """Publish every shipped item; running again changes nothing, a changed file publishes new versions."""
    load(unit, shipped_items())


def load(unit: Unit, items: Sequence[ItemContent]) -> int:
    """Publish these items; return how many were new or changed."""
    return sum(put(unit, item) for item in items)
