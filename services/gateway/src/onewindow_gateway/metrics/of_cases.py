"""What the indicators of cases and reviews mean (rules C5: S1 to S12, R1 to R6)."""

from onewindow_gateway.metrics.defining import ALL, NONE, at_most, definition, per, percentile
from onewindow_shared.contracts.indicators import Definition
from onewindow_shared.contracts.metrics import Metric

_COUNT = "本期逐件计数 (each case of the period, as it was recorded)"
_NOTICE = "行政许可法 art. 32"
_LIMITS = "优化营商环境条例 art. 36"
_ONCE = "浙江省保障“最多跑一次”改革规定 art. 2"

CASES: tuple[Definition, ...] = (
    definition("S1.received", ("收件数", "Cases received"), Metric.CASES_RECEIVED, source=_COUNT),
    definition("S1.accepted", ("受理数", "Cases accepted"), Metric.CASES_ACCEPTED, source=_COUNT),
    definition("S1.closed", ("办结数", "Cases closed"), Metric.CASES_CLOSED, source=_COUNT),
    definition(
        "S2",
        ("按时办结率", "Closed within the promised limit"),
        Metric.CASES_CLOSED_ON_TIME,
        Metric.CASES_CLOSED,
        target=ALL,
        source=_LIMITS,
    ),
    definition(
        "S2.law",
        ("法定时限内办结率", "Closed within the limit that the law gives"),
        Metric.CASES_CLOSED_WITHIN_LAW,
        Metric.CASES_CLOSED,
        target=ALL,
        source="行政许可法 arts. 42, 44",
    ),
    definition(
        "S3", ("逾期未办结数", "Overdue and open"), Metric.CASES_OVERDUE_OPEN, target=NONE, source=_LIMITS
    ),
    definition(
        "S4",
        ("一次性告知及时率", "Notices of corrections in time; there is one per case"),
        Metric.CORRECTIONS_ASKED_IN_TIME,
        Metric.CORRECTIONS_ASKED,
        target=ALL,
        source=_NOTICE,
    ),
    definition(
        "S4.refused",
        ("被拒绝的二次要求数", "Demands beyond the one notice that were refused"),
        Metric.SECOND_DEMANDS,
        target=NONE,
        source=_NOTICE,
    ),
    definition(
        "S5",
        ("视为受理数", "Accepted by law, for want of a notice"),
        Metric.CASES_DEEMED_ACCEPTED,
        target=NONE,
        source=_NOTICE,
    ),
    definition(
        "S6",
        ("时限压缩率", "Days promised less than the law gives, of the items in force"),
        Metric.ITEM_DAYS_SAVED,
        Metric.ITEM_DAYS,
        source=_LIMITS,
    ),
    definition(
        "S7",
        ("即办率", "Closed in the same visit"),
        Metric.CASES_CLOSED_INSTANTLY,
        Metric.CASES_CLOSED,
        source="行政许可法 art. 34",
    ),
    per(
        definition(
            "S8",
            ("跑动次数", "Days on which applicants had to come, per closed case"),
            Metric.CASE_VISITS,
            Metric.CASES_HANDLED,
            target=at_most(1, "不超过 1 次", "1 at most"),
            source=_ONCE,
        )
    ),
    definition(
        "S8.once",
        ("最多跑一次占比", "Closed with one visit at most"),
        Metric.CASES_AT_MOST_ONE_VISIT,
        Metric.CASES_HANDLED,
        target=ALL,
        source=_ONCE,
    ),
    definition(
        "S9",
        ("代办率", "Accepted cases with an agent; agency costs nothing, no fee can be recorded"),
        Metric.CASES_WITH_AGENCY,
        Metric.CASES_ACCEPTED,
        source="青岛市政务服务帮办代办工作规则 arts. 4-6",
    ),
    definition(
        "S10",
        ("首问办结率", "Contacts with an outcome"),
        Metric.CONTACTS_SETTLED,
        Metric.CONTACTS_TAKEN,
        target=ALL,
        source="首问负责: 中发〔2017〕13号",
    ),
    definition(
        "S11",
        ("服务类别覆盖率", "Categories of the ten with an item in force, over the communities"),
        Metric.CATEGORIES_LIVE,
        Metric.CATEGORIES,
        target=ALL,
        source="公共服务事项十类: 中发〔2017〕13号",
    ),
    per(
        definition(
            "S12",
            ("平均办理工作日", "Working days from acceptance to decision, without special procedures"),
            Metric.HANDLING_DAYS,
            Metric.CASES_HANDLED,
            source="行政许可法 arts. 42, 45",
        )
    ),
    percentile(
        definition(
            "S12.p90",
            ("九成办理工作日", "Working days within which nine of ten closed cases were decided"),
            Metric.CASES_HANDLED,
            Metric.CASES_HANDLED,
            source="行政许可法 arts. 42, 45",
        ),
        90,
    ),
    definition(
        "R1",
        ("满意率", "Satisfied: ratings with at least the stars that the district asks for, or three"),
        Metric.REVIEWS_SATISFIED,
        Metric.REVIEWS_RATED,
        source="泰安市政务服务“好差评”: 三星及以上为满意，各区可另定 (3 stars or more; satisfied_from)",
    ),
    *(
        definition(
            f"R2.{level}",
            (f"{zh}评价占比", f"Ratings of level {level} of five"),
            metric,
            Metric.REVIEWS_RATED,
            source="政务服务“好差评”: five levels; 泰安市 2020",
        )
        for level, zh, metric in (
            (5, "非常满意", Metric.REVIEWS_5),
            (4, "满意", Metric.REVIEWS_4),
            (3, "基本满意", Metric.REVIEWS_3),
            (2, "不满意", Metric.REVIEWS_2),
            (1, "非常不满意", Metric.REVIEWS_1),
        )
    ),
    definition(
        "R3",
        (
            "主动评价率",
            "Closings of the period that were reviewed; a case taken up again is closed twice",
        ),
        Metric.REVIEWS_OF_CLOSINGS,
        Metric.CASES_CLOSINGS,
        source="政务服务“好差评”: named by many places, defined by none",
    ),
    definition(
        "R4",
        ("实名差评回访率", "Bad reviews with a name: reviewers called back"),
        Metric.REVIEWS_CONTACTED,
        Metric.REVIEWS_BAD_NAMED,
        target=ALL,
        source="德州市政务服务“好差评”",
    ),
    definition(
        "R5",
        ("实名差评按时联系率", "Called back in time"),
        Metric.REVIEWS_CONTACTED_IN_TIME,
        Metric.REVIEWS_BAD_NAMED,
        target=ALL,
        source="安阳市政务服务条例 art. 52; casework's review_contact_days",
    ),
    definition(
        "R6",
        ("差评按时整改反馈率", "Bad reviews answered in time"),
        Metric.REVIEWS_ANSWERED_IN_TIME,
        Metric.REVIEWS_BAD,
        target=ALL,
        source="德州市政务服务“好差评”; casework's review_answer_days",
    ),
)
