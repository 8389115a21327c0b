"""Which certificate somebody means: every wording of the twenty, and never a false "may issue"."""

from functools import cache
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_casework.certificates.rules import MOVES, OPEN, actions, walk
from onewindow_casework.certificates.seeding import CLASSES, document
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.certificates import CertificateAction, CertificateStatus, Verdict
from onewindow_shared.plumbing.wordings import Known, check

Wordings = dict[str, list[str]]

REFUSED: Wordings = {
    "cert-kinship": [
        "亲属关系证明信",
        "我要证明他是我儿子",
        "直系亲属 证明",
        "家庭关系证明书",
        "开个我们是一家人的证明",
    ],
    "cert-identity": ["户籍证明", "证明我是我", "身份证明", "两个名字是同一个人的证明"],
    "cert-household-register-change": ["户口本上年龄写错了要改年龄", "改名证明", "户口变更证明"],
    "cert-dog": ["养狗证明", "证明这条狗是我养的，养犬登记用"],
    "cert-no-criminal-record": [
        "给我开个没有犯罪的证明",
        "无犯罪记录证明",
        "證明：没坐过牢",
        "没有案底",
        "政审证明",
        "我从来没犯过罪",
    ],
    "cert-drug-rehabilitation": ["社区戒毒人员表现证明", "没有吸毒的证明", "单位要现实表现的材料"],
    "cert-missing-person": ["我弟弟失踪三年了", "下落不明证明", "老人走丢了要证明"],
    "cert-marital-status": ["单身证明", "我没有结过婚", "证明我和她是夫妻", "分居证明", "未 婚 证 明"],
    "cert-birth": ["出生证明", "孩子出生在家里的证明"],
    "cert-alive": ["证明我妈还活着", "健在证明", "退休金要我爸在世的证明"],
    "cert-death": ["死亡证明", "我爸去世了要开证明", "老人在家过世"],
    "cert-illness": ["生病证明", "医院要我开摔伤的证明", "意外伤害证明", "身体健康的证明"],
    "cert-disability": ["残疾证明", "证明我爸是残疾人"],
    "cert-childbearing": ["婚育证明", "没有孩子的证明", "计生证明"],
    "cert-employment": ["失业证明", "我没工作，银行要证明", "在职证明"],
    "cert-personal-file": ["档案丢失证明", "学历证明"],
    "cert-property": ["收入证明", "无房证明", "家里有几套房的证明", "银行存款证明", "这辆车是我的"],
    "cert-inheritance": ["遗产由我一个人继承的证明", "继承权证明"],
    "cert-business-address": ["我在小区开店要营业场所证明", "无扰民证明", "住改商证明", "营业执照用的地址"],
    "cert-lost-document": ["身份证丢了的证明", "户口本遗失", "证件遗失证明"],
}
ALLOWED: Wordings = {
    "cert-residence": [
        "居住证明",
        "请居委会开具居住证明",
        *("开个居住证明", "给我开个居住证明", "开张居住证明", "开份居住证明", "办个居住证明", "来开居住证明"),
        "给孩子上学开在本社区居住的证明",
        "证明我住在这个小区",
        "租住证明，盖个章",
    ],
    "cert-hardship": ["生活困难证明", "家庭经济困难证明", "申请低保用的生活困难证明"],
}
UNKNOWN = [
    "转学证明",
    "驾照体检证明",
    "居住证明和驾照体检证明",
    "办居住证",
    "证明我是好人",
    "开个证明",
    "证明房屋是危房",
    "证明我不住在这个小区",
    "证明我住在这个小区没有违章建筑",
    "父母的居住证明",
    "hello",
    "！！！",
]
MIXED = [
    "居住证明和收入证明",
    "居住证明、无犯罪证明",
    "证明我妈还活着而且住在这个小区",
    "残疾人家庭生活困难证明",
]


@cache
def known() -> list[Known]:
    found: dict[str, Any] = document()
    return [
        Known(entry["code"], matter_class, (entry["name"], *entry["aliases"]), tuple(entry["phrases"]))
        for listed, matter_class in CLASSES.items()
        for entry in found[listed]["certificates"]
    ]


