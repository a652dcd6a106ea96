import type { Board } from '#shared/contracts/boards.ts';
import type { BoardPeer } from '#tests/features/boards/peer.ts';
import { peerOf } from '#tests/features/boards/support.ts';
import type { TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';

import { amber } from './support.ts';

export type Glacier = Awaited<ReturnType<typeof layGlacier>>;

/** An operation of its own for one test: Tan Wei leads, Chanida and Jonas are officers, Amelie audits. */
export async function layGlacier(hub: TestHub) {
  const operation = await hub.operation('GLACIER', {
    chanida: 'officer',
    jonas: 'officer',
    amelie: 'auditor',
  });
  const at = `/operations/${operation.id}`;
  const tan = await hub.signIn('tan.wei');
  return {
    operation,
    at,
    tan,
    chanida: await hub.signIn('chanida'),
    amelie: await hub.signIn('amelie'),
    say: (officer: TestOfficer, text: string, compartment = operation.main) =>
      officer.must<{ id: string; seq: number }>('POST', `${at}/messages`, {
        text,
        compartment,
        handling: amber,
      }),
    board: (title: string, compartment = operation.main) =>
      tan.must<Board>('POST', `${at}/boards`, { title, compartment }),
    /** On the board, and told what it holds. */
    async peer(officer: TestOfficer, board: Board): Promise<BoardPeer> {
      const peer = peerOf({ hub, operation, board }, officer);
      await peer.ready();
      return peer;
    },
  };
}
