/** For each sign of a name the sign and its readings, for each word of an English name the word alone. */
type Spelling = readonly (readonly string[])[];

/** What is typed as it is compared: half width, small letters, no spaces. */
function closed(words: string): string {
  return words.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
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

/** What of the copy of the catalogue is named by what was typed, as the service finds it by the same spellings. */
export function named<Item extends { code: string; spellings: readonly Spelling[] }>(items: readonly Item[], words: string): Item[] {
  const wanted = closed(words);
  return wanted ? items.filter((one) => one.code.includes(wanted) || one.spellings.some((name) => spells(name, wanted))) : [];
}
