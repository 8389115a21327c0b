"""The base of this service's tables."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy.orm import DeclarativeBase

from onewindow_shared.plumbing.database import UtcDateTime, metadata
from onewindow_shared.plumbing.tables import Json


class Base(DeclarativeBase):
    """Base of cases, their timelines and reviews, and of the district's departments and notices."""

    metadata = metadata()
    type_annotation_map: ClassVar = {datetime: UtcDateTime, list[list[Any]]: Json}
