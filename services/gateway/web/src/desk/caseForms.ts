import type { components, paths } from "../common/types/casework";
import { AGENCY_FORMS, type Agency } from "./agencyForms";
import { ACTINGS } from "./people";

type Schemas = components["schemas"];
export type CaseFile = Schemas["CaseFileOut"];
export type Step = Schemas["StepOut"];
type Words = readonly (readonly [string, string, string])[];
export type Said = Record<string, string | boolean>;

/** What is asked for before something is done. A name with a dot lies within another field of what is sent. */
export interface Field {
  name: string;
  words: readonly [string, string];
  kind: "line" | "area" | "lines" | "date" | "number" | "choice" | "check";
  needed?: boolean;
  choices?: Words;
  usual?: string;
  /** Whether it is asked for, by what was said so far. */
  when?: (said: Said) => boolean;
}

/** What stands around a form: the case, its agency, and the step it is about. */
export interface About {
  file: CaseFile;
  step?: Step | undefined;
  steps: readonly Step[];
  agency?: Agency | undefined;
  delays: readonly Schemas["DelayKind"][];
}

/** How one action that the service offers is asked for and sent; an id in the action's address is `*` here. */
export interface Form {
  words: readonly [string, string];
  send?: readonly [string, string];
  path: keyof paths;
  main?: boolean;
  fields?: (about: About) => Field[];
}

const CASE = "/api/casework/v1/cases/{case_no}";
const METHODS: Words = [
  ["pick_up", "窗口领取", "Picked up"],
  ["post", "邮寄", "By post"],
  ["home_visit", "送达上门", "At home"],
  ["electronic", "电子送达", "Electronic"],
];
const PROCEDURES: Words = [
  ["hearing", "听证", "Hearing"],
  ["tender", "招标", "Tender"],
  ["auction", "拍卖", "Auction"],
  ["inspection", "检验", "Inspection"],
  ["testing", "检测", "Testing"],
  ["quarantine", "检疫", "Quarantine"],
  ["appraisal", "鉴定", "Appraisal"],
  ["expert_review", "专家评审", "Expert review"],
];
const posted = (said: Said) => said.method === "post";
const upheld = (said: Said) => said.upheld === "yes";
const reason: Field = { name: "reason", words: ["理由", "Reason"], kind: "area", needed: true };
const days: Field = { name: "days", words: ["工作日数", "Working days"], kind: "number", needed: true };
const told: Field[] = [
  { name: "notice.method", words: ["书面告知方式", "How the applicant was told"], kind: "choice", choices: METHODS },
  { name: "notice.proof", words: ["告知凭据", "What proves it"], kind: "line", needed: true },
];
const carried: Field[] = [
  { name: "carrier", words: ["寄递公司", "Carrier"], kind: "line", needed: true, when: posted },
  { name: "tracking_no", words: ["运单号", "Tracking number"], kind: "line", needed: true, when: posted },
];

function again({ steps }: About): Words {
  return steps.filter((one) => one.kind === "work").map((one) => [String(one.number), `${one.number} ${one.name}`, `${one.number} ${one.name}`]);
}

