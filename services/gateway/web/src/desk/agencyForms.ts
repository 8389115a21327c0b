import { casework } from "../common/session";
import type { components } from "../common/types/casework";
import type { Form } from "./caseForms";
import { dayAfter } from "./days";
import { SIGNINGS } from "./people";

type Schemas = components["schemas"];
export type Agency = Schemas["AgencyOut"];
export interface ToldAgency {
  of: Agency;
  visits: readonly Schemas["VisitOut"][];
}

const CASE = "/api/casework/v1/cases/{case_no}";
const MOST = 200;

/** The agency of a case with the ways that its agent went; null where nobody asked for one. */
export async function readAgency(case_no: string): Promise<ToldAgency | null> {
  const path = { case_no };
  const of = (await casework.GET("/api/casework/v1/cases/{case_no}/agency", { params: { path } })).data;
  if (!of) return null;
  const went = of.visits ? await casework.GET("/api/casework/v1/cases/{case_no}/agency/visits", { params: { path, query: { limit: MOST } } }) : undefined;
  return { of, visits: went?.data?.items ?? [] };
}

/** Nobody acts on a letter whose last day is over. */
export function hasEnded(until: string | null | undefined): boolean {
  return !!until && until < dayAfter(0);
}

export const AGENCY_FORMS: Readonly<Record<string, Form>> = {
  agency: { words: ["申请全程代办", "Ask for an agent"], path: `${CASE}/agency` },
  "agency/entrustment": {
    words: ["签代办委托书", "Letter of entrustment"],
    send: ["已签署", "It is signed"],
    path: `${CASE}/agency/entrustment`,
    main: true,
    fields: ({ agency }) => [
      { name: "matters", words: ["委托事项", "What the agent is to do"], kind: "area", needed: true, usual: agency?.matters ?? "" },
      { name: "until", words: ["委托期限至", "Last day of the letter"], kind: "date", needed: true },
      { name: "papers", words: ["移交材料（每行一份，没有可不填）", "Papers handed over, one on each line, if any"], kind: "lines", usual: agency?.papers.join("\n") ?? "" },
      { name: "signed_how", words: ["签署方式", "How it is signed"], kind: "choice", choices: SIGNINGS },
    ],
  },
  "agency/start": { words: ["开始代办", "Begin the agency"], path: `${CASE}/agency/start`, main: true },
  "agency/visits": {
    words: ["登记代跑", "Write down a visit"],
    path: `${CASE}/agency/visits`,
    main: true,
    fields: () => [
      { name: "day", words: ["日期", "Day"], kind: "date", needed: true, usual: dayAfter(0) },
      { name: "place", words: ["地点", "Where the agent went"], kind: "line", needed: true },
      { name: "purpose", words: ["事由", "What for"], kind: "area", needed: true },
    ],
  },
  "agency/suspension": {
    words: ["中止代办", "Suspend the agency"],
    path: `${CASE}/agency/suspension`,
    fields: () => [{ name: "reason", words: ["中止理由", "Why it is suspended"], kind: "area", needed: true }],
  },
  "agency/resumption": {
    words: ["续办", "Resume the agency"],
    path: `${CASE}/agency/resumption`,
    main: true,
    fields: ({ agency }) => [
      { name: "reason", words: ["续办理由", "Why it goes on"], kind: "area", needed: true },
      hasEnded(agency?.until)
        ? { name: "until", words: ["委托已到期，续签至", "The letter has ended: renewed until"], kind: "date", needed: true }
        : { name: "until", words: ["续签至（期限不变可不填）", "Renewed until, if its term changes"], kind: "date" },
    ],
  },
  "agency/completion": {
    words: ["代办办结", "The agency is done"],
    path: `${CASE}/agency/completion`,
    fields: () => [{ name: "reason", words: ["代办结果", "What came of it"], kind: "area", needed: true }],
  },
  "agency/termination": {
    words: ["终止代办", "End the agency"],
    path: `${CASE}/agency/termination`,
    fields: () => [{ name: "reason", words: ["终止理由", "Why it ends"], kind: "area", needed: true }],
  },
};
