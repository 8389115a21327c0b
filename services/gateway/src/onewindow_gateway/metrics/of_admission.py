"""What the indicators of communities' work, money and disclosure mean (rules C5: AD1-AD8, K5-K7, P1)."""

from onewindow_gateway.metrics.defining import ALL, NONE, Target, definition, per
from onewindow_gateway.metrics.measured import PROFILE, against
from onewindow_shared.contracts.indicators import Aim, Definition
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.norms import Measure

_LISTS = "北京市街道办事处条例 art. 32"
_CERTIFICATES = "民发〔2020〕20号"
_RIGHT_TO_REFUSE = "上海市居民委员会工作条例 art. 27"
_MONEY = "费随事转: 中发〔2017〕13号"
LESS = Target(("低于上年", "less than the year before"), (Aim(below=1),))

ADMISSION: tuple[Definition, ...] = (
    *(
        definition(f"AD1.{name}", (zh, en), metric, source=_LISTS)
        for name, zh, en, metric in (
            ("autonomy", "社区工作事项数", "Listed: the committees' own duties", Metric.LISTED_AUTONOMY),
            ("assist", "协助政府事项数", "Listed: helping government", Metric.LISTED_ASSIST),
            ("purchase", "购买服务事项数", "Listed: purchased work", Metric.LISTED_PURCHASE),
        )
    ),
    definition(
        "AD2.barred",
        ("系统拦截的未准入事项数", "Unadmitted work that the system did not let through"),
        Metric.ORDERS_BARRED,
        source=_RIGHT_TO_REFUSE,
    ),
    definition(
        "AD2.refused",
        ("社区拒绝的未准入事项数", "Unadmitted work that communities refused"),
        Metric.ORDERS_REFUSED,
        source=_RIGHT_TO_REFUSE,
    ),
    definition(
        "AD3",
        ("准入按时办结率", "Applications for work of communities decided in time"),
        Metric.ADMISSIONS_DECIDED_ON_TIME,
        Metric.ADMISSIONS_DECIDED,
        target=ALL,
        source="西城区 2018: 15 working days; casework's admission_decision_days",
    ),
    definition(
        "AD4",
        ("费随事转到位率", "Listed work that needs money and has it: no transfer is late"),
        Metric.ITEMS_FUNDED,
        Metric.ITEMS_TO_FUND,
        target=ALL,
        source=_MONEY,
    ),
    definition(
        "AD4.late",
        ("经费逾期未到位数", "Transfers to communities that are late"),
        Metric.TRANSFERS_LATE,
        target=NONE,
        source=_MONEY,
    ),
    definition(
        "AD5",
        ("禁入事项申报数", "Forbidden matters applied for, refused at once"),
        Metric.ADMISSION_FORBIDDEN,
        target=NONE,
        source="中发〔2017〕13号",
    ),
    *(
        definition(
            f"AD6.{name}",
            (
                f"社区{zh}数与上年之比",
                f"{en}, this year to the last, of communities that know both",
            ),
            now,
            before,
            target=LESS,
            source="中发〔2017〕13号",
        )
        for name, zh, en, now, before in (
            ("ledgers", "台账", "Ledgers", Metric.BURDEN_LEDGERS, Metric.BURDEN_LEDGERS_BEFORE),
            ("forms", "报表", "Forms", Metric.BURDEN_FORMS, Metric.BURDEN_FORMS_BEFORE),
            ("meetings", "会议", "Meetings", Metric.BURDEN_MEETINGS, Metric.BURDEN_MEETINGS_BEFORE),
        )
    ),
    definition(
        "AD7",
        ("双向评价覆盖率", "Pairs evaluated in both directions"),
        Metric.EVALUATION_PAIRS_BOTH,
        Metric.EVALUATION_PAIRS,
        target=ALL,
        source="中发〔2017〕13号",
    ),
    definition(
        "AD8.issued",
        ("社区证明出具数", "Certificates issued"),
        Metric.CERTIFICATES_ISSUED,
        source=_CERTIFICATES,
    ),
    definition(
        "AD8.refused",
        ("社区证明不予出具数", "Certificates refused"),
        Metric.CERTIFICATES_REFUSED,
        source=_CERTIFICATES,
    ),
)
MONEY: tuple[Definition, ...] = (
    against(
        Measure.FUND_PER_COMMUNITY,
        per(
            definition(
                "K5",
                (
                    "每社区经费(分)",
                    "Fen received for each community; held against the norm over a whole year",
                ),
                Metric.FUND_RECEIVED,
                Metric.COMMUNITIES,
                source=f"城乡社区改建工作意见; {PROFILE}",
            )
        ),
    ),
    definition(
        "K6",
        ("专户入账率", "Receipts booked to the special account"),
        Metric.FUND_BUDGETED,
        Metric.FUND_RECEIVED,
        target=ALL,
        source="a local rule of about 2011 (城乡社区改建工作意见): six sources, all paid into one account",
    ),
    definition(
        "K7",
        ("经费拨付率", "Paid to communities of what was budgeted"),
        Metric.FUND_PAID,
        Metric.FUND_BUDGETED,
        target=ALL,
        source="足额拨付: 舟山市 2002-06-24 (社区建设意见)",
    ),
)
DISCLOSURE: tuple[Definition, ...] = (
    definition(
        "P1",
        ("居务公开及时率", "Disclosure on time"),
        Metric.DISCLOSURES_ON_TIME,
        Metric.DISCLOSURES_DUE,
        target=ALL,
        source="20 working days after a quarter: 政府信息公开条例 art. 26, local practice of 居务公开",
    ),
)
