import { ref, shallowRef, watch } from "vue";
import { unreachable, wrong, type Fault } from "../common/problems";
import { may, newKey } from "../common/session";
import { mine } from "./record";

/** A list that is read page by page, from its beginning when `again` is asked for. */
export function useList<Row>(ask: (cursor: string | null) => Promise<{ data?: { items: readonly Row[]; next: string | null }; error?: unknown }>) {
  const rows = shallowRef<readonly Row[]>([]);
  const cursor = ref<string | null>(null);
  const read = ref(false);
  const fault = ref<Fault>("");

  async function further(before: readonly Row[]): Promise<void> {
    try {
      const { data, error } = await ask(before.length ? cursor.value : null);
      fault.value = wrong(error);
      rows.value = [...before, ...(data?.items ?? [])];
      cursor.value = data?.next ?? null;
      read.value = true;
    } catch {
      fault.value = unreachable();
    }
  }

  return { rows, cursor, read, fault, more: () => further(rows.value), again: () => further([]) };
}

/** What somebody asks for: sent under one key until there is an answer, then everything is read again. */
export function useAsking(after: () => Promise<unknown>) {
  const fault = ref<Fault>("");
  const busy = ref(false);
  let key = newKey();

  async function settle(ask: (header: { "Idempotency-Key": string }) => Promise<{ error?: unknown }>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    let done = false;
    try {
      const { error } = await ask({ "Idempotency-Key": key });
      fault.value = wrong(error);
      done = !error;
      key = newKey();
      await after();
    } catch {
      fault.value = unreachable();
    }
    busy.value = false;
    return done;
  }

  return { fault, busy, settle };
}

/** Do something as soon as whoever is signed in is a volunteer, and their record is known. */
export function whenVolunteer(load: () => unknown): void {
  watch(() => may("shift.join") && !!mine.value, (now) => now && void load(), { immediate: true });
}
