import { ref, shallowRef } from "vue";
import { unreachable, wrong, type Fault } from "../common/problems";
import { intake, newKey } from "../common/session";
import type { components } from "../common/types/intake";

type Schemas = components["schemas"];
export type Received = Schemas["CaseOut"];
export type Paper = Schemas["MaterialOut"];
type Asked = Promise<{ data?: unknown; error?: unknown }>;

/** A case at the window, until it is accepted or refused: how it stands, and what may be done with it now. */
export function useReceived(caseNo: string) {
  const path = { case_no: caseNo };
  const found = shallowRef<Received | null>(null);
  const actions = shallowRef<readonly Schemas["CaseAction"][]>([]);
  const fault = ref<Fault>("");
  const seen = () => ({ path, header: { "if-match": `"${found.value?.version}"` } });

  async function read(): Promise<void> {
    const [told, possible] = await Promise.all([
      intake.GET("/api/intake/v1/cases/{case_no}", { params: { path } }),
      intake.GET("/api/intake/v1/cases/{case_no}/actions", { params: { path } }),
    ]);
    found.value = told.data ?? null;
    actions.value = possible.data?.actions ?? [];
    if (told.error) fault.value = wrong(told.error);
  }

  let last: Promise<unknown> = Promise.resolve();

  /** Make a move once the one before is over, and look again how the case stands; whether it was made. */
  function after(ask: () => Asked): Promise<boolean> {
    const made = last.then(async () => {
      try {
        const { error } = await ask();
        fault.value = wrong(error);
        await read();
        return !error;
      } catch {
        fault.value = unreachable();
        return false;
      }
    });
    last = made;
    return made;
  }

  const can = (action: Schemas["CaseAction"]) => actions.value.includes(action);

  return {
    found, fault, can, read,
    accept: () => after(() => intake.POST("/api/intake/v1/cases/{case_no}/acceptance", { params: seen() })),
    grant: () => after(() => intake.POST("/api/intake/v1/cases/{case_no}/instant-decision", { params: seen(), body: { outcome: "grant" } })),
    correct: (body: Schemas["CorrectionsIn"]) => after(() => intake.POST("/api/intake/v1/cases/{case_no}/corrections", { params: seen(), body })),
    refuse: (body: Schemas["RefusalIn"]) => after(() => intake.POST("/api/intake/v1/cases/{case_no}/refusal", { params: seen(), body })),
    tolerate: (body: Schemas["TolerantAcceptanceIn"]) => after(() => intake.POST("/api/intake/v1/cases/{case_no}/tolerant-acceptance", { params: seen(), body })),
    withdraw: (body: Schemas["TakenBackIn"]) => after(() => intake.POST("/api/intake/v1/cases/{case_no}/withdrawal", { params: seen(), body })),
    offer: (body: Schemas["HandOffIn"]) => after(() => intake.POST("/api/intake/v1/cases/{case_no}/handoffs", { params: { path, header: { "Idempotency-Key": newKey() } }, body })),
    /** A paper came: before acceptance with the others, after a tolerant one as what was promised. */
    bring: (code: string, acting: Schemas["Acting"] | null) => {
      const body = { materials: [{ code, received: true }], acting };
      return after(() =>
        can("supplement")
          ? intake.POST("/api/intake/v1/cases/{case_no}/supplement", { params: seen(), body })
          : intake.POST("/api/intake/v1/cases/{case_no}/materials", { params: seen(), body }),
      );
    },
    choose: (body: Schemas["DuplicateChoice"]) => after(() => intake.POST("/api/intake/v1/cases/{case_no}/duplicate-choice", { params: seen(), body })),
    meet: (line: number, acting: Schemas["Acting"] | null) =>
      after(() => intake.POST("/api/intake/v1/cases/{case_no}/materials", { params: seen(), body: { lines: [{ line, met: true }], acting } })),
    upload: (file: File, material: string, acting: Schemas["Acting"] | null) => after(() => upload(file, material, acting)),
  };

  async function upload(file: File, material: string, acting: Schemas["Acting"] | null): Asked {
    const begun = await intake.POST("/api/intake/v1/cases/{case_no}/uploads", {
      params: { path, header: { "Idempotency-Key": newKey() } },
      body: { name: file.name, material, acting },
    });
    if (!begun.data) return begun;
    return intake.PUT("/api/intake/v1/uploads/{upload_id}/content", {
      params: { path: { upload_id: begun.data.upload_id } },
      body: file as unknown as string,
      bodySerializer: (sent) => sent as unknown as BodyInit,
      headers: { "content-type": "application/octet-stream" },
    });
  }
}
