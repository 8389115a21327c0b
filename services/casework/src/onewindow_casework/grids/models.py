"""The table of grid cells."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_casework.base import Base
from onewindow_shared.contracts.areas import lives
from onewindow_shared.plumbing.scope import AreaScoped

ONE_CELL_PER_CODE = "pk_grid_cells"


class GridCell(AreaScoped, Base):
    """A part of a community; it belongs to whoever stands for the community that its code begins with."""

    __tablename__ = "grid_cells"
    __table_args__ = (
        Index("ix_grid_cells_community_code", "community", "code"),
        Index("ix_grid_cells_street_code", "street", "code"),
        Index("ix_grid_cells_district_code", "district", "code"),
        CheckConstraint("(effective_until IS NULL) = (heir IS NULL)", name="ends_with_an_heir"),
    )

    code: Mapped[str] = mapped_column(String(15), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    effective_from: Mapped[date | None] = mapped_column(Date)
    effective_until: Mapped[date | None] = mapped_column(Date)
    heir: Mapped[str | None] = mapped_column(String(15))

    def lives(self, day: date) -> bool:
        """Say whether it is a cell on a day."""
        return lives(self.effective_from, self.effective_until, day)
