"""Personal data as it may be shown: the form of Chinese public notices, never the whole value.

The functions take whatever is stored and never fail: a value too short to be masked in part is masked wholly.
"""

import re

COMPOUND_SURNAMES = re.compile(
    "欧阳|上官|司马|诸葛|皇甫|尉迟|公孙|慕容|长孙|宇文|司徒|司空|夏侯|轩辕|令狐|端木|东方|南宫|独孤|百里|"
    "呼延|东郭|西门|公冶|澹台|申屠|太史|闻人|钟离|濮阳|淳于|单于|赫连|完颜|拓跋|闾丘|左丘|万俟|第五"
)
SEPARATORS = re.compile(r"([ ·-])")


def mask_name(name: str) -> str:
    """张三 -> 张*, 王小明 -> 王*明, 欧阳小明 -> 欧阳**, 买买提·艾力 -> 买**·艾*, John Smith -> J*** S****."""
    if SEPARATORS.search(name):
        return "".join(p if SEPARATORS.fullmatch(p) else _kept(p, 1, 0) for p in SEPARATORS.split(name))
    if len(name) > 2 and COMPOUND_SURNAMES.match(name):
        return _kept(name, 2, 0)
    return _kept(name, 1, 1 if len(name) == 3 else 0)


def mask_id(number: str) -> str:
    """Document number: three signs in front and four at the end of long ones, else one and two.

    The birth date in an 18-sign number is always hidden.
    """
    return _kept(number, 3, 4) if len(number) >= 15 else _kept(number, 1, 2)


def mask_phone(phone: str) -> str:
    """+8613812345678 -> 138****5678; a foreign number keeps its country code and three digits."""
    national = phone.removeprefix("+86")
    return _kept(national, 3, 4) if len(national) == 11 else _kept(phone, 4, 3)


def _kept(text: str, head: int, tail: int) -> str:
    hidden = len(text) - head - tail
    if hidden < 1 or hidden < tail:
        return "*" * len(text)
    return text[:head] + "*" * hidden + text[len(text) - tail :]
