"""Public pages by themselves: how they ask, what they say when nothing comes back, how somebody wants to read."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any
from urllib.parse import unquote

import httpx2
import pytest

from gateway.conftest import Open, held
from onewindow_gateway.pages.showing import Display
from onewindow_shared.contracts.numbers import case_number, volunteer_number
from testkit.api import Api

PATHS = (
    "/",
    "/tracking",
    "/papers",
    "/case-papers",
    "/reviews",
    "/certificates",
    "/service-certificates",
    "/lists",
)
PAPER = {
    "standing": "genuine",
    "number": "33090200200120261123000018-SJ1",
    "title": "申请材料收件凭证",
    "issued_on": "2026-11-23",
    "office": "<b>西安社区</b>",
    "applicant": "王*芳",
    "item_name": "最低生活保障",
    "status": "received",
    "status_label": "已收件",
}
PROOF = {name: PAPER[name] for name in ("title", "issued_on", "office", "applicant", "item_name")}
COMMUNITY = {
    "code": "330902002001",
    "name": "西安社区",
    "kind": "residents_committee",
    "street": "330902002",
    "street_name": "昌国街道",
    "population": None,
}


class Services:
    """Answers by the end of the path; everything else is not there."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, Any]] = {}
        self.asked: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        for end, (status, body) in self.answers.items():
            if unquote(request.url.path).endswith(end):
                return httpx2.Response(status, json=body)
        return httpx2.Response(404, json={})


@pytest.fixture
def services() -> Services:
    return Services()


