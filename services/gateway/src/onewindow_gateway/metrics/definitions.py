"""What the district's indicators mean (rules C5)."""

from typing import Literal

from onewindow_shared.contracts.metrics import Definition, Metric


def _definition(
    id_: str,
    names: tuple[str, str],
    over: Metric,
    under: Metric | Literal["population"] | None = None,
    *,
    target: str | None = None,
    source: str,
) -> Definition:
    return Definition(
        id=id_,
        name=names[0],
        name_en=names[1],
        numerator=over,
        denominator=under if isinstance(under, Metric) else None,
        denominator_is_population=under == "population",
        target=target,
        source=source,
    )


_COUNT = "count over the period"
_NOTICE = "行政许可法 art. 32"
_LIMITS = "优化营商环境条例 art. 36"
_LISTS = "北京市街道办事处条例 art. 32"
_CERTIFICATES = "民发〔2020〕20号"
_RIGHT_TO_REFUSE = "上海市居民委员会工作条例 art. 27"
_MONEY = "费随事转: 中发〔2017〕13号"

DEFINITIONS: tuple[Definition, ...] = (
    _definition("S1.received", ("收件数", "Cases received"), Metric.CASES_RECEIVED, source=_COUNT),
    _definition("S1.accepted", ("受理数", "Cases accepted"), Metric.CASES_ACCEPTED, source=_COUNT),
    _definition("S1.closed", ("办结数", "Cases closed"), Metric.CASES_CLOSED, source=_COUNT),
    _definition(
        "S2",
        ("按时办结率", "Closed within the promised limit"),
        Metric.CASES_CLOSED_ON_TIME,
        Metric.CASES_CLOSED,
        target="100 %",
        source=_LIMITS,
    ),
    _definition(
        "S3", ("逾期未办结数", "Overdue and open"), Metric.CASES_OVERDUE_OPEN, target="0", source=_LIMITS
    ),
    _definition(
        "S4",
        ("一次性告知及时率", "Notices of corrections in time; there is one per case"),
        Metric.CORRECTIONS_ASKED_IN_TIME,
        Metric.CORRECTIONS_ASKED,
        target="100 %",
        source=_NOTICE,
    ),
    _definition(
        "S4.refused",
        ("被拒绝的二次要求数", "Demands beyond the one notice that were refused"),
        Metric.SECOND_DEMANDS,
        target="0",
        source=_NOTICE,
    ),
    _definition(
        "S5",
        ("视为受理数", "Accepted by law, for want of a notice"),
        Metric.CASES_DEEMED_ACCEPTED,
        target="0",
        source=_NOTICE,
    ),
    _definition(
        "S7",
        ("即办率", "Closed in the same visit"),
        Metric.CASES_CLOSED_INSTANTLY,
        Metric.CASES_CLOSED,
        source="行政许可法 art. 34",
    ),
    _definition(
        "S10",
        ("首问办结率", "Contacts with an outcome"),
        Metric.CONTACTS_SETTLED,
        Metric.CONTACTS_TAKEN,
        target="100 %",
        source="首问负责: 中发〔2017〕13号",
    ),
    _definition(
        "R1",
        ("满意率", "Satisfied: ratings from satisfied_from stars up"),
        Metric.REVIEWS_SATISFIED,
        Metric.REVIEWS_RATED,
        source="泰安市政务服务“好差评”, one city's rule: 3 stars or more are good; casework's satisfied_from",
    ),
    _definition(
        "R4",
        ("实名差评回访率", "Bad reviews with a name: reviewers called back"),
        Metric.REVIEWS_CONTACTED,
        Metric.REVIEWS_BAD_NAMED,
        target="100 %",
        source="德州市政务服务“好差评”",
    ),
    _definition(
        "R5",
        ("实名差评按时联系率", "Called back in time"),
        Metric.REVIEWS_CONTACTED_IN_TIME,
        Metric.REVIEWS_BAD_NAMED,
        target="100 %",
        source="安阳市政务服务条例 art. 52; casework's review_contact_days",
    ),
    _definition(
        "R6",
        ("差评按时整改反馈率", "Bad reviews answered in time"),
        Metric.REVIEWS_ANSWERED_IN_TIME,
        Metric.REVIEWS_BAD,
        target="100 %",
        source="德州市政务服务“好差评”; casework's review_answer_days",
    ),
    *(
        _definition(f"AD1.{name}", (zh, en), metric, source=_LISTS)
        for name, zh, en, metric in (
            ("autonomy", "社区工作事项数", "Listed: the committees' own duties", Metric.LISTED_AUTONOMY),
            ("assist", "协助政府事项数", "Listed: helping government", Metric.LISTED_ASSIST),
            ("purchase", "购买服务事项数", "Listed: purchased work", Metric.LISTED_PURCHASE),
        )
    ),
    _definition(
        "AD2.barred",
        ("系统拦截的未准入事项数", "Unadmitted work that the system did not let through"),
        Metric.ORDERS_BARRED,
        source=_RIGHT_TO_REFUSE,
    ),
    _definition(
        "AD2.refused",
        ("社区拒绝的未准入事项数", "Unadmitted work that communities refused"),
        Metric.ORDERS_REFUSED,
        source=_RIGHT_TO_REFUSE,
    ),
    _definition(
        "AD3",
        ("准入按时办结率", "Applications for work of communities decided in time"),
        Metric.ADMISSIONS_DECIDED_ON_TIME,
        Metric.ADMISSIONS_DECIDED,
        target="100 %",
        source="西城区 2018: 15 working days; casework's admission_decision_days",
    ),
    _definition(
        "AD4.late",
        ("经费逾期未到位数", "Transfers to communities that are late; the rate by items is casework's"),
        Metric.TRANSFERS_LATE,
        target="0",
        source=_MONEY,
    ),
    _definition(
        "AD5",
        ("禁入事项申报数", "Forbidden matters applied for, refused at once"),
        Metric.ADMISSION_FORBIDDEN,
        target="0",
        source="中发〔2017〕13号",
    ),
    *(
        _definition(
            f"AD6.{name}",
            (
                f"社区{zh}数与上年之比",
                f"{en}, this year to the last, of communities that know both",
            ),
            now,
            before,
            target="< 1",
            source="中发〔2017〕13号",
        )
        for name, zh, en, now, before in (
            ("ledgers", "台账", "Ledgers", Metric.BURDEN_LEDGERS, Metric.BURDEN_LEDGERS_BEFORE),
            ("forms", "报表", "Forms", Metric.BURDEN_FORMS, Metric.BURDEN_FORMS_BEFORE),
            ("meetings", "会议", "Meetings", Metric.BURDEN_MEETINGS, Metric.BURDEN_MEETINGS_BEFORE),
        )
    ),
    _definition(
        "AD7",
        ("双向评价覆盖率", "Pairs evaluated in both directions"),
        Metric.EVALUATION_PAIRS_BOTH,
        Metric.EVALUATION_PAIRS,
        target="100 %",
        source="中发〔2017〕13号",
    ),
    _definition(
        "AD8.issued",
        ("社区证明出具数", "Certificates issued"),
        Metric.CERTIFICATES_ISSUED,
        source=_CERTIFICATES,
    ),
    _definition(
        "AD8.refused",
        ("社区证明不予出具数", "Certificates refused"),
        Metric.CERTIFICATES_REFUSED,
        source=_CERTIFICATES,
    ),
    _definition(
        "K6",
        ("专户入账率", "Receipts booked to the special account"),
        Metric.FUND_BUDGETED,
        Metric.FUND_RECEIVED,
        target="100 %",
        source="a local rule of about 2011 (城乡社区改建工作意见): six sources, all paid into one account",
    ),
    _definition(
        "K7",
        ("经费拨付率", "Paid to communities of what was budgeted"),
        Metric.FUND_PAID,
        Metric.FUND_BUDGETED,
        target="100 %",
        source="足额拨付: 舟山市 2002-06-24 (社区建设意见)",
    ),
    _definition(
        "P1",
        ("居务公开及时率", "Disclosure on time"),
        Metric.DISCLOSURES_ON_TIME,
        Metric.DISCLOSURES_DUE,
        target="100 %",
        source="20 working days after a quarter: 政府信息公开条例 art. 26, local practice of 居务公开",
    ),
    _definition(
        "V1",
        ("志愿者注册率", "Registered volunteers against resident population"),
        Metric.VOLUNTEERS_REGISTERED,
        "population",
        target=">= 1 % (local norm of 舟山市, 2002); >= 10 % (national aim of 2009)",
        source="舟山市 2002-06-24 (社区建设意见): 1 %; 民发〔2009〕165号: 10 %",
    ),
)
