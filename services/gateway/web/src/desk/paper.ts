import { t } from "../common/display";
import { casework, intake } from "../common/session";
import type { components as Casework } from "../common/types/casework";
import type { components } from "../common/types/intake";

type Asked = Promise<{ data?: Blob }>;

/** Print a paper of a case as it was issued at the window; what went wrong, or nothing. */
export function printPaper(case_no: string, kind: components["schemas"]["DocumentKind"]): Promise<string | undefined> {
  return print(intake.GET("/api/intake/v1/cases/{case_no}/papers/{kind}", { params: { path: { case_no, kind } }, parseAs: "blob" }) as Asked);
}

/** The same of a paper that the handling has left. */
export function printLetter(case_no: string, kind: Casework["schemas"]["CasePaper"]): Promise<string | undefined> {
  return print(casework.GET("/api/casework/v1/cases/{case_no}/papers/{kind}", { params: { path: { case_no, kind } }, parseAs: "blob" }) as Asked);
}

async function print(asked: Asked): Promise<string | undefined> {
  const told = await asked.catch(() => undefined);
  if (!told?.data) return t("暂时打印不了，请稍后再试。", "This cannot be printed just now.");
  document.querySelector("iframe.paper")?.remove();
  const frame = document.createElement("iframe");
  frame.className = "paper unseen";
  frame.title = t("打印", "Print");
  frame.tabIndex = -1;
  frame.src = URL.createObjectURL(told.data);
  frame.onload = () => {
    const held = document.activeElement;
    frame.contentWindow?.print();
    if (held instanceof HTMLElement) held.focus();
  };
  document.body.append(frame);
  return undefined;
}
