import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openBusGround } from './bus-troubles.ts';
import { openClockGround } from './clock-troubles.ts';
import { openDiskGround } from './disk-troubles.ts';
import { killRounds } from './kill-rounds.ts';
import { openNetworkGround } from './network-troubles.ts';
import { restoreRounds } from './restore-rounds.ts';
import { ways } from './restores.ts';
import { revocationRounds } from './revocation-rounds.ts';
import { openStoreGround } from './store-troubles.ts';
import { Chance } from './support/chance.ts';
import { openPostgresServer } from './support/servers.ts';
import { type RoundsResult, troubleRounds } from './trouble-rounds.ts';

/* The long form: npm run faults -- --faults kill|store|disk|bus|network|revocation|clock|restore --rounds 500 --store embedded|postgres --seed N --chapter 25 */

function option(name: string, otherwise: string): string {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? otherwise : (process.argv[at + 1] ?? otherwise);
}

type Asked = {
  readonly folder: string;
  readonly chance: Chance;
  readonly rounds: number;
  readonly chapter: number;
  readonly say: (line: string) => void;
};

const kinds: Readonly<Record<string, (asked: Asked) => Promise<RoundsResult>>> = {
  kill,
  store,
  disk,
  bus,
  network,
  revocation,
  clock,
  restore,
};

const kind = option('faults', 'kill');
const seed = Number(option('seed', String(Date.now() % 1_000_000)));
const asked: Asked = {
  folder: fs.mkdtempSync(path.join(os.tmpdir(), 'muster-faults-')),
  chance: new Chance(seed),
  rounds: Number(option('rounds', '100')),
  chapter: Number(option('chapter', '25')),
  say: (line) => process.stdout.write(`${line}\n`),
};
fs.chmodSync(asked.folder, 0o755);
const run = kinds[kind];
if (run === undefined) throw new Error(`--faults is one of ${Object.keys(kinds).join(', ')}`);
asked.say(`${kind}: ${asked.rounds} rounds, seed ${seed}, ${asked.folder}`);
const began = Date.now();
conclude(await run(asked));

async function kill(given: Asked): Promise<RoundsResult> {
  if (option('store', 'embedded') === 'embedded') return killRounds(given);
  const server = await openPostgresServer(path.join(given.folder, 'postgres'));
  await server.start();
  try {
    return await killRounds({ ...given, databaseUrl: server.url });
  } finally {
    await server.stop();
  }
}

async function store(given: Asked): Promise<RoundsResult> {
  const surroundings = await openStoreGround(given.folder);
  try {
    return await troubleRounds({ ...given, surroundings, troubles: chosen(surroundings.troubles) });
  } finally {
    await surroundings.close();
  }
}

async function disk(given: Asked): Promise<RoundsResult> {
  const held = option('store', 'embedded') === 'embedded' ? 'embedded' : 'postgres';
  const surroundings = await openDiskGround(given.folder, held);
  try {
    return await troubleRounds({ ...given, surroundings, troubles: chosen(surroundings.troubles) });
  } finally {
    await surroundings.close();
  }
}

async function bus(given: Asked): Promise<RoundsResult> {
  const surroundings = await openBusGround(given.folder, given.chance, Number(option('hubs', '2')));
  try {
    return await troubleRounds({ ...given, surroundings, troubles: chosen(surroundings.troubles) });
  } finally {
    await surroundings.close();
  }
}

async function network(given: Asked): Promise<RoundsResult> {
  const held = option('store', 'embedded') === 'embedded' ? 'embedded' : 'postgres';
  const surroundings = await openNetworkGround(given.folder, given.chance, held);
  try {
    return await troubleRounds({ ...given, surroundings, troubles: chosen(surroundings.troubles) });
  } finally {
    await surroundings.close();
  }
}

async function clock(given: Asked): Promise<RoundsResult> {
  const surroundings = await openClockGround(given.folder, given.chance);
  try {
    return await troubleRounds({ ...given, surroundings, troubles: chosen(surroundings.troubles) });
  } finally {
    await surroundings.close();
  }
}

async function revocation(given: Asked): Promise<RoundsResult> {
  const ground = await openBusGround(given.folder, given.chance, Number(option('hubs', '2')));
  const state = option('bus', 'up');
  if (state !== 'up' && state !== 'down' && state !== 'silent')
    throw new Error('--bus is up, down or silent');
  try {
    const asleep = process.argv.includes('--asleep');
    const result = await revocationRounds({ ...given, ground, bus: state, asleep });
    const slowest = result.closedAfter.sort((a, b) => a - b);
    const at = (share: number) => slowest[Math.floor((slowest.length - 1) * share)];
    asked.say(
      `last socket that was open is closed after the reply, ms: p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}`,
    );
    return result;
  } finally {
    await ground.close();
  }
}

async function restore(given: Asked): Promise<RoundsResult> {
  const ground = await openBusGround(given.folder, given.chance);
  try {
    return await restoreRounds({ ...given, ground, ways: chosen(ways) });
  } finally {
    await ground.close();
  }
}

/** Those whose names hold the word after --only. */
function chosen<T extends { readonly name: string }>(troubles: readonly T[]): readonly T[] {
  return troubles.filter(({ name }) => name.includes(option('only', '')));
}

/** No failure in N rounds bounds the rate of failures below 3/N with 95 % confidence. */
function conclude({ times, counts, problems }: RoundsResult): void {
  const rounds = [...times.values()].reduce((sum, one) => sum + one, 0);
  for (const [name, often] of [...times].sort()) asked.say(`  ${String(often).padStart(5)} × ${name}`);
  for (const [name, many] of Object.entries(counts)) asked.say(`  ${String(many).padStart(7)} ${name}`);
  const took = `${Math.round((Date.now() - began) / 1000)} s`;
  if (problems.length === 0) {
    asked.say(
      `${rounds} rounds, seed ${seed}, ${took}: nothing lost. Bound (95 %): ${(300 / rounds).toFixed(2)} %`,
    );
    fs.rmSync(asked.folder, { recursive: true, force: true });
    return;
  }
  for (const what of problems.slice(-20)) asked.say(`  ${what}`);
  asked.say(`${rounds} rounds, seed ${seed}, ${took}: ${problems.length} problems; see ${asked.folder}`);
  process.exitCode = 1;
}
