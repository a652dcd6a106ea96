import fs from 'node:fs';
import path from 'node:path';

import { openStoreOf } from './history/read-record.ts';
import { judge, type Verdict } from './history.ts';
import { Scene } from './scene.ts';
import { type Chance, pause } from './support/chance.ts';
import { type CrashPoint, crashPoints } from './support/crash-points.ts';
import { HubProcess } from './support/hub-process.ts';

export type KillRun = {
  readonly folder: string;
  readonly chance: Chance;
  readonly rounds: number;
  /** After so many kills the record is read and judged, and a new operation begun. */
  readonly chapter: number;
  readonly databaseUrl?: string | undefined;
  readonly say?: (line: string) => void;
};

/** How a hub's life is to end. */
type Death =
  | { readonly at: 'random'; readonly after: number }
  /** Before it is up again. */
  | { readonly at: 'start'; readonly after: number }
  | { readonly at: CrashPoint; readonly nth: number };

export type KillResult = {
  readonly problems: string[];
  /** Kills by the point at which they came. */
  readonly deaths: Map<string, number>;
  readonly counts: Record<keyof Verdict['counts'], number>;
  chapters: number;
};

/** How long a hub may live on without reaching the point it was to die at. */
const POINT_PATIENCE = 8_000;

/** Kills a hub with -9 again and again while people work in it, and holds what they were told against the record. */
export async function killRounds(run: KillRun): Promise<KillResult> {
  const { folder, chance, databaseUrl } = run;
  const settings = { ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }) };
  const hub = await HubProcess.at({ folder, settings });
  const result: KillResult = {
    problems: [],
    deaths: new Map(),
    counts: {
      entries: 0,
      edits: 0,
      acknowledgedEdits: 0,
      acts: 0,
      repeatedActs: 0,
      shownEntries: 0,
      checkpoints: 0,
    },
    chapters: 0,
  };
  const deaths = [...schedule(run.rounds, chance)];
  try {
    while (deaths.length > 0) {
      const verdict = await chapter(hub, deaths.splice(0, run.chapter), { run, result });
      for (const [name, count] of Object.entries(verdict.counts))
        result.counts[name as keyof Verdict['counts']] += count;
      result.chapters += 1;
      const said = verdict.problems.map((what) => `chapter ${result.chapters}: ${what}`);
      result.problems.push(...said);
      const kills = [...result.deaths.values()].reduce((sum, one) => sum + one, 0);
      run.say?.(
        `${kills} kills, ${result.counts.acknowledgedEdits} acknowledged edits, ${result.counts.acts} answered acts, ${result.problems.length} problems`,
      );
      if (said.length > 0) for (const line of said.slice(0, 20)) run.say?.(`  ${line}`);
    }
  } finally {
    await hub.kill();
  }
  return result;
}

/** Half at random moments, some while starting, the rest at the named points in turn. */
function* schedule(rounds: number, chance: Chance): Generator<Death> {
  for (let round = 0, point = chance.int(0, crashPoints.length - 1); round < rounds; round++) {
    if (round % 2 === 1) {
      const at = crashPoints[point++ % crashPoints.length] ?? 'after-commit';
      const often = at === 'in-load' || at === 'in-checkpoint' || at.includes('act') ? 1 : 12;
      yield { at, nth: chance.int(1, often) };
    } else if (chance.happens(0.15)) yield { at: 'start', after: chance.int(50, 1200) };
    else yield { at: 'random', after: chance.int(0, 500) };
  }
}

type Around = { readonly run: KillRun; readonly result: KillResult };

/** One operation: begun, worked in through all these deaths, concluded, and judged with the hub out of the way. */
async function chapter(hub: HubProcess, deaths: readonly Death[], { run, result }: Around): Promise<Verdict> {
  await hub.start();
  const scene = await Scene.open({ urls: [hub.url], chance: run.chance.fork() });
  try {
    scene.startWork();
    for (const [at, death] of deaths.entries()) {
      const began = Date.now();
      const came = await die(hub, death, { scene, first: at === 0 });
      if (process.env.FAULT_TIMES) run.say?.(`${came}: ${Date.now() - began} ms`);
      result.deaths.set(came, (result.deaths.get(came) ?? 0) + 1);
    }
    await hub.start();
    const concluded = await scene.conclude(hub.signerFolder);
    const { code } = await hub.stop();
    const store = await openStoreOf({ dataFolder: hub.dataFolder, databaseUrl: run.databaseUrl });
    const verdict = await judge(store, concluded).finally(() => store.close());
    if (code !== 0) verdict.problems.push(`the hub ended with ${code} when it was asked to stop`);
    if (verdict.problems.length > 0) keepHistory(run.folder, scene, verdict);
    return verdict;
  } finally {
    scene.leave();
  }
}

/** Starts the hub with this death before it, and resolves once it has come, with what it was. */
async function die(
  hub: HubProcess,
  death: Death,
  { scene, first }: { scene: Scene; first: boolean },
): Promise<string> {
  const named = death.at !== 'random' && death.at !== 'start';
  if (!first || named) {
    if (hub.isRunning) await hub.kill();
    hub.spawn(named ? `${death.at}:${death.nth}` : undefined);
  }
  if (death.at === 'start') {
    await Promise.race([pause(death.after), hub.ended()]);
    await hub.kill();
    return 'while starting';
  }
  if (!(await hub.ready())) return expectKilled(hub, named ? death.at : 'by itself');
  if (!named) {
    await Promise.race([pause(death.after), hub.ended()]);
    if (!hub.isRunning) return expectKilled(hub, 'by itself');
    await hub.kill();
    return 'at random';
  }
  const end = Date.now() + POINT_PATIENCE;
  if (death.at === 'in-checkpoint') scene.officers[0]?.writeMuch();
  while (hub.isRunning && Date.now() < end) await Promise.race([pause(200), hub.ended()]);
  if (!hub.isRunning) return expectKilled(hub, death.at);
  await hub.kill();
  return `not reached: ${death.at}`;
}

/** A hub that ends by anything but the kill is a finding of its own. */
async function expectKilled(hub: HubProcess, at: string): Promise<string> {
  const { code, signal } = await hub.ended();
  if (signal === 'SIGKILL') return at;
  throw new Error(`the hub ended by itself with ${code ?? signal}:\n${hub.lastWords()}`);
}

/** The whole history beside the data, for whoever looks into it. */
function keepHistory(folder: string, scene: Scene, verdict: Verdict): void {
  const { edits, acts, sent } = scene.ledger;
  const file = path.join(folder, `history-${scene.operation}.json`);
  fs.writeFileSync(
    file,
    JSON.stringify({ board: scene.board, problems: verdict.problems, edits, acts, sent }, null, 1),
  );
}
