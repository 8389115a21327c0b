"""What the indicators of volunteers mean (rules C5: V1 to V10)."""

from onewindow_gateway.metrics.defining import ALL, Target, definition, per
from onewindow_shared.contracts.indicators import Aim, Definition
from onewindow_shared.contracts.metrics import Metric

VOLUNTEERS: tuple[Definition, ...] = (
    definition(
        "V1",
        ("志愿者注册率", "Registered volunteers against resident population"),
        Metric.VOLUNTEERS_REGISTERED,
        "population",
        target=Target(
            (
                "不低于 1%（舟山市 2002 年）；10%（2009 年全国目标）",
                "1% or more (舟山市, 2002); 10% or more (national aim of 2009)",
            ),
            (Aim(least=0.01), Aim(least=0.1)),
        ),
        source="舟山市 2002-06-24 (社区建设意见): 1 %; 民发〔2009〕165号: 10 %",
    ),
    definition(
        "V2",
        ("志愿者活跃率", "Registered volunteers with a confirmed service within twelve months"),
        Metric.VOLUNTEERS_ACTIVE,
        Metric.VOLUNTEERS_REGISTERED,
        source="关于健全新时代志愿服务体系的意见 (中办国办 2024-04-12): 活跃度",
    ),
    definition(
        "V3",
        ("年服务达标率", "Registered volunteers with 20 hours and more this year"),
        Metric.VOLUNTEERS_SERVING,
        Metric.VOLUNTEERS_REGISTERED,
        source="中国注册志愿者管理办法; the volunteers' active_hours",
    ),
    definition(
        "V4",
        ("服务记录和评价及时率", "Services recorded and evaluated within ten working days"),
        Metric.RECORDS_EVALUATED_IN_TIME,
        Metric.RECORDS_ENDED,
        target=ALL,
        source="民政部令第67号 arts. 10, 11",
    ),
    definition(
        "V4.record",
        ("服务记录及时率", "Services recorded within ten working days"),
        Metric.RECORDS_IN_TIME,
        Metric.RECORDS_ENDED,
        target=ALL,
        source="民政部令第67号 art. 11",
    ),
    definition(
        "V5",
        ("志愿服务时间(分钟)", "Confirmed minutes of service"),
        Metric.SERVICE_MINUTES,
        source="民政部令第67号 art. 7",
    ),
    per(
        definition(
            "V5.each",
            ("人均志愿服务时间(分钟)", "Confirmed minutes for each registered volunteer"),
            Metric.SERVICE_MINUTES,
            Metric.VOLUNTEERS_REGISTERED,
            source="民政部令第67号 art. 7",
        )
    ),
    *(
        definition(
            f"V6.{level}",
            (f"{zh}星志愿者数", f"Volunteers who were given star {level}"),
            metric,
            source="星级志愿者: 100, 300, 600, 1000 and 1500 hours; the volunteers' star_hours",
        )
        for level, zh, metric in (
            (1, "一", Metric.STARS_1),
            (2, "二", Metric.STARS_2),
            (3, "三", Metric.STARS_3),
            (4, "四", Metric.STARS_4),
            (5, "五", Metric.STARS_5),
        )
    ),
    definition(
        "V7",
        ("危险活动保险率", "Hazardous activities that are insured"),
        Metric.ACTIVITIES_INSURED,
        Metric.ACTIVITIES_HAZARDOUS,
        target=ALL,
        source="志愿服务条例 art. 17",
    ),
    definition(
        "V9",
        ("志愿服务站覆盖率", "Communities with a volunteer station"),
        Metric.STATIONS,
        Metric.COMMUNITIES,
        target=ALL,
        source="关于健全新时代志愿服务体系的意见 (中办国办 2024-04-12)",
    ),
    definition(
        "V10.issued",
        ("服务证明出具数", "Certificates of service issued"),
        Metric.SERVICE_CERTIFICATES_ISSUED,
        source="民政部令第67号 art. 15",
    ),
    definition(
        "V10.corrected",
        ("服务证明更正数", "Certificates of service replaced or revoked"),
        Metric.SERVICE_CERTIFICATES_CORRECTED,
        source="民政部令第67号 arts. 13, 14",
    ),
)
