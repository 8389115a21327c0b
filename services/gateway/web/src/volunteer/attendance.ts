import { computed, ref } from "vue";
import { me, newKey, volunteers } from "../common/session";

/** A code that was read at the place and has not been told yet; nothing in it says who somebody is. */
interface Reading {
  owner: string;
  signup_id: number;
  leaves: boolean;
  code: string;
  read_at: string;
  key: string;
}

/** What finds a code in a picture; had early, since there may be no network at the place. */
export const decoder = () => import("jsqr");

const KEY = "readings";
const kept = ref<readonly Reading[]>(JSON.parse(localStorage.getItem(KEY) ?? "[]"));

/** What this volunteer read and has not told yet, the oldest first. */
export const readings = computed(() => kept.value.filter((one) => one.owner === me.value?.subject));

function keep(now: readonly Reading[]): void {
  kept.value = now;
  localStorage.setItem(KEY, JSON.stringify(now));
}

function send({ signup_id, leaves, code, read_at, key }: Reading): Promise<{ error?: unknown; response: Response }> {
  const path = { signup_id };
  const body = { code, read_at };
  return leaves
    ? volunteers.POST("/api/volunteers/v1/signups/{signup_id}/check-out", { params: { path }, body })
    : volunteers.POST("/api/volunteers/v1/signups/{signup_id}/check-in", { params: { path, header: { "Idempotency-Key": key } }, body });
}

/** Keep what was read and when, whatever becomes of it. */
export function read(signup_id: number, leaves: boolean, code: string): void {
  keep([...kept.value, { owner: me.value?.subject ?? "", signup_id, leaves, code, read_at: new Date().toISOString(), key: newKey() }]);
}

let sending: Promise<unknown> | null = null;

/** Tell what was read, in its order, as far as the network reaches; what was refused of it, or nothing. */
export function tell(): Promise<unknown> {
  sending ??= tellAll().finally(() => (sending = null));
  return sending;
}

async function tellAll(): Promise<unknown> {
  let refused: unknown;
  for (let next = readings.value[0]; next; next = readings.value[0]) {
    const { error, response } = await send(next);
    if (response.status >= 500 || response.status === 401 || response.status === 429) return error;
    const { key } = next;
    keep(kept.value.filter((one) => one.key !== key));
    refused ??= error;
  }
  return refused;
}
