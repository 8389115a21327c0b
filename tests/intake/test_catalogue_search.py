"""Finding items the way people speak, over the real catalogue."""

from functools import cache

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from intake.window import ITEM, nobody, wrong_fields
from onewindow_intake.catalogue import search, spelling
from onewindow_intake.seed import shipped_items
from onewindow_shared.contracts.catalogue import ItemContent
from testkit.api import Api

SAID = {
    "给我妈办高龄补贴": "soc-old-age-xiangtan",
    "我爸今年八十岁了有什么补贴": "soc-old-age-xiangtan",
    "我们家想申请低保": "soc-subsistence-national",
    "家里生活困难能不能吃低保": "soc-subsistence-national",
    "怎么办老年证坐公交不要钱": "soc-senior-card-pubei",
    "老人想办免费坐公交的卡": "soc-senior-card-pubei",
    "我被公司辞退了怎么办失业登记": "emp-unemployment-registration",
    "丢了工作要去哪里登记": "emp-unemployment-registration",
    "想开个小店有没有贷款": "emp-startup-loan-guangzhou",
    "在外地住院怎么报销": "ss-medical-offsite-zhongshan",
    "给孩子上医保要什么材料": "ss-medical-enrol-jiaozuo",
    "我爸到六十岁了怎么领养老金": "ss-pension-benefit-yanling",
    "看病花了很多钱有救助吗": "ss-medical-aid-zhejiang",
    "老婆怀孕了要办准生证吗": "health-birth-reg-zengjia",
    "孩子的疫苗本丢了": "health-vaccination-cert-beijing",
    "孩子明年要上小学怎么报名": "edu-enrolment-guchen",
    "上幼儿园家里困难有补助吗": "edu-preschool-aid-huoshan",
    "家里着火了能申请临时救助吗": "soc-temporary-shenyang",
    "村里的孤寡老人没人养": "soc-destitute-national",
    "我想评残办残疾证": "soc-disability-cert-zhangdian",
    "重度残疾人护理补贴怎么申请": "soc-disabled-subsidies-xpcc42",
    "父母都去世的孩子有什么补助": "soc-orphan-sishui",
    "退伍军人优待证在哪办": "soc-veteran-card-zhuhai",
    "没有房子想申请公租房": "hous-public-rental-allot-hengyang",
    "房租太贵有没有租房补贴": "hous-rental-subsidy-changning",
    "想去图书馆办个借书证": "cult-library-card-anhua",
    "外地来打工要不要办居住证": "safe-residence-permit-zhejiang",
    "给家里的狗上户口": "safe-dog-individual-zhoushan",
    "没钱请律师打官司": "law-aid-national",
    "想问律师一个法律问题": "law-consultation-hunan",
    "楼上漏水和邻居吵架了找谁调解": "med-peoples-mediation-heping",
    "老板拖欠工资不发怎么办": "med-labour-arbitration-luoshan",
    "村里的承包地和邻居有纠纷": "med-rural-land-arbitration",
}


@cache
def catalogue() -> tuple[dict[str, search.Entry], search.Index]:
    entries = {item.code: search.entry(item) for item in shipped_items()}
    return entries, search.index(entries)


def best(typed: str) -> list[str]:
    entries, whole = catalogue()
    asked = search.question(typed, whole)
    scores = {code: search.score(one, asked) for code, one in entries.items()}
    return sorted((code for code, points in scores.items() if points), key=lambda code: (-scores[code], code))


@pytest.mark.parametrize("sentence", SAID)
def test_a_sentence_finds_its_item_among_the_first_three(sentence: str) -> None:
    assert SAID[sentence] in best(sentence)[:3], best(sentence)[:5]


@pytest.mark.parametrize("item", shipped_items(), ids=lambda item: item.code)
def test_an_item_is_found_first_by_its_name_and_by_what_people_call_it(item: ItemContent) -> None:
    assert best(item.name)[0] == item.code
    for alias in item.aliases:
        assert item.code in best(alias)[:3], alias


