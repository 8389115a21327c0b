import { shallowRef } from "vue";
import { me, refreshMe, volunteers } from "../common/session";
import type { components } from "../common/types/volunteers";

export type Mine = components["schemas"]["MyRecordOut"];

/** One's own record as a volunteer; null for who has none, undefined before it was asked for. */
export const mine = shallowRef<Mine | null | undefined>(undefined);

export async function readMine(): Promise<void> {
  if (!me.value) return;
  const { data, response } = await volunteers.GET("/api/volunteers/v1/people/me");
  if (data || response.status === 404) mine.value = data ?? null;
  if (data?.status === "registered" && !me.value.roles.includes("volunteer")) await refreshMe();
}
