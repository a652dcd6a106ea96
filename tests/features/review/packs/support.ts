import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';

import { rebuildBoard } from '#shared/board/rebuild.ts';
import type { InputOf } from '#shared/contracts/contract.ts';
import type { exportPack } from '#shared/contracts/packs.ts';
import { readZip } from '#shared/record/pack/read-zip.ts';
import { type PackOptions, type PackVerdict, verifyPack } from '#shared/record/pack/verify.ts';
import type { Operation } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';

export type AskedPack = Partial<Omit<InputOf<typeof exportPack>, 'operationId' | 'commandId'>>;
export type Packed = { readonly status: number; readonly headers: Headers; readonly bytes: Buffer };

/** A pack as the hub streams it: bytes, or a refusal in JSON. */
export async function packFor(
  officer: TestOfficer,
  operation: Operation,
  asked: AskedPack = {},
): Promise<Packed> {
  const response = await fetch(`${officer.url}/api/v1/operations/${operation.id}/packs`, {
    method: 'POST',
    headers: { origin: officer.url, cookie: officer.cookie ?? '', 'content-type': 'application/json' },
    body: JSON.stringify({
      commandId: officer.commandId(),
      purpose: 'Court of Appeal',
      recipient: { kind: 'desk', desk: 'FR-OFAC' },
      scope: { kind: 'operation' },
      ...asked,
    }),
  });
  return {
    status: response.status,
    headers: response.headers,
    bytes: Buffer.from(await response.arrayBuffer()),
  };
}

/** With everything that makes a verification fast and whole. */
export function verifyWhole(bytes: Uint8Array, options: PackOptions = {}): PackVerdict {
  return verifyPack(bytes, {
    rebuild: rebuildBoard,
    sha256: (given) => hash('sha256', given, 'buffer'),
    crc32: (given) => crc32(given),
    ...options,
  });
}

/** The files of a pack by their places, below its folder. */
export function unpack(bytes: Uint8Array): ReadonlyMap<string, Buffer> {
  const zip = readZip(bytes);
  if (!zip.ok) throw new Error(zip.reason);
  return new Map(
    zip.files.map(({ name, start, size }) => [
      name.slice(name.indexOf('/') + 1),
      Buffer.from(bytes.subarray(start, start + size)),
    ]),
  );
}

export function namesIn(bytes: Uint8Array): string[] {
  return [...unpack(bytes).keys()];
}
