"""What the gateway itself knows of areas."""

from sqlalchemy import select

from onewindow_shared.plumbing.problems import NotFound
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.unit import Unit


def expect_area(unit: Unit, code: str) -> None:
    """Refuse an area that is not in today's register with `NotFound`, once the register has arrived."""
    known = unit.session.get(Area, code)
    if known is not None and not known.lives(unit.today):
        raise NotFound(detail=f"This area {known.why_not(unit.today)}.")
    if known is None and unit.session.scalar(select(Area.code).limit(1)) is not None:
        raise NotFound
