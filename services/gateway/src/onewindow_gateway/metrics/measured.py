"""Indicators of what communities have, measured against the norm profile (rules K1-K4, K8)."""

from onewindow_gateway.metrics.defining import ALL, Target, definition, per
from onewindow_shared.contracts.indicators import Definition
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.norms import Measure

PROFILE = "casework's norm profile of the district"
HELD = Target(("按本区所持标准，随数值列出", "the district's norms, told with each figure"))


def against(measure: Measure, definition: Definition) -> Definition:
    """Return the definition of what is held against norms of the district's profile."""
    held = {"measure": measure, "target": HELD.words[0], "target_en": HELD.words[1], "aims": []}
    return definition.model_copy(update=held)


MEASURED = (
    against(
        Measure.FACILITY_AREA_PER_100_HOUSEHOLDS,
        per(
            definition(
                "K1",
                ("每百户综合服务设施面积", "Square metres of facilities per 100 households"),
                Metric.FACILITY_AREA,
                Metric.FACILITY_HOUSEHOLDS,
                source=f"中发〔2017〕13号; {PROFILE}",
            )
        ),
    ),
    against(
        Measure.PREMISES_AREA_PER_100_PEOPLE,
        per(
            definition(
                "K2",
                ("每百人办公和服务用房面积", "Square metres of premises per 100 people"),
                Metric.PREMISES_AREA,
                Metric.PREMISES_PEOPLE,
                source=f"城乡社区改建工作意见; {PROFILE}",
            )
        ),
    ),
    against(
        Measure.HOUSEHOLDS_PER_STAFF,
        per(
            definition(
                "K3.households",
                ("每名专职工作人员户数", "Households per full-time worker"),
                Metric.STAFF_HOUSEHOLDS,
                Metric.STAFF,
                source=f"城乡社区改建工作意见; 舟山市 2002-06-24; {PROFILE}",
            )
        ),
    ),
    against(
        Measure.STAFF_PER_10000_PEOPLE,
        per(
            definition(
                "K3.workers",
                ("每万人社区工作者", "Workers per 10,000 people"),
                Metric.STAFF_IN_10000,
                Metric.STAFF_PEOPLE,
                source=f"国办发〔2021〕56号; {PROFILE}",
            )
        ),
    ),
    against(
        Measure.TRAINING_HOURS,
        definition(
            "K4",
            (
                "专职人员受训达标率",
                "Workers of communities in which each had the hours of training of the norm",
            ),
            Metric.STAFF_TRAINED,
            Metric.STAFF_TRAINING_KNOWN,
            source=f"民发〔2009〕165号; {PROFILE}",
        ),
    ),
    against(
        Measure.HOUSEHOLDS,
        per(
            definition(
                "K8",
                ("社区平均规模（户）", "Households per community"),
                Metric.HOUSEHOLDS,
                Metric.HOUSEHOLDS_COMMUNITIES,
                source=f"城市居民委员会组织法 art. 3; {PROFILE}",
            )
        ),
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
