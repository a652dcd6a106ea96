import fs from 'node:fs';

import { openFolder } from '#server/cli/witness/folder.ts';
import { formatVkey, noteKey, signatureTypes } from '#shared/record/keys.ts';
import { covered, reviewBy } from '#tests/features/review/support.ts';
import { witnessesBy } from '#tests/features/review/witnesses/support.ts';
import { type Operation, startHub, type TestHub } from '#tests/support/hub.ts';

import { freshFolder, muster } from './witness-run.ts';

export type Desk = { readonly dir: string; readonly credential: string };

/** A desk's witness: its key made by the command, registered by an officer in the room. */
export async function deskWitness(
  hub: TestHub,
  operation: Operation,
  handle: string,
  desk: string,
): Promise<Desk> {
  const dir = freshFolder();
  await muster(['new', '--dir', dir, '--operation', operation.id, '--desk', desk]);
  const { signer } = openFolder(dir, { bytes: (length) => new Uint8Array(length) });
  const vkey = formatVkey(noteKey(signer, signatureTypes.cosigner));
  const { body } = await witnessesBy(await hub.signIn(handle), operation).register(vkey);
  return { dir, credential: String(Reflect.get(Object(body), 'credential')) };
}

export const look = ({ dir, credential }: Desk, hub: TestHub) =>
  muster(['run', '--dir', dir, '--hub', hub.url, '--once'], {
    env: { MUSTER_WITNESS_CREDENTIAL: credential },
  });

export async function sayAndSign(hub: TestHub, operation: Operation, text: string, times = 1): Promise<void> {
  const tan = await hub.signIn('tan.wei');
  for (let count = 0; count < times; count++) {
    const { seq } = await reviewBy(tan, operation).say(text, operation.main);
    if (count === times - 1) await covered(tan, operation, seq + 1);
  }
}

/** Two hubs that go on from one database and one signer's folder, as a dishonest host would run them. */
export async function split(hub: TestHub): Promise<[TestHub, TestHub]> {
  await hub.halt();
  const folder = `${hub.folder}-copy`;
  fs.cpSync(hub.folder, folder, { recursive: true });
  return [await startHub({ folder: hub.folder }), await startHub({ folder })];
}
