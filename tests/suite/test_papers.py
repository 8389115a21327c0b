"""Papers through the gateway: a photo in parts, a receipt as PDF, its public check, and tracking."""

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO

import httpx2
import pytest
from pypdf import PdfReader

from town import INTAKE, Town, application, person

pytestmark = pytest.mark.suite

XIAN, ITEM = "330902002001", "soc-subsistence-national"
PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(6 * 1024 * 1024) + b"\xff\xd9"
PART = 4 * 1024 * 1024


def test_a_photo_goes_up_and_a_receipt_comes_down_and_is_checked_by_anybody(town: Town) -> None:
    clerk = town.staff("clerk.xian")
    posted = clerk.create(f"{INTAKE}/cases", application(town.item(ITEM), XIAN, person(1)))
    assert posted.status_code == 201, posted.text
    case = posted.json()
    path = f"{INTAKE}/cases/{case['case_no']}"

    upload = clerk.create(f"{path}/uploads", {"name": "户口簿.jpg"}).json()
    for place, piece in ((2, PHOTO[PART:]), (1, PHOTO[:PART])):
        sent = clerk.http.put(
            f"{INTAKE}/uploads/{upload['upload_id']}/parts/{place}",
            content=piece,
            headers={"Authorization": f"Bearer {clerk.token}"},
        )
        assert sent.status_code == 200, sent.text
    kept = clerk.ask("POST", f"{INTAKE}/uploads/{upload['upload_id']}/completion")
    assert (kept.status_code, kept.json()["media_type"]) == (200, "image/jpeg")

    answer = clerk.get(f"{path}/papers/receipt")
    assert answer.headers["content-type"] == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    assert case["case_no"] in text
    code = text.partition("核验码：")[2][:8]
    number = f"{case['case_no']}-SJ1"
    told = town.anybody().ask("POST", f"{INTAKE}/paper-checks", {"number": number, "code": code}).json()
    assert (told["standing"], told["office"]) == ("genuine", "西安社区居委会")

    tracked = town.anybody().ask(
        "POST", f"{INTAKE}/tracking/{case['case_no']}", {"code": case["tracking_code"]}
    )
    assert tracked.json()["status_label"] == "已收件"


def test_a_document_that_is_larger_than_any_other_body_passes_the_gateway_at_once(town: Town) -> None:
    clerk = town.staff("clerk.xian")
    case = clerk.made(f"{INTAKE}/cases", application(town.item(ITEM), XIAN, person(2)))
    upload = clerk.made(f"{INTAKE}/cases/{case['case_no']}/uploads", {"name": "房产证.jpg"})
    scan = PHOTO + bytes(2 * 1024 * 1024)
    headers = {"Authorization": f"Bearer {clerk.token}"}
    kept = clerk.http.put(f"{INTAKE}/uploads/{upload['upload_id']}/content", content=scan, headers=headers)
    assert (kept.status_code, kept.json()["size"]) == (200, len(scan))
    elsewhere = clerk.http.post(f"{INTAKE}/cases", content=scan, headers=headers)
    assert elsewhere.status_code == 413


def insisted(send: Callable[[], httpx2.Response]) -> httpx2.Response:
    """Send again what may be sent any number of times, until the service itself answers."""
    while True:
        try:
            answer = send()
        except httpx2.HTTPError:
            continue
        if answer.status_code not in {502, 503, 504}:
            return answer
        threading.Event().wait(0.05)


def _kill(town: Town, seconds: float) -> None:
    """Kill the service after a while, and start it again."""
    threading.Event().wait(seconds)
    town.suite.kill("intake")
    town.suite.start("intake")
    town.suite.wait_ready(["intake"])


def test_an_upload_whose_service_is_killed_in_the_middle_keeps_every_part_it_acknowledged(town: Town) -> None:
    clerk = town.staff("clerk.xian")
    case = clerk.made(f"{INTAKE}/cases", application(town.item(ITEM), XIAN, person(3)))
    path = f"{INTAKE}/cases/{case['case_no']}"
    material = town.item(ITEM)["materials"][0]["code"]
    upload = clerk.made(f"{path}/uploads", {"name": "户口簿.jpg", "material": material})
    sending = f"{INTAKE}/uploads/{upload['upload_id']}"
    headers = {"Authorization": f"Bearer {clerk.token}"}
    pieces = [PHOTO[at : at + PART // 8] for at in range(0, len(PHOTO), PART // 8)]
    acknowledged: set[int] = set()
    with ThreadPoolExecutor(1) as pool:
        killing = pool.submit(_kill, town, 0.4)
        for number in itertools.cycle(range(len(pieces), 0, -1)):
            put = partial(clerk.http.put, f"{sending}/parts/{number}", content=pieces[number - 1])
            sent = insisted(partial(put, headers=headers))
            assert sent.status_code == 200, sent.text
            acknowledged.add(number)
            assert acknowledged <= {part["number"] for part in sent.json()["parts"]}
            if killing.done() and len(acknowledged) == len(pieces):
                break
        killing.result()
        killing = pool.submit(_kill, town, 0.02)
        kept = insisted(lambda: clerk.ask("POST", f"{sending}/completion"))
        killing.result()
    assert (kept.status_code, kept.json()["size"]) == (200, len(PHOTO))
    again = insisted(lambda: clerk.ask("POST", f"{sending}/completion"))
    assert again.json() == kept.json()
    assert clerk.read(f"{path}/documents")["items"] == [kept.json()]
    seen = clerk.read(path)
    (paper,) = (one for one in seen["materials"] if one["code"] == material)
    assert (paper["documents"], seen["version"]) == ([kept.json()["document_id"]], 2), "handed in once"
    reading = f"{path}/documents/{kept.json()['document_id']}/disclosure"
    assert clerk.ask("POST", reading, {"reason": "核对户口簿"}).content == PHOTO
