import { openDB, type DBSchema } from "idb";
import type { components } from "../common/types/intake";
import { seal, unseal, type Sealed } from "./sealing";
import type { Entry } from "./outbox";

type Guide = components["schemas"]["ItemGuideOut"];

/** An entry as it lies here; only its own name and the account of its clerk can be read. */
interface Row extends Sealed {
  client_id: string;
  owner: string;
}

interface Desk extends DBSchema {
  entries: { key: string; value: Row | Entry };
  catalogue: { key: string; value: { code: string; guide: Guide } };
}

const opened = openDB<Desk>("desk", 1, {
  upgrade(db) {
    db.createObjectStore("entries", { keyPath: "client_id" });
    db.createObjectStore("catalogue", { keyPath: "code" });
  },
});

const bound = ({ client_id, owner }: { client_id: string; owner: string }) => `${owner} ${client_id}`;

export async function put(entry: Entry): Promise<void> {
  const { client_id, owner } = entry;
  const row: Row = { client_id, owner, ...(await seal(entry, bound(entry))) };
  await (await opened).put("entries", row);
}

export async function drop(client_id: string): Promise<void> {
  await (await opened).delete("entries", client_id);
}

/** What somebody took in here, and how much of it does not open; an earlier version kept it in clear. */
export async function entriesOf(owner: string): Promise<{ entries: Entry[]; shut: number }> {
  const rows = (await (await opened).getAll("entries")).filter((one) => one.owner === owner);
  const entries: Entry[] = [];
  for (const row of rows) {
    const entry = "sealed" in row ? await unseal<Entry>(row, bound(row)) : row;
    if (!entry) continue;
    entries.push(entry);
    if (!("sealed" in row)) await put(entry);
  }
  return { entries, shut: rows.length - entries.length };
}

export async function guides(): Promise<Guide[]> {
  return (await (await opened).getAll("catalogue")).map((one) => one.guide);
}

export async function putGuides(found: readonly Guide[]): Promise<void> {
  const change = (await opened).transaction("catalogue", "readwrite");
  await change.store.clear();
  for (const guide of found) await change.store.put({ code: guide.code, guide });
  await change.done;
}
