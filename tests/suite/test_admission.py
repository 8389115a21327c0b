"""Work for communities from a department's draft to the published list, as everybody sees it."""

from datetime import date, timedelta
from typing import Any

import pytest

from casework.hall import DEMOLITION, SURVEY
from town import CASEWORK, Person, Town

pytestmark = pytest.mark.suite

ADMISSION = f"{CASEWORK}/admission"
XIAN = "330902002001"


def move(who: Person, code: str, step: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    path = f"{ADMISSION}/items/{code}"
    version = who.read(path)["version"]
    moved = who.move(f"{path}/{step}", body or {}, version)
    assert moved.status_code == 200, (step, moved.text)
    answer: dict[str, Any] = moved.json()
    return answer


def test_a_harmless_survey_is_applied_for_heard_admitted_and_public(town: Town) -> None:
    officer, admin = town.staff("officer.civil_affairs"), town.staff("admin.dinghai")
    today = town.anybody().read(f"{ADMISSION}/lists/330902/1")["effective_from"]
    begins = date.fromisoformat(today) + timedelta(days=90)
    form = SURVEY | {
        "areas": [XIAN],
        "first_day": begins.isoformat(),
        "last_day": (begins + timedelta(days=180)).isoformat(),
        "money": {"fen": 0, "unit": "community", "period": "once"},
        "role": "main",
        "actions": [],
    }
    draft = officer.create(f"{ADMISSION}/items", form)
    assert draft.status_code == 201, draft.text
    code = draft.json()["code"]
    assert draft.json()["findings"] == []
    assert move(officer, code, "submission")["status"] == "submitted"
    assert move(admin, code, "review")["opinions"]["asked"] == 2
    for name in ("manager.xian", "supervisor.changguo"):
        opinion = town.staff(name).create(f"{ADMISSION}/items/{code}/opinions", {"answer": "agree"})
        assert opinion.status_code == 201, opinion.text
    decision = {
        "admit": True,
        "matter_class": "autonomy",
        "reasons": "居民会议提出，社区自行开展",
        "held_on": today,
        "minutes": "联席会议纪要〔2026〕7号",
        "members": [{"body": "区民政局", "vote": "for"}],
    }
    assert move(admin, code, "decision", decision)["status"] == "approved"
    published = admin.create(f"{ADMISSION}/lists", {"title": "定海区清单", "effective_from": today})
    assert published.status_code == 201, published.text
    listed = town.anybody().read(f"{ADMISSION}/listed?community={XIAN}&day={begins}&limit=200")["items"]
    assert code in [matter["code"] for matter in listed]
    life = town.anybody().read(f"{ADMISSION}/listed/{code}/trace")["items"]
    assert [life[0]["step"], life[-1]["step"]] == ["drafted", "list"]


def test_demolition_with_the_community_as_main_body_is_refused_at_the_draft_and_at_the_application(
    town: Town,
) -> None:
    officer = town.staff("officer.housing")
    today = town.anybody().read(f"{ADMISSION}/lists/330902/1")["effective_from"]
    begins = date.fromisoformat(today) + timedelta(days=90)
    form = DEMOLITION | {"first_day": begins.isoformat(), "last_day": None}
    draft = officer.create(f"{ADMISSION}/items", form).json()
    assert "demolition" in [one["matter"] for one in draft["findings"] if one["refused"]]
    assert move(officer, draft["code"], "submission")["status"] == "rejected"
