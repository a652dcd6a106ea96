import { inflateSync } from 'node:zlib';

/** Bytes of a table record in WOFF and in the font it wraps, and of both headers. */
const WOFF = { header: 44, record: 20 } as const;
const SFNT = { header: 12, record: 16 } as const;

/**
 * The OpenType font inside a WOFF 1.0 file. The PDF library reads a font's empty last glyph beyond its table, which
 * only a whole font survives.
 */
export function unpackWoff(woff: Buffer): Buffer {
  const count = woff.readUInt16BE(12);
  const records = Array.from({ length: count }, (_, at) => {
    const place = WOFF.header + at * WOFF.record;
    const field = (offset: number) => woff.readUInt32BE(place + offset);
    const [start, packed, length] = [field(4), field(8), field(12)];
    const bytes = woff.subarray(start, start + packed);
    return {
      tag: woff.subarray(place, place + 4),
      sum: field(16),
      bytes: packed < length ? inflateSync(bytes) : bytes,
    };
  });
  const reach = 2 ** Math.floor(Math.log2(count));
  const head = Buffer.alloc(SFNT.header + count * SFNT.record);
  head.writeUInt32BE(woff.readUInt32BE(4), 0);
  head.writeUInt16BE(count, 4);
  head.writeUInt16BE(reach * SFNT.record, 6);
  head.writeUInt16BE(Math.log2(reach), 8);
  head.writeUInt16BE((count - reach) * SFNT.record, 10);
  const parts: Buffer[] = [head];
  let at = head.length;
  for (const [index, { tag, sum, bytes }] of records.entries()) {
    const place = SFNT.header + index * SFNT.record;
    tag.copy(head, place);
    head.writeUInt32BE(sum, place + 4);
    head.writeUInt32BE(at, place + 8);
    head.writeUInt32BE(bytes.length, place + 12);
    const padded = Buffer.alloc(Math.ceil(bytes.length / 4) * 4);
    bytes.copy(padded);
    parts.push(padded);
    at += padded.length;
  }
  return Buffer.concat(parts);
}
