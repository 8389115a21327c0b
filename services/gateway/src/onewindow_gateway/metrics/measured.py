"""Indicators of what communities have, measured against the norm profile (rules K1-K4, K8)."""

from onewindow_gateway.metrics.defining import ALL, Target, at_least, definition, per
from onewindow_shared.contracts.indicators import Aim
from onewindow_shared.contracts.metrics import Metric

PROFILE = "the district's own norm profile at casework says what it holds"
MEASURED = (
    per(
        definition(
            "K1",
            ("每百户综合服务设施面积", "Square metres of facilities per 100 households"),
            Metric.FACILITY_AREA,
            Metric.FACILITY_HOUSEHOLDS,
            target=at_least(30, "不少于 30 平方米（政策）", "30 or more (policy)"),
            source=f"中发〔2017〕13号; {PROFILE}",
        )
    ),
    per(
        definition(
            "K2",
            ("每百人办公和服务用房面积", "Square metres of premises per 100 people"),
            Metric.PREMISES_AREA,
            Metric.PREMISES_PEOPLE,
            target=at_least(
                5, "不少于 5 平方米（安徽某市，约 2011 年）", "5 or more (a city of Anhui, about 2011)"
            ),
            source=f"城乡社区改建工作意见; {PROFILE}",
        )
    ),
    per(
        definition(
            "K3.households",
            ("每名专职工作人员户数", "Households per full-time worker"),
            Metric.STAFF_HOUSEHOLDS,
            Metric.STAFF,
            target=Target(
                ("不超过 700 户或者 600 户（地方规定）", "700 or 600 at most (local norms)"),
                (Aim(most=700), Aim(most=600)),
            ),
            source=f"城乡社区改建工作意见; 舟山市 2002-06-24; {PROFILE}",
        )
    ),
    per(
        definition(
            "K3.workers",
            ("每万人社区工作者", "Workers per 10,000 people"),
            Metric.STAFF_IN_10000,
            Metric.STAFF_PEOPLE,
            target=at_least(18, "不少于 18 名（城市）", "18 or more (urban)"),
            source=f"国办发〔2021〕56号; {PROFILE}",
        )
    ),
    definition(
        "K4",
        ("专职人员受训达标率", "Workers of communities in which each had the hours of training of the norm"),
        Metric.STAFF_TRAINED,
        Metric.STAFF_TRAINING_KNOWN,
        target=ALL,
        source=f"民发〔2009〕165号: 20 hours for each of them a year; {PROFILE}",
    ),
    per(
        definition(
            "K8",
            ("社区平均规模（户）", "Households per community"),
            Metric.HOUSEHOLDS,
            Metric.HOUSEHOLDS_COMMUNITIES,
            target=Target(("1000 至 3000 户（法律）", "1000 to 3000 (law)"), (Aim(least=1000, most=3000),)),
            source=f"城市居民委员会组织法 art. 3; {PROFILE}",
        )
    ),
    definition(
        "K.norms",
        ("社区标准达标率", "Norms that communities meet, of those of which it is known"),
        Metric.NORMS_MET,
        Metric.NORMS_KNOWN,
        target=ALL,
        source=PROFILE,
    ),
)
