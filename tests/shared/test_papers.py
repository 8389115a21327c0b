"""Papers as PDF: what stands on them, that it is set as data, and that the same sheet is the same paper."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from io import BytesIO

from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from onewindow_shared.contracts.papers import Fact, Listing, Sheet
from onewindow_shared.plumbing.papers import NO_GLYPH, chinese_day, glyphs, press, qr, settable

AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
SHEET = Sheet(
    title="补正通知书",
    number="33090200200120261123000017-02",
    code="ACDEFGHJ",
    check_address="https://window.example/api/intake/v1/paper-checks/Ab3xk29sLqPz0aB1",
    addressee="王*芳",
    opening=["您申请的最低生活保障金给付，材料不齐全，现一次性告知需要补正的全部内容。"],
    facts=[Fact(label="申请事项", value="最低生活保障金给付")],
    tables=[Listing(title="需要补正的内容", head=["序号", "问题"], rows=[["1", "申请书未签名"]])],
    closing=["请于2026年12月4日17时前补正。"],
    office="西安社区",
    dated=chinese_day(date(2026, 11, 23)),
)


def text_of(pdf: bytes) -> str:
    pages = PdfReader(BytesIO(pdf)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "")


def printed(**change: object) -> str:
    return text_of(press().print_now(SHEET.model_copy(update=change), AT))


def test_everything_on_the_sheet_can_be_read_from_the_pdf() -> None:
    text = printed()
    for words in (
        SHEET.title,
        SHEET.number,
        "王*芳：",
        "现一次性告知需要补正的全部内容",
        "申请事项",
        "申请书未签名",
        "请于2026年12月4日17时前补正",
        "核验码：ACDEFGHJ",
        "西安社区",
        "2026年11月23日",
    ):
        assert words in text


def test_a_paper_is_an_archival_pdf_of_the_given_moment() -> None:
    reader = PdfReader(BytesIO(press().print_now(SHEET, AT)))
    assert reader.metadata is not None
    assert reader.metadata.creation_date == AT
    assert reader.metadata.title == SHEET.title
    xmp = reader.xmp_metadata
    assert xmp is not None
    assert (xmp.pdfaid_part, xmp.pdfaid_conformance) == ("2", "B")


def test_the_same_sheet_is_the_same_paper() -> None:
    assert press().print_now(SHEET, AT) == press().print_now(SHEET, AT)


def test_words_are_data_and_never_markup() -> None:
    words = '#let x = 1 $x^2$ *粗* _斜_ @label <label> \\ "引" #image("secret")'
    assert "".join(words.split()) in "".join(printed(opening=[words]).split())


def test_a_long_list_goes_over_pages_and_repeats_its_head() -> None:
    rows = [[str(number), "户口簿"] for number in range(1, 81)]
    pdf = press().print_now(
        SHEET.model_copy(update={"tables": [Listing(title="材料", head=["序号", "名称"], rows=rows)]}), AT
    )
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    assert len(pages) > 1
    assert "序号" in pages[1]
    assert f"共{len(pages)}页" in pages[0].replace(" ", "").replace("\u3000", "")


def test_a_character_without_type_is_shown_as_missing() -> None:
    assert settable("王𠮷芳") == f"王{NO_GLYPH}芳"
    assert settable("王\u202e芳\x07") == "王芳"
    assert ord("堃") in glyphs()


def test_a_code_says_the_address() -> None:
    assert qr(SHEET.check_address) == qr(SHEET.check_address)
    assert qr(SHEET.check_address) != qr("https://window.example/")
    assert re.match(r"<\?xml|<svg", qr("x"))


@given(st.text(max_size=40), st.text(max_size=40))
@settings(deadline=None)
def test_any_words_can_be_printed(value: str, paragraph: str) -> None:
    assert printed(facts=[Fact(label="备注", value=value)], opening=[paragraph])


def test_several_threads_may_print_at_once() -> None:
    def one(serial: int) -> bool:
        return f"编号：{serial}" in printed(number=str(serial))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(one, range(12)))


async def test_printing_leaves_the_event_loop_free() -> None:
    assert await press().printed(SHEET, AT) == press().print_now(SHEET, AT)


def test_a_service_that_prints_nothing_does_not_load_the_typesetter() -> None:
    code = "import sys, onewindow_shared.plumbing.papers; print({'typst', 'segno'} & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "set()"
