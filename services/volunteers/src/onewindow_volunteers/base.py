"""The base of this service's tables."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy.orm import DeclarativeBase

from onewindow_shared.plumbing.database import UtcDateTime, metadata
from onewindow_shared.plumbing.tables import Json


class Base(DeclarativeBase):
    """Base of volunteers, activities and what people signed up for."""

    metadata = metadata()
    type_annotation_map: ClassVar = {list[str]: Json, dict[str, Any]: Json, datetime: UtcDateTime}