@given(st.sampled_from(shipped_items()), st.data())
def test_any_two_signs_of_the_name_or_conditions_find_an_item(item: ItemContent, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([item.name, *item.aliases, *item.conditions]))
    start = data.draw(st.integers(0, len(text) - 2))
    part = text[start : data.draw(st.integers(start + 2, min(len(text), start + 10)))]
    assume(len("".join(part.split())) > 1)
    assert item.code in best(part)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("dibao", "soc-subsistence-national"),
        ("zuidi", "soc-subsistence-national"),
        ("zuid", "soc-subsistence-national"),
        ("zuidsh", "soc-subsistence-national"),
        ("最低sheng", "soc-subsistence-national"),
        ("db", "soc-subsistence-national"),
        ("gaolingbutie", "soc-old-age-xiangtan"),
        ("Subsistence", "soc-subsistence-national"),
        ("subsist", "soc-subsistence-national"),
    ],
)
def test_an_item_is_found_by_pinyin_in_full_or_cut_and_by_english_words(typed: str, code: str) -> None:
    assert code in best(typed)[:8]


def test_a_reading_is_cut_to_its_initial_alone_and_a_word_only_where_it_is_typed_last() -> None:
    name = spelling.spelled("最低生活保障")
    assert all(
        spelling.spells(name, typed) for typed in ("zdsh", "zuidish", "dishenghuo", "shbz", "zuidisheng")
    )
    assert not any(spelling.spells(name, typed) for typed in ("zuds", "uidi", "ing", "zdshbzx"))
    english = [("subsistence",), ("allowance",)]
    assert all(spelling.spells(english, typed) for typed in ("sub", "subsistenceallow", "allowance"))
    assert not any(spelling.spells(english, typed) for typed in ("suballow", "sa", "owance"))


PIECES = st.sampled_from(
    [item.name for item in shipped_items()]
    + list(SAID)
    + ["zdsh", "ylbx", "zuidi", "dibaohu", "subsist", "lün", " ", "A4", "16"]
)


@given(st.lists(PIECES | st.text(max_size=3), min_size=1, max_size=3), st.integers(0, 8), st.integers(1, 12))
def test_no_item_that_answers_is_missed_among_the_candidates(
    pieces: list[str], start: int, length: int
) -> None:
    entries, whole = catalogue()
    for typed in ("".join(pieces), "".join(pieces)[start : start + length]):
        asked = search.question(typed, whole)
        assume(asked.closed)
        answering = {code for code, one in entries.items() if search.score(one, asked)}
        assert answering <= search.candidates(asked, whole), typed


@given(st.text(min_size=1, max_size=50))
def test_nothing_that_is_typed_fails(typed: str) -> None:
    assert set(best(typed)) <= set(catalogue()[0])


def test_ranked_pages_follow_one_another(quiet_api: Api) -> None:
    anybody = nobody(quiet_api)
    whole = [one["code"] for one in anybody.get("items", q="补贴", limit=200).json()["items"]]
    assert len(whole) > 3
    found: list[str] = []
    cursor = None
    while True:
        answer = anybody.get("items", q="补贴", limit=2, **({"cursor": cursor} if cursor else {})).json()
        found += [one["code"] for one in answer["items"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert found == whole


def test_a_ranked_list_that_has_not_changed_is_not_sent_again(quiet_api: Api) -> None:
    tag = nobody(quiet_api).get("items", q="我妈想领低保").headers["etag"]
    url = "/api/intake/v1/items"
    again = quiet_api.client.get(url, params={"q": "我妈想领低保"}, headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert nobody(quiet_api).get("items", q="我妈想领低保").json()["items"][0]["code"] == ITEM


def test_a_category_that_is_not_there_is_named(quiet_api: Api) -> None:
    assert wrong_fields(nobody(quiet_api).get("items", category="no-such")) == {"category"}
