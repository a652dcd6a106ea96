import { afterAll, describe, expect, test } from 'vitest';

import { asId, type CompartmentId } from '#shared/kernel/ids.ts';
import { seededRandom } from '#tests/convergence/seeded-random.ts';
import { readingBy } from '#tests/features/review/reading.ts';
import { type Needle, writeLongRecord } from '#tests/record/long-record.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';
import { freshDatabase } from '#tests/support/postgres.ts';

const entries = Number(process.env.SCALE_ENTRIES ?? 1_000_000);
const stores = (process.env.SCALE_STORES ?? 'postgres,embedded').split(',');
const people: readonly [string, string][] = [
  ['tan.wei', 'SG'],
  ['chanida', 'TH'],
  ['sari', 'ID'],
  ['nguyen', 'VN'],
  ['bruno', 'FR'],
  ['jonas', 'DE'],
];

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Asks `times` times and says median, 95th percentile and worst, milliseconds through HTTP. */
async function measure(name: string, times: number, ask: (n: number) => Promise<unknown>): Promise<void> {
  const took: number[] = [];
  for (let n = 0; n < times; n++) {
    const from = performance.now();
    await ask(n);
    took.push(performance.now() - from);
  }
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(0);
  say(
    `  ${name.padEnd(44)} median ${at(0.5).padStart(5)}   p95 ${at(0.95).padStart(5)}   worst ${at(1).padStart(5)} ms`,
  );
}

describe.each(stores)('%s', (kind) => {
  let hub: TestHub;
  let drop: () => Promise<void> = async () => undefined;
  afterAll(async () => {
    await stopHubs();
    await drop();
  });

  test(`a record of ${entries} entries`, async () => {
    const database: { url?: string; drop?: () => Promise<void> } =
      kind === 'postgres' ? await freshDatabase() : {};
    drop = database.drop ?? drop;
    hub = await startHub({
      signer: false,
      ...(database.url === undefined ? {} : { databaseUrl: database.url }),
    });
    const operation = await hub.operation('GLACIER', {
      chanida: 'officer',
      sari: 'officer',
      nguyen: 'officer',
      bruno: 'observer',
      jonas: 'officer',
    });
    say(`${kind}: ${entries} entries`);
    const needles = await fill(operation);
    const tan = await hub.signIn('tan.wei');
    await index(tan, operation);
    await searches(tan, operation, needles);
    await lists(tan, operation);
    await moments(tan, operation);
    await posting(tan, operation);
  });

  async function fill(operation: Operation): Promise<Needle[]> {
    const from = performance.now();
    const { needles } = await writeLongRecord(hub.store, {
      operation: operation.id,
      compartments: [operation.main, operation.partners].map((id) => asId<CompartmentId>(id)),
      officers: people.map(([handle, country]) => ({ id: hub.officerId(handle), country })),
      entries,
      seed: 20261123,
      pace: 3_600,
    });
    say(`  written in ${((performance.now() - from) / 1000).toFixed(0)} s`);
    return needles;
  }

  async function index(tan: TestOfficer, operation: Operation): Promise<void> {
    const from = performance.now();
    await readingBy(tan, operation).timeline({ limit: 1 });
    say(`  derived from the beginning in ${((performance.now() - from) / 1000).toFixed(0)} s`);
  }

  async function searches(tan: TestOfficer, operation: Operation, needles: readonly Needle[]): Promise<void> {
    const { search, found } = readingBy(tan, operation);
    await measure('search: one message or import row in all', 30, async (n) => {
      const needle = needles[(n * 7) % needles.length];
      const { rows } = await search(needle?.text ?? '');
      expect(rows.map(({ entry }) => entry.seq)).toContain(needle?.seq);
    });
    await measure('search: a word in every third message', 15, () => search('courier'));
    await measure('search: two common words', 15, () => search('warrant harbour'));
    await measure('search: the beginning of most domains', 15, () => search('host-'));
    await measure('search: Thai, inside a sentence', 15, () => search('บัญชีม้า'));
    await measure('search: a common word of one country', 15, () => search('wallet', { country: 'VN' }));
    await measure('search: a word that is nowhere', 15, () => search('nonesuch'));
    await measure('search: the next page of a common word', 15, async () => {
      const first = await search('courier');
      return found(first.reading, { text: 'courier', before: first.next ?? 1 });
    });
    await measure('search: the common word, deep', 10, async () => {
      const { reading } = await search('courier');
      return found(reading, { text: 'courier', before: Math.floor(entries / 3) });
    });
  }

  async function lists(tan: TestOfficer, operation: Operation): Promise<void> {
    const { timeline } = readingBy(tan, operation);
    const chance = seededRandom(2);
    await measure('timeline: newest page', 15, () => timeline());
    await measure('timeline: a page anywhere', 15, () => timeline({ before: chance.below(entries) + 10 }));
    await measure('timeline: chat of one country', 15, () => timeline({ country: 'TH', group: 'chat' }));
    await measure('timeline: denials', 15, () => timeline({ group: 'denials' }));
    await measure('timeline: membership, a few in all', 15, () => timeline({ group: 'people' }));
  }

  async function moments(tan: TestOfficer, operation: Operation): Promise<void> {
    const review = readingBy(tan, operation);
    const reading = await review.open('replay');
    const chance = seededRandom(3);
    await measure('replay: the room at a random moment', 50, () =>
      review.state({ reading, seq: chance.below(entries) }),
    );
    await measure('replay: 500 steps from a random moment', 20, () =>
      review.steps({ reading, from: chance.below(entries) }),
    );
    await measure('compare: an hour', 10, () => {
      const from = chance.below(entries - 1_000);
      return review.get('/replay/comparison', { reading, from, to: from + 1_000 });
    });
    await measure('compare: the whole record', 3, () =>
      review.get('/replay/comparison', { reading, from: 0, to: entries }),
    );
    await measure('who saw', 10, () =>
      review.get('/replay/seen-by', { reading, seq: entries, entry: chance.below(entries) }),
    );
    await measure('who saw: everybody and everything', 10, () =>
      review.get('/replay/access', { reading, seq: chance.below(entries) }),
    );
    await measure('the strip of the record', 5, () => review.get('/replay/strip', { reading, slices: 120 }));
    const report = await review.open('report');
    await measure('debrief', 2, () => review.get('/report', { reading: report }));
  }

  async function posting(tan: TestOfficer, operation: Operation): Promise<void> {
    const body = (n: number) => ({
      text: `message ${n} about a courier`,
      compartment: operation.main,
      handling: { tlp: 'AMBER', pap: 'AMBER', code: 'H0', caveat: '', evaluation: null },
    });
    await measure('append: a message, followed as it goes', 500, (n) =>
      tan.must('POST', `/operations/${operation.id}/messages`, body(n)),
    );
  }
});
