import { shallowRef } from "vue";
import { may, me, refreshMe, volunteers } from "../common/session";
import type { components } from "../common/types/volunteers";

export type Mine = components["schemas"]["MyRecordOut"];

/** One's own record as a volunteer; null for who has none, undefined before it was asked for. */
export const mine = shallowRef<Mine | null | undefined>(undefined);
const SOON = 1_000, SELDOM = 60_000;
let waiting = 0;

export async function readMine(): Promise<void> {
  clearTimeout(waiting);
  if (!me.value) return;
  const { data, response } = await volunteers.GET("/api/volunteers/v1/people/me");
  if (data || response.status === 404) mine.value = data ?? null;
  if (data?.status === "registered") await becomeVolunteer(SOON);
}

/** Whoever is registered may do more with the next token, as soon as the gateway has heard of it. */
async function becomeVolunteer(pause: number): Promise<void> {
  if (!me.value || may("shift.join")) return;
  await refreshMe().catch(() => undefined);
  waiting = window.setTimeout(() => void becomeVolunteer(Math.min(pause * 2, SELDOM)), pause);
}