@pytest.fixture
def paged(open_gateway: Open, services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    with open_gateway(description_cache_seconds=0) as api:
        client = httpx2.AsyncClient(transport=httpx2.MockTransport(services))
        monkeypatch.setattr(api.app.state, "gateway", replace(held(api), client=client))
        yield api


@pytest.mark.parametrize("path", PATHS)
def test_a_page_asks_no_other_host_and_runs_nothing_of_its_own(
    paged: Api, services: Services, path: str
) -> None:
    services.answers["communities"] = (200, {"items": [COMMUNITY], "next": None})
    page = paged.client.get(path)
    assert page.status_code == 200
    assert not re.search(r"https?:|//\w|<script>|style=|onclick", page.text)
    assert "default-src 'none'; script-src 'self'" in page.headers["content-security-policy"]
    for part in re.findall(r'(?:src|href)="(/pages/[^"]+)"', page.text):
        assert paged.client.get(part).status_code == 200, part


def test_what_was_typed_goes_on_in_a_body_with_who_asked(paged: Api, services: Services) -> None:
    services.answers["paper-checks"] = (200, PAPER)
    page = paged.client.post("/papers", data={"number": PAPER["number"], "code": "ABCDEFGH"})
    assert page.status_code == 200
    assert "真实有效" in page.text
    assert "<b>" not in page.text
    (asked,) = services.asked
    assert "ABCDEFGH" not in str(asked.url)
    assert b"ABCDEFGH" in asked.content
    assert asked.headers["x-forwarded-for"] == "testclient"


def test_papers_of_the_handling_are_asked_for_where_they_were_issued(paged: Api, services: Services) -> None:
    number = "33090200200120261123000018-JD1"
    services.answers["case-papers/proofs"] = (200, PROOF | {"number": number})
    assert number in paged.client.post("/papers", data={"number": number, "code": "ABCDEFGH"}).text
    assert len(services.asked) == 1


def test_letters_that_two_services_use_are_asked_for_at_both(paged: Api, services: Services) -> None:
    services.answers["paper-checks"] = (200, PAPER)
    sent = {"number": "33090200200120261123000018-CH1", "code": "ABCDEFGH"}
    assert paged.client.post("/papers", data=sent).status_code == 200
    assert len(services.asked) == 2


CERTIFICATE = {
    "certificate_no": f"{volunteer_number('330902', 2026, 1)}-ZM1",
    "issued_by": "<b>西安社区</b>",
    "issued_at": "2026-11-25T09:30:00+08:00",
    "holder": "王*明",
    "status": "issued",
    "valid": True,
    "replaced_by": None,
}
ATTESTED = {
    "certificate_no": case_number("330902002001", date(2026, 11, 23), 1),
    "name": "居住证明",
}
SERVED = {"first_on": "2026-11-24", "last_on": "2026-11-25", "minutes": 170}


@pytest.mark.parametrize(
    ("path", "body"),
    [("/service-certificates", CERTIFICATE | SERVED), ("/certificates", CERTIFICATE | ATTESTED)],
)
def test_a_certificate_is_checked_where_its_qr_code_leads_without_a_script(
    paged: Api, services: Services, path: str, body: dict[str, Any]
) -> None:
    assert f'action="{path}"' in paged.client.get(path).text
    services.answers["certificates/proofs"] = (200, body)
    sent = {"number": body["certificate_no"], "code": "ABCDEFGH"}
    page = paged.client.post(path, data=sent)
    assert page.status_code == 200, page.text
    assert "真实有效" in page.text
    assert "王*明" in page.text
    assert "<b>" not in page.text
    assert ("2小时50分" in page.text) == ("minutes" in body)
    services.answers["certificates/proofs"] = (200, body | {"valid": False, "replaced_by": "NEWER-ONE"})
    assert "NEWER-ONE" in paged.client.post(path, data=sent).text
    services.answers["certificates/proofs"] = (200, body | {"valid": False})
    assert "目前无效" in paged.client.post(path, data=sent).text
    services.answers["certificates/proofs"] = (404, {})
    assert "查无此证明" in paged.client.post(path, data=sent).text


@pytest.mark.parametrize("path", ["/papers", "/certificates", "/service-certificates"])
@pytest.mark.parametrize(
    ("end", "body"),
    [
        ("volunteers/v1/certificates/proofs", CERTIFICATE | SERVED),
        ("casework/v1/certificates/proofs", CERTIFICATE | ATTESTED),
        ("paper-checks", PAPER),
    ],
)
def test_a_number_is_known_for_what_it_is_on_whichever_page_it_is_typed(
    paged: Api, services: Services, path: str, end: str, body: dict[str, Any]
) -> None:
    services.answers[end] = (200, body)
    number = body.get("certificate_no") or body["number"]
    grouped = f" {number[:4].lower()} {number[4:].lower()} "
    page = paged.client.post(path, data={"number": grouped, "code": "ABCDEFGH"})
    assert (page.status_code, "真实有效" in page.text, number in page.text) == (200, True, True)
    assert len(services.asked) == 1


@pytest.mark.parametrize("end", ["paper-checks", "paper-checks/AAAA"])
def test_a_paper_that_nobody_issued_is_not_found(paged: Api, services: Services, end: str) -> None:
    nothing = dict.fromkeys(PAPER, None) | {"standing": "unknown"}
    services.answers[end] = (200, nothing)
    page = (
        paged.client.get("/papers/AAAA")
        if end.endswith("AAAA")
        else paged.client.post("/papers", data={"number": "1", "code": "2"})
    )
    assert (page.status_code, "查无此文书" in page.text) == (404, True)


@pytest.mark.parametrize(
    ("status", "told", "words"),
    [
        (404, 404, "不匹配"),
        (422, 422, "不完整"),
        (429, 429, "次数过多"),
        (500, 503, "暂时"),
        (200, 503, "暂时"),
    ],
)
def test_a_page_says_why_it_shows_nothing(
    paged: Api, services: Services, status: int, told: int, words: str
) -> None:
    services.answers["tracking/1/2"] = (status, {})
    page = paged.client.post("/tracking", data={"number": "1/2", "code": "x"})
    assert page.status_code == told
    assert words in page.text
    assert str(services.asked[0].url).endswith("tracking/1%2F2")


STEP = {
    "at": "2026-11-23T01:30:00Z",
    "step": "received",
    "label": "收件",
    "told": "窗口已收到您的申请，并出具收件凭证。",
}
TRACKED = {
    "case_no": case_number("330902002001", date(2026, 11, 23), 1),
    "item_name": "最低生活保障",
    "status": "received",
    "status_label": "已收件",
    "applicant": "王*芳",
    "received_at": STEP["at"],
    "correction_due_at": None,
    "supplement_due_at": None,
    "due_on": None,
    "provisional": False,
    "timeline": [STEP],
    "earlier": None,
    "awaited": None,
    "next_step": "材料齐全的予以受理。",
    "review": None,
    "contact": {"office": "西安社区", "phone": "12345"},
}


def hidden(page: str, button: str, action: str = "/tracking") -> dict[str, str]:
    """Return what the form with this button sends, as a browser without script does."""
    (form,) = (
        one
        for one in re.findall(rf"<form method=\"post\" action=\"{action}\".*?</form>", page, re.DOTALL)
        if button in one
    )
    return {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)}


