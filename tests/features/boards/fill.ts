import * as Y from 'yjs';

import { sql } from '#server/platform/storage/store.ts';
import { root } from '#shared/board/document.ts';
import { asId, type BoardId, type CompartmentId } from '#shared/kernel/ids.ts';
import { type Room, replay } from './support.ts';

/** Changes of one card each, as many entries as said, written straight to the record: cards first, then edits of them. */
export async function fillBoard(
  room: Room,
  { cards, edits, bytes = 0 }: { readonly cards: number; readonly edits: number; readonly bytes?: number },
): Promise<void> {
  const doc = await replay(room);
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  const at = (n: number): Y.Map<unknown> => root(doc, 'cards').get(`card ${n % cards}`) as Y.Map<unknown>;
  for (let n = 0; n < cards; n++) {
    const text = `Wallet bc1q${n} ${'.'.repeat(bytes)}`;
    root(doc, 'cards').set(
      `card ${n}`,
      new Y.Map<unknown>([
        ['x', n],
        ['y', n],
        ['text', new Y.Text(text)],
      ]),
    );
  }
  for (let n = cards; n < edits; n++) at(n * 7919).set(n % 2 === 0 ? 'x' : 'y', n);
  for (let from = 0; from < updates.length; from += 1000) await write(room, updates.slice(from, from + 1000));
}

async function write({ hub, operation, board }: Room, updates: readonly Uint8Array[]): Promise<void> {
  await hub.store.write(async (tx) => {
    const recorded = await hub.hub.append(tx, {
      log: operation.id,
      epoch: null,
      facts: updates.map((body) => ({
        kind: 'board.updated' as const,
        by: { kind: 'hub' as const },
        object: { kind: 'board', id: board.id },
        compartment: asId<CompartmentId>(operation.main),
        outcome: 'ok' as const,
        command: null,
        body,
      })),
    });
    await sql`insert into board_updates (board_id, seq, client_ids, size)
              select ${asId<BoardId>(board.id)}, t.seq, '{}', t.size
              from unnest(${recorded.map(({ seq }) => seq)}::bigint[],
                          ${updates.map(({ length }) => length)}::integer[]) as t (seq, size)`.execute(tx);
  });
}
