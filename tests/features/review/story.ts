import { addCard, editCard, moveCards } from '#shared/board/card.ts';
import type { CardId } from '#shared/board/document.ts';
import { asId } from '#shared/kernel/ids.ts';
import { seededRandom } from '#tests/convergence/seeded-random.ts';
import { BoardPeer } from '#tests/features/boards/peer.ts';
import type { Operation, TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';

import { amber } from './support.ts';

export type Story = { readonly operation: Operation; readonly board: string };

/** A room in which everything happens that a room knows, in an order the seed decides. Tan Wei leads. */
export async function tellStory(
  hub: TestHub,
  { seed, acts }: { seed: number; acts: number },
): Promise<Story> {
  const chance = seededRandom(seed);
  const operation = await hub.operation('GLACIER', {
    chanida: 'officer',
    jonas: 'officer',
    amelie: 'auditor',
  });
  const officers = await Promise.all(['tan.wei', 'chanida', 'jonas'].map((handle) => hub.signIn(handle)));
  const [tan, chanida, jonas] = officers as [TestOfficer, TestOfficer, TestOfficer];
  const at = `/operations/${operation.id}`;
  const board = await tan.must<{ id: string }>('POST', `${at}/boards`, {
    title: 'Flow',
    compartment: operation.main,
  });
  const peers = [peerOf(hub, tan, operation, board.id), peerOf(hub, chanida, operation, board.id)] as const;
  for (const peer of peers) await peer.ready();
  const messages: { id: string; by: TestOfficer; gone: boolean }[] = [];
  const indicators: string[] = [];
  const compartmentOf = (by: TestOfficer) =>
    by === jonas || chance.below(4) === 0 ? operation.partners : operation.main;
  const kinds = { tan: [tan, chanida, jonas], desk: [tan, chanida] };
  const does: readonly ((n: number) => Promise<unknown>)[] = [
    async (n) => {
      const by = chance.one(kinds.tan);
      const text = `message ${n} ${chance.one(['wallet', 'courier', 'บัญชีม้า'])}`;
      const body = { text, compartment: compartmentOf(by), handling: amber };
      messages.push({ ...(await by.must<{ id: string }>('POST', `${at}/messages`, body)), by, gone: false });
    },
    async (n) => {
      const one = messages.filter(({ gone }) => !gone)[chance.below(messages.length || 1)];
      if (one !== undefined)
        await one.by.must('POST', `${at}/messages/${one.id}/edit`, { text: `edited ${n}` });
    },
    async () => {
      const one = messages.filter(({ gone }) => !gone)[chance.below(messages.length || 1)];
      if (one === undefined) return;
      one.gone = true;
      await one.by.must('POST', `${at}/messages/${one.id}/withdraw`, { reason: 'Said too much' });
    },
    async (n) => {
      const body = {
        type: null,
        raw: `host-${n}.example`,
        note: `note ${n}`,
        compartment: operation.main,
        handling: amber,
      };
      indicators.push((await tan.must<{ id: string }>('POST', `${at}/indicators`, body)).id);
    },
    async (n) => {
      indicators.push(...(await importOf(tan, operation, n)));
    },
    async () => {
      const [id] = indicators.splice(chance.below(indicators.length || 1), 1);
      if (id !== undefined) await tan.must('POST', `${at}/indicators/${id}/withdraw`, { reason: 'Not ours' });
    },
    async (n) => {
      const peer = chance.one(peers);
      const id = asId<CardId>((n % 7).toString(16).padStart(32, '0'));
      const by = { by: 'hand' };
      if (n % 7 === n) {
        const createdBy = hub.officerId('tan.wei');
        addCard(peer.doc, { id, kind: 'note', x: 0, y: 0, title: `Card ${n}`, tlp: 'AMBER', createdBy }, by);
      } else if (chance.below(2) === 0) moveCards(peer.doc, [{ id, x: n, y: n }], by);
      else editCard(peer.doc, { id, title: `Card ${n}` }, by);
      await peer.acknowledged();
    },
    async () => {
      const sari = hub.officerId('sari');
      if (
        (await tan.post(`${at}/members`, { officerId: sari, role: chance.one(['officer', 'observer']) }))
          .status !== 200
      )
        await tan.must('POST', `${at}/members/${sari}/remove`, { reason: 'Shift over' });
    },
    async () => {
      const live = await (await hub.signIn(chance.one(['tan.wei', 'chanida', 'jonas']))).connect();
      await live.enter(operation.id);
      live.socket.disconnect();
    },
  ];
  for (let n = 0; n < acts; n++) await chance.one(does)(n);
  for (const peer of peers) peer.hangUp();
  return { operation, board: board.id };
}

function peerOf(hub: TestHub, { cookie }: TestOfficer, operation: Operation, board: string): BoardPeer {
  return new BoardPeer({
    url: `${hub.url.replace('http', 'ws')}/y/${operation.id}/${board}`,
    origin: hub.url,
    cookie,
  });
}

/** A small file read in; the ids of what it added. */
export async function importOf(
  officer: TestOfficer,
  operation: Operation,
  n: number,
  rows = 5,
): Promise<string[]> {
  const at = `/operations/${operation.id}`;
  const lines = Array.from({ length: rows }, (_, row) => `domain,file-${n}-${row}.example,AMBER,row ${row}`);
  const preview = await officer.must<{ importId: string }>('POST', `${at}/imports`, {
    format: 'csv',
    fileName: `file-${n}.csv`,
    content: Buffer.from(['type,value,tlp,note', ...lines].join('\n')).toString('base64'),
    compartment: operation.main,
    handling: amber,
  });
  await officer.must('POST', `${at}/imports/${preview.importId}/commit`, {});
  const { indicators } = await officer.must<{ indicators: { id: string }[] }>(
    'GET',
    `${at}/indicators?importId=${preview.importId}`,
  );
  return indicators.map(({ id }) => id);
}
