/** First code point of each run of ten decimal digits that officers of the region type. */
const ZEROES = [
  0x0660, 0x06f0, 0x0966, 0x09e6, 0x0be6, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x19d0,
  0xa9d0,
];
/** Zero-width and formatting characters, fillers and variation selectors. */
const INVISIBLE = /^(?:\p{Cf}|\p{Variation_Selector}|\u034f|\u115f|\u1160|\u17b4|\u17b5|\u3164)$/u;
const SPACE = /^[\t\v\f\u0085\p{Zs}\u2028]$/u;
const MARK = /^\p{M}$/u;
const PLAIN = /^[\n\x20-\x7e]*$/;

/** Text with every character in its plain form, and where each came from. `from[i]` is the index in the original. */
export type Folded = { readonly text: string; readonly from: Uint32Array };

/**
 * Full-width and national digits become ASCII digits, look-alike dots become dots, every space a space, invisible
 * characters vanish, the rest is NFKC. Linear in the length of the text. [IN-4]
 */
export function fold(original: string): Folded {
  const from = new Uint32Array(original.length * 4 + 1);
  if (PLAIN.test(original)) {
    for (let at = 0; at <= original.length; at++) from[at] = at;
    return { text: original, from: from.subarray(0, original.length + 1) };
  }
  return foldSlowly(original, from);
}

export function foldText(original: string): string {
  return PLAIN.test(original) ? original : fold(original).text;
}

function foldSlowly(original: string, room: Uint32Array): Folded {
  let from = room;
  let text = '';
  let at = 0;
  while (at < original.length) {
    const end = clusterEnd(original, at);
    const plain = foldCluster(original.slice(at, end));
    if (text.length + plain.length >= from.length) from = grow(from, plain.length);
    for (let offset = 0; offset < plain.length; offset++) from[text.length + offset] = at;
    text += plain;
    at = end;
  }
  from[text.length] = original.length;
  return { text, from: from.subarray(0, text.length + 1) };
}

function grow(from: Uint32Array, extra: number): Uint32Array {
  const larger = new Uint32Array(from.length * 2 + extra);
  larger.set(from);
  return larger;
}

/** A character and at most three marks on it: enough for every composed letter, and bounded. */
function clusterEnd(text: string, at: number): number {
  let end = at + width(text, at);
  for (let marks = 0; marks < 3 && end < text.length; marks++) {
    const next = text.slice(end, end + width(text, end));
    if (next < '\u0300' || !MARK.test(next)) break;
    end += next.length;
  }
  return end;
}

function width(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

const known = new Map<string, string>();

function foldCluster(cluster: string): string {
  if (cluster.length === 1 && cluster >= ' ' && cluster <= '~') return cluster;
  const seen = known.get(cluster);
  if (seen !== undefined) return seen;
  const plain = plainForm(cluster);
  if (known.size < 4096) known.set(cluster, plain);
  return plain;
}

function plainForm(cluster: string): string {
  if (cluster === '\r') return '';
  if (cluster === '\n' || cluster === '\u2029') return '\n';
  if (INVISIBLE.test(cluster)) return '';
  if (SPACE.test(cluster)) return ' ';
  if (cluster === '\u3002' || cluster === '\uff61' || cluster === '\u2024') return '.';
  let plain = '';
  for (const char of cluster.normalize('NFKC')) {
    if (INVISIBLE.test(char)) continue;
    plain += SPACE.test(char) ? ' ' : (digitOf(char) ?? char);
  }
  return plain.replace(/[\u2010-\u2015\u2212]/g, '-').replace(/\u2044/g, '/');
}

function digitOf(char: string): string | null {
  const point = char.codePointAt(0) ?? 0;
  for (const zero of ZEROES) if (point >= zero && point < zero + 10) return String(point - zero);
  return null;
}
