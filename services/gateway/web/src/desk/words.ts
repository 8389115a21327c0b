import { t } from "../common/display";
import type { components } from "../common/types/intake";
import { catalogue, type Entry, type Status } from "./outbox";

const STATUSES: Record<Status, [string, string]> = {
  draft: ["草稿", "Draft"],
  received: ["已收件", "Received"],
  correction: ["待补正", "Waiting for corrections"],
  accepted: ["已受理", "Accepted"],
  tolerant_accepted: ["容缺受理", "Accepted, papers to come"],
  handling: ["办理中", "Being handled"],
  suspended: ["中止", "Suspended"],
  decided: ["已决定", "Decided"],
  delivered: ["已送达", "Delivered"],
  closed: ["已办结", "Closed"],
  not_accepted: ["不予受理", "Not accepted"],
  deemed_withdrawn: ["视为撤回", "Deemed withdrawn"],
  withdrawn: ["已撤回", "Withdrawn"],
  acceptance_revoked: ["撤销受理", "Acceptance revoked"],
  refused: ["不予批准", "Refused"],
};

const PAPERS: Record<components["schemas"]["DocumentKind"], [string, string]> = {
  receipt: ["收件凭证", "receipt"],
  acceptance: ["受理通知书", "acceptance"],
  deemed_acceptance: ["视为受理通知书", "deemed acceptance"],
  correction_notice: ["一次性告知书", "notice of corrections"],
  non_acceptance: ["不予受理决定书", "refusal to accept"],
  tolerant_promise: ["容缺受理承诺书", "promise"],
  supplement_receipt: ["补交凭证", "receipt of what came later"],
  withdrawal: ["撤回申请凭证", "withdrawal"],
  deemed_withdrawal: ["视为撤回通知书", "deemed withdrawal"],
  revocation: ["撤销受理通知书", "revocation"],
  instant_decision: ["当场办结决定书", "decision on the spot"],
  custody_slip: ["原件收存凭证", "slip of originals kept"],
};

export function paperOf(kind: components["schemas"]["DocumentKind"]): string {
  return t(...PAPERS[kind]);
}

const LAMPS: Record<"yellow" | "orange" | "red", [string, string]> = {
  yellow: ["黄灯 临近到期", "yellow: soon due"],
  orange: ["橙灯 今日到期", "orange: last day"],
  red: ["红灯 已超期", "red: overdue"],
};

export function lampOf(lamp: keyof typeof LAMPS): string {
  return t(...LAMPS[lamp]);
}

/** What an item is called in the language of the page, as far as the desk's copy of the catalogue knows it. */
export function itemOf(code: string, name: string): string {
  return t(name, catalogue.value.find((one) => one.code === code)?.name_en ?? name);
}

export function statusOf(status: Status): string {
  return t(...STATUSES[status]);
}

export function stateOf(entry: Entry): string {
  if (entry.state === "waiting") return t("等待上传", "Waiting to be sent");
  if (entry.state === "refused") return t("未收下，请改正", "Refused: please put it right");
  return entry.status ? statusOf(entry.status) : t("已上传", "Arrived");
}
