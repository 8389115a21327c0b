"""What is written as YAML or XLSX is read again as it was, and no file makes a reader fail."""

from contextlib import suppress

import anyio
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from intake.test_catalogue_files import MONEY, MONTHLY
from onewindow_intake.exchange import workbook, yamlfile
from onewindow_intake.exchange.rules import content_of
from onewindow_intake.seed import shipped_items
from onewindow_shared.contracts.catalogue import ItemContent
from onewindow_shared.contracts.cataloguing import CategoryIn
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
        "issues_certificate": data.draw(st.none() | TEXT.filter(str.strip)),
    }
    for material in item["materials"][:1]:
        material |= {"reusable_days": 90, "template": {"name": "样表 _x0041_", "url": None}}
    return ItemContent.model_validate(item)


async def whole_book(categories: list[CategoryIn], items: list[ItemContent]) -> bytes:
    answer = await xlsx_answer("x.xlsx", *workbook.write(categories, items))
    return b"".join([piece async for piece in answer.body_iterator if isinstance(piece, bytes)])


@given(st.data())
@settings(max_examples=8, deadline=None, phases=[Phase.generate])
def test_no_item_loses_anything_in_a_file(data: st.DataObject) -> None:
    item = made(data)
    for book in (
        yamlfile.read(yamlfile.write([MONEY, MONTHLY], [item])),
        workbook.read(anyio.run(whole_book, [MONEY, MONTHLY], [item])),
    ):
        assert not book.wrong
        assert list(book.categories) == [MONEY, MONTHLY]
        assert [content_of(row) for row in book.rows] == [item]


@given(st.binary(max_size=200))
def test_no_file_makes_a_reader_fail(file: bytes) -> None:
    for read in (yamlfile.read, workbook.read):
        with suppress(UnreadableError):
            read(file)
