import { hex } from '#shared/kernel/encoding.ts';

import type { FaultedOfficer } from './officer/faulted-officer.ts';
import type { Scene } from './scene.ts';
import { type Chance, until } from './support/chance.ts';

/** A way in which officers come to write no more. */
export type End = {
  readonly name: string;
  /** Those who still could write. */
  whom(): readonly FaultedOfficer[];
  /** Resolves with the reply. */
  happen(): Promise<void>;
  /** Every line is closed on which the officer could have gone on. */
  isOut(officer: FaultedOfficer, replied: number): boolean;
};

/** In one operation. */
export const ends = 4;

/** One end for each who is not the lead, whichever hub they are at. */
export function endsOfOfficers(scene: Scene, chance: Chance): readonly End[] {
  const { lead, operation, ids } = scene;
  const members = `/operations/${operation}/members`;
  const command = (what: object) => ({ commandId: hex(chance.bytes(16)), ...what });
  const remove = async (handle: string) => {
    const removal = command({ reason: 'The liaison has ended.' });
    await insist(() => lead.post(`${members}/${ids.get(handle)}/remove`, removal));
  };
  const ways = [
    {
      name: 'removed',
      end: ({ handle }: FaultedOfficer) => remove(handle),
      isOut: (officer: FaultedOfficer) => officer.isShutOut,
    },
    {
      name: 'made an observer',
      async end({ handle }: FaultedOfficer) {
        await remove(handle);
        const admission = command({ officerId: ids.get(handle), role: 'observer' });
        await insist(() => lead.post(members, admission));
      },
      // May open the board again, to look at.
      isOut: ({ handle }: FaultedOfficer, replied: number) => scene.ledger.linesOf(handle, replied) === 0,
    },
    {
      name: 'signed out through another hub',
      async end({ cookie }: FaultedOfficer) {
        const headers = { cookie, origin: lead.url, 'content-type': 'application/json' };
        const body = JSON.stringify(command({}));
        await insist(async () => {
          const reply = await fetch(`${lead.url}/api/v1/sign-out`, { method: 'POST', headers, body });
          if (!reply.ok) throw new Error(`signing out was refused: ${await reply.text()}`);
        });
      },
      // Whether it hears so on a line or finds none any more: it has none.
      isOut: ({ handle, room }: FaultedOfficer) => scene.ledger.linesOf(handle) === 0 && !room.isOpen,
    },
  ];
  const others = scene.officers.filter(({ handle }) => handle !== lead.handle);
  const first = chance.int(0, others.length - 1);
  return ways.map(({ name, end, isOut }, at) => {
    const officer = others[(first + at) % others.length];
    if (officer === undefined) throw new Error('nobody is here');
    return { name, whom: () => [officer], isOut, happen: () => end(officer) };
  });
}

/** The operation is closed: whoever still could writes no more, and may look. */
export function endOfOperation(scene: Scene, chance: Chance): End {
  const { lead, operation, ledger, officers } = scene;
  return {
    name: 'the operation closed',
    whom: () => officers.filter(({ handle }) => !ledger.shutOut.has(handle)),
    async happen() {
      const closing = { commandId: hex(chance.bytes(16)), reason: 'The action day is over.' };
      await insist(() => lead.post(`/operations/${operation}/close`, closing));
    },
    isOut: ({ handle }, replied) => ledger.linesOf(handle, replied) === 0,
  };
}

/** The same command again while the hub says that its store is away. */
async function insist(act: () => Promise<unknown>): Promise<void> {
  await until(
    () =>
      act().then(
        () => true,
        (error: unknown) => {
          if (String(error).includes('store.unavailable')) return false;
          throw error;
        },
      ),
    'the hub takes the command',
    // Each transaction of a frozen hub may hold the record until PostgreSQL ends it after 15 s.
    180_000,
  );
}
