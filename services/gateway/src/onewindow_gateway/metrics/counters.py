"""What each counter counts, in words, of which the formulas of indicators are made (rules C5)."""

from collections.abc import Mapping

from onewindow_shared.contracts.metrics import Metric

Words = tuple[str, str]
"""In Chinese and English."""

COUNTED: Mapping[Metric, Words] = {
    Metric.CASES_RECEIVED: ("收件数", "cases received"),
    Metric.CASES_ACCEPTED: (
        "受理数（含视为受理、容缺受理）",
        "cases accepted, also by law, or with papers to come",
    ),
    Metric.CASES_NOT_ACCEPTED: ("不予受理数", "cases not accepted"),
    Metric.CASES_DEEMED_ACCEPTED: (
        "逾期未告知补正而视为受理的件数",
        "cases accepted by law, because no notice was given in time",
    ),
    Metric.CASES_TOLERANTLY_ACCEPTED: ("容缺受理数", "cases accepted with papers still to come"),
    Metric.CORRECTIONS_ASKED: (
        "发出的一次性补正告知数",
        "notices of what is to be corrected; one per case",
    ),
    Metric.CORRECTIONS_ASKED_IN_TIME: (
        "收件后五个工作日内发出的补正告知数",
        "notices given within five working days of the receipt",
    ),
    Metric.SECOND_DEMANDS: (
        "被系统拒绝的二次补正要求数",
        "demands beyond the one notice that the system refused",
    ),
    Metric.CONTACTS_TAKEN: ("首问登记数", "contacts taken by the first person asked"),
    Metric.CONTACTS_SETTLED: (
        "已登记结果的首问登记数",
        "contacts whose outcome is written down, whenever that was",
    ),
    Metric.HANDOFFS_BOUNCED: ("被退回的转办数", "hand-overs that came back"),
    Metric.CODES_WRONG: ("未登录时输错的查询码、凭证码次数", "wrong codes tried without signing in"),
    Metric.CASES_CLOSED: ("办结数（重新办理的除外）", "cases closed and not taken up again"),
    Metric.CASES_CLOSED_INSTANTLY: (
        "当场办结数",
        "cases closed in the visit in which they were applied for",
    ),
    Metric.CASES_CLOSED_ON_TIME: (
        "承诺期限内办结数（至最后一日下班）",
        "cases closed by the close of business of the last promised day",
    ),
    Metric.CASES_CLOSED_WITHIN_LAW: (
        "法定期限内办结数（至最后一日下班）",
        "cases closed by the close of business of the last day that the law gives",
    ),
    Metric.CASES_CLOSINGS: (
        "办结次数（重新办理的每次都计）",
        "closings, each of a case that is taken up again",
    ),
    Metric.REVIEWS_OF_CLOSINGS: (
        "得到有效评价的办结次数（按办结日）",
        "closings that have a valid review, by the day of the closing",
    ),
    Metric.CASES_HANDLED: (
        "已知办理天数和到场次数的办结数",
        "closed cases of which days and visits are known",
    ),
    Metric.HANDLING_DAYS: (
        "办结件从受理到决定的工作日合计（扣除中止和特别程序）",
        "working days of closed cases from acceptance to decision, without suspensions",
    ),
    Metric.CASES_WITH_AGENCY: ("申请代办的受理数", "accepted cases with an agent"),
    Metric.CASE_VISITS: (
        "办结件申请人到窗口的天数合计",
        "days on which applicants of closed cases came to a window",
    ),
    Metric.CASES_AT_MOST_ONE_VISIT: ("到场不超过一次的办结数", "closed cases with one visit at most"),
    Metric.CASES_OVERDUE_OPEN: (
        "期末超过承诺期限仍未办结数",
        "cases open past their promised day at the end of the period",
    ),
    Metric.REVIEWS_RATED: ("有效评价数（按评价日）", "valid reviews, by the day on which they were given"),
    Metric.REVIEWS_SATISFIED: (
        "达到满意星级的有效评价数（satisfied_from）",
        "valid reviews with the stars from which one is content (satisfied_from)",
    ),
    Metric.REVIEWS_1: ("非常不满意的有效评价数", "valid reviews with one star"),
    Metric.REVIEWS_2: ("不满意的有效评价数", "valid reviews with two stars"),
    Metric.REVIEWS_3: ("基本满意的有效评价数", "valid reviews with three stars"),
    Metric.REVIEWS_4: ("满意的有效评价数", "valid reviews with four stars"),
    Metric.REVIEWS_5: ("非常满意的有效评价数", "valid reviews with five stars"),
    Metric.AGENCIES_ENTRUSTED: ("代办委托数", "agencies entrusted"),
    Metric.AGENCIES_SUSPENDED: ("代办暂停数", "agencies suspended"),
    Metric.AGENCIES_RESUMED: ("代办恢复数", "agencies resumed"),
    Metric.AGENCIES_DONE: ("代办完成数", "agencies done"),
    Metric.AGENCIES_TERMINATED: ("代办终止数", "agencies terminated"),
    Metric.AGENCY_VISITS: ("代办员代跑次数", "ways that agents went in place of applicants"),
    Metric.REVIEWS_BAD: ("差评数（有效）", "valid bad reviews"),
    Metric.REVIEWS_BAD_NAMED: ("实名差评数", "valid bad reviews with a name"),
    Metric.REVIEWS_CONTACTED: (
        "已回访的实名差评数",
        "bad reviews with a name whose reviewer was called back",
    ),
    Metric.REVIEWS_CONTACTED_IN_TIME: (
        "在规定工作日内联系的实名差评数（review_contact_days）",
        "bad reviews with a name whose reviewer was called back in time (review_contact_days)",
    ),
    Metric.REVIEWS_ANSWERED_IN_TIME: (
        "在规定工作日内首次反馈的差评数（review_answer_days）",
        "bad reviews first answered in time (review_answer_days)",
    ),
    Metric.CERTIFICATES_ISSUED: ("出具的社区证明数", "certificates issued by communities"),
    Metric.CERTIFICATES_REFUSED: ("不予出具的社区证明数", "certificates that communities refused"),
    Metric.DISCLOSURES_DUE: (
        "期限已过的应公开项数（按期限次日）",
        "disclosures whose last day is over, on the day after it",
    ),
    Metric.DISCLOSURES_ON_TIME: ("按期公开的项数", "disclosures that were published by their last day"),
    Metric.EVALUATION_PAIRS: ("应双向评价的对数", "pairs that are to evaluate each other"),
    Metric.EVALUATION_PAIRS_BOTH: ("双方都已评价的对数", "pairs of which both have evaluated"),
    Metric.VOLUNTEERS_REGISTERED: ("期末注册志愿者数", "registered volunteers at the end of the period"),
    Metric.VOLUNTEERS_ACTIVE: (
        "近十二个月有已确认服务的注册志愿者数",
        "registered volunteers with a confirmed service within the twelve months before",
    ),
    Metric.VOLUNTEERS_SERVING: (
        "当年服务达到规定小时的注册志愿者数（active_hours）",
        "registered volunteers who served for the hours of a year (active_hours)",
    ),
    Metric.SERVICE_MINUTES: ("已确认的志愿服务分钟数", "confirmed minutes of service"),
    Metric.RECORDS_CONFIRMED: (
        "已确认时长的志愿服务人次",
        "services of volunteers whose minutes are confirmed",
    ),
    Metric.RECORDS_ENDED: ("已结束的志愿服务人次", "services of volunteers that are over"),
    Metric.RECORDS_IN_TIME: (
        "记录在结束后十个工作日内确认的志愿服务人次",
        "services whose record was confirmed within ten working days",
    ),
    Metric.RECORDS_EVALUATED_IN_TIME: (
        "记录和组织的评价都在结束后十个工作日内完成的志愿服务人次",
        "services whose record was confirmed and that the organisation evaluated within ten working days",
    ),
    Metric.STARS_1: ("一星志愿者数", "volunteers with the first star"),
    Metric.STARS_2: ("二星志愿者数", "volunteers with the second star"),
    Metric.STARS_3: ("三星志愿者数", "volunteers with the third star"),
    Metric.STARS_4: ("四星志愿者数", "volunteers with the fourth star"),
    Metric.STARS_5: ("五星志愿者数", "volunteers with the fifth star"),
    Metric.ACTIVITIES_HAZARDOUS: (
        "有人身危险的已发布活动数（按首场日期）",
        "published hazardous activities, by the day of their first shift",
    ),
    Metric.ACTIVITIES_INSURED: (
        "已投保的有人身危险的活动数",
        "published hazardous activities that are insured",
    ),
    Metric.SERVICE_CERTIFICATES_ISSUED: ("出具的志愿服务证明数", "certificates of service issued"),
    Metric.SERVICE_CERTIFICATES_CORRECTED: (
        "更正或者撤销的志愿服务证明数",
        "certificates of service replaced or revoked",
    ),
    Metric.STATIONS: ("期末有志愿服务站的社区数", "communities with a volunteer station at the end"),
    Metric.ORDERS_SENT: ("派单数", "orders sent"),
    Metric.ORDERS_BARRED: ("被系统拦截的派单数", "orders that the system did not let through"),
    Metric.ORDERS_COMPLETED: ("确认完成的派单数", "orders confirmed as done"),
    Metric.ORDERS_REFUSED: ("社区拒绝的派单和要求数（未被裁定推翻）", "refusals of communities that stand"),
    Metric.FUND_RECEIVED: (
        "收到的经费（分，含未进专户的）",
        "fen received, on the special account or beside it",
    ),
    Metric.FUND_BUDGETED: ("划入专户的经费（分）", "fen booked to the special account"),
    Metric.FUND_PAID: ("拨付社区的经费净额（分）", "fen paid to communities, less what came back"),
    Metric.TRANSFERS_LATE: ("期末逾期未拨付的笔数", "transfers that are late at the end of the period"),
    Metric.ITEMS_TO_FUND: (
        "期末清单上应当拨付经费的准入事项数",
        "admitted work on the lists at the end that needs money",
    ),
    Metric.ITEMS_FUNDED: ("其中没有逾期拨付的事项数", "of this, the work without a late transfer"),
    Metric.ADMISSION_FORBIDDEN: (
        "当即驳回的禁入事项申报数",
        "forbidden matters applied for, refused at once",
    ),
    Metric.ADMISSIONS_DECIDED: ("已作出准入决定的申报数", "applications decided"),
    Metric.ADMISSIONS_DECIDED_ON_TIME: (
        "在规定工作日内决定的申报数（admission_decision_days）",
        "applications decided in time (admission_decision_days)",
    ),
    Metric.LISTED_AUTONOMY: (
        "期末社区工作事项清单项数",
        "the committees' own duties on the list at the end",
    ),
    Metric.LISTED_ASSIST: ("期末协助政府事项清单项数", "listed matters of helping government at the end"),
    Metric.LISTED_PURCHASE: ("期末购买服务事项清单项数", "listed matters of purchased work at the end"),
    Metric.BURDEN_LEDGERS: (
        "本年台账数（两年都有记录的社区）",
        "ledgers of the year, where both years are known",
    ),
    Metric.BURDEN_LEDGERS_BEFORE: (
        "同一社区（含并入的社区）上年台账数",
        "those of the same communities the year before, with whom they stand for",
    ),
    Metric.BURDEN_FORMS: (
        "本年报表数（两年都有记录的社区）",
        "forms of the year, where both years are known",
    ),
    Metric.BURDEN_FORMS_BEFORE: (
        "同一社区（含并入的社区）上年报表数",
        "those of the same communities the year before, with whom they stand for",
    ),
    Metric.BURDEN_MEETINGS: (
        "本年会议数（两年都有记录的社区）",
        "meetings of the year, where both years are known",
    ),
    Metric.BURDEN_MEETINGS_BEFORE: (
        "同一社区（含并入的社区）上年会议数",
        "those of the same communities the year before, with whom they stand for",
    ),
    Metric.COMMUNITIES: ("期末社区数", "communities at the end of the period"),
    Metric.FACILITY_AREA: (
        "综合服务设施面积（㎡）×100（已知户数的社区）",
        "square metres of facilities × 100, where the households are known",
    ),
    Metric.FACILITY_HOUSEHOLDS: ("同一社区户数", "households of the same communities"),
    Metric.PREMISES_AREA: (
        "办公和服务用房面积（㎡）×100（已知人口的社区）",
        "square metres of premises × 100, where the population is known",
    ),
    Metric.PREMISES_PEOPLE: ("同一社区常住人口", "residents of the same communities"),
    Metric.STAFF_HOUSEHOLDS: ("已知专职人员的社区的户数", "households where the staff is known"),
    Metric.STAFF: ("同一社区专职工作人员数", "full-time staff of the same communities"),
    Metric.STAFF_IN_10000: (
        "专职工作人员数×10000（已知人口的社区）",
        "full-time staff × 10,000, where the population is known",
    ),
    Metric.STAFF_PEOPLE: ("同一社区常住人口", "residents of the same communities"),
    Metric.STAFF_TRAINED: (
        "人均受训时间达到标准的社区的专职工作人员数",
        "staff of communities in which each had the hours of training of the norm",
    ),
    Metric.STAFF_TRAINING_KNOWN: (
        "已知受训时间的社区的专职工作人员数",
        "staff of communities of which the hours of training are known",
    ),
    Metric.HOUSEHOLDS: ("已知户数的社区的户数合计", "households of communities that know them"),
    Metric.HOUSEHOLDS_COMMUNITIES: ("这些社区的个数", "those communities"),
    Metric.NORMS_MET: ("达到的标准项次", "norms that communities meet, once for each"),
    Metric.NORMS_KNOWN: (
        "可以判断的标准项次（每社区每项一次）",
        "norms of which it is known, once for each community",
    ),
    Metric.ITEM_DAYS: ("现行事项法定工作日合计", "working days that the law gives for the items in force"),
    Metric.ITEM_DAYS_SAVED: (
        "现行事项承诺缩短的工作日合计",
        "working days by which less is promised for them",
    ),
    Metric.CATEGORIES: ("社区数×10 类", "the ten categories, once for each community"),
    Metric.CATEGORIES_LIVE: (
        "有现行事项的社区类别数",
        "categories with an item in force, once for each community",
    ),
}
POPULATION: Words = ("期末常住人口", "residents on the last day of the period")
