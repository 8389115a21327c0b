/** First signs, in the order of pinyin, of each initial; a sign belongs to the last that does not come after it. */
const BOUNDS = [..."阿八嚓哒妸发旮哈讥咔垃痳拏噢妑七呥扨它穵夕丫帀"];
const INITIALS = "ABCDEFGHJKLMNOPQRSTWXYZ";
const order = new Intl.Collator("zh-Hans-CN-u-co-pinyin");

/** Initials of a name's pinyin, as far as the browser knows them: where there is no server to ask. */
export function initials(name: string): string {
  return [...name]
    .map((sign) => {
      if (!/[一-龥]/.test(sign)) return sign.toUpperCase();
      const place = BOUNDS.findLastIndex((bound) => order.compare(bound, sign) <= 0);
      return place < 0 ? sign : INITIALS[place];
    })
    .join("");
}
