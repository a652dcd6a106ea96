import fs from 'node:fs';
import path from 'node:path';
import * as Y from 'yjs';

import { recordOf, root } from '#shared/board/document.ts';
import { hex } from '#shared/kernel/encoding.ts';
import { parseCheckpoint } from '#shared/record/checkpoint.ts';

import type { BusGround } from './bus-troubles.ts';
import { openStoreOf, readRecord } from './history/read-record.ts';
import { judge, type Verdict } from './history.ts';
import { sharedCard } from './officer/board-hand.ts';
import type { FaultedOfficer } from './officer/faulted-officer.ts';
import type { Way } from './restores.ts';
import { Scene } from './scene.ts';
import { takeBackup } from './support/backup.ts';
import { type Chance, pause, until } from './support/chance.ts';
import { addVerdict, count, emptyResult, type RoundsResult } from './trouble-rounds.ts';

export type RestoreRun = {
  readonly folder: string;
  readonly ground: BusGround;
  readonly ways: readonly Way[];
  readonly chance: Chance;
  readonly rounds: number;
  readonly say?: (line: string) => void;
};

/** Comes to the operation after the backup: after the restore nobody has ever let this officer in. */
const lateComer = 'nguyen';

/**
 * One operation a round: people work, a backup is made, they work on, and the database goes back to the backup while
 * they do. What the backup holds stays; of what it lacks nothing comes back by itself, and all of it is offered.
 */
export async function restoreRounds(run: RestoreRun): Promise<RoundsResult> {
  const { ground, ways } = run;
  const result = emptyResult();
  for (const hub of ground.hubs) await hub.start();
  for (let done = 0; done < run.rounds; done++) {
    const way = ways[done % ways.length];
    if (way === undefined) throw new Error('no way to restore at all');
    await round(run, result, way);
    count(result.times, way.name);
  }
  return result;
}

async function round(run: RestoreRun, result: RoundsResult, way: Way): Promise<void> {
  const { ground, chance } = run;
  const urls = ground.hubs.map(({ url }) => url);
  const scene = await Scene.open({ urls, chance: chance.fork(), stock: way.stock !== false });
  const { ledger, operation } = scene;
  const signer = ground.hubs[0]?.signerFolder ?? '';
  try {
    scene.startWork();
    await until(
      () => scene.officers.every(({ handle }) => ledger.edits.some(({ officer }) => officer === handle)),
      'everybody has written',
    );
    await pause(chance.int(200, 1200));
    const around = { ...ground, log: operation };
    const backup = await takeBackup(around, (head) => ledger.backedUp(head));
    await admitLate(scene, chance);
    await shownToAll(scene, chance);
    await until(
      () => signedSize(signer, operation) > backup.head,
      'the signer knows of more than the backup',
    );
    const signed = lastSigned(signer, operation);
    ledger.shutOut.set(lateComer, backup.head);
    await way.happen({ ground, scene, backup, chance, word: () => hex(chance.bytes(8)) });
    for (const hub of ground.hubs) await hub.ready();
    // The page of the late one shows a record that is no more, and is not followed up.
    ledger.shown.delete(lateComer);
    await until(
      () => everybodyTold(scene),
      () => `everybody is told; ${[...ledger.toldRestored.keys()]} were; ${statesOf(scene)}`,
    );
    await pause(chance.int(500, 1500));
    const verdict = await verdictOn(scene, ground);
    verdict.problems.push(...(await checkSigner({ ground, scene, held: backup.head, signed })));
    addVerdict(result, verdict, { folder: run.folder, scene, say: run.say });
  } finally {
    scene.leave();
  }
}

function statesOf({ officers }: Scene): string {
  return officers.map(({ handle, boardState }) => `${handle} ${boardState}`).join('; ');
}

/** The late one is no member and has no session: no line to the board is left. */
function everybodyTold({ officers, ledger }: Scene): boolean {
  return officers.every(({ handle }) =>
    ledger.shutOut.has(handle) ? ledger.linesOf(handle) === 0 : ledger.toldRestored.has(handle),
  );
}

