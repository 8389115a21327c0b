"""What is written as YAML or XLSX is read again as it was, and no file makes a reader fail."""

from contextlib import suppress
from datetime import date

import anyio
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from intake.test_catalogue_files import MONEY, MONTHLY
from onewindow_intake.exchange import workbook, yamlfile
from onewindow_intake.exchange.rules import Span, Terms, content_of, terms_of
from onewindow_intake.exchange.written import Catalogue
from onewindow_intake.seed import shipped_items
from onewindow_shared.contracts.catalogue import ItemContent
from onewindow_shared.contracts.cataloguing import Fee, ItemTerms
from onewindow_shared.contracts.intake import Channel
from onewindow_shared.plumbing.sheets import xlsx_answer
from onewindow_shared.plumbing.uploads import UnreadableError
from testkit.api import XIAN

TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cf", "Cn", "Co", "Zl", "Zp"), include_characters="\n\t"),
    min_size=1,
    max_size=12,
)


def made(data: st.DataObject) -> ItemContent:
    """A real item in which texts and parts are others."""
    item = data.draw(st.sampled_from(shipped_items())).model_dump(mode="json")
    texts = st.lists(TEXT.filter(str.strip), max_size=3)
    item |= {
        "name": data.draw(TEXT.filter(str.strip)),
        "aliases": data.draw(texts),
        "conditions": data.draw(texts),
        "fee": data.draw(st.none() | TEXT.filter(str.strip)),
        "publicity": data.draw(
            st.sampled_from([item["publicity"], {"working_days": 7, "objections": "=1+1 社区公告栏"}])
        ),
        "communities": data.draw(st.sampled_from([None, [XIAN]])),
        "special_procedures": data.draw(st.sampled_from([[], ["hearing", "appraisal"]])),
        "review": data.draw(st.booleans()),
        "extension_days": data.draw(st.none() | st.integers(0, 400)),
        "issues_certificate": data.draw(st.none() | TEXT.filter(str.strip)),
    }
    for material in item["materials"][:1]:
        material |= {"reusable_days": 90, "template": {"name": "样表 _x0041_", "url": None}}
    return ItemContent.model_validate(item)


DAYS = st.none() | st.dates(date(2026, 12, 1), date(2030, 1, 1))


def its_days(data: st.DataObject) -> Span:
    return Span(effective_from=data.draw(DAYS), effective_to=data.draw(DAYS))


def its_terms(data: st.DataObject, item: ItemContent) -> tuple[Terms, Span]:
    """Terms of which each is left open or not, and may be empty."""
    fees = st.none() | st.builds(Fee, amount=st.none() | TEXT.filter(lambda text: text == text.strip()))
    terms = ItemTerms(
        promised_days=data.draw(st.none() | st.integers(1, 90)),
        channels=data.draw(st.none() | st.lists(st.sampled_from(Channel), min_size=1, unique=True)),
        fee=data.draw(fees),
        agency_available=data.draw(st.none() | st.booleans()),
        deferrable=data.draw(st.none() | st.lists(st.sampled_from(["m1", "m2", "m.3"]), unique=True)),
        review=data.draw(st.none() | st.booleans()),
    )
    span = Span(effective_from=data.draw(DAYS))
    return Terms(code=item.code, district=XIAN[:6], terms=terms), span


async def whole_book(catalogue: Catalogue) -> bytes:
    answer = await xlsx_answer("x.xlsx", *workbook.write(catalogue))
    return b"".join([piece async for piece in answer.body_iterator if isinstance(piece, bytes)])


@given(st.data())
@settings(max_examples=20, deadline=None, phases=[Phase.generate])
def test_nothing_of_a_catalogue_is_lost_in_a_file(data: st.DataObject) -> None:
    item = made(data)
    now, to_come = Span(), Span(effective_from=date(2026, 12, 1))
    items = [(item, now), (item.model_copy(update={"name": "另一版", "aliases": ["又名"]}), to_come)]
    if data.draw(st.booleans()):
        items = [(item, its_days(data))]
    terms = [its_terms(data, item)]
    catalogue = Catalogue([MONEY, MONTHLY], items, terms)
    for book in (
        yamlfile.read(yamlfile.write(catalogue)),
        workbook.read(anyio.run(whole_book, catalogue)),
    ):
        assert (list(book.wrong), list(book.refused)) == ([], [])
        assert list(book.categories) == [MONEY, MONTHLY]
        read = [(content_of(row) if row.section == "items" else terms_of(row), row.span) for row in book.rows]
        assert read == [*items, *terms]


@given(st.binary(max_size=200))
def test_no_file_makes_a_reader_fail(file: bytes) -> None:
    for read in (yamlfile.read, workbook.read):
        with suppress(UnreadableError):
            read(file)
