import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { sql } from '#server/platform/storage/store.ts';
import type { Board } from '#shared/contracts/boards.ts';
import type { Message } from '#shared/contracts/chat.ts';
import type { Indicator } from '#shared/contracts/indicators.ts';
import type { Member } from '#shared/contracts/operations.ts';
import type { ReplayStep, RoomThen } from '#shared/contracts/review-replay.ts';
import { RoomReplay } from '#shared/review/room.ts';
import { seededRandom } from '#tests/convergence/seeded-random.ts';
import { storeKinds } from '#tests/record/support.ts';
import { startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';
import { freshDatabase } from '#tests/support/postgres.ts';

import { readingBy } from './reading.ts';
import { type Story, tellStory } from './story.ts';

const seed = Number(process.env.SEED ?? 20261123);

describe.each(storeKinds)('%s', (kind) => {
  let hub: TestHub;
  let story: Story;
  let drop: () => Promise<void> = async () => undefined;

  beforeAll(async () => {
    const database: { url?: string; drop?: () => Promise<void> } =
      kind === 'postgres' ? await freshDatabase() : {};
    drop = database.drop ?? drop;
    hub = await startHub(database.url === undefined ? {} : { databaseUrl: database.url });
    story = await tellStory(hub, { seed, acts: 120 });
    await hub.store.write((tx) =>
      sql`update members set compartment_ids = ${[story.operation.main]}
          where operation_id = ${story.operation.id} and officer_id = ${hub.officerId('amelie')}`.execute(tx),
    );
  }, 120_000);
  afterAll(async () => {
    await stopHubs();
    await drop();
  });

  async function allSteps(
    officer: TestOfficer,
    reading: number,
  ): Promise<{ steps: ReplayStep[]; head: number }> {
    const steps: ReplayStep[] = [];
    for (let from = 0; ; ) {
      const page = await readingBy(officer, story.operation).steps({ reading, from, limit: 40 });
      steps.push(...page.steps);
      if (page.to === page.asOf) return { steps, head: page.asOf };
      from = page.to;
    }
  }

  test.each(['tan.wei', 'amelie'])(
    '[RV-8] [RV-9] the state at 200 random moments equals a fresh replay of the log, as %s may see it',
    async (handle) => {
      const officer = await hub.signIn(handle);
      const review = readingBy(officer, story.operation);
      const reading = await review.open('replay');
      const { steps, head } = await allSteps(officer, reading);
      const chance = seededRandom(seed);
      for (let n = 0; n < 200; n++) {
        const seq = chance.below(head + 1) - 1;
        const window = { messages: chance.one([0, 3, 1000]), indicators: chance.one([0, 4, 20_000]) };
        const replay = new RoomReplay();
        for (const step of steps) if (step.seq <= seq) replay.apply(step);
        const { room, moment } = await review.state({ reading, seq, ...window });
        expect([seed, seq, moment.seq, inOrder(room)]).toEqual([
          seed,
          seq,
          seq,
          inOrder(replay.view(window)),
        ]);
      }
    },
    240_000,
  );

  test('[RV-9] older pages of chat and register are those of that moment', async () => {
    const tan = await hub.signIn('tan.wei');
    const review = readingBy(tan, story.operation);
    const reading = await review.open('replay');
    const { steps, head } = await allSteps(tan, reading);
    const replay = new RoomReplay();
    for (const step of steps) replay.apply(step);
    const whole = replay.view({ messages: 1_000, indicators: 20_000 });
    const messages: unknown[] = [];
    for (let before: number | null = head; before !== null; ) {
      const { room } = await review.state({ reading, seq: head - 1, messages: 4, messagesBefore: before });
      messages.unshift(...room.chat.messages);
      before = room.chat.before;
    }
    expect(messages).toEqual(whole.chat.messages);
    const indicators: unknown[] = [];
    for (let before: number | null = head; before !== null; ) {
      const { room } = await review.state({
        reading,
        seq: head - 1,
        indicators: 3,
        indicatorsBefore: before,
      });
      indicators.push(...room.register.indicators);
      before = room.register.before;
    }
    expect(indicators).toEqual(whole.register.indicators);
  });

  test('[RV-8] at the end the replay is what the live calls show', async () => {
    const tan = await hub.signIn('tan.wei');
    const review = readingBy(tan, story.operation);
    const reading = await review.open('replay');
    const { room } = await review.state({ reading, messages: 1_000, indicators: 20_000 });
    const at = `/operations/${story.operation.id}`;
    const live = {
      chat: await tan.must<{ messages: Message[] }>('GET', `${at}/messages?limit=200`),
      register: await tan.must<{ indicators: Indicator[]; total: number }>(
        'GET',
        `${at}/indicators?limit=500`,
      ),
      members: await tan.must<{ members: Member[] }>('GET', `${at}/members`),
      boards: await tan.must<{ boards: Board[] }>('GET', `${at}/boards`),
      opened: await tan.must<{ operation: object; compartments: object[] }>('GET', at),
    };
    expect(room.chat.messages).toEqual(
      live.chat.messages.map(({ author, ...rest }) => ({ ...rest, author: author.officer })),
    );
    const active = room.register.indicators.filter(({ state }) => state === 'active');
    expect(active).toEqual(
      live.register.indicators.map(({ addedBy, ...rest }) => ({ ...rest, addedBy: addedBy.officer })),
    );
    expect(room.register.total).toBe(live.register.total);
    const rights = ({
      officer,
      role,
      compartments,
    }: {
      officer: string;
      role: string;
      compartments: readonly string[];
    }) => `${officer} ${role} ${compartments.length}`;
    expect(room.members.map(rights).sort()).toEqual(
      live.members.members
        .map((member) =>
          rights(member.handle === 'amelie' ? { ...member, compartments: ['main', 'partners'] } : member),
        )
        .sort(),
    );
    expect(room.boards.map(({ id, title }) => [id, title])).toEqual(
      live.boards.boards.map(({ id, title }) => [id, title]),
    );
    expect(live.opened.operation).toMatchObject({ name: room.operation?.name, state: room.operation?.state });
    expect(room.operation?.compartments).toEqual(live.opened.compartments);
    const board = room.boards[0];
    const then = await tan.must<{ seq: number }>(
      'GET',
      `${at}/boards/${board?.id}/at?seq=${board?.changedSeq}`,
    );
    expect(then.seq).toBe(board?.changedSeq);
  });

  test('[RV-7] a time stands for the last entry not later, and -1 for an empty room', async () => {
    const tan = await hub.signIn('tan.wei');
    const review = readingBy(tan, story.operation);
    const reading = await review.open('replay');
    const { steps, head } = await allSteps(tan, reading);
    const empty = await review.state({ reading, seq: -1 });
    expect(empty).toMatchObject({
      moment: { seq: -1, at: null },
      room: { operation: null, members: [], boards: [] },
    });
    const middle = steps[Math.floor(steps.length / 2)];
    const last = steps.filter(({ at }) => at <= (middle?.at ?? '')).at(-1);
    expect((await review.state({ reading, time: middle?.at ?? '' })).moment).toEqual({
      seq: last?.seq,
      at: last?.at,
    });
    expect((await review.state({ reading, seq: 1e9 })).moment.seq).toBe(head - 1);
    expect((await review.state({ reading, time: '2000-01-01T00:00:00Z' })).moment.seq).toBe(-1);
  });

  test('[RV-10] steps are every entry the reader may see, whole, whatever the pages', async () => {
    const amelie = await hub.signIn('amelie');
    const reading = await readingBy(amelie, story.operation).open('replay');
    const { steps, head } = await allSteps(amelie, reading);
    const listed = await readingBy(amelie, story.operation).get<{
      entries: { seq: number }[];
      total: number;
    }>('/entries', {
      limit: 200,
    });
    expect(steps).toHaveLength(listed.total - (listed.entries[0]?.seq === head - 1 ? 0 : 1));
    expect(steps.some(({ compartment }) => compartment === story.operation.partners)).toBe(false);
    const changes = steps.filter(({ kind }) => kind === 'board.updated');
    expect(changes.every(({ bytes }) => bytes !== null && bytes.length > 0)).toBe(true);
    const about = await readingBy(amelie, story.operation).steps({
      reading,
      from: 0,
      to: head,
      objectId: story.board,
    });
    expect(about.steps).toEqual(steps.filter(({ object }) => object?.id === story.board));
  });

  test('[RV-12] replay needs an own reading that was opened for it', async () => {
    const [tan, amelie] = [await hub.signIn('tan.wei'), await hub.signIn('amelie')];
    const reading = await readingBy(tan, story.operation).open('replay', 'Inquest');
    const wrong = await readingBy(tan, story.operation).open('timeline');
    const path = (seq: number) => `/operations/${story.operation.id}/replay/state?reading=${seq}`;
    expect((await tan.get(path(reading))).status).toBe(200);
    expect([(await tan.get(path(wrong))).status, (await amelie.get(path(reading))).status]).toEqual([
      400, 400,
    ]);
    const { rows } = await readingBy(tan, story.operation).timeline({ kind: 'record.consulted', limit: 3 });
    expect(rows.find(({ entry }) => entry.seq === reading)?.entry.body).toEqual({
      purpose: 'Inquest',
      what: 'replay',
    });
  });
});

/** People in any order. */
function inOrder(room: RoomThen): RoomThen {
  return { ...room, members: [...room.members].sort((a, b) => (a.officer < b.officer ? -1 : 1)) };
}
