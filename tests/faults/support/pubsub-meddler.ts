import type { Chance } from './chance.ts';
import type { Meddle } from './tcp-proxy.ts';

export type Disorder = 'none' | 'drop' | 'duplicate' | 'reorder';

/** Meddles with what Redis tells subscribers: whole messages are lost, come twice, or come late. Replies pass. */
export function pubsubMeddler(chance: Chance, disorder: () => Disorder): Meddle {
  let rest: Buffer = Buffer.alloc(0);
  let late: Buffer | null = null;
  return (bytes) => {
    const { frames, left } = split(Buffer.concat([rest, bytes]));
    rest = left;
    const out: Buffer[] = [];
    for (const frame of frames) {
      const how = isMessage(frame) && chance.happens(0.6) ? disorder() : 'none';
      if (how === 'drop') continue;
      if (how === 'reorder' && late === null) {
        late = frame;
        continue;
      }
      out.push(frame);
      if (how === 'duplicate') out.push(frame);
      if (late !== null) out.push(late);
      late = null;
    }
    return { bytes: Buffer.concat(out) };
  };
}

/** RESP2 sends messages as arrays, RESP3 as pushes. */
function isMessage(frame: Buffer): boolean {
  return /^[*>]3\r\n\$7\r\nmessage\r\n/.test(frame.subarray(0, 24).toString('latin1'));
}

function split(bytes: Buffer): { frames: Buffer[]; left: Buffer } {
  const frames: Buffer[] = [];
  let from = 0;
  for (let to = endOf(bytes, from); to !== -1; to = endOf(bytes, from)) {
    frames.push(bytes.subarray(from, to));
    from = to;
  }
  return { frames, left: bytes.subarray(from) };
}

/** Where the value that begins at `from` ends; -1 when it is not all there. RESP3, docs of Redis. */
function endOf(bytes: Buffer, from: number): number {
  const line = bytes.indexOf('\r\n', from);
  if (line === -1) return -1;
  const kind = String.fromCharCode(bytes[from] ?? 0);
  const size = Number(bytes.toString('latin1', from + 1, line));
  if ('$=!'.includes(kind)) {
    const end = size < 0 ? line + 2 : line + 2 + size + 2;
    return end <= bytes.length ? end : -1;
  }
  if (!'*~>%|'.includes(kind)) return line + 2;
  let at = line + 2;
  for (let left = size * ('%|'.includes(kind) ? 2 : 1); left > 0 && at !== -1; left--) at = endOf(bytes, at);
  return at;
}
