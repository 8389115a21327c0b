"""Rows are held in one order everywhere, so that nobody waits for somebody who waits for them.

An activity; then people; then organisations; then places in shifts, and needs; then roles; then records, and
what hangs on all of these. Of several rows of one kind the one with the lower key comes first.

Whoever writes something of a person holds the person's row before looking at anything that decides it. The
row is shared by all who do; only who changes the person, or erases them, has it alone. So of an erasure and a
request at the same moment one sees all that the other did. The database refuses what would be left over all
the same: an account that is not the person's (`whose` in the models), a place in what was called off.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, Table, select
from sqlalchemy.orm import Session

from onewindow_shared.plumbing.bulk import table_of
from onewindow_volunteers.people.models import Volunteer

VOLUNTEERS = table_of(Volunteer)


def shared(query: Select[Volunteer]) -> Select[Volunteer]:
    """Have a query hold the people whom it finds as they are, beside others who hold them so."""
    return query.with_for_update(read=True, key_share=True)


def hold_people(session: Session, volunteer_ids: Iterable[int]) -> None:
    """Keep people as they are until this transaction ends."""
    _hold(session, VOLUNTEERS.c.id.in_(sorted(set(volunteer_ids))))


def hold_number(session: Session, volunteer_no: str) -> None:
    """Keep whoever has a number as they are until this transaction ends, wherever they are registered."""
    _hold(session, VOLUNTEERS.c.volunteer_no == volunteer_no)


def hold_whose(session: Session, table: Table, row_id: int) -> None:
    """Keep whoever a row belongs to as they are until this transaction ends."""
    whose = select(table.c.volunteer_id).where(table.c.id == row_id).scalar_subquery()
    _hold(session, VOLUNTEERS.c.id == whose)


def _hold(session: Session, which: ColumnElement[bool]) -> None:
    query = select(VOLUNTEERS.c.id).where(which).order_by(VOLUNTEERS.c.id)
    session.execute(query.with_for_update(read=True, key_share=True))