@pytest.mark.parametrize(("follow_up", "button"), [(False, ">评价<"), (True, ">追评<")])
def test_whoever_follows_a_case_comes_to_its_review(
    paged: Api, services: Services, follow_up: bool, button: str
) -> None:
    invited = {"item_name": "最低生活保障", "until": "2026-11-30", "code": "R2D2R2D2", "follow_up": follow_up}
    review = invited | {"case_no": TRACKED["case_no"], "link": "http://x.test/reviews#1.R2D2R2D2"}
    services.answers[f"tracking/{TRACKED['case_no']}"] = (200, TRACKED | {"review": review})
    page = paged.client.post("/tracking", data={"number": TRACKED["case_no"], "code": "ABCDEFGH"}).text
    assert hidden(page, button, "/reviews") == {"number": TRACKED["case_no"], "code": "R2D2R2D2"}


def test_earlier_steps_are_a_button_away_with_the_code_in_the_body(paged: Api, services: Services) -> None:
    path, code = f"tracking/{TRACKED['case_no']}", 'AB"CDEFG'
    services.answers[path] = (200, TRACKED | {"earlier": "before-<these>"})
    latest = paged.client.post("/tracking", data={"number": TRACKED["case_no"], "code": code}).text
    assert "最新的记录" not in latest
    sent = hidden(latest, "较早的记录")
    assert sent == {"number": TRACKED["case_no"], "code": code, "cursor": "before-<these>"}
    services.answers[path] = (200, TRACKED)
    first = paged.client.post("/tracking", data=sent).text
    assert "较早的记录" not in first
    assert hidden(first, "最新的记录") == {"number": TRACKED["case_no"], "code": code}
    assert [json.loads(asked.content) for asked in services.asked] == [
        {"code": code},
        {"code": code, "cursor": "before-<these>"},
    ]
    assert all(str(asked.url).endswith(path) for asked in services.asked)


def test_a_case_with_few_steps_has_no_button_for_more(paged: Api, services: Services) -> None:
    services.answers[f"tracking/{TRACKED['case_no']}"] = (200, TRACKED)
    page = paged.client.post("/tracking", data={"number": TRACKED["case_no"], "code": "ABCDEFGH"}).text
    assert "窗口已收到您的申请" in page
    assert not re.search("较早的记录|最新的记录|ABCDEFGH", page)


@pytest.mark.parametrize("sent", [{}, {"number": "", "code": ""}, {"number": "1" * 500, "code": "\x00"}])
def test_whatever_is_typed_is_answered_by_the_page(paged: Api, sent: dict[str, str]) -> None:
    for path in ("/tracking", "/papers"):
        page = paged.client.post(path, data=sent)
        assert page.headers["content-type"].startswith("text/html")
        assert page.status_code == 404


def test_a_list_is_of_a_community_that_there_is(paged: Api, services: Services) -> None:
    services.answers["communities"] = (200, {"items": [COMMUNITY], "next": None})
    services.answers["admission/listed"] = (200, {"items": [], "next": None})
    assert "昌国街道" in paged.client.get("/lists").text
    assert "没有公布" in paged.client.get("/lists?community=330902002001").text
    assert paged.client.get("/lists?community=330902002002").status_code == 404


def test_how_somebody_reads_is_kept_and_leads_back(api: Api) -> None:
    chosen = {"size": "large", "back": "/tracking"}
    kept = api.client.post("/display", data=chosen, follow_redirects=False)
    assert (kept.status_code, kept.headers["location"]) == (303, "/tracking")
    assert "display=zh.large.auto" in kept.headers["set-cookie"]
    assert 'data-size="large"' in api.client.get("/tracking").text


