import { display, t } from "../common/display";
import type { components } from "../common/types/volunteers";

type Purpose = components["schemas"]["Purpose"];
export type ServiceCategory = components["schemas"]["ServiceCategory"];
export type Availability = components["schemas"]["Availability"];

const ZONE = "Asia/Shanghai";
const OFFSET = "+08:00";

export function moment(at: string): string {
  return new Date(at).toLocaleString(display.language === "en" ? "en" : "zh-CN", { timeZone: ZONE, dateStyle: "medium", timeStyle: "short" });
}

/** A time as somebody typed it, at the place where they live. */
export function inZone(typed: string): string {
  return `${typed}:00${OFFSET}`;
}

export function hours(minutes: number): string {
  return t(`${Math.floor(minutes / 60)} 小时 ${minutes % 60} 分钟`, `${Math.floor(minutes / 60)} h ${minutes % 60} min`);
}

const PURPOSES: Record<Purpose, [string, string]> = {
  registration: ["为实名注册处理身份信息", "use the particulars for the registration"],
  service_records: ["记录志愿服务时间", "keep records of the service"],
  activity_notices: ["发送活动通知", "send notices of activities"],
  national_system: ["把服务记录报送全国志愿服务信息系统", "hand the record to the national volunteer system"],
  participation: ["未成年人参加志愿服务", "let the minor take part"],
};

export const CATEGORIES: Record<ServiceCategory, [string, string]> = {
  community_governance: ["社区治理", "Community governance"],
  convenience: ["便民服务", "Everyday help"],
  care: ["养老助残", "Care"],
  poverty_relief: ["扶贫济困", "Poverty relief"],
  public_safety: ["平安建设", "Public safety"],
  mediation: ["矛盾调解", "Mediation"],
  sanitation: ["环境卫生", "Sanitation"],
  waste_sorting: ["垃圾分类", "Waste sorting"],
  epidemic_control: ["疫情防控", "Epidemic control"],
  disaster_recovery: ["灾后重建", "Disaster recovery"],
  other: ["其他", "Other"],
};

export const TIMES: Record<Availability, [string, string]> = {
  weekday_mornings: ["工作日上午", "weekday mornings"],
  weekday_afternoons: ["工作日下午", "weekday afternoons"],
  weekday_evenings: ["工作日晚上", "weekday evenings"],
  weekends: ["周末", "weekends"],
  holidays: ["节假日", "holidays"],
};

export const purposeOf = (purpose: Purpose): string => t(...PURPOSES[purpose]);
export const categoryOf = (category: ServiceCategory): string => t(...CATEGORIES[category]);
export const timeOf = (time: Availability): string => t(...TIMES[time]);
