const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** Throws `TypeError` on bytes that are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

export function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** `null` when the text is not an even number of hexadecimal digits. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return null;
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(text.slice(at * 2, at * 2 + 2), 16);
  return bytes;
}

const ALPHABET = utf8('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const PADDING = 0x3d;
/** Value of each character below 128; 64 for what is not of the alphabet. */
const VALUES = new Uint8Array(128).fill(64);
for (const [value, code] of ALPHABET.entries()) VALUES[code] = value;

/** Standard base64 with padding (RFC 4648 section 4). By table: every entry of an export passes here several times. */
export function base64(bytes: Uint8Array): string {
  const { length } = bytes;
  const text = new Uint8Array(4 * Math.ceil(length / 3)).fill(PADDING);
  let to = 0;
  for (let at = 0; at < length; at += 3) {
    const bits = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text[to] = ALPHABET[bits >> 18] ?? 0;
    text[to + 1] = ALPHABET[(bits >> 12) & 63] ?? 0;
    if (at + 1 < length) text[to + 2] = ALPHABET[(bits >> 6) & 63] ?? 0;
    if (at + 2 < length) text[to + 3] = ALPHABET[bits & 63] ?? 0;
    to += 4;
  }
  return decoder.decode(text);
}

/** Accepts only what `base64` writes: one text per byte string, `null` for anything else. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  if (hasSpareBits(text)) return null;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const end = text.length - padding;
  let wrong = 0;
  let to = 0;
  for (let at = 0; at < end; at += 4) {
    const a = valueAt(text, at);
    const b = valueAt(text, at + 1);
    const c = at + 2 < end ? valueAt(text, at + 2) : 0;
    const d = at + 3 < end ? valueAt(text, at + 3) : 0;
    wrong |= a | b | c | d;
    // Beyond the end of the array nothing is written: that is where the padding stands.
    bytes[to] = (a << 2) | (b >> 4);
    bytes[to + 1] = (b << 4) | (c >> 2);
    bytes[to + 2] = (c << 6) | d;
    to += 3;
  }
  return (wrong & 64) === 0 ? bytes : null;
}

function valueAt(text: string, at: number): number {
  return VALUES[text.charCodeAt(at)] ?? 64;
}

/** The character before the padding may only use the bits that belong to the last byte. */
function hasSpareBits(text: string): boolean {
  if (text.endsWith('==')) return !'AQgw'.includes(text.charAt(text.length - 3));
  return text.endsWith('=') && !'AEIMQUYcgkosw048'.includes(text.charAt(text.length - 2));
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
