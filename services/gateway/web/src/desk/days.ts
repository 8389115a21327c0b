const ZONE = "Asia/Shanghai";

/** The day, in the district, so many calendar days from now: 2026-11-23. */
export function dayAfter(days: number): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: ZONE }).format(Date.now() + days * 86_400_000);
}

/** A moment as the district's clock shows it: 2026-11-23 17:00. */
export function clockOf(at: string): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, dateStyle: "short", timeStyle: "short" }).format(new Date(at));
}
