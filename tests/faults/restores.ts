import type { BusGround } from './bus-troubles.ts';
import { hasSharedCard } from './officer/board-hand.ts';
import type { Scene } from './scene.ts';
import { type Backup, putBack } from './support/backup.ts';
import { type Chance, pause, until } from './support/chance.ts';
import type { HubProcess } from './support/hub-process.ts';

/** What is there when a database is put back. */
export type Restoring = {
  readonly ground: BusGround;
  readonly scene: Scene;
  readonly backup: Backup;
  readonly chance: Chance;
  /** A word for `RESTORED` that no database has heard. */
  readonly word: () => string;
};

/** A way in which a database goes back to a backup. Resolves when the hubs that should run do. */
export type Way = {
  readonly name: string;
  /** `false`: nobody uses a stock client. It names no epoch, and of ids that are new in the lost part the hub knows nothing. */
  readonly stock?: false;
  happen(restoring: Restoring): Promise<void>;
};

export const ways: readonly Way[] = [
  {
    name: 'a hub asleep meanwhile, the other told by RESTORED',
    async happen(given) {
      const [first, second] = hubsOf(given);
      await first.kill();
      await back(given, () => second.freeze());
      await startTold(given, first);
      second.thaw();
    },
  },
  {
    name: 'all hubs stopped, and told by RESTORED',
    async happen(given) {
      const [first, second] = hubsOf(given);
      await Promise.all([first.stop(), second.stop()]);
      await back(given);
      await startTold(given, first);
      await start(second);
    },
  },
  {
    name: 'all hubs killed, and nobody says anything',
    async happen(given) {
      const [first, second] = hubsOf(given);
      await Promise.all([first.kill(), second.kill()]);
      await back(given);
      await start(first);
      await start(second);
    },
  },
  {
    name: 'put back twice, and told by RESTORED each time',
    stock: false,
    async happen(given) {
      const [first, second] = hubsOf(given);
      for (const last of [false, true]) {
        await Promise.all([first.kill(), second.kill()]);
        await back(given);
        await startTold(given, first);
        await start(second);
        if (!last) await workInBetween(given);
      }
    },
  },
  {
    name: 'a hub left running, the other told by RESTORED',
    async happen(given) {
      const [first] = hubsOf(given);
      await first.kill();
      await back(given);
      await pause(given.chance.int(0, 2000));
      await startTold(given, first);
    },
  },
  {
    // Nothing of its board fails then: what it holds of the lost part it goes on holding.
    name: 'a hub left running while nobody writes, the other told by RESTORED',
    async happen(given) {
      const { scene, chance } = given;
      const [first] = hubsOf(given);
      await scene.settle();
      await first.kill();
      await back(given);
      scene.startWork();
      await pause(chance.int(0, 2000));
      await startTold(given, first);
    },
  },
];

function hubsOf({ ground }: Restoring): [HubProcess, HubProcess] {
  const [first, second] = ground.hubs;
  if (first === undefined || second === undefined) throw new Error('two hubs are needed');
  return [first, second];
}

/** `stopped`: while PostgreSQL is down and everybody has heard all. */
function back({ ground, scene, backup }: Restoring, stopped?: () => void): Promise<void> {
  return putBack(ground, backup, () => {
    scene.ledger.restored();
    stopped?.();
  });
}

async function startTold(given: Restoring, hub: HubProcess): Promise<void> {
  hub.set('RESTORED', given.word());
  await start(hub);
}

async function start(hub: HubProcess): Promise<void> {
  hub.spawn();
  if (!(await hub.ready())) throw new Error(`a hub ended at its start:\n${hub.lastWords()}`);
}

/** Everybody is back and has been let into the life that follows, and writes something that will be lost as well. */
async function workInBetween({ scene, chance }: Restoring): Promise<void> {
  const { shutOut, toldRestored } = scene.ledger;
  await until(
    () =>
      scene.officers.every(
        ({ handle, doc }) => shutOut.has(handle) || (toldRestored.has(handle) && hasSharedCard(doc)),
      ),
    'everybody is back after the first restore',
  );
  await pause(chance.int(500, 1500));
}
