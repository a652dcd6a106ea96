export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-874' | 'windows-1252';

/**
 * Text of a file, without its byte order mark. A mark decides; then zero bytes at every other place (UTF-16); then
 * strict UTF-8; then `legacy`, and Western European when even that has no such byte. [IN-36]
 */
export function decodeText(
  bytes: Uint8Array,
  legacy: Encoding = 'windows-874',
): { text: string; encoding: Encoding } {
  const encoding = detectEncoding(bytes, legacy);
  return { text: decode(bytes, encoding), encoding };
}

function detectEncoding(bytes: Uint8Array, legacy: Encoding): Encoding {
  const [first = 0, second = 0] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const wide = detectWide(bytes.subarray(0, 4096));
  if (wide) return wide;
  const candidates: readonly Encoding[] = ['utf-8', legacy];
  return candidates.find((encoding) => canDecode(bytes, encoding)) ?? 'windows-1252';
}

function detectWide(sample: Uint8Array): Encoding | null {
  if (sample.length < 4) return null;
  const zeroes = [0, 0];
  for (const [at, byte] of sample.entries()) if (byte === 0) zeroes[at % 2] = (zeroes[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeroes;
  const many = sample.length / 8;
  if (odd > many && even === 0) return 'utf-16le';
  return even > many && odd === 0 ? 'utf-16be' : null;
}

/** windows-874 leaves these bytes undefined, and not every decoder refuses them. */
function isThai(bytes: Uint8Array): boolean {
  return !bytes.some(
    (byte) => byte >= 0xfc || (byte >= 0xdb && byte <= 0xde) || (byte > 0x85 && byte < 0x91),
  );
}

function canDecode(bytes: Uint8Array, encoding: Encoding): boolean {
  if (encoding === 'windows-874' && !isThai(bytes)) return false;
  try {
    decode(bytes, encoding, true);
    return true;
  } catch (refusal) {
    if (refusal instanceof TypeError) return false;
    throw refusal;
  }
}

function decode(bytes: Uint8Array, encoding: Encoding, fatal = false): string {
  return new TextDecoder(encoding, { fatal }).decode(bytes);
}
