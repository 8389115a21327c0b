"""Made-up people of the demonstration: common names, and numbers that have the right form."""

import random
from typing import Any

from town import person, resident_id

DESKS = {"xian": "330902002001", "xiyuan": "330902003008", "benjin": "330902004003"}
"""The communities whose windows are open in the demonstration, by the last part of their accounts."""

SURNAMES = "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高罗"
GIVEN = ("桂芳", "建国", "秀英", "志强", "丽华", "国平", "海燕", "阿毛", "玉兰", "文斌", "小红", "金花")


def name(serial: int) -> str:
    """Return one of some hundred common names."""
    return SURNAMES[serial % len(SURNAMES)] + GIVEN[serial // 3 % len(GIVEN)]


def applicant(serial: int) -> dict[str, Any]:
    """Return the particulars of an applicant; the older half of the district comes more often."""
    birth = f"{1938 + serial * 7 % 60}{1 + serial % 12:02d}{1 + serial % 28:02d}"
    return person(10_000 + serial, name(serial), birth)


def volunteer(dice: random.Random, serial: int) -> dict[str, Any]:
    """Return a filled-in registration of a volunteer."""
    birth = f"{1960 + dice.randrange(44)}{1 + serial % 12:02d}{1 + serial % 28:02d}"
    return {
        "name": name(serial + 5),
        "id_document": {"kind": "resident_id", "number": resident_id(birth, serial % 900 + 50)},
        "phone": f"139{dice.randrange(10**8):08d}",
        "community": list(DESKS.values())[serial % len(DESKS)],
        "consent": ["registration"],
    }
