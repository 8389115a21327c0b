/** What a chart shows, as its drawing and its table both read it. */
export interface Drawn {
  rows: readonly { key: string; name: string }[];
  series: readonly Series[];
  /** `%`, or what money is told in; nothing for a count. */
  unit: string;
  /** The end of the axis, where it is known. */
  most?: number;
  /** What is aimed at, drawn as lines across. */
  aims?: readonly number[];
}

export type Tone = "accent" | "good" | "yellow" | "orange" | "red" | "soft";

export interface Series {
  name: string;
  kind: "line" | "bar";
  values: readonly (number | null)[];
  tone?: Tone;
  /** A tone for each row, where they differ. */
  tones?: readonly Tone[];
  /** Each value as the table tells it. */
  told: readonly string[];
  /** Whether each value reaches what is aimed at. */
  verdicts?: readonly ("reached" | "missed" | null)[];
}
