"""A file that was cut off somewhere is no whole one, whatever its beginning says."""

from io import BytesIO

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from onewindow_intake.documents.endings import Ending
from onewindow_intake.documents.rules import type_of


def picture() -> bytes:
    made = BytesIO()
    segno.make("onewindow").save(made, kind="png", scale=4)
    return made.getvalue()


def pages() -> bytes:
    made = BytesIO()
    segno.make("onewindow").save(made, kind="pdf")
    return made.getvalue()


def segment(mark: int, content: bytes) -> bytes:
    return bytes((0xFF, mark)) + (len(content) + 2).to_bytes(2, "big") + content


SMALL = b"\xff\xd8" + segment(0xDA, bytes(6)) + b"\x11" * 40 + b"\xff\xd9"
"""The preview that cameras put into the header of a photo."""
PHOTO = b"".join((
    b"\xff\xd8",
    segment(0xE0, b"JFIF\0\1\2\0\0\1\0\1\0\0"),
    segment(0xE1, b"Exif\0\0" + SMALL),
    b"\xff",
    segment(0xDB, bytes(65)),
    segment(0xDA, bytes(6)),
    b"\x5a\xff\0" * 2000,
    b"\xff\xd9",
))  # fmt: skip
PIECES = b"VP8 " + (20).to_bytes(4, "little") + bytes(20)
WEBP = b"RIFF" + (len(PIECES) + 4).to_bytes(4, "little") + b"WEBP" + PIECES
WHOLE = {"image/png": picture(), "application/pdf": pages(), "image/jpeg": PHOTO, "image/webp": WEBP}
each = pytest.mark.parametrize("media_type", WHOLE)


def reached(media_type: str, content: bytes, size: int = 10_000) -> bool:
    ending = Ending()
    for at in range(0, len(content), size):
        ending.see(content[at : at + size])
    return ending.reached(media_type)


@each
@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 10_000])
def test_a_whole_file_reaches_its_end_in_pieces_of_any_size(media_type: str, size: int) -> None:
    assert type_of(WHOLE[media_type]) == media_type
    assert reached(media_type, WHOLE[media_type], size)


@each
@given(st.data())
def test_a_file_that_was_cut_off_does_not(media_type: str, data: st.DataObject) -> None:
    whole = WHOLE[media_type]
    kept = data.draw(st.integers(1, len(whole) - 8))
    assert not reached(media_type, whole[:kept], data.draw(st.integers(1, 100)))


@each
def test_what_is_added_behind_the_end_does_no_harm(media_type: str) -> None:
    assert reached(media_type, WHOLE[media_type] + bytes(1000))


def test_a_photo_bears_a_film_behind_it() -> None:
    assert reached("image/jpeg", PHOTO + b"\0\0\0\x18ftypmp42" + bytes(100_000))


def test_other_types_are_looked_at_elsewhere() -> None:
    assert reached("image/heif", b"\0\0\0\x18ftypheic")
