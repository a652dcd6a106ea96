import type { Meddle } from './tcp-proxy.ts';

/**
 * Sends the frames of a client on in two fragments each while `wanted`, as a client or a proxy may. Holds a frame back
 * until all of it is here, so that it can begin and end at any time.
 */
export function fragmenter(wanted: () => boolean): Meddle {
  let rest: Buffer = Buffer.alloc(0);
  let inFrames = false;
  return (given) => {
    if (!inFrames) {
      const text = given.toString('latin1');
      inFrames = /^upgrade: websocket\r$/im.test(text) && text.endsWith('\r\n\r\n');
      return { bytes: given };
    }
    rest = Buffer.concat([rest, given]);
    const out: Buffer[] = [];
    for (let frame = firstOf(rest); frame !== null; frame = firstOf(rest)) {
      rest = rest.subarray(frame.length);
      out.push(...(wanted() ? split(frame) : [frame]));
    }
    return { bytes: Buffer.concat(out) };
  };
}

type Parts = { readonly headEnds: number; readonly length: number };

/** Of a masked frame; null while its head is not all here. */
function partsOf(bytes: Buffer): Parts | null {
  if (bytes.length < 2) return null;
  const short = (bytes[1] ?? 0) & 0x7f;
  const extended = short === 127 ? 8 : short === 126 ? 2 : 0;
  if (bytes.length < 2 + extended) return null;
  let length = short;
  if (short === 126) length = bytes.readUInt16BE(2);
  if (short === 127) length = Number(bytes.readBigUInt64BE(2));
  return { headEnds: 2 + extended + 4, length };
}

function firstOf(bytes: Buffer): Buffer | null {
  const parts = partsOf(bytes);
  if (parts === null || bytes.length < parts.headEnds + parts.length) return null;
  return bytes.subarray(0, parts.headEnds + parts.length);
}

/** Control frames and what is in fragments already stay as they are. */
function split(frame: Buffer): Buffer[] {
  const first = frame[0] ?? 0;
  const opcode = first & 0x0f;
  const parts = partsOf(frame);
  if (parts === null || first < 0x80 || (opcode !== 1 && opcode !== 2) || parts.length < 2) return [frame];
  const key = frame.subarray(parts.headEnds - 4, parts.headEnds);
  const payload = frame.subarray(parts.headEnds);
  const cut = Math.ceil(payload.length / 2);
  const turned = Buffer.from([0, 1, 2, 3].map((at) => key[(at + cut) % 4] ?? 0));
  return [
    headOf(opcode, cut),
    key,
    payload.subarray(0, cut),
    headOf(0x80, payload.length - cut),
    turned,
    payload.subarray(cut),
  ];
}

function headOf(first: number, length: number): Buffer {
  if (length < 126) return Buffer.from([first, 0x80 | length]);
  const head = Buffer.alloc(length < 65_536 ? 4 : 10);
  head[0] = first;
  head[1] = 0x80 | (length < 65_536 ? 126 : 127);
  if (length < 65_536) head.writeUInt16BE(length, 2);
  else head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}
