"""The base of this service's tables."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy.orm import DeclarativeBase

from onewindow_shared.plumbing.database import UtcDateTime, metadata
from onewindow_shared.plumbing.tables import Json


class Base(DeclarativeBase):
    """Base of every table of this service that is not the plumbing's."""

    metadata = metadata()
    type_annotation_map: ClassVar = {
        datetime: UtcDateTime,
        dict[str, Any]: Json,
        list[dict[str, Any]]: Json,
        list[list[Any]]: Json,
        list[str]: Json,
    }
