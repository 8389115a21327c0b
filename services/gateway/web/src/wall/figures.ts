import { shallowRef } from "vue";
import { display, t } from "../common/display";
import { unreachable, wrong, type Fault } from "../common/problems";
import { gateway } from "../common/session";
import type { components } from "../common/types/gateway";

export type Definition = components["schemas"]["Definition"];
export type Figures = components["schemas"]["AreaMetrics"];
export type Indicator = components["schemas"]["Indicator"];
export type Parts = components["schemas"]["AreaParts"];
export type By = components["schemas"]["By"];

/** Whose days the figures are counted by. */
export const ZONE = "Asia/Shanghai";
export const definitions = shallowRef<readonly Definition[]>([]);

/** Whether they are there. */
export async function readDefinitions(): Promise<boolean> {
  if (!definitions.value.length) definitions.value = (await gateway.GET("/api/metrics/v1/definitions")).data?.definitions ?? [];
  return definitions.value.length > 0;
}

export function nameOf(one: Definition): string {
  return t(one.name, one.name_en);
}

/** The groups that the indicators are read in, by the beginnings of their names. */
export const GROUPS = [
  { zh: "受理与办理", en: "Intake and handling", begins: ["S"] },
  { zh: "评价与回访", en: "Reviews", begins: ["R"] },
  { zh: "事项准入与经费", en: "Admission and money", begins: ["AD", "K"] },
  { zh: "居务公开与志愿服务", en: "Disclosure and volunteers", begins: ["P", "V"] },
  { zh: "综合指数", en: "Indices", begins: ["E"] },
] as const;

export function of(id: string, figures: readonly Indicator[]): Indicator | undefined {
  return figures.find((one) => one.id === id);
}

const plain = () => new Intl.NumberFormat(display.language === "en" ? "en" : "zh-CN", { maximumFractionDigits: 1 });
/** In per cent, small shares with one digit that counts. */
const percent = (value: number) =>
  new Intl.NumberFormat(display.language === "en" ? "en" : "zh-CN", { style: "percent", ...(value < 0.001 ? { maximumSignificantDigits: 1 } : { maximumFractionDigits: 1 }) }).format(value);

/** Whether an indicator is told by its ratio: a share in per cent, or so many for each. */
function isRatio(one: Definition): boolean {
  return one.is_share || one.denominator !== null || one.denominator_is_population || one.percentile !== null;
}

/** The figure to draw: a share in percent, or a number; null where nothing is known. */
export function drawn(one: Definition, figure: Indicator | undefined): number | null {
  if (!figure || figure.withheld) return null;
  if (!isRatio(one)) return figure.numerator;
  if (figure.ratio === null) return null;
  return one.is_share ? Number((figure.ratio * 100).toPrecision(4)) : Number(figure.ratio.toPrecision(4));
}

export function told(one: Definition, figure: Indicator | undefined): string {
  if (!figure) return "—";
  if (figure.withheld) return t("人数少，不公布", "withheld: too few");
  if (!isRatio(one)) return figure.numerator === null ? "—" : plain().format(figure.numerator);
  if (figure.ratio === null) return "—";
  return one.is_share ? percent(figure.ratio) : plain().format(figure.ratio);
}

export function parts(figure: Indicator | undefined): string {
  if (!figure || figure.denominator === null || figure.numerator === null) return "";
  return `${plain().format(figure.numerator)} / ${plain().format(figure.denominator)}`;
}

/** Whether what is aimed at first is reached, where it is a number. */
export function verdict(one: Definition, figure: Indicator | undefined): "reached" | "missed" | null {
  const value = isRatio(one) ? figure?.ratio : figure?.numerator;
  const aim = (figure?.aims ?? one.aims)[0];
  if (!aim || value === null || value === undefined) return null;
  const { least, most, below } = aim;
  const reached = value >= (least ?? -Infinity) && value <= (most ?? Infinity) && value < (below ?? Infinity);
  return reached ? "reached" : "missed";
}

/** The numbers that an indicator aims at, as it is drawn. */
export function aimsOf(one: Definition, figure?: Pick<Indicator, "aims">): number[] {
  const numbers = (figure?.aims ?? one.aims).flatMap(({ least, most, below }) => [least, most, below]).filter((aim) => typeof aim === "number");
  return one.is_share ? numbers.map((aim) => Number((aim * 100).toPrecision(4))) : numbers;
}

/** What is aimed at, in words: of what is held against norms, those that were held there. */
export function targetOf(one: Definition, figure?: Pick<Indicator, "aims">): string {
  if (figure?.aims?.length) return figure.aims.map(({ lower, upper, unit, document }) => `${[lower && `≥ ${lower}`, upper && `≤ ${upper}`].filter(Boolean).join(", ")} ${unit}（${document}）`).join("；");
  return one.target ? t(one.target, one.target_en ?? one.target) : "";
}

/** What the places of an area are set beside each other by. */
export const MATRIX = ["S1.received", "S2", "S3", "S4", "R1", "AD4.late", "P1", "V1"];

/** The next level down, by the length of an area's code. */
export function placesOf(area: string): By | null {
  return ({ 6: "street", 9: "community" } as Record<number, By>)[area.length] ?? null;
}

/** An area taken apart, with the indicators that are drawn. */
export async function apart(area: string, by: By, period: Period, only: readonly string[]): Promise<Parts | null> {
  const { data } = await gateway.GET("/api/metrics/v1/areas/{area_code}/parts", {
    params: { path: { area_code: area }, query: { by, ...period, only: [...only] } },
  });
  return data ?? null;
}

export function today(): string {
  return new Date().toLocaleDateString("sv", { timeZone: ZONE });
}

/** From the first of the month to today. */
export function thisMonth(): Period {
  const now = today();
  return { from: `${now.slice(0, 8)}01`, to: now };
}

export interface Period {
  from: string;
  to: string;
}

/** Take a table away as a file; what went wrong, or nothing. */
export async function sheet(area: string, format: "csv" | "xlsx", period: Period, by?: By): Promise<Fault> {
  const asked = gateway.GET("/api/metrics/v1/areas/{area_code}/sheet", {
    params: { path: { area_code: area }, query: { format, by, ...period } },
    parseAs: "blob",
  });
  const answer = await asked.catch(() => undefined);
  if (!answer) return unreachable();
  if (!answer.data) return wrong(answer.error || {});
  const { data } = answer;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(data as Blob);
  link.download = `figures-${area}-${period.from}-${period.to}.${format}`;
  link.click();
  URL.revokeObjectURL(link.href);
  return "";
}