def pairs(wordings: Wordings) -> list[Any]:
    return [pytest.param(code, one, id=one) for code, several in wordings.items() for one in several]


@pytest.mark.parametrize(("code", "wording"), pairs(REFUSED))
def test_a_certificate_on_the_list_is_known_however_it_is_worded(code: str, wording: str) -> None:
    found = check(wording, known())
    assert found.verdict is Verdict.NOT_ISSUED
    assert code in found.matches


@pytest.mark.parametrize(("code", "wording"), pairs(ALLOWED))
def test_what_may_be_issued_is_known_too(code: str, wording: str) -> None:
    assert check(wording, known()).matches == (code,)
    assert check(wording, known()).verdict is Verdict.MAY_ISSUE


@pytest.mark.parametrize("wording", UNKNOWN)
def test_what_is_on_no_list_is_not_guessed(wording: str) -> None:
    assert check(wording, known()).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("wording", MIXED)
def test_a_wording_that_also_asks_for_a_listed_one_is_refused(wording: str) -> None:
    assert check(wording, known()).verdict is Verdict.NOT_ISSUED


def test_every_name_and_alias_means_its_own_certificate() -> None:
    for entry in known():
        for wording in entry.wordings:
            found = check(wording, known())
            assert entry.code in found.matches, wording
            assert (found.verdict is Verdict.MAY_ISSUE) == entry.issued, wording


def test_all_twenty_are_there_and_at_least_sixty_wordings_are_tried() -> None:
    assert len([entry for entry in known() if not entry.issued]) == 20 == len(REFUSED)
    assert sum(map(len, (*REFUSED.values(), *ALLOWED.values(), UNKNOWN, MIXED))) >= 60


@given(
    st.sampled_from([one for several in REFUSED.values() for one in several]),
    st.text(alphabet="居住证明生活困难的我在本社区开给小区和", max_size=12),
    st.booleans(),
)
def test_nothing_put_beside_a_refused_one_makes_it_a_permitted_one(
    refused: str, beside: str, before: bool
) -> None:
    wording = f"{beside}，{refused}" if before else f"{refused}，{beside}"
    assert check(wording, known()).verdict is Verdict.NOT_ISSUED


@pytest.mark.parametrize("between", ["·", "-", " ", "\u200b", "“", "/"])
@pytest.mark.parametrize(
    ("wording", "verdict"),
    [
        ("單身證明", Verdict.NOT_ISSUED),
        ("财產証明", Verdict.NOT_ISSUED),
        ("居住證明", Verdict.MAY_ISSUE),
        ("轉學證明", Verdict.UNKNOWN),
    ],
)
def test_traditional_signs_and_what_stands_between_them_change_no_answer(
    wording: str, verdict: Verdict, between: str
) -> None:
    assert check(between.join(wording), known()).verdict is verdict


@given(st.text(min_size=1, max_size=200))
def test_no_text_at_all_is_too_hard(wording: str) -> None:
    check(wording, known())


def test_a_long_text_of_harmless_words_is_read_in_no_time() -> None:
    assert check("居住证明" + "这里现在为了用于" * 20 + "违建", known()).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(("status", "action"), [*product(CertificateStatus, CertificateAction)])
def test_the_table_says_where_every_action_leads(
    status: CertificateStatus, action: CertificateAction
) -> None:
    target, by = MOVES.get((status, action), (None, frozenset()))
    for role in Role:
        assert walk(status, action, [role]) == (target if role in by or not by else None)
        assert (action in actions(status, [role])) == (role in by)


def test_only_a_verified_certificate_is_issued_and_an_end_is_an_end() -> None:
    sources = {source for source, action in MOVES if action is CertificateAction.ISSUE}
    assert sources == {CertificateStatus.VERIFIED}
    assert {source for source, _ in MOVES} == OPEN | {CertificateStatus.ISSUED}
