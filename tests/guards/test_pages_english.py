"""Public pages in English say in English whatever services tell in sentences, and not a word of it in Chinese."""

import re
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from onewindow_gateway.pages import english
from onewindow_gateway.pages.showing import Display, Shown
from onewindow_intake.cases.labels import STEPS
from onewindow_intake.tracking import rules, words
from onewindow_shared.contracts.cases import PublicContact, PublicStep, TrackedCase
from onewindow_shared.contracts.lifecycle import ENDS, CaseStatus
from onewindow_shared.plumbing.published_years import shipped_calendar
from onewindow_shared.plumbing.workdays import Why

NOW, ZONE = datetime(2026, 9, 20, 1, 30, tzinfo=UTC), ZoneInfo("Asia/Shanghai")
HAN = re.compile(r"[\u4e00-\u9fff]+")


def test_every_step_and_state_that_tracking_tells_of_has_english_words() -> None:
    assert set(english.STEPS) == set(STEPS)
    assert set(english.NEXT) == set(words.NEXT)
    assert set(english.WAITS) == set(CaseStatus) - ENDS
    assert set(english.DAYS) == set(Why) - {Why.PAUSED}


def test_tracking_in_english_leaves_nothing_but_names_in_chinese() -> None:
    waits = rules.wait(CaseStatus.HANDLING, owes=True)
    assert waits is not None
    limit = rules.of_notice(date(2026, 9, 20), 12, datetime(2026, 10, 13, 9, tzinfo=UTC))
    shown = rules.explained(shipped_calendar(), limit, NOW, ZONE)
    case = TrackedCase(
        case_no="33090200200120260920000018",
        item_name="ITEM",
        status=CaseStatus.HANDLING,
        status_label="办理中",
        applicant="NAME",
        received_at=NOW,
        correction_due_at=None,
        supplement_due_at=None,
        due_on=date(2026, 10, 13),
        provisional=False,
        timeline=[PublicStep(at=NOW, step=step, label=label, told="说明") for step, label in STEPS.items()],
        earlier=None,
        awaited=rules.awaited(waits, "OFFICE", [], [rules.awaited_line(2, NOW)], shown),
        next_step=words.NEXT[CaseStatus.HANDLING],
        review=None,
        contact=PublicContact(office="OFFICE", phone="12345"),
    )
    reader = Shown(Display(language="en"), ZONE, "/tracking")
    said: dict[str, Any] = {"found": case, "silence": None, "number": "", "code": "", "cursor": ""}
    page = bytes(reader.page("tracking.html", **said).body).decode()
    main = page.partition("<main")[2].partition("</main>")[0]
    assert set(HAN.findall(main)) == {"说明"}
    assert main.count("说明") == 1
