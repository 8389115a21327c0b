"""A crowd: copies of one volunteer with everything they agreed to and gave, written in bulk."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from onewindow_shared.contracts.numbers import volunteer_number
from onewindow_shared.plumbing.bulk import table_of
from onewindow_volunteers.activities.models import Signup
from onewindow_volunteers.people.models import Consent, Volunteer
from onewindow_volunteers.records.models import HourEntry, ServiceRecord

VOLUNTEERS, CONSENTS, SIGNUPS, RECORDS, HOURS = map(
    table_of, (Volunteer, Consent, Signup, ServiceRecord, HourEntry)
)
AT_ONCE, MARK = 2000, "crowd-"
YEAR = 2099
"""Whose numbers nobody else is given."""


def crowd(
    connection: Connection,
    volunteer_no: str,
    size: int,
    vary: Callable[[int], dict[str, Any]] = lambda _: {},
) -> None:
    """Copy a volunteer so many times; number, account and document are their own, and what `vary` returns."""
    one = dict(
        connection.execute(select(VOLUNTEERS).where(VOLUNTEERS.c.volunteer_no == volunteer_no))
        .mappings()
        .one()
    )
    original = one.pop("id")
    for first in range(1, size + 1, AT_ONCE):
        rows = [
            {
                **one,
                "volunteer_no": volunteer_number(one["district"], YEAR, n),
                "subject": f"{MARK}{n}",
                "person_index": f"{MARK}{n}",
                **vary(n),
            }
            for n in range(first, min(first + AT_ONCE, size + 1))
        ]
        connection.execute(insert(VOLUNTEERS), rows)
    for table, parent, key in (
        (CONSENTS, None, None),
        (SIGNUPS, None, None),
        (RECORDS, SIGNUPS, "signup_id"),
        (HOURS, RECORDS, "record_id"),
    ):
        _copy(connection, table, original, parent, key)


def _copy(connection: Connection, table: Table, original: int, parent: Table | None, key: str | None) -> None:
    """Copy what belongs to the original to each copy; `key` then names the copy's own row of `parent`."""
    new = VOLUNTEERS.alias("new")
    own: dict[str, Any] = {
        "volunteer_id": new.c.id,
        "volunteer_no": new.c.volunteer_no,
        "subject": new.c.subject,
    }
    joined = table.join(new, new.c.subject.startswith(MARK) & (table.c.volunteer_id == original))
    if parent is not None and key is not None:
        old, theirs = parent.alias("old"), parent.alias("theirs")
        joined = joined.join(old, old.c.id == table.c[key]).join(
            theirs, (theirs.c.volunteer_id == new.c.id) & (theirs.c.shift_id == old.c.shift_id)
        )
        own[key] = theirs.c.id
    names = [column.name for column in table.c if column.name != "id"]
    values = [own.get(name, table.c[name]) for name in names]
    connection.execute(insert(table).from_select(names, select(*values).select_from(joined)))
