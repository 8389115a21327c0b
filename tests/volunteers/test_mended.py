"""What was written before the database kept it right is mended when it is brought up to date."""

from sqlalchemy import Connection, text

from conftest import FreshDatabase
from onewindow_shared.plumbing.migrations import migrate, with_connection
from onewindow_volunteers.app import SERVICE
from testkit.api import running
from volunteers.conftest import REGISTER
from volunteers.organiser import Helper, Organiser, shift
from volunteers.test_organisations import founded, paper, path_of

BEFORE = "0030_need_notices"


LEFT_OVER = [
    "UPDATE activities SET status = 'cancelled'",
    "UPDATE signups SET subject = 'long-gone' WHERE status = 'placed'",
    """
    INSERT INTO organisation_papers
    (organisation_id, kind, issuer, number, valid_from, valid_until, community, street, district)
    SELECT organisation_id, kind, issuer, number, valid_from, valid_until, community, street, district
    FROM organisation_papers
    """,
]


def leave_over(connection: Connection) -> None:
    """Write what requests at the same moment, and papers handed in twice, left behind."""
    for statement in LEFT_OVER:
        connection.execute(text(statement))


def test_leftovers_of_the_same_moment_are_put_right(fresh_database: FreshDatabase) -> None:
    url = fresh_database("volunteers")
    with running(SERVICE, url) as api:
        api.receive(*REGISTER, source="casework")
        organiser, helper, other = Organiser(api), Helper.registered(api, 14), Helper.registered(api, 15)
        activity = organiser.published(shifts=[shift(days=3, capacity=1)])
        helper.joined(activity)
        other.joined(activity, wait=True)
        one = founded(organiser, "organisation")
        assert paper(organiser, one, "qualification", "2025-01-01", "2027-01-31").status_code == 201
    migrate("volunteers", url, down_to=BEFORE)
    with_connection(url, leave_over)
    migrate("volunteers", url)
    with running(SERVICE, url) as api:
        organiser = Organiser(api)
        for was in (Helper(api, helper.citizen, helper.record), Helper(api, other.citizen, other.record)):
            assert [one["status"] for one in was.places()] == ["called_off"]
            assert was.joined(organiser.published(shifts=[shift(days=3)]))["status"] == "placed"
        assert len(organiser.ask("GET", path_of(one, "papers")).json()["items"]) == 1
        api.clock.pass_(days=60)
        api.quiet()