/** The rights move, and somebody works under the new ones. */
async function admitLate(scene: Scene, chance: Chance): Promise<void> {
  const { lead, operation, ledger } = scene;
  const command = (what: object) => ({ commandId: hex(chance.bytes(16)), ...what });
  const { officers } = await lead.get<{ officers: { officer: string; handle: string }[] }>(
    `/operations/${operation}/candidates?text=${lateComer}`,
  );
  const officerId = officers.find(({ handle }) => handle === lateComer)?.officer ?? '';
  await until(
    () =>
      lead.post(`/operations/${operation}/members`, command({ officerId, role: 'officer' })).then(
        () => true,
        () => false,
      ),
    'one more is let in',
  );
  const late = await scene.join(lateComer, { at: 1 });
  scene.officers.push(late);
  late.startWork();
  await until(
    () => ledger.sent.some((sent) => sent.officer === lateComer && sent.acknowledgedBelow !== null),
    'the late one has written',
  );
}

/** Something of the lead, under an id that the backup knows, is on every page: so each page has seen what will be lost. */
async function shownToAll({ officers }: Scene, chance: Chance): Promise<void> {
  const [lead] = officers;
  const word = `(${hex(chance.bytes(6))})`;
  const textOf = ({ doc }: FaultedOfficer) => {
    const text = recordOf(doc, 'cards', sharedCard)?.get('text');
    return text instanceof Y.Text ? text : null;
  };
  if (lead !== undefined) textOf(lead)?.insert(0, word);
  await until(
    () => officers.every((officer) => textOf(officer)?.toString().includes(word) === true),
    'everybody has seen something that will be lost',
  );
}

async function verdictOn(scene: Scene, { hubs, databaseUrl }: BusGround): Promise<Verdict> {
  const complaints: string[] = [];
  await scene.settle().catch((error: unknown) => complaints.push(String(error)));
  complaints.push(...checkOffered(scene));
  const concluded = await scene.conclude(hubs[0]?.signerFolder ?? '');
  const store = await openStoreOf({ dataFolder: '', databaseUrl });
  const verdict = await judge(store, concluded).finally(() => store.close());
  return { ...verdict, problems: [...complaints, ...verdict.problems] };
}

/** Whatever an officer made on our own page and the board does not have is offered there. [CB-30] */
function checkOffered({ officers, ledger }: Scene): string[] {
  const problems: string[] = [];
  for (const { handle, isStock, doc, offered } of officers) {
    if (isStock || ledger.shutOut.has(handle)) continue;
    const cards = root(doc, 'cards');
    const own = ledger.edits.filter(({ officer }) => officer === handle);
    for (const { what, token, structs } of own) {
      if (structs === null || Y.getState(doc.store, structs.client) >= structs.to) continue;
      const place = what === 'card' ? token : what === 'word' ? sharedCard : null;
      if (place === null || (what === 'card' && cards.has(token)) || offered.has(place)) continue;
      problems.push(`${handle}'s ${what} ${token} was lost and is not offered`);
    }
  }
  return problems;
}

type Signed = {
  readonly ground: BusGround;
  readonly scene: Scene;
  readonly held: number;
  readonly signed: string;
};

/** It signs no smaller record and no other one, whatever was there before: it stops. [RC-34] */
async function checkSigner({ ground, scene, held, signed }: Signed): Promise<string[]> {
  const problems: string[] = [];
  const signer = ground.hubs[0]?.signerFolder ?? '';
  const store = await openStoreOf({ dataFolder: '', databaseUrl: ground.databaseUrl });
  const { checkpoints } = await readRecord(store, scene.operation).finally(() => store.close());
  const newest = checkpoints.at(-1)?.size ?? 0;
  if (newest > held) problems.push(`a checkpoint of ${newest} was signed over a record cut to ${held}`);
  const before = parseCheckpoint(signed)?.size ?? 0;
  if (signedSize(signer, scene.operation) < before)
    problems.push(`the signer remembers less than the ${before} it had signed`);
  return problems;
}

function lastSigned(signerFolder: string, log: string): string {
  const file = path.join(signerFolder, 'last-signed', log);
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}

function signedSize(signerFolder: string, log: string): number {
  return parseCheckpoint(lastSigned(signerFolder, log))?.size ?? 0;
}
