import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { memoryBus } from '#server/platform/bus/memory.ts';
import { rows, sql } from '#server/platform/storage/store.ts';
import { nodeBeside } from '#tests/features/boards/node-beside.ts';
import { eventually } from '#tests/features/boards/peer.ts';
import { join, newBoard, put } from '#tests/features/boards/support.ts';
import { reviewBy } from '#tests/features/review/support.ts';
import { storeKinds } from '#tests/record/support.ts';
import { startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';
import { freshDatabase } from '#tests/support/postgres.ts';

describe.each(storeKinds)('%s', (kind) => {
  let here: TestHub;
  let there: TestHub;
  let drop: () => Promise<void> = async () => undefined;
  beforeAll(async () => {
    const database: { url?: string; drop?: () => Promise<void> } =
      kind === 'postgres' ? await freshDatabase() : {};
    drop = database.drop ?? drop;
    const given = {
      bus: memoryBus(),
      ...(database.url === undefined ? {} : { databaseUrl: database.url }),
    };
    here = await startHub(given);
    there = await nodeBeside(here, given);
  });
  afterAll(async () => {
    await stopHubs();
    await drop();
  });

  test('[LC-3] [AC-9] closed under load on two nodes: what was acknowledged stands before it, and nothing after', async () => {
    const operation = await here.operation('GLACIER', { chanida: 'officer', sari: 'officer' });
    const [tan, chanida, sari] = [
      await here.signIn('tan.wei'),
      await here.signIn('chanida'),
      await there.signIn('sari'),
    ];
    const board = await newBoard(tan, operation);
    const peers = [
      await join({ hub: here, operation, board }, 'chanida'),
      await join({ hub: there, operation, board }, 'sari'),
    ];
    const acknowledged: number[] = [];
    const talk = async (officer: TestOfficer) => {
      for (let at = 0; ; at++) {
        const answer = await officer.post(`/operations/${operation.id}/messages`, {
          text: `Message ${at}`,
          compartment: operation.main,
          handling: { tlp: 'AMBER', pap: 'AMBER', code: 'H0', caveat: '', evaluation: null },
        });
        if (answer.status !== 200) return answer;
        acknowledged.push((answer.body as { seq: number }).seq);
      }
    };
    let drawing = true;
    const draw = async (peer: (typeof peers)[number], name: string) => {
      for (let at = 0; drawing && peer.closed === null; at++) {
        put(peer.doc, `${name} ${at}`);
        await new Promise((soon) => setTimeout(soon, 5));
      }
    };
    const work = [talk(chanida), talk(sari), ...peers.map((peer, at) => draw(peer, `card of ${at}`))];
    await eventually(() => acknowledged.length > 10, 'they are at work', 40_000);
    await tan.must('POST', `/operations/${operation.id}/close`, { reason: 'Now.' });
    const answers = await Promise.all(work);
    drawing = false;
    await Promise.all(peers.map((peer) => peer.end()));

    const entries = await here.store.read((tx) =>
      rows<{ seq: number; kind: string; outcome: string }>(
        tx,
        sql`select seq, kind, outcome from entries where log_id = ${operation.id} order by seq`,
      ),
    );
    const end = entries.find((entry) => entry.kind === 'operation.closed')?.seq ?? -1;
    const late = entries.filter(({ seq, outcome }) => seq > end && outcome === 'ok');
    expect(late.map((entry) => entry.kind)).toEqual([]);
    expect(Math.max(...acknowledged)).toBeLessThan(end);
    expect(answers.slice(0, 2)).toMatchObject([{ status: 409 }, { status: 409 }]);
    expect(peers.map(({ closed }) => closed)).toEqual(
      peers.map(() => ({ code: 4403, reason: 'operation.closed' })),
    );
    expect((await reviewBy(tan, operation).entries()).total).toBeGreaterThan(end);
  }, 90_000);
});
