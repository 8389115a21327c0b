/** For each sign of a name the sign and its readings, for each word of an English name the word alone. */
type Spelling = readonly (readonly string[])[];

interface Findable {
  code: string;
  conditions: readonly string[];
  /** Of its name and of what people call it; the last is the English name. */
  spellings: readonly Spelling[];
}

/** The service's weights: a name is what was typed, has it, is spelled so; the conditions have it too. */
const [WHOLE, PART, SPELLED, IN_CONDITIONS] = [1000, 500, 400, 200];
/** What only the code has comes last: the service does not look there. */
const IN_CODE = 1;
/** Fewer signs are not looked for in the conditions. */
const LEAST = 2;

/** What is typed as it is compared: half width, small letters, no spaces, nothing unseen. */
function closed(words: string): string {
  return words.normalize("NFKC").replace(/[\s\p{Cf}]+/gu, "").toLowerCase();
}

/** How fully a name is what was typed, by its signs or their initials. */
function points(name: Spelling, typed: readonly string[]): number {
  const has = name.some((_, start) =>
    typed.every((sign, n) => name[start + n]?.some((one, reading) => (reading ? one[0] : one) === sign)),
  );
  return has ? (name.length === typed.length ? WHOLE : PART) : 0;
}

/** Whether what was typed is a run of a name: a reading may be cut to its initial, what is typed last anywhere. */
function spells(spelling: Spelling, wanted: string): boolean {
  return spelling.some((_, start) => begins(spelling.slice(start), wanted));
}

function begins(spelling: Spelling, wanted: string): boolean {
  let reached = new Set([0]);
  for (const options of spelling) {
    const beyond = new Set<number>();
    const whole = [...options, ...options.slice(1).map((reading) => reading[0]!)];
    for (const at of reached) {
      if (options.some((one) => one.startsWith(wanted.slice(at)))) return true;
      for (const one of whole) if (wanted.startsWith(one, at)) beyond.add(at + one.length);
    }
    reached = beyond;
  }
  return reached.has(wanted.length);
}

function score(item: Findable, wanted: string): number {
  const typed = [...wanted];
  const names = Math.max(0, ...item.spellings.slice(0, -1).map((name) => points(name, typed)));
  const spelled = !names && /[a-z]/.test(wanted) && item.spellings.some((name) => spells(name, wanted)) ? SPELLED : 0;
  if (!names && !spelled) return item.code.includes(wanted) ? IN_CODE : 0;
  const told = typed.length >= LEAST && closed(item.conditions.join("\n")).includes(wanted);
  return names + spelled + (told ? IN_CONDITIONS : 0);
}

/** What of the copy of the catalogue is named by what was typed: by the same spellings and in the same order as at the service. */
export function named<Item extends Findable>(items: readonly Item[], words: string): Item[] {
  const wanted = closed(words);
  if (!wanted) return [];
  const scored = items.map((item) => ({ item, score: score(item, wanted) })).filter((one) => one.score);
  return scored.sort((a, b) => b.score - a.score || (a.item.code < b.item.code ? -1 : 1)).map((one) => one.item);
}
