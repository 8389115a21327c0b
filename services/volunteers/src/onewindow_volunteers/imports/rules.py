"""From the rows of a sheet to forms of registration, or to what is wrong with them."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from onewindow_shared.contracts.identity import IdKind, Sex
from onewindow_shared.contracts.volunteers import Availability, Purpose, RegistrationIn
from onewindow_shared.plumbing.uploads import Cells, as_text
from onewindow_volunteers.needs.rules import WORDS
from onewindow_volunteers.people.rules import Faults

Values = dict[str, Any]
MOST_ROWS: Final = 10_000
SEPARATORS: Final = re.compile(r"[、,，;；\n]+")
KINDS: Final = {
    "居民身份证": IdKind.RESIDENT_ID,
    "港澳居民来往内地通行证": IdKind.HK_MACAO_PERMIT,
    "台湾居民来往大陆通行证": IdKind.TAIWAN_PERMIT,
    "港澳台居民居住证": IdKind.HMT_RESIDENCE_PERMIT,
    "外国人永久居留身份证": IdKind.FOREIGN_PERMANENT_RESIDENT,
    "护照": IdKind.PASSPORT,
}
SEXES: Final = {"男": Sex.MALE, "女": Sex.FEMALE}
SLOTS: Final = {
    "工作日上午": Availability.WEEKDAY_MORNINGS,
    "工作日下午": Availability.WEEKDAY_AFTERNOONS,
    "工作日晚上": Availability.WEEKDAY_EVENINGS,
    "周末": Availability.WEEKENDS,
    "节假日": Availability.HOLIDAYS,
}
CATEGORIES: Final = {word: category for category, word in WORDS.items()}
YES_NO: Final = {"是": "true", "否": "false"}
RAISED = "Value error, "
"""What pydantic puts before the words of a rule of ours."""
PLAIN: Final = {
    "missing": "this is needed",
    "string_too_short": "write at least {min_length} characters",
    "string_too_long": "write at most {max_length} characters",
    "too_short": "write at least {min_length}",
    "too_long": "write at most {max_length}",
    "string_pattern_mismatch": "this does not have the right form",
    "date_from_datetime_parsing": "write a day as 2000-02-29",
    "date_from_datetime_inexact": "write a day as 2000-02-29",
    "date_parsing": "write a day as 2000-02-29",
}
"""What the kinds of mistakes mean to whoever fills the sheet."""


@dataclass(frozen=True)
class Column:
    """A column of the sheet, and the field of the form that it fills."""

    header: str
    path: str
    words: Mapping[str, str] = field(default_factory=dict)
    """What people write -> what the contract calls it; its own names are understood as well."""
    several: bool = False


COLUMNS: Final = (
    Column("姓名", "name"),
    Column("证件类型", "id_document.kind", KINDS),
    Column("证件号码", "id_document.number"),
    Column("出生日期", "birth_date"),
    Column("性别", "sex", SEXES),
    Column("手机号", "phone"),
    Column("社区代码", "community"),
    Column("专业技能", "skills", several=True),
    Column("服务时间", "availability", SLOTS, several=True),
    Column("服务类别", "categories", CATEGORIES, several=True),
    Column("以自己劳动收入为主要生活来源", "self_supporting", YES_NO),
    Column("监护人姓名", "guardian.name"),
    Column("监护人证件类型", "guardian.id_document.kind", KINDS),
    Column("监护人证件号码", "guardian.id_document.number"),
    Column("监护人出生日期", "guardian.birth_date"),
    Column("监护人手机号", "guardian.phone"),
)
NEEDED: Final = ("姓名", "证件号码", "手机号", "社区代码")
HEADER: Final = tuple(column.header for column in COLUMNS)


def missing(headers: Collection[str]) -> list[str]:
    """Return which columns a sheet has to have and has not."""
    return [header for header in NEEDED if header not in headers]


def form_of(cells: Cells) -> RegistrationIn | Faults:
    """Return what a row says as a form, or every column that is wrong.

    The form agrees to being registered in nobody's place: it is never handed in before the person, and a
    minor's guardian, have agreed themselves.
    """
    values = _values(cells)
    _complete(values)
    if "guardian" in values:
        _complete(values["guardian"])
        values["guardian"]["consent"] = True
    try:
        return RegistrationIn.model_validate({**values, "consent": [Purpose.REGISTRATION]})
    except ValidationError as error:
        told = error.errors(include_url=False, include_input=False)
        return at_columns({".".join(map(str, one["loc"])): _reason(one) for one in told})


def _reason(error: Mapping[str, Any]) -> str:
    """Return what is wrong with a cell in words of ours: what is raised by a rule is told so already."""
    words = next((column.words for column in COLUMNS if column.path == _field(error["loc"])), {})
    if error["type"] in {"enum", "bool_parsing"} and words:
        return f"write one of these: {'、'.join(words)}"
    plain = PLAIN.get(error["type"])
    return plain.format(**error.get("ctx", {})) if plain else error["msg"].removeprefix(RAISED)


def _field(path: tuple[int | str, ...]) -> str:
    """Return the field of a place in a form; which of several things it is does not matter."""
    return ".".join(part for part in path if isinstance(part, str))


def _values(cells: Cells) -> Values:
    values: Values = {}
    for column in COLUMNS:
        given = cells.get(column.header)
        text = "" if given is None else as_text(given).strip()
        if not text:
            continue
        *above, name = column.path.split(".")
        into = values
        for part in above:
            into = into.setdefault(part, {})
        into[name] = list(_parts(column, text)) if column.several else column.words.get(text, text)
    return values


def cell_of(column: Column, told: Values) -> str | None:
    """Return what a column says of somebody, as `form_of` understands it."""
    found: Any = told
    for part in column.path.split("."):
        found = (found or {}).get(part)
    if found is None:
        return None
    words = {str(name): word for word, name in column.words.items()}
    texts = map(as_text, found if column.several else [found])
    return "、".join(words.get(text, text) for text in texts)


def _parts(column: Column, text: str) -> Iterator[str]:
    for part in SEPARATORS.split(text):
        if part.strip():
            yield column.words.get(part.strip(), part.strip())


def _complete(person: Values) -> None:
    """Take a document whose kind is not written for an identity card."""
    person["id_document"] = {"kind": IdKind.RESIDENT_ID, **person.get("id_document", {})}


def at_columns(faults: Faults) -> Faults:
    """Return faults by the columns in which they stand instead of the fields of the form."""
    return {_column(path): why for path, why in faults.items()}


def _column(path: str) -> str:
    """Return the column of a field; what is wrong with a whole group is told at its first column."""
    for column in COLUMNS:
        if path == column.path or path.startswith(f"{column.path}."):
            return column.header
    return next(column.header for column in COLUMNS if column.path.startswith(f"{path}."))
