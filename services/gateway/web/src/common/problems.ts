import words from "../../../src/onewindow_gateway/pages/words.json";
import { display, t } from "./display";
import type { Problem } from "./session";

/** What is wrong, in words of the page's language: the whole, and each field by its label. */
export interface Told {
  says: string;
  fields: { label: string; says: string }[];
}

type Refusal = Pick<Problem, "type" | "title" | "detail" | "errors">;

const URN = "urn:onewindow:problem:";
const problems: Record<string, string> = words.problems;
const labels: Record<string, string[]> = words.fields;
const reasons = Object.entries(words.reasons).map(([said, meant]) => [asPattern(said), meant] as const);

function asPattern(said: string): RegExp {
  const parts = said.split("{}").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("(.*?)")}$`, "s");
}

/** A reason of a service in Chinese; null where the table does not know it. */
function inChinese(said: string): string | null {
  const plain = said.replace(/^Value error, /, "");
  for (const [pattern, meant] of reasons) {
    const found = pattern.exec(plain);
    if (!found) continue;
    let next = 1;
    return meant.replace(/\{(\d?)\}/g, (_, place: string) => found[place ? Number(place) : next++] ?? "");
  }
  return null;
}

const english = (): boolean => display.language === "en";

/** Where a field stands on the page: labels of its path, with the places of what is listed. */
function labelOf(path: readonly (string | number)[]): string {
  const named: string[] = [];
  for (const part of path) {
    const label = labels[part];
    if (/^\d+$/.test(String(part))) named.push(`${named.pop() ?? ""} ${Number(part) + 1}`);
    else if (label) named.push(label[english() ? 1 : 0]!);
  }
  return english() ? named.join(", ") : named.join("").replace(/(?<=\d)(?=\D)/g, " ");
}

/** A number of a document that is too short or too long is a wrong number to whoever typed it. */
function isNumberOfDocument(path: readonly (string | number)[], said: string): boolean {
  return path.slice(-2).join(".") === "id_document.number" && said.startsWith("String should have at");
}

function reasonOf(path: readonly (string | number)[], said: string): string {
  if (isNumberOfDocument(path, said)) return t("号码不对，请对照证件。", "This is no such number: please compare it with the document.");
  if (english()) return said.replace(/^Value error, /, "").replace(/^(String|Value) should have/, "This should have");
  return inChinese(said) ?? `填写有误（${said.replace(/^Value error, /, "")}）`;
}

/** What a service refused and why, in the language of the page. */
export function told({ type, title, detail, errors }: Refusal): Told {
  const fields = (errors ?? []).map((one) => {
    const path = one.field?.split(".") ?? (one.loc ?? []).filter((part) => part !== "body" && part !== "query");
    const label = labelOf(path);
    return { label: label && `${label}${english() ? ": " : "："}`, says: reasonOf(path, one.detail) };
  });
  const more = fields.length ? null : detail;
  if (english()) return { says: [title, more].filter(Boolean).join(": "), fields };
  const meant = problems[type.replace(URN, "")];
  const why = more && (inChinese(more) ?? (meant ? null : more));
  return { says: [meant ?? title, why].filter(Boolean).join(""), fields };
}

/** What is shown as wrong: words of the page's own, or what a service refused. */
export type Fault = string | Problem;

/** What a client's error is; nothing where there is none. */
export function wrong(error: unknown): Fault {
  if (!error) return "";
  const problem = error as Problem;
  return problem.title ? problem : t("系统出错，请稍后再试。", "Something went wrong. Please try later.");
}

export const unreachable = (): string => t("连不上服务器，请稍后再试。", "The server cannot be reached. Please try later.");
