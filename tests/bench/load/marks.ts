/** What the reader looks for in a frame without decoding it: no other content of a board holds these bytes. */
const magic = Buffer.from([0x1d, 0xf5, 0x4d, 0xc1, 0x75, 0x1e]);
const length = magic.length + 2 + 4 + 8;

/** `writer` wrote its change number `change` (from 0) at `at`, in milliseconds of this process's monotonic clock. */
export function makeMark(writer: number, change: number, at: number): Uint8Array {
  const mark = Buffer.alloc(length);
  magic.copy(mark);
  mark.writeUInt16LE(writer, 6);
  mark.writeUInt32LE(change, 8);
  mark.writeDoubleLE(at, 12);
  return new Uint8Array(mark.buffer, mark.byteOffset, length);
}

export type Seen = { readonly writer: number; readonly change: number; readonly at: number };

/** Every mark in the bytes, in their order. */
export function readMarks(bytes: Buffer): Seen[] {
  const seen: Seen[] = [];
  for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + length)) {
    if (at + length > bytes.length) break;
    seen.push({
      writer: bytes.readUInt16LE(at + 6),
      change: bytes.readUInt32LE(at + 8),
      at: bytes.readDoubleLE(at + 12),
    });
  }
  return seen;
}
