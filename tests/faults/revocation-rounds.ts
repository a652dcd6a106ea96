import { hex } from '#shared/kernel/encoding.ts';

import type { BusGround } from './bus-troubles.ts';
import { openStoreOf } from './history/read-record.ts';
import { judge } from './history.ts';
import type { FaultedOfficer } from './officer/faulted-officer.ts';
import { Scene } from './scene.ts';
import { type Chance, pause, until } from './support/chance.ts';
import { addVerdict, count, emptyResult, type RoundsResult } from './trouble-rounds.ts';

export type RevocationRun = {
  readonly folder: string;
  readonly ground: BusGround;
  readonly chance: Chance;
  readonly rounds: number;
  /** How the bus is while officers are removed. */
  readonly bus: 'up' | 'down' | 'silent';
  readonly say?: (line: string) => void;
};

export type RevocationResult = RoundsResult & {
  /** Milliseconds from the reply to the removal until the officer's last socket was closed, in each round. */
  readonly closedAfter: number[];
};

const people = ['tan.wei', 'chanida', 'sari', 'nguyen'];
/** Longest that any socket of a removed officer may stay open. */
const LIMIT = 1_000;

/** Removes officers at random moments while everybody writes, on two hubs; they go, and not one more act of theirs stands. */
export async function revocationRounds(run: RevocationRun): Promise<RevocationResult> {
  const { ground, chance } = run;
  const result = { ...emptyResult(), closedAfter: [] as number[] };
  for (const hub of ground.hubs) await hub.start();
  if (run.bus === 'down') await ground.redis.stop('SIGKILL');
  if (run.bus === 'silent') ground.redis.signal('SIGSTOP');
  for (let done = 0; done < run.rounds; ) {
    const scene = await Scene.open({
      urls: ground.hubs.map(({ url }) => url),
      chance: chance.fork(),
      people,
      pace: { edits: 20, acts: 60 },
    });
    try {
      // In every other operation nobody but the lead does anything: then no refused commit tells a hub either.
      const busy = done % 2 === 0;
      scene.startWork(busy ? undefined : ['tan.wei']);
      // The lead stays; the others go one after the other, whichever hub they are at.
      for (const handle of ['chanida', 'nguyen', 'sari'].slice(0, run.rounds - done)) {
        await pause(chance.int(100, 900));
        const officer = scene.officers.find((one) => one.handle === handle);
        if (officer === undefined) throw new Error(`${handle} is not here`);
        const after = await remove(scene, officer, chance);
        result.closedAfter.push(after);
        count(result.times, `removed while ${busy ? 'writing' : 'looking on'}, the bus ${run.bus}`);
        if (after > LIMIT) result.problems.push(`${handle} had a socket ${after} ms after the removal`);
        done += 1;
      }
      const verdict = await verdictOn(scene, ground);
      addVerdict(result, verdict, { folder: run.folder, scene, say: run.say });
    } finally {
      scene.leave();
    }
  }
  if (run.bus === 'down') await ground.redis.start();
  if (run.bus === 'silent') ground.redis.signal('SIGCONT');
  return result;
}

/** Resolves with how long after the reply the officer's last line to the operation was closed. */
async function remove(scene: Scene, officer: FaultedOfficer, chance: Chance): Promise<number> {
  const path = `/operations/${scene.operation}/members/${scene.ids.get(officer.handle)}/remove`;
  await scene.lead.post(path, { commandId: hex(chance.bytes(16)), reason: 'The liaison has ended.' });
  const replied = Date.now();
  await until(
    () => officer.isShutOut,
    () => `${officer.handle} is shut out: ${officer.boardState}`,
    15_000,
  );
  return Date.now() - replied;
}

async function verdictOn(scene: Scene, { hubs, databaseUrl }: BusGround) {
  const concluded = await scene.conclude(hubs[0]?.signerFolder ?? '');
  const store = await openStoreOf({ dataFolder: '', databaseUrl });
  return judge(store, concluded).finally(() => store.close());
}
