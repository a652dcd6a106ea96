import { oneRow, sql } from '#server/platform/storage/store.ts';
import type { BusGround } from './bus-troubles.ts';
import { openStoreOf } from './history/read-record.ts';
import { judge } from './history.ts';
import type { FaultedOfficer } from './officer/faulted-officer.ts';
import { type End, endOfOperation, ends, endsOfOfficers } from './revocations.ts';
import { Scene } from './scene.ts';
import { type Chance, pause, until } from './support/chance.ts';
import { addVerdict, count, emptyResult, type RoundsResult } from './trouble-rounds.ts';

export type RevocationRun = {
  readonly folder: string;
  readonly ground: BusGround;
  readonly chance: Chance;
  readonly rounds: number;
  /** How the bus is meanwhile. */
  readonly bus: 'up' | 'down' | 'silent';
  /** All hubs but the lead's sleep through it, and PostgreSQL is restarted every second time: they wake with what was so. */
  readonly asleep?: boolean;
  readonly say?: (line: string) => void;
};

export type RevocationResult = RoundsResult & {
  /** Milliseconds from the reply until the last socket that was open then is closed, in each round. */
  readonly closedAfter: number[];
};

const people = ['tan.wei', 'chanida', 'sari', 'nguyen'];
/** Longest that any socket of somebody who may write no more may stay open. */
const LIMIT = 1_000;
/** On a machine with too much to do, each of so many steps may take as long as the slowest `/readyz` meanwhile. */
const STEPS = 3;
/** The same on a hub that has just woken, and may have to find its store again first. */
const AWOKEN_LIMIT = 3_000;

/**
 * Takes the right to write from officers at random moments while everybody writes, on all hubs: removed, made observers,
 * signed out, and in the end all of them by closing the operation. Not one more act of theirs stands.
 */
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
      const busy = (done / ends) % 2 === 0;
      scene.startWork(busy ? undefined : ['tan.wei']);
      for (const end of [...endsOfOfficers(scene, chance), endOfOperation(scene, chance)].slice(
        0,
        run.rounds - done,
      )) {
        await pause(chance.int(100, 900));
        const { after, answered } = await (run.asleep ? shutOutAsleep : shutOut)(scene, end, run);
        result.closedAfter.push(after);
        count(
          result.times,
          `${end.name} while ${busy ? 'all write' : 'the lead writes'}, the bus ${run.bus}${run.asleep ? ', hubs asleep' : ''}`,
        );
        if (after > (run.asleep ? AWOKEN_LIMIT : LIMIT) + STEPS * answered)
          result.problems.push(
            `${end.name}: a socket was open ${after} ms after the reply, or the waking; /readyz took ${answered} ms`,
          );
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

/** When the last line was closed, and how long a hub took to say that it can commit meanwhile, at worst; ms. */
type Closed = { readonly after: number; readonly answered: number };

/** Resolves with how long after the reply the last line was closed on which those concerned could have written. */
async function shutOut(scene: Scene, end: End, { ground }: RevocationRun): Promise<Closed> {
  const whom = end.whom();
  await end.happen();
  const replied = Date.now();
  const head = await headOf(scene, ground);
  for (const { handle } of whom) scene.ledger.shutOut.set(handle, head);
  return untilOut(whom, end, { ground, replied });
}

/**
 * The same while every hub but the lead's is frozen, with frames of its officers on their way to it. What it wakes with is a
 * former epoch, sockets let in under it and, after a restart of PostgreSQL, no line to look for another.
 */
async function shutOutAsleep(scene: Scene, end: End, run: RevocationRun): Promise<Closed> {
  const { ground, chance } = run;
  const whom = end.whom();
  const asleep = ground.hubs.slice(1);
  for (const hub of asleep) hub.freeze();
  try {
    await end.happen();
    const head = await headOf(scene, ground);
    for (const { handle } of whom) scene.ledger.shutOut.set(handle, head);
    if (chance.happens(0.5)) {
      await ground.postgres.stop(chance.pick(['SIGINT', 'SIGQUIT'] as const));
      await ground.postgres.start();
    }
    await pause(chance.int(100, 1500));
  } finally {
    for (const hub of asleep) hub.thaw();
  }
  return untilOut(whom, end, { ground, replied: Date.now() });
}

async function untilOut(
  whom: readonly FaultedOfficer[],
  end: End,
  { ground, replied }: { ground: BusGround; replied: number },
): Promise<Closed> {
  let answered = 0;
  let over = false;
  const probing = ground.hubs.map(async (hub) => {
    while (!over) {
      const asked = Date.now();
      await hub.answers('/readyz');
      answered = Math.max(answered, Date.now() - asked);
      await pause(50);
    }
  });
  try {
    await until(
      () => whom.every((officer) => end.isOut(officer, replied)),
      () => `${end.name}: ${whom.map((one) => `${one.handle} ${one.boardState}`).join('; ')}`,
      15_000,
    );
  } finally {
    over = true;
  }
  const after = Date.now() - replied;
  await Promise.all(probing);
  // They have gone on trying until now.
  await Promise.all(whom.map((officer) => officer.restFromWork()));
  return { after, answered };
}

/** How long the record is by now: the revocation is on it. */
async function headOf({ operation }: Scene, { databaseUrl }: BusGround): Promise<number> {
  const store = await openStoreOf({ dataFolder: '', databaseUrl });
  const log = await store
    .read((tx) => oneRow<{ head: number }>(tx, sql`select head from logs where id = ${operation}`))
    .finally(() => store.close());
  return log?.head ?? 0;
}

async function verdictOn(scene: Scene, { hubs, databaseUrl }: BusGround) {
  const concluded = await scene.conclude(hubs[0]?.signerFolder ?? '');
  const store = await openStoreOf({ dataFolder: '', databaseUrl });
  return judge(store, concluded).finally(() => store.close());
}