@pytest.mark.parametrize("back", ["https://elsewhere.example", "//elsewhere.example", "/docs", ""])
def test_nobody_is_led_elsewhere(api: Api, back: str) -> None:
    kept = api.client.post("/display", data={"scheme": "dark", "back": back}, follow_redirects=False)
    assert kept.headers["location"] == "/"


@pytest.mark.parametrize("said", ["", "x", "zh.huge.dark", "en.large.contrast.more", "....", 'zh."><b>.dark'])
def test_a_cookie_says_nothing_but_choices(said: str) -> None:
    shown = Display.of({"display": said})
    assert re.fullmatch(r"(zh|en)\.(normal|large|largest)\.(auto|light|dark|contrast)", shown.kept)


CASE_NO = case_number("330902002001", date(2026, 11, 23), 1)
INVITATION = {
    "case_no": CASE_NO,
    "item_name": "最低生活保障",
    "office": "西安社区",
    "open": True,
    "until": "2026-12-23",
    "follow_up_open": False,
    "review": None,
}
REVIEW = {
    "case_no": CASE_NO,
    "handling": 1,
    "level": 1,
    "satisfied": False,
    "comment": "跑了三趟",
    "channel": "link",
    "anonymous": False,
    "status": "bad",
    "rated_at": "2026-11-23T01:30:00Z",
    "answer": None,
    "answered_at": None,
    "follow_up": None,
}
CODED = {"number": CASE_NO, "code": "ABCDEFGH"}


def test_a_review_is_given_by_the_code_on_the_paper_once(paged: Api, services: Services) -> None:
    services.answers["review"] = (201, REVIEW)
    services.answers[CASE_NO] = (200, INVITATION)
    assert "您对这次办事满意吗" in paged.client.post("/reviews", data=CODED).text
    for _ in range(2):
        page = paged.client.post("/reviews/given", data=CODED | {"level": "1", "comment": "跑了三趟"})
        assert (page.status_code, "谢谢您的评价" in page.text) == (200, True)
    first, second = services.asked[1:]
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert "ABCDEFGH" not in str(first.url)


@pytest.mark.parametrize("level", ["", "6", "五", "1.5"])
def test_a_review_without_a_level_goes_nowhere(paged: Api, services: Services, level: str) -> None:
    page = paged.client.post("/reviews/given", data=CODED | {"level": level})
    assert (page.status_code, services.asked) == (422, [])


def test_a_case_that_was_reviewed_is_not_reviewed_again(paged: Api, services: Services) -> None:
    services.answers["review"] = (409, {})
    assert paged.client.post("/reviews/given", data=CODED | {"level": "5"}).status_code == 409
    refused = {"type": "urn:onewindow:problem:review-too-late", "title": "Too late for a review"}
    services.answers["review"] = (409, refused)
    assert "评价的时间已过" in paged.client.post("/reviews/given", data=CODED | {"level": "5"}).text
    services.answers[CASE_NO] = (200, INVITATION | {"open": False})
    assert "已经评价过" in paged.client.post("/reviews", data=CODED).text


def test_a_review_that_was_answered_is_followed_up_once_by_its_code(paged: Api, services: Services) -> None:
    answered = REVIEW | {"answer": "已向您致歉", "answered_at": REVIEW["rated_at"]}
    asked = INVITATION | {"open": False, "follow_up_open": True, "review": answered}
    services.answers[CASE_NO] = (200, asked)
    page = paged.client.post("/reviews", data=CODED).text
    assert "已向您致歉" in page
    assert "本页不保存" not in page
    assert "您提交的评价由本区保存" in page
    followed = {"level": 5, "comment": None, "rated_at": REVIEW["rated_at"]}
    services.answers["follow-up"] = (201, answered | {"follow_up": followed})
    thanked = paged.client.post("/reviews/followed-up", data=CODED | {"level": "5"}).text
    assert "非常满意" in thanked
    assert json.loads(services.asked[-1].content) == {"code": "ABCDEFGH", "level": 5, "comment": None}
