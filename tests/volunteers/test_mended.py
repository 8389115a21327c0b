"""What was written before the database kept it right is mended when it is brought up to date."""

from sqlalchemy import Connection, select, text

from conftest import FreshDatabase
from onewindow_shared.plumbing.migrations import migrate, with_connection
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.app import SERVICE
from onewindow_volunteers.certificates.models import ServiceCertificate
from onewindow_volunteers.stars.models import Star
from testkit.api import running
from volunteers.conftest import REGISTER
from volunteers.organiser import Helper, Organiser, shift
from volunteers.test_certificates import confirmed, issued
from volunteers.test_erasure import erase
from volunteers.test_organisations import founded, paper, path_of
from volunteers.test_stars import applied

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


def test_what_was_revoked_before_is_known_by_its_cause(fresh_database: FreshDatabase) -> None:
    url = fresh_database("volunteers")
    with running(SERVICE, url, star_hours=[2]) as api:
        api.receive(*REGISTER, source="casework")
        organiser, helper, other = Organiser(api), Helper.registered(api, 14), Helper.registered(api, 15)
        numbers = []
        for one in (helper, other):
            confirmed(organiser, one)
            numbers.append(issued(one)["certificate_no"])
        applied(helper)
        path, seen = f"certificates/{numbers[0]}/revocation", {"If-Match": '"1"'}
        assert organiser.ask("POST", path, {"reason": "姓名有误"}, **seen).status_code == 200
        assert erase(api, other, certificates="revoke").status_code == 200
    migrate("volunteers", url, down_to="0036_populations")
    migrate("volunteers", url)

    def kept(unit: Unit) -> list[tuple[str | None, str | None]]:
        return [(one.cause, one.reason) for one in unit.session.scalars(select(ServiceCertificate))]

    with running(SERVICE, url, star_hours=[2]) as api:
        assert sorted(api.system(kept), key=str) == [("erased", None), ("staff", "姓名有误")]
        assert [
            one.wanted_minutes for one in api.system(lambda unit: [*unit.session.scalars(select(Star))])
        ] == [170]
