import * as Y from 'yjs';

import { systemRandom } from '#server/app/system.ts';
import { addCard } from '#shared/board/card.ts';
import { newCardId, recordOf } from '#shared/board/document.ts';
import { asId, type OfficerId } from '#shared/kernel/ids.ts';

import { Connection } from '../load/connection.ts';
import { Crowd, type Shape } from '../load/crowd.ts';
import type { Job, Outcome } from '../load/job.ts';
import { makeMark } from '../load/marks.ts';
import { until } from '../load/pace.ts';

const cards = 10_000;
const perBatch = 400;

/** One officer puts ten thousand cards on the board while the others go on. */
export async function importCards(job: Job, shape: Shape): Promise<Outcome> {
  const crowd = await Crowd.gather(job, { ...shape, spare: 1, guests: 1 });
  await crowd.settle();
  const [board] = crowd.boards;
  const seat = board?.table.seats.at(-1);
  if (board === undefined || seat === undefined) throw new Error('no board to import into');
  const importer = await Connection.open({ base: crowd.base(0), dialect: job.dialect, seat, reader: null });
  await until(() => importer.synced, 10_000);
  const batches = prepare(board.ledger.firstWriter + shape.writers);
  let took: number | null = null;
  const outcome = await crowd.measure([], async () => {
    const start = performance.now();
    board.ledger.sent(board.ledger.firstWriter + shape.writers, 0);
    for (const batch of batches) importer.edit(batch, start);
    const seen = () =>
      board.readers.every((reader) => reader.hasFrom(board.ledger.firstWriter + shape.writers));
    if (await until(seen, 60_000)) took = performance.now() - start;
  });
  importer.destroy();
  crowd.leave();
  return {
    ...outcome,
    more: { 'import ms': took, 'import bytes': batches.reduce((sum, one) => sum + one.length, 0) },
  };
}

/** The updates of the whole import; the last card carries the mark. */
function prepare(writer: number): Uint8Array[] {
  const doc = new Y.Doc();
  const origin = { bench: true };
  const batches: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => batches.push(update));
  for (let made = 0; made < cards; made += perBatch) {
    doc.transact(() => {
      for (let at = made; at < made + perBatch; at++) {
        const id = newCardId(systemRandom);
        addCard(
          doc,
          {
            id,
            kind: 'indicator',
            x: 250 * (at % 100),
            y: 8000 + 120 * Math.floor(at / 100),
            tlp: 'AMBER',
            createdBy: asId<OfficerId>('0b'.repeat(16)),
            title: `login-${at}.loan-fraud.example`,
          },
          origin,
        );
        if (at === cards - 1) recordOf(doc, 'cards', id)?.set('mark', makeMark(writer, 0, 0));
      }
    }, origin);
  }
  doc.destroy();
  return batches;
}
