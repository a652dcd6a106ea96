const SCRIPTS = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u];

/** One label of a host name in Unicode (RFC 3492 section 6.2); the label itself when it is not punycode. */
export function decodeLabel(label: string): string {
  if (!label.startsWith('xn--')) return label;
  const coded = label.slice(4);
  const dash = coded.lastIndexOf('-');
  const points = [...coded.slice(0, Math.max(dash, 0))].map((char) => char.codePointAt(0) ?? 0);
  const decoded = insertAll(points, dash < 0 ? coded : coded.slice(dash + 1));
  return decoded === null ? label : String.fromCodePoint(...decoded);
}

/** True when one label has letters of two look-alike alphabets. */
export function mixesScripts(label: string): boolean {
  return SCRIPTS.filter((script) => script.test(label)).length > 1;
}

function insertAll(points: number[], coded: string): number[] | null {
  let point = 128;
  let bias = 72;
  let index = 0;
  let at = 0;
  while (at < coded.length) {
    const before = index;
    let weight = 1;
    for (let k = 36; ; k += 36) {
      const digit = digitOf(coded.charAt(at++));
      if (digit < 0) return null;
      index += digit * weight;
      const threshold = Math.min(Math.max(k - bias, 1), 26);
      if (digit < threshold) break;
      weight *= 36 - threshold;
    }
    const length = points.length + 1;
    bias = adapt(index - before, length, before === 0);
    point += Math.floor(index / length);
    index %= length;
    if (point > 0x10ffff) return null;
    points.splice(index++, 0, point);
  }
  return points;
}

function adapt(delta: number, length: number, first: boolean): number {
  let rest = Math.floor(delta / (first ? 700 : 2));
  rest += Math.floor(rest / length);
  let k = 0;
  for (; rest > 455; k += 36) rest = Math.floor(rest / 35);
  return k + Math.floor((36 * rest) / (rest + 38));
}

function digitOf(char: string): number {
  if (char >= 'a' && char <= 'z') return char.charCodeAt(0) - 97;
  return char >= '0' && char <= '9' ? char.charCodeAt(0) - 22 : -1;
}
