"""What codes are called that counters are taken apart by, where no table says it."""

from collections.abc import Mapping

from onewindow_shared.contracts.funding import FundSource
from onewindow_shared.contracts.intake import Channel, ServiceCategory
from onewindow_shared.contracts.metrics import Facet
from onewindow_shared.contracts.orders import Bar, RefusalReason

CALLED: Mapping[Facet, Mapping[str, str]] = {
    Facet.CATEGORY: {
        ServiceCategory.EMPLOYMENT: "劳动就业",
        ServiceCategory.SOCIAL_SECURITY: "社会保障",
        ServiceCategory.HEALTH_FAMILY_PLANNING: "卫生计生",
        ServiceCategory.EDUCATION: "教育事业",
        ServiceCategory.SOCIAL_SERVICE: "社会服务",
        ServiceCategory.HOUSING: "住房保障",
        ServiceCategory.CULTURE_SPORTS: "文化体育",
        ServiceCategory.PUBLIC_SAFETY: "公共安全",
        ServiceCategory.LEGAL_SERVICE: "公共法律服务",
        ServiceCategory.MEDIATION_ARBITRATION: "调解仲裁",
    },
    Facet.CHANNEL: {
        Channel.WINDOW: "窗口",
        Channel.WEB: "网上",
        Channel.MOBILE: "手机",
        Channel.PHONE: "电话",
        Channel.KIOSK: "自助终端",
        Channel.HOME_VISIT: "上门",
    },
    Facet.KIND: {
        FundSource.COMMUNITY_BUILDING: "市级社区建设专项资金",
        FundSource.FISCAL_SUBSIDY: "财政补助资金",
        FundSource.DEVELOPER_PREMISES: "开发企业提供的社区用房资金",
        FundSource.FEE_WITH_TASK: "费随事转资金",
        FundSource.UPPER_LEVEL_PROJECTS: "上级争取的社区项目资金",
        FundSource.DONATIONS: "社会各界捐助资金",
        Bar.FORBIDDEN: "属于禁入事项",
        Bar.NOT_ADMITTED: "未经准入",
        Bar.OUT_OF_LIST: "不在清单内",
        Bar.NO_FUNDS: "没有经费",
        Bar.NO_AUTHORITY: "没有授权",
        Bar.OUT_OF_PERIOD: "不在准入期限内",
        Bar.OUT_OF_AREA: "不在适用范围内",
        Bar.MAIN_BODY: "以社区为责任主体",
        Bar.BEYOND_ACTIONS: "超出准入的协助内容",
        Bar.BEYOND_WORKLOAD: "超出核定的工作量",
        RefusalReason.CERTIFICATE_NOT_ISSUED: "不应由社区出具的证明",
    },
}
