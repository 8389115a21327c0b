import { computed, ref, shallowRef } from "vue";
import { intake, may, me, newKey, type Problem } from "../common/session";
import type { components } from "../common/types/intake";
import { lock, machine, unlock } from "./sealing";
import { drop, entriesOf, guides, put, putGuides } from "./shelf";

export type CaseIn = components["schemas"]["CaseIn"];
export type Guide = components["schemas"]["ItemGuideOut"];
export type Summary = components["schemas"]["ItemSummary"];
export type Status = components["schemas"]["CaseStatus"];

/** A case as this window took it in. What was typed goes as soon as the case has arrived. */
export interface Entry {
  client_id: string;
  made_at: string;
  owner: string;
  item_name: string;
  /** Null once it has arrived. */
  case: CaseIn | null;
  /** It was sent by itself, and no answer came: sent again under the same key, it still makes one case. */
  tried: boolean;
  state: "waiting" | "arrived" | "refused";
  case_no: string | null;
  tracking_code: string | null;
  status: Status | null;
  problem: Problem | null;
}

const BATCH = 100;
const AGAIN = 5_000;
const entries = ref<Entry[]>([]);
/** What was refused and is being put right. */
export const mending = shallowRef<Entry | null>(null);
export const online = ref(navigator.onLine);
export const catalogue = shallowRef<Guide[]>([]);
/** Whether the parts of this page are kept on the machine. */
export const kept = ref(false);
/** Whether what is taken in can be kept on the machine, sealed. */
export const open = ref(false);
/** How much of what one took in here does not open any more. */
export const shut = ref(0);
/** Whether a morning without a network can begin. */
export const ready = computed(() => kept.value && open.value && catalogue.value.length > 0);

/** What the signed-in clerk took in on this machine, the newest first. */
export const mine = computed(() => [...entries.value].sort((a, b) => b.made_at.localeCompare(a.made_at)));
export const waiting = computed(() => mine.value.filter((one) => one.state === "waiting"));

async function keep(entry: Entry): Promise<void> {
  await put(entry);
  entries.value = [...entries.value.filter((one) => one.client_id !== entry.client_id), entry];
}

export async function forget(entry: Entry): Promise<void> {
  await drop(entry.client_id);
  entries.value = entries.value.filter((one) => one.client_id !== entry.client_id);
}

/** Keep a case here before anything else, then send it; where there is no network it waits. Fails where there is no key to keep it under. */
export async function takeIn(body: CaseIn, itemName: string): Promise<Entry> {
  const entry: Entry = {
    client_id: newKey(),
    made_at: new Date().toISOString(),
    owner: me.value?.subject ?? "",
    item_name: itemName,
    case: body,
    tried: false,
    state: "waiting",
    case_no: null,
    tracking_code: null,
    status: null,
    problem: null,
  };
  await read();
  await keep(entry);
  return navigator.onLine ? send(entry) : entry;
}

/** Send one case by itself, under its own key. */
async function send(entry: Entry): Promise<Entry> {
  const tried = { ...entry, tried: true };
  await keep(tried);
  try {
    const { data, error, response } = await intake.POST("/api/intake/v1/cases", {
      params: { header: { "Idempotency-Key": entry.client_id } },
      body: entry.case!,
    });
    online.value = true;
    if (data) return settle(tried, { state: "arrived", ...data });
    if (response.status >= 500 || [401, 409, 429].includes(response.status)) {
      const problem = error as unknown as Problem;
      if (response.status !== 409 || problem.type.endsWith("still-running")) return tried;
      return settle(tried, { state: "refused", problem });
    }
    return settle(tried, { state: "refused", problem: error as unknown as Problem });
  } catch {
    online.value = false;
    return tried;
  }
}

interface Outcome {
  state: "arrived" | "refused";
  case_no?: string | null;
  tracking_code?: string | null;
  status?: Status | null;
  problem?: Problem | null;
}

async function settle(entry: Entry, told: Outcome): Promise<Entry> {
  const settled: Entry = {
    ...entry,
    state: told.state,
    case: told.state === "arrived" ? null : entry.case,
    case_no: told.case_no ?? null,
    tracking_code: told.tracking_code ?? null,
    status: told.status ?? null,
    problem: told.problem ?? null,
  };
  await keep(settled);
  return settled;
}

let flushing: Promise<void> | null = null;

/** Send whatever waits: what was tried by itself in the same way again, the rest together. */
export function flush(): Promise<void> {
  flushing ??= sendAll().finally(() => (flushing = null));
  return flushing;
}

async function sendAll(): Promise<void> {
  if (!me.value || !navigator.onLine) return;
  for (const entry of waiting.value.filter((one) => one.tried)) {
    await send(entry);
    if (!online.value) return;
  }
  const together = waiting.value.filter((one) => !one.tried).slice(-BATCH);
  if (!together.length) return;
  try {
    const { data } = await intake.POST("/api/intake/v1/case-batches", {
      body: {
        client: machine(),
        sent_at: new Date().toISOString(),
        cases: together.map((one) => ({ client_id: one.client_id, made_at: one.made_at, case: one.case! })),
      },
    });
    online.value = true;
    for (const told of data?.entries ?? []) {
      const entry = together.find((one) => one.client_id === told.client_id);
      if (!entry) continue;
      await settle(entry, {
        state: told.outcome === "refused" ? "refused" : "arrived",
        case_no: told.case_no,
        tracking_code: told.tracking_code,
        status: told.status,
        problem: told.problem,
      });
    }
    if (data && waiting.value.length) await sendAll();
  } catch {
    online.value = false;
  }
}

/** What an earlier version kept lacks what finds it, and is read again. */
const complete = (one: Guide) => "spellings" in one;

/** Bring the catalogue up to date, so that every check-list is here when the network is not. */
async function refresh(): Promise<void> {
  const community = me.value?.area?.length === 12 ? me.value.area : undefined;
  const found: Guide[] = [];
  let cursor: string | null = null;
  do {
    const { data }: { data?: components["schemas"]["Page_ItemSummary_"] } = await intake.GET("/api/intake/v1/items", {
      params: { query: { limit: 200, community, cursor } },
    });
    if (!data) return;
    for (const item of data.items) {
      const known = catalogue.value.find((one) => one.code === item.code && one.version === item.version);
      const guide = known ?? (await intake.GET("/api/intake/v1/items/{code}", { params: { path: { code: item.code }, query: { community } } })).data;
      if (guide) found.push(guide);
    }
    cursor = data.next;
  } while (cursor);
  await putGuides(found);
  catalogue.value = found;
}

addEventListener("online", () => {
  online.value = true;
  void read().then(flush);
});
addEventListener("offline", () => (online.value = false));
setInterval(() => void flush(), AGAIN);

/** Open what the signed-in clerk has here, where it is not open yet and its key can be had. */
async function read(): Promise<void> {
  const subject = me.value?.subject;
  if (!subject || open.value || !(may("case.batch") && (await unlock(subject)))) return;
  const found = await entriesOf(subject);
  if (me.value?.subject !== subject) return;
  entries.value = found.entries;
  shut.value = found.shut;
  open.value = true;
}

/** Read what this machine keeps, and go on sending whenever there is a network again. */
export async function start(): Promise<void> {
  catalogue.value = (await guides()).filter(complete);
  await read();
  void flush();
  void refresh().catch(() => (online.value = navigator.onLine));
}

/** Whoever has left takes the key along. */
export function stop(): void {
  lock();
  entries.value = [];
  shut.value = 0;
  open.value = false;
}
