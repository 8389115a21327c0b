"""The declarative base of the gateway's tables."""

from typing import ClassVar

from sqlalchemy.orm import DeclarativeBase

from onewindow_shared.plumbing.database import metadata
from onewindow_shared.plumbing.tables import Json


class Base(DeclarativeBase):
    """Base of accounts, sessions and one-time codes."""

    metadata = metadata()
    type_annotation_map: ClassVar = {list[str]: Json}
