"""What operators rely on: readiness, and keys that change."""

from casework.office import Office
from onewindow_casework.app import SERVICE
from onewindow_shared.plumbing.sealed import reencrypt


def test_the_service_says_that_it_is_ready(office: Office) -> None:
    assert office.api.client.get("/readyz").json()["ready"] is True


def test_receivers_are_sealed_and_can_be_sealed_again(office: Office) -> None:
    case_no = office.decided()
    body = {"method": "pick_up", "proof": "签收", "receiver": "王小明"}
    office.must(office.clerk, "delivery", case_no, body)
    office.delivered()
    assert office.api.system(lambda unit: reencrypt(unit.session, unit.vault, SERVICE.sealed)) == 0
