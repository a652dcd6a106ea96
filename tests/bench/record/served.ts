import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

import type { Fact } from '#server/platform/facts.ts';
import { asId, type CompartmentId } from '#shared/kernel/ids.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { serviceFor } from '#tests/support/services.ts';

import { type Figures, type ServedFigures, spreadOf } from './figures.ts';

type Given = {
  readonly entries: number;
  readonly asked: number;
  readonly root: string;
  readonly say: (line: string) => void;
};

/** A hub with one long record: its proofs over HTTP, then its export and the verification of that. */
export async function measureServed({
  entries,
  asked,
  root,
  say,
}: Given): Promise<Pick<Figures, 'served' | 'verification' | 'entries'>> {
  const database = serviceFor('postgres') === undefined ? null : await freshDatabase();
  try {
    const hub = await startHub({ limitScale: 1e6, ...(database !== null && { databaseUrl: database.url }) });
    const operation = await hub.operation('GLACIER');
    const tan = await hub.signIn('tan.wei');
    await grow(hub, operation, entries, say);
    const size = await signed(tan, operation, entries, say);
    const served = await askAll(tan, operation, { size, asked });
    say('exporting');
    const file = path.join(hub.folder, 'export.jsonl');
    await exportTo(file, hub, tan, operation);
    const { vkey } = await tan.must<{ vkey: string }>('GET', `/operations/${operation.id}/checkpoint`);
    const verification = await verify(root, file, vkey);
    return { served, verification, entries: size };
  } finally {
    await stopHubs();
    await database?.drop();
  }
}

async function grow(
  hub: TestHub,
  operation: Operation,
  entries: number,
  say: (line: string) => void,
): Promise<void> {
  const STEP = 500;
  const compartment = asId<CompartmentId>(operation.main);
  for (let from = 0; from < entries; from += STEP) {
    const facts = Array.from({ length: Math.min(STEP, entries - from) }, (_, at): Fact => {
      const body = { text: `Message ${from + at}: the address of the shop has changed again.`, tlp: 'AMBER' };
      const object = { kind: 'message', id: (from + at).toString(16).padStart(32, '0') };
      return {
        kind: 'message.posted',
        by: { kind: 'hub' },
        object,
        compartment,
        outcome: 'ok',
        command: null,
        body,
      };
    });
    await hub.store.write((tx) => hub.hub.append(tx, { log: operation.id, epoch: null, facts }));
    if (from % 100_000 === 0) say(`${from} entries written`);
  }
}

async function signed(
  tan: TestOfficer,
  operation: Operation,
  entries: number,
  say: (line: string) => void,
): Promise<number> {
  for (let told = -1; ; ) {
    const { size } = await tan.must<{ size: number }>('GET', `/operations/${operation.id}/checkpoint`);
    if (size >= entries) return size;
    if (size !== told) say(`signed up to ${size}`);
    told = size;
    await new Promise((resume) => setTimeout(resume, 2_000));
  }
}

async function askAll(
  tan: TestOfficer,
  operation: Operation,
  { size, asked }: { size: number; asked: number },
): Promise<ServedFigures[]> {
  const at = `/operations/${operation.id}`;
  const place = () => Math.floor(Math.random() * size);
  const many = () => [...new Set(Array.from({ length: 100 }, place))].sort((a, b) => a - b).join(',');
  const answers: readonly (readonly [string, () => string])[] = [
    ['inclusion proof with its entry (`record.prove`)', () => `${at}/entries/${place()}/proof`],
    ['consistency proof (`record.checkpoint`)', () => `${at}/checkpoint?since=${place()}`],
    ['proof file (`record.proof-file`)', () => `${at}/entries/${place()}/proof-file`],
    ['proof of 100 places at once (`record.places`)', () => `${at}/log/places?places=${many()}`],
    ['tile of 256 hashes (`record.log-tile`)', () => `${at}/log/tile/0/${tileNumber(place() >> 8, size)}`],
    [
      'bundle of 256 entries (`record.log-tile`)',
      () => `${at}/log/tile/entries/${tileNumber(place() >> 8, size)}`,
    ],
  ];
  const figures: ServedFigures[] = [];
  for (const [what, url] of answers) {
    const times: number[] = [];
    for (let turn = -20; turn < asked; turn++) {
      const path = url();
      const start = performance.now();
      const { status } = await tan.get(path);
      if (status !== 200) throw new Error(`${path}: ${status}`);
      if (turn >= 0) times.push(performance.now() - start);
    }
    figures.push({ what, asked, spread: spreadOf(times) });
  }
  return figures;
}

/** Full tiles only. */
function tileNumber(wanted: number, size: number): string {
  const index = Math.min(wanted, Math.floor(size / 256) - 1);
  const groups = [String(index % 1000).padStart(3, '0')];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  return groups.join('/');
}

async function exportTo(file: string, hub: TestHub, tan: TestOfficer, operation: Operation): Promise<void> {
  const response = await fetch(`${hub.url}/api/v1/operations/${operation.id}/export`, {
    method: 'POST',
    headers: { origin: hub.url, cookie: tan.cookie ?? '', 'content-type': 'application/json' },
    body: JSON.stringify({ commandId: tan.commandId(), purpose: 'Measuring' }),
  });
  if (response.status !== 200 || response.body === null) throw new Error(`export: ${response.status}`);
  await pipeline(response.body, fs.createWriteStream(file));
}

/** In a process of its own, which says at its end how much memory it had at most. */
async function verify(root: string, file: string, vkey: string) {
  const peak = 'process.on("exit",()=>console.error("peak",process.resourceUsage().maxRSS))';
  const start = performance.now();
  const child = spawn(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(peak)}`,
      path.join(root, 'dist/verify.js'),
      file,
      '--key',
      vkey,
    ],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const [out, err] = [textOf(child.stdout), textOf(child.stderr)];
  const code = await new Promise((resolve) => child.once('close', resolve));
  const seconds = (performance.now() - start) / 1000;
  if (code !== 0) throw new Error(`verify ended with ${code}: ${out()} ${err()}`);
  const said = out().trim().split('\n');
  return {
    entries: Number(/Entries +(\d+)/.exec(out())?.[1]),
    seconds,
    megabytes: fs.statSync(file).size / 2 ** 20,
    peakMegabytes: Number(/peak (\d+)/.exec(err())?.[1]) / 1024,
    said,
  };
}

function textOf(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.on('data', (part) => {
    text += String(part);
  });
  return () => text;
}
