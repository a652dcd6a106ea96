import fs from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';

import { asId, type CompartmentId } from '#shared/kernel/ids.ts';
import { seededRandom } from '#tests/convergence/seeded-random.ts';
import { readingBy } from '#tests/features/review/reading.ts';
import { type Needle, writeLongRecord } from '#tests/record/long-record.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';
import { freshDatabase } from '#tests/support/postgres.ts';

import { type Answer, type Figures, keepFigures, spreadOf, thisRun } from '../record/figures.ts';
import { pageOf } from '../record/page.ts';
import { keptFolder, readKept, writeKept } from './kept.ts';

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
let answers: Answer[] = [];

/** Into the file of figures that run.mjs names, and onto the page when it says so. */
function keep(review: Figures['review']): void {
  const { SCALE_FIGURES: file, SCALE_PAGE: page } = process.env;
  if (file === undefined || review === undefined) return;
  const figures = keepFigures(file, { review });
  if (page !== undefined) fs.writeFileSync(page, pageOf(figures));
}

/** Asks `times` times and says median and worst, milliseconds through HTTP. */
async function measure(name: string, times: number, ask: (n: number) => Promise<unknown>): Promise<void> {
  const took: number[] = [];
  for (let n = 0; n < times; n++) {
    const from = performance.now();
    await ask(n);
    took.push(performance.now() - from);
  }
  const spread = spreadOf(took);
  answers.push({ what: name, asked: times, spread });
  const shown = (ms: number) => ms.toFixed(0).padStart(5);
  say(`  ${name.padEnd(44)} median ${shown(spread.median)}   worst ${shown(spread.max)} ms`);
}

describe.each(stores)('%s', (kind) => {
  let hub: TestHub;
  let drop: () => Promise<void> = async () => undefined;
  afterAll(async () => {
    if (keptFolder(kind) === undefined) await stopHubs();
    else await hub.halt();
    await drop();
  });

  test(`a record of ${entries} entries`, async () => {
    const kept = readKept(kind);
    const databaseUrl = kept?.databaseUrl ?? (await ownDatabase());
    const folder = keptFolder(kind);
    hub = await startHub({
      signer: false,
      ...(databaseUrl !== undefined && { databaseUrl }),
      ...(folder !== undefined && { folder }),
    });
    say(`${kind}: ${entries} entries`);
    const { operation, needles } = kept ?? (await written(databaseUrl));
    const run = thisRun('.');
    const tan = await hub.signIn('tan.wei');
    const parts = [() => searches(tan, operation, needles), lists, moments, comparisons, posting];
    for (const part of parts) {
      await part(tan, operation);
      // What has been measured is kept, whatever becomes of the rest.
      keep({ [kind]: { ...run, store: kind, entries, answers } });
    }
    answers = [];
  });

  async function ownDatabase(): Promise<string | undefined> {
    if (kind !== 'postgres') return undefined;
    const database = await freshDatabase();
    if (keptFolder(kind) === undefined) drop = database.drop;
    return database.url;
  }

  async function written(databaseUrl: string | undefined) {
    const operation = await hub.operation('GLACIER', {
      chanida: 'officer',
      sari: 'officer',
      nguyen: 'officer',
      bruno: 'observer',
      jonas: 'officer',
    });
    const needles = await fill(operation);
    await index(await hub.signIn('tan.wei'), operation);
    writeKept(kind, { operation, needles, ...(databaseUrl !== undefined && { databaseUrl }) });
    return { operation, needles };
  }

  async function fill(operation: Operation): Promise<Needle[]> {
    const { needles } = await writeLongRecord(hub.store, {
      operation: operation.id,
      compartments: [operation.main, operation.partners].map((id) => asId<CompartmentId>(id)),
      officers: people.map(([handle, country]) => ({ id: hub.officerId(handle), country })),
      entries,
      seed: 20261123,
      pace: 3_600,
    });
    say('  written');
    return needles;
  }

  /** Whoever asks first waits for all of it, longer than an HTTP client has patience: then it asks again. */
  async function index(tan: TestOfficer, operation: Operation): Promise<void> {
    const from = performance.now();
    for (let answered = false; !answered; ) {
      answered = await readingBy(tan, operation)
        .timeline({ limit: 1 })
        .then(
          () => true,
          (error: unknown) => {
            if (error instanceof TypeError) return false;
            throw error;
          },
        );
    }
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
    const { get, timeline } = readingBy(tan, operation);
    const chance = seededRandom(2);
    await measure('list with strip by country and hour', 15, () => get('/entries'));
    await measure('list and strip: a page anywhere', 15, () =>
      get('/entries', { before: chance.below(entries) + 10 }),
    );
    await measure('list and strip of one country', 15, () => get('/entries', { country: 'TH' }));
    await measure('list and strip of a kind, a few in all', 15, () =>
      get('/entries', { kind: 'member.added' }),
    );
    const middle = await get<{ entries: { at: string }[] }>('/entries', { before: entries / 2, limit: 1 });
    const from = Date.parse(middle.entries[0]?.at ?? '');
    const hour = { from: new Date(from).toISOString(), until: new Date(from + 3_600_000).toISOString() };
    await measure('list and strip of one hour', 15, () => get('/entries', hour));
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
    await measure('who saw', 10, () =>
      review.get('/replay/seen-by', { reading, seq: entries, entry: chance.below(entries) }),
    );
    await measure('who saw: everybody and everything', 10, () =>
      review.get('/replay/access', { reading, seq: chance.below(entries) }),
    );
    await measure('the strip of the record', 5, () => review.get('/replay/strip', { reading, slices: 120 }));
  }

  async function comparisons(tan: TestOfficer, operation: Operation): Promise<void> {
    const review = readingBy(tan, operation);
    const reading = await review.open('comparison');
    const chance = seededRandom(4);
    await measure('compare: an hour', 10, () => {
      const from = chance.below(entries - 1_000);
      return review.get('/replay/comparison', { reading, from, to: from + 1_000 });
    });
    await measure('compare: the whole record', 3, () =>
      review.get('/replay/comparison', { reading, from: 0, to: entries }),
    );
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
