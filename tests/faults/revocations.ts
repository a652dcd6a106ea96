import { hex } from '#shared/kernel/encoding.ts';

import type { FaultedOfficer } from './officer/faulted-officer.ts';
import type { Scene } from './scene.ts';
import type { Chance } from './support/chance.ts';

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
    await lead.post(`${members}/${ids.get(handle)}/remove`, command({ reason: 'The liaison has ended.' }));
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
        await lead.post(members, command({ officerId: ids.get(handle), role: 'observer' }));
      },
      // May open the board again, to look at.
      isOut: ({ handle }: FaultedOfficer, replied: number) => scene.ledger.linesOf(handle, replied) === 0,
    },
    {
      name: 'signed out through another hub',
      async end({ cookie }: FaultedOfficer) {
        const headers = { cookie, origin: lead.url, 'content-type': 'application/json' };
        const reply = await fetch(`${lead.url}/api/v1/sign-out`, {
          method: 'POST',
          headers,
          body: JSON.stringify(command({})),
        });
        if (!reply.ok) throw new Error(`signing out was answered with ${reply.status}`);
      },
      isOut: (officer: FaultedOfficer) => officer.isShutOut,
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
      const commandId = hex(chance.bytes(16));
      await lead.post(`/operations/${operation}/close`, { commandId, reason: 'The action day is over.' });
    },
    isOut: ({ handle }, replied) => ledger.linesOf(handle, replied) === 0,
  };
}
