"""The declarative base of the plumbing's own tables, and the column types they share."""

from collections.abc import Iterable
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Integer
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

from onewindow_shared.plumbing.database import metadata

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""A JSON document, binary on PostgreSQL."""
BigKey = BigInteger().with_variant(Integer, "sqlite")
"""A growing primary key; SQLite counts only INTEGER keys by itself."""


def one_of(column: str, values: Iterable[str]) -> str:
    """Return the SQL of a constraint: the column holds one of these values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


class PlumbingBase(DeclarativeBase):
    """Base of outbox, inbox, idempotency keys, audit, timers, rollups and the copy of the register."""

    metadata = metadata()
    type_annotation_map: ClassVar = {dict[str, Any]: Json, list[str]: Json}
