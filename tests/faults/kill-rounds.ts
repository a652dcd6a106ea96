import { openStoreOf } from './history/read-record.ts';
import { judge } from './history.ts';
import { Scene } from './scene.ts';
import { type Chance, pause } from './support/chance.ts';
import { type CrashPoint, crashPoints } from './support/crash-points.ts';
import { HubProcess } from './support/hub-process.ts';
import { addVerdict, count, emptyResult, type RoundsResult } from './trouble-rounds.ts';

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

/** How long a hub may live on without reaching the point it was to die at. */
const POINT_PATIENCE = 30_000;

/** Kills a hub with -9 again and again while people work in it, and holds what they were told against the record. */
export async function killRounds(run: KillRun): Promise<RoundsResult> {
  const { folder, chance, databaseUrl } = run;
  const settings = { ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }) };
  const hub = await HubProcess.at({ folder, settings });
  const result = emptyResult();
  const deaths = [...schedule(run.rounds, chance)];
  try {
    while (deaths.length > 0) await chapter(hub, deaths.splice(0, run.chapter), { run, result });
  } finally {
    await hub.kill();
  }
  return result;
}

const rare: ReadonlySet<CrashPoint> = new Set([
  'in-load',
  'in-checkpoint',
  'in-signing',
  'in-publication',
  'after-publication',
  'before-act-commit',
  'after-act-commit',
]);

/** Half at random moments, some while starting, the rest at the named points in turn. */
function* schedule(rounds: number, chance: Chance): Generator<Death> {
  for (let round = 0, point = chance.int(0, crashPoints.length - 1); round < rounds; round++) {
    if (round % 2 === 1) {
      const at = crashPoints[point++ % crashPoints.length] ?? 'after-commit';
      yield { at, nth: chance.int(1, rare.has(at) ? 1 : 12) };
    } else if (chance.happens(0.15)) yield { at: 'start', after: chance.int(50, 1200) };
    else yield { at: 'random', after: chance.int(0, 500) };
  }
}

type Around = { readonly run: KillRun; readonly result: RoundsResult };

/** One operation: begun, worked in through all these deaths, concluded, and judged with the hub out of the way. */
async function chapter(hub: HubProcess, deaths: readonly Death[], { run, result }: Around): Promise<void> {
  await hub.start();
  const scene = await Scene.open({ urls: [hub.url], chance: run.chance.fork() });
  try {
    scene.startWork();
    for (const [at, death] of deaths.entries()) {
      count(result.times, await die(hub, death, { scene, first: at === 0 }));
    }
    await hub.start();
    const concluded = await scene.conclude(hub.signerFolder);
    const { code } = await hub.stop();
    const store = await openStoreOf({ dataFolder: hub.dataFolder, databaseUrl: run.databaseUrl });
    const verdict = await judge(store, concluded).finally(() => store.close());
    if (code !== 0) verdict.problems.push(`the hub ended with ${code} when it was asked to stop`);
    addVerdict(result, verdict, { folder: run.folder, scene, say: run.say });
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
  while (hub.isRunning && Date.now() < end) {
    if (death.at === 'in-checkpoint') scene.officers[0]?.writeMuch();
    await Promise.race([pause(200), hub.ended()]);
  }
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
