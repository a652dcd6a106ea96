import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Denial } from '#server/platform/access.ts';
import { rows, type Store, sql } from '#server/platform/storage/store.ts';
import { type Denials, keepDenials } from '#server/record/denials.ts';
import { bodyOf } from '#server/record/read.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { base64, hex } from '#shared/kernel/encoding.ts';
import { asId, type OperationId } from '#shared/kernel/ids.ts';
import {
  appendAt,
  newRecord,
  openRecordStore,
  type RecordStore,
  random,
  START,
  TestClock,
} from './support.ts';

let ground: RecordStore;
let store: Store;
beforeAll(async () => {
  ground = await openRecordStore('embedded');
  ({ store } = ground);
});
afterAll(() => ground.close());

const MINUTE = 60_000;

function session(): NonNullable<Denial['session']> {
  return {
    id: base64(random.bytes(32)),
    officer: asId(hex(random.bytes(16))),
    officerEpoch: 0,
    name: 'Chanida Prasert',
    handle: 'chanida',
    email: 'chanida@desk.example',
    desk: { id: asId(hex(random.bytes(16))), code: 'TH-CCIB', name: 'Bureau', kind: 'police' },
    country: 'TH',
    hostAdministrator: false,
    expiresAt: START + MINUTE,
  };
}

function open(clock: TestClock): Denials {
  const onError = (error: unknown) => {
    throw error;
  };
  return keepDenials({ store, append: appendAt(clock), announce: () => undefined, clock, onError });
}

test('[RC-31] repeats of a denial within the minute become one more entry that counts them', async () => {
  const clock = new TestClock();
  const denials = open(clock);
  const log = await newRecord(store);
  const [chanida, sari] = [session(), session()];
  const knock = (who: typeof chanida, rule = 'chat.post') =>
    denials.note({ log, session: who, rule, code: 'not.allowed' });
  for (let time = 0; time < 50; time++) knock(chanida);
  knock(sari);
  knock(chanida, 'board.edit');
  clock.advance(MINUTE);
  knock(chanida);
  await denials.settle();

  const said = (rule: string, times: number, since = START) => ({
    rule,
    code: 'not.allowed',
    times,
    since: isoTime(since),
  });
  const stored = await entriesOf(log);
  expect(stored.filter(([officer]) => officer === sari.officer)).toEqual([
    [sari.officer, said('chat.post', 1)],
  ]);
  const ofChanida = stored.filter(([officer]) => officer === chanida.officer).map(([, body]) => body);
  expect(ofChanida).toHaveLength(4);
  expect(ofChanida).toEqual(
    expect.arrayContaining([
      said('chat.post', 1),
      said('chat.post', 49),
      said('board.edit', 1),
      said('chat.post', 1, START + MINUTE),
    ]),
  );
});

async function entriesOf(log: OperationId): Promise<[string, unknown][]> {
  const stored = await store.read((tx) =>
    rows<{ kind: string; outcome: string; officer_id: string; payload: Buffer }>(
      tx,
      sql`select e.kind, e.outcome, e.officer_id, c.payload from entries e
          join entry_contents c on c.log_id = e.log_id and c.seq = e.seq where e.log_id = ${log} order by e.seq`,
    ),
  );
  expect(new Set(stored.map(({ kind, outcome }) => `${kind} ${outcome}`))).toEqual(
    new Set(['access.refused refused']),
  );
  return stored.map((row) => [row.officer_id, bodyOf(row)]);
}
