import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pipeline } from 'node:stream/promises';

import type { Store } from '#server/platform/storage/store.ts';
import { asId, type CompartmentId } from '#shared/kernel/ids.ts';
import { writeLongRecord } from '#tests/record/long-record.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';
import { freshDatabase } from '#tests/support/postgres.ts';

import { keptFolder, readKept } from '../review/kept.ts';
import { type Answer, type ServedFigures, spreadOf } from './figures.ts';

type Given = {
  readonly store: Store['kind'];
  readonly entries: number;
  readonly asked: number;
  readonly root: string;
  readonly say: (line: string) => void;
};

/** A hub with one long record: its proofs over HTTP, then its export and the verification of that. */
export async function measureServed({ store, entries, asked, root, say }: Given): Promise<ServedFigures> {
  const kept = readKept(store);
  const folder = kept === null ? undefined : keptFolder(store);
  const database = kept === null && store === 'postgres' ? await freshDatabase() : null;
  const databaseUrl = kept?.databaseUrl ?? database?.url;
  const hub = await startHub({
    limitScale: 1e6,
    ...(databaseUrl !== undefined && { databaseUrl }),
    ...(folder !== undefined && { folder }),
  });
  try {
    const operation = kept?.operation ?? (await grown(hub, entries, say));
    const tan = await hub.signIn('tan.wei');
    const size = await signed(tan, operation, entries, say);
    const answers = await askAll(tan, operation, { size, asked });
    const file = path.join(hub.folder, 'export.jsonl');
    say(`${store}: exporting`);
    const exported = await exportTo(file, hub, tan, operation);
    const { vkey } = await tan.must<{ vkey: string }>('GET', `/operations/${operation.id}/checkpoint`);
    say(`${store}: verifying`);
    const verification = await verify(root, file, vkey);
    fs.rmSync(file);
    return { store, entries: size, answers, exported, verification };
  } finally {
    if (folder === undefined) await stopHubs();
    else await hub.halt();
    await database?.drop();
  }
}

async function grown(hub: TestHub, entries: number, say: (line: string) => void): Promise<Operation> {
  const operation = await hub.operation('GLACIER');
  await writeLongRecord(hub.store, {
    operation: operation.id,
    compartments: [operation.main, operation.partners].map((id) => asId<CompartmentId>(id)),
    officers: [
      { id: hub.officerId('tan.wei'), country: 'SG' },
      { id: hub.officerId('chanida'), country: 'TH' },
    ],
    entries,
    seed: 20261124,
    pace: 3_600,
  });
  say(`${entries} entries written`);
  return operation;
}

/** Milliseconds between two looks at whether the loop is free. */
const RESOLUTION = 1;

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
): Promise<Answer[]> {
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
  const figures: Answer[] = [];
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

async function exportTo(
  file: string,
  hub: TestHub,
  tan: TestOfficer,
  operation: Operation,
): Promise<ServedFigures['exported']> {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  const start = performance.now();
  const spent = process.cpuUsage();
  delay.enable();
  const response = await fetch(`${hub.url}/api/v1/operations/${operation.id}/export`, {
    method: 'POST',
    headers: { origin: hub.url, cookie: tan.cookie ?? '', 'content-type': 'application/json' },
    body: JSON.stringify({ commandId: tan.commandId(), purpose: 'Measuring' }),
  });
  if (response.status !== 200 || response.body === null) throw new Error(`export: ${response.status}`);
  await pipeline(response.body, fs.createWriteStream(file));
  delay.disable();
  // A timer that is due is late by what held the loop, and by no more than its own resolution.
  const held = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION);
  const { user, system } = process.cpuUsage(spent);
  return {
    seconds: (performance.now() - start) / 1000,
    processor: (user + system) / 1e6,
    megabytes: fs.statSync(file).size / 2 ** 20,
    pause: { median: held(delay.percentile(50)), p99: held(delay.percentile(99)), max: held(delay.max) },
  };
}

/** In a process of its own, which says at its end how much memory it had at most, and how much of a processor it took. */
async function verify(root: string, file: string, vkey: string) {
  const used =
    'process.on("exit",()=>{const u=process.resourceUsage();console.error("used",u.maxRSS,u.userCPUTime+u.systemCPUTime)})';
  const start = performance.now();
  const child = spawn(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(used)}`,
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
  const [, peak, processor] = /used (\d+) (\d+)/.exec(err()) ?? [];
  return {
    entries: Number(/Entries +(\d+)/.exec(out())?.[1]),
    seconds,
    processor: Number(processor) / 1e6,
    peakMegabytes: Number(peak) / 1024,
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
