import { addCard } from '#shared/board/card.ts';
import type { Origin } from '#shared/board/document.ts';
import type { Board } from '#shared/contracts/boards.ts';
import { asId } from '#shared/kernel/ids.ts';
import type { Operation, TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';

import { join, newBoard } from '../../boards/support.ts';
import { amber, reviewBy } from '../support.ts';

export type Scene = {
  readonly operation: Operation;
  readonly tan: TestOfficer;
  readonly board: Board;
  readonly indicator: { readonly id: string; readonly seq: number };
  readonly toAll: { readonly id: string; readonly seq: number };
  readonly inLane: { readonly id: string; readonly seq: number };
};

const hand = 'a test' as unknown as Origin;
export const thai = 'ปฏิบัติการเหนือ: ตรวจสอบบัญชีม้า';

/** An operation in which something of everything has happened. Jonas is of a partner, and receives its lane only. */
export async function playScene(hub: TestHub, name = 'Opération GLACIER / เหนือ'): Promise<Scene> {
  const operation = await hub.operation(name, { amelie: 'auditor', chanida: 'officer', jonas: 'officer' });
  const tan = await hub.signIn('tan.wei');
  const jonas = await hub.signIn('jonas');
  const toAll = await reviewBy(tan, operation).say(`${thai} https://bad.example/x, Nguyễn`, operation.main);
  const inLane = await reviewBy(jonas, operation).say('Only in the lane.', operation.partners);
  const indicator = await tan.must<Scene['indicator']>('POST', `/operations/${operation.id}/indicators`, {
    type: null,
    raw: 'https://evil.example/pay',
    compartment: operation.main,
    handling: { ...amber, tlp: 'AMBER+STRICT', code: 'H1' },
  });
  const board = await newBoard(tan, operation);
  const peer = await join({ hub, operation, board }, 'chanida');
  for (const title of ['Wallet bc1q', `บัญชี ${thai}`, 'Mule account']) {
    addCard(
      peer.doc,
      {
        id: asId(tan.commandId()),
        kind: 'account',
        x: 10,
        y: 20,
        tlp: 'AMBER',
        createdBy: hub.officerId('chanida'),
        title,
        text: 'Seen at http://evil.example/pay',
      },
      hand,
    );
    await peer.acknowledged();
  }
  peer.ws.close();
  await peer.end();
  return { operation, tan, board, indicator, toAll, inLane };
}
