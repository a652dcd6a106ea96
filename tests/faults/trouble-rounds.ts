import fs from 'node:fs';
import path from 'node:path';

import { openStoreOf } from './history/read-record.ts';
import { judge, type Verdict } from './history.ts';
import { Scene } from './scene.ts';
import { type Chance, pause } from './support/chance.ts';
import type { HubProcess } from './support/hub-process.ts';

/** Something that goes wrong around the hubs and is made good again before it resolves. */
export type Trouble = {
  readonly name: string;
  /** Takes longer than the short form has. */
  readonly slow?: true;
  happen(chance: Chance): Promise<void>;
};

/** Hubs and what they stand on. */
export type Surroundings = {
  readonly hubs: readonly HubProcess[];
  /** Past every proxy; undefined where the store is embedded. */
  readonly databaseUrl: string | undefined;
  close(): Promise<void>;
};

export type RoundsResult = {
  readonly problems: string[];
  /** How often each trouble came. */
  readonly times: Map<string, number>;
  readonly counts: Record<keyof Verdict['counts'], number>;
  chapters: number;
};

export type TroubleRun = {
  readonly folder: string;
  readonly surroundings: Surroundings;
  readonly troubles: readonly Trouble[];
  readonly chance: Chance;
  readonly rounds: number;
  readonly chapter: number;
  readonly say?: (line: string) => void;
};

export function emptyResult(): RoundsResult {
  return {
    problems: [],
    times: new Map(),
    counts: {
      entries: 0,
      edits: 0,
      acknowledgedEdits: 0,
      acts: 0,
      repeatedActs: 0,
      shownEntries: 0,
      checkpoints: 0,
      shownAfterRemoval: 0,
    },
    chapters: 0,
  };
}

/** Adds the verdict on one operation, and keeps its whole history beside the data when something is wrong. */
export function addVerdict(
  result: RoundsResult,
  { counts, problems }: Verdict,
  { folder, scene, say }: { folder: string; scene: Scene; say?: ((line: string) => void) | undefined },
): void {
  result.chapters += 1;
  for (const [name, count] of Object.entries(counts)) result.counts[name as keyof typeof counts] += count;
  result.problems.push(...problems.map((what) => `chapter ${result.chapters}: ${what}`));
  const rounds = [...result.times.values()].reduce((sum, one) => sum + one, 0);
  const { acknowledgedEdits, acts } = result.counts;
  say?.(
    `${rounds} rounds, ${acknowledgedEdits} acknowledged edits, ${acts} answered acts, ${result.problems.length} problems`,
  );
  for (const what of problems.slice(0, 20)) say?.(`  ${what}`);
  if (problems.length === 0) return;
  const { edits, acts: all, sent } = scene.ledger;
  const file = path.join(folder, `history-${scene.operation}.json`);
  fs.writeFileSync(file, JSON.stringify({ board: scene.board, problems, edits, acts: all, sent }, null, 1));
}

export function count(times: Map<string, number>, name: string): void {
  times.set(name, (times.get(name) ?? 0) + 1);
}

/** One trouble after the other while people work; the hubs must live through all of them and lose nothing. */
export async function troubleRounds(run: TroubleRun): Promise<RoundsResult> {
  const { surroundings, troubles, chance } = run;
  const result = emptyResult();
  for (const hub of surroundings.hubs) await hub.start();
  for (let done = 0; done < run.rounds; ) {
    const scene = await Scene.open({
      urls: surroundings.hubs.map(({ url }) => url),
      chance: chance.fork(),
    });
    try {
      scene.startWork();
      for (const end = Math.min(run.rounds, done + run.chapter); done < end; done++) {
        const trouble = troubles[done % troubles.length];
        if (trouble === undefined) throw new Error('no trouble at all');
        await pause(chance.int(20, 400));
        await trouble.happen(chance);
        count(result.times, trouble.name);
        result.problems.push(...surroundings.hubs.flatMap((hub) => unexpectedEnd(hub, trouble.name)));
        if (result.problems.length > 0 && surroundings.hubs.some((hub) => !hub.isRunning)) return result;
      }
      for (const hub of surroundings.hubs) await hub.ready();
      addVerdict(result, await verdictOn(scene, surroundings), { folder: run.folder, scene, say: run.say });
    } finally {
      scene.leave();
    }
  }
  for (const hub of surroundings.hubs) {
    const { code, signal } = await hub.stop();
    if (code !== 0) result.problems.push(`a hub ended with ${code ?? signal} when it was asked to stop`);
  }
  return result;
}

async function verdictOn(scene: Scene, { hubs, databaseUrl }: Surroundings): Promise<Verdict> {
  const [hub] = hubs;
  if (hub === undefined) throw new Error('no hub at all');
  const concluded = await scene.conclude(hub.signerFolder);
  if (databaseUrl === undefined) await hub.stop();
  const store = await openStoreOf({ dataFolder: hub.dataFolder, databaseUrl });
  const verdict = await judge(store, concluded).finally(() => store.close());
  if (databaseUrl === undefined) await hub.start();
  return verdict;
}

function unexpectedEnd(hub: HubProcess, after: string): string[] {
  return hub.isRunning ? [] : [`a hub ended by itself after "${after}":\n${hub.lastWords()}`];
}
