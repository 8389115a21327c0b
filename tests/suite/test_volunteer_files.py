"""A file of volunteers while the service is killed: each row is looked at once, and asks nobody twice."""

import uuid

import pytest

from onewindow_shared.plumbing.sheets import XLSX_TYPE
from suite.test_volunteers import done_though_killed, every
from town import VOLUNTEERS, Town
from volunteers.signup import Citizen
from volunteers.test_imports import line, workbook

pytestmark = [pytest.mark.suite, pytest.mark.own_town]

ROWS = 600
BAD = range(0, ROWS, 10)


def test_an_import_looks_at_each_row_exactly_once_however_often_the_service_is_killed(town: Town) -> None:
    manager = town.staff("manager.xian")
    file = workbook([line(Citizen(100 + n), **({"手机号": "x"} if n in BAD else {})) for n in range(ROWS)])
    headers = {
        "Authorization": f"Bearer {manager.token}",
        "Content-Type": XLSX_TYPE,
        "Idempotency-Key": str(uuid.uuid4()),
    }
    sent = manager.http.post(f"{VOLUNTEERS}/imports", content=file, headers=headers)
    assert sent.status_code == 201, sent.text
    path = f"{VOLUNTEERS}/imports/{sent.json()['import_no']}"
    done = done_though_killed(town, manager, path)
    assert (done["done"], done["good"], done["bad"]) == (ROWS, ROWS - len(BAD), len(BAD))
    assert len(every(manager, f"{path}/faults")) == len(BAD), "each bad row is told once"
    waiting = every(manager, f"{VOLUNTEERS}/unconfirmed")
    assert len({one["unconfirmed_id"] for one in waiting}) == ROWS - len(BAD), "nobody is asked twice"