export const FORMS: Readonly<Record<string, Form>> = {
  ...AGENCY_FORMS,
  claim: { words: ["由我办理", "I take it"], path: `${CASE}/claim`, main: true },
  start: { words: ["开始办理", "Begin"], path: `${CASE}/start`, main: true },
  "steps/*/completion": {
    words: ["完成", "Done"],
    send: ["确认完成", "It is done"],
    path: `${CASE}/steps/{number}/completion`,
    main: true,
    fields: ({ step }) => [
      { name: "result", words: ["结果", "Result"], kind: "area", needed: true },
      ...(step?.paper ? [{ name: "paper_no", words: [`${step.paper}编号`, `Number of: ${step.paper}`], kind: "line", needed: true } as const] : []),
    ],
  },
  "steps/*/check": {
    words: ["复核同意", "Confirm"],
    path: `${CASE}/steps/{number}/check`,
    main: true,
    fields: () => [{ name: "remark", words: ["复核意见（可不填）", "Remark, if any"], kind: "area" }],
  },
  "steps/*/return": { words: ["退回重做", "Send back"], path: `${CASE}/steps/{number}/return`, fields: () => [reason] },
  "steps/*/publicity": {
    words: ["公示", "Put up"],
    send: ["开始公示", "It is up"],
    path: `${CASE}/steps/{number}/publicity`,
    main: true,
    fields: () => [{ name: "place", words: ["公示地点", "Where it is put up"], kind: "line", needed: true }],
  },
  "steps/*/objections": {
    words: ["登记异议", "Take an objection"],
    path: `${CASE}/steps/{number}/objections`,
    fields: () => [
      { name: "name", words: ["提出人姓名", "Who objects"], kind: "line", needed: true },
      { name: "mobile", words: ["手机号码（可不填）", "Mobile, if known"], kind: "line" },
      { name: "words", words: ["异议内容", "What they say"], kind: "area", needed: true },
    ],
  },
  "objections/*/hearing": {
    words: ["听取意见", "Hear"],
    path: `${CASE}/objections/{objection_id}/hearing`,
    main: true,
    fields: () => [{ name: "record", words: ["听取意见记录", "Record"], kind: "area", needed: true }],
  },
  "objections/*/ruling": {
    words: ["处理异议", "Rule"],
    path: `${CASE}/objections/{objection_id}/ruling`,
    main: true,
    fields: (about) => [
      { name: "upheld", words: ["异议", "Objection"], kind: "choice", choices: [["no", "不成立", "dismissed"], ["yes", "成立，重做", "upheld: done again"]] },
      { name: "again_from", words: ["从哪一环节重做", "Done again from"], kind: "choice", choices: again(about), when: upheld },
      { name: "reasons", words: ["理由", "Reasons"], kind: "area", needed: true },
    ],
  },
  decision: {
    words: ["作出决定", "Decide"],
    send: ["确认决定", "Decide"],
    path: `${CASE}/decision`,
    main: true,
    fields: () => [
      { name: "outcome", words: ["决定", "Decision"], kind: "choice", choices: [["grant", "准予", "Grant"], ["refuse", "不予", "Refuse"]] },
      { name: "reasons", words: ["理由", "Reasons"], kind: "area", needed: true, when: (said) => said.outcome === "refuse" },
      { name: "remedies", words: ["救济途径", "Remedies"], kind: "area", needed: true, when: (said) => said.outcome === "refuse", usual: "如不服本决定，可在六十日内申请行政复议，或在六个月内提起行政诉讼。" },
    ],
  },
  delivery: {
    words: ["送达", "Deliver"],
    send: ["确认送达", "Delivered"],
    path: `${CASE}/delivery`,
    main: true,
    fields: () => [
      { name: "method", words: ["送达方式", "How"], kind: "choice", choices: METHODS },
      { name: "delivered_on", words: ["送达日期（今天可不填）", "Day, if not today"], kind: "date" },
      ...carried,
      { name: "refused", words: ["拒收，留置送达", "They would not sign: left there"], kind: "check", when: (said) => said.method === "home_visit" },
      { name: "witness", words: ["见证人", "Witness"], kind: "line", needed: true, when: (said) => said.method === "home_visit" && !!said.refused },
      { name: "proof", words: ["签收凭据", "Proof"], kind: "line", needed: true, when: (said) => !posted(said) && !said.refused, usual: "本人签收" },
      { name: "receiver", words: ["代收人（不是申请人本人时）", "Taken by, if not the applicant"], kind: "line", when: (said) => !said.refused },
    ],
  },
  "delivery-tries": {
    words: ["登记未送达", "It did not arrive"],
    path: `${CASE}/delivery-tries`,
    fields: () => [
      { name: "method", words: ["送达方式", "How"], kind: "choice", choices: METHODS },
      { name: "failure", words: ["未送达原因", "Why"], kind: "choice", choices: [["nobody_there", "无人签收", "Nobody was there"], ["refused", "拒收", "Refused"], ["returned", "退回", "Came back"]] },
      { name: "tried_on", words: ["日期（今天可不填）", "Day, if not today"], kind: "date" },
      ...carried.map((one) => ({ ...one, needed: false })),
      { name: "remark", words: ["备注", "Remark"], kind: "line" },
    ],
  },
  closure: { words: ["办结", "Close"], path: `${CASE}/closure`, main: true },
  suspension: {
    words: ["特别程序（中止计时）", "Special procedure"],
    path: `${CASE}/suspension`,
    fields: () => [
      { name: "procedure", words: ["特别程序", "Procedure"], kind: "choice", choices: PROCEDURES },
      days, reason, ...told,
      { name: "awaits_applicant", words: ["等申请人", "It waits for the applicant"], kind: "check" },
    ],
  },
  resumption: { words: ["恢复办理", "Go on"], path: `${CASE}/resumption`, main: true, fields: () => [{ name: "result", words: ["特别程序的结果", "Result"], kind: "area", needed: true }] },
  extension: { words: ["批准延期", "Extend"], path: `${CASE}/extension`, fields: () => [days, reason, ...told] },
  withdrawal: {
    words: ["申请人撤回", "Taken back"],
    path: `${CASE}/withdrawal`,
    fields: () => [
      { name: "acting", words: ["由谁提出", "Asked by"], kind: "choice", choices: ACTINGS },
      { name: "reason", words: ["理由（可不填）", "Reason, if given"], kind: "area" },
    ],
  },
  reopening: {
    words: ["重新办理", "Handle again"],
    path: `${CASE}/reopening`,
    fields: (about) => [reason, { name: "again_from", words: ["从哪一环节重做（只重新决定可不选）", "Done again from, if at all"], kind: "choice", choices: [["", "—", "—"], ...again(about)] }],
  },
  assignments: {
    words: ["指派", "Assign"],
    path: `${CASE}/assignments`,
    fields: () => [{ name: "officer", words: ["指派给（用户名）", "To (user name)"], kind: "line", needed: true }],
  },
  handoffs: {
    words: ["交接", "Hand over"],
    path: `${CASE}/handoffs`,
    fields: () => [
      { name: "taker", words: ["交给（用户名）", "To (user name)"], kind: "line", needed: true },
      { name: "note", words: ["交接说明", "Note"], kind: "line" },
    ],
  },
  "delay-reason": {
    words: ["说明超期原因", "Say why it is late"],
    path: `${CASE}/delay-reason`,
    main: true,
    fields: ({ delays }) => [
      { name: "kind", words: ["原因", "Reason"], kind: "choice", choices: delays.map((one) => [one.kind, one.told, one.told]) },
      { name: "words", words: ["说明（工作人员可见）", "Words for staff"], kind: "area" },
    ],
  },
  supervisions: {
    words: ["督办、催办", "Supervise"],
    path: `${CASE}/supervisions`,
    fields: () => [
      { name: "kind", words: ["种类", "Kind"], kind: "choice", choices: [["urge", "催办", "Urge"], ["supervise", "督办", "Supervise"]] },
      { name: "text", words: ["内容", "What is asked"], kind: "area", needed: true },
    ],
  },
  "supervisions/*/answer": {
    words: ["答复督办", "Answer"],
    path: `${CASE}/supervisions/{supervision_id}/answer`,
    main: true,
    fields: () => [
      { name: "text", words: ["答复", "Answer"], kind: "area", needed: true },
      { name: "done_by", words: ["何日办完（可不填）", "Done by, if late"], kind: "date" },
    ],
  },
  "supervisions/*/second-order": { words: ["再次督办", "Ask again"], path: `${CASE}/supervisions/{supervision_id}/second-order`, fields: () => [{ name: "text", words: ["内容", "What is asked"], kind: "area", needed: true }] },
  "supervisions/*/closure": { words: ["了结督办", "Close the order"], path: `${CASE}/supervisions/{supervision_id}/closure`, fields: () => [{ name: "remark", words: ["意见（可不填）", "Remark, if any"], kind: "line" }] },
};

/** What is sent, of what was said: nothing of fields that were not asked for. */
export function bodyOf(fields: readonly Field[], said: Said): Record<string, unknown> | undefined {
  if (!fields.length) return undefined;
  const body: Record<string, unknown> = {};
  for (const one of fields) {
    if (one.when && !one.when(said)) continue;
    const value = valueOf(one, said[one.name]);
    if (value === null) continue;
    const [outer, inner] = one.name.split(".") as [string, string | undefined];
    if (inner) body[outer] = { ...(body[outer] as object | undefined), [inner]: value };
    else body[outer] = value;
  }
  return body;
}

function valueOf({ name, kind }: Field, said: string | boolean | undefined): unknown {
  if (name === "upheld") return said === "yes";
  if (kind === "check") return !!said;
  if (kind === "lines") return String(said ?? "").split("\n").map((one) => one.trim()).filter(Boolean);
  if (said === "" || said === undefined) return null;
  return kind === "number" || name === "again_from" ? Number(said) : said;
}
