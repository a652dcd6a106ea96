import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect } from 'vitest';

import { redisBus } from '#server/platform/bus/redis.ts';
import { startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { codeOf } from '#tests/support/refusal.ts';
import { mustHave, testWith } from '#tests/support/services.ts';

/* Two hubs as `docker compose up` starts them: each with connections of its own to one PostgreSQL and one Redis. */
const amber = { tlp: 'AMBER', pap: 'AMBER', code: 'H0', caveat: '', evaluation: null };
const run = testWith('postgres', 'redis');
let dropDatabase: () => Promise<void> = async () => undefined;
let pair: Promise<readonly [TestHub, TestHub]> | null = null;

async function startPair(): Promise<readonly [TestHub, TestHub]> {
  const { url, drop } = await freshDatabase();
  dropDatabase = drop;
  const prefix = `test-${randomBytes(6).toString('hex')}:`;
  const bus = () => redisBus({ url: mustHave('redis'), prefix, onError: () => undefined });
  const first = await startHub({ databaseUrl: url, bus: await bus() });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'muster-hub-'));
  fs.cpSync(path.join(first.folder, 'data', 'secret.key'), path.join(folder, 'data', 'secret.key'));
  const second = await startHub({ databaseUrl: url, bus: await bus(), folder, signer: false });
  return [first, second];
}
const hubs = () => {
  pair ??= startPair();
  return pair;
};

afterAll(async () => {
  await stopHubs();
  await dropDatabase();
});

run('[RM-1] two hubs number one record without gaps, and each delivers what the other wrote', async () => {
  const [first, second] = await hubs();
  const glacier = await first.operation('GLACIER', { chanida: 'officer' });
  const [tan, chanida] = [await first.signIn('tan.wei'), await second.signIn('chanida')];
  const [here, there] = [await tan.connect(), await chanida.connect()];
  await here.enter(glacier.id);
  await there.enter(glacier.id);
  const say = (n: number) =>
    (n % 2 === 0 ? tan : chanida).must('POST', `/operations/${glacier.id}/messages`, {
      text: `${n}`,
      compartment: glacier.main,
      handling: amber,
    });
  await Promise.all(Array.from({ length: 60 }, (_, n) => say(n)));
  const posts = (live: typeof here) => live.entries.filter(({ kind }) => kind === 'message.posted');
  for (const live of [here, there]) await live.until(() => posts(live).length === 60, 'every message');
  expect(posts(here)).toEqual(posts(there));
  const seqs = here.entries.map(({ seq }) => seq);
  expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, n) => n));
});

run(
  '[AC-7] a removal on one hub ends the officer’s sockets on the other within a second, and their acts',
  async () => {
    const [first, second] = await hubs();
    const glacier = await first.operation('GLACIER', { sari: 'officer' });
    const [tan, sari] = [await first.signIn('tan.wei'), await second.signIn('sari')];
    const [watching, theirs] = [await tan.connect(), await sari.connect()];
    await watching.enter(glacier.id);
    await theirs.enter(glacier.id);
    let stop = false;
    const posting = (async () => {
      const codes: (string | null)[] = [];
      while (!stop)
        codes.push(
          codeOf(
            await sari.post(`/operations/${glacier.id}/messages`, {
              text: 'On.',
              compartment: glacier.main,
              handling: amber,
            }),
          ),
        );
      return codes;
    })();
    await watching.until(
      () => watching.kinds.filter((kind) => kind === 'message.posted').length > 5,
      'posts',
    );
    const { recorded } = await tan.must<{ recorded: { seq: number } }>(
      'POST',
      `/operations/${glacier.id}/members/${first.officerId('sari')}/remove`,
      { reason: '' },
    );
    const since = performance.now();
    await theirs.until(() => theirs.closed, 'the end of the socket');
    expect(performance.now() - since).toBeLessThan(1000);
    stop = true;
    const codes = await posting;
    await watching.until(() => watching.kinds.includes('access.refused'), 'the knock after the removal');
    const posted = watching.entries.filter(
      ({ by, kind }) => by?.handle === 'sari' && kind === 'message.posted',
    );
    expect(posted.filter(({ seq }) => seq > recorded.seq)).toEqual([]);
    expect(posted).toHaveLength(codes.filter((code) => code === null).length);
  },
);

run('[AC-11] one command sent to both hubs at once is one act', async () => {
  const [first, second] = await hubs();
  const glacier = await first.operation('GLACIER');
  const here = await first.signIn('tan.wei');
  const there = second.stranger();
  there.cookie = here.cookie;
  for (let round = 0; round < 10; round++) {
    const body = {
      commandId: here.commandId(),
      text: `${round}`,
      compartment: glacier.main,
      handling: amber,
    };
    const [one, two] = await Promise.all(
      [here, there].map((officer) => officer.must('POST', `/operations/${glacier.id}/messages`, body)),
    );
    // Each hub gives a receipt under its own key, for the same place.
    expect({ ...(one as object), receipts: null }).toEqual({ ...(two as object), receipts: null });
  }
  const { messages } = await there.must<{ messages: object[] }>('GET', `/operations/${glacier.id}/messages`);
  expect(messages).toHaveLength(10);
});

run('[AC-24] signing out on both hubs at once ends the session without an error', async () => {
  const [first, second] = await hubs();
  for (let round = 0; round < 3; round++) {
    const here = await first.signIn('bruno');
    const there = second.stranger();
    there.cookie = here.cookie;
    const live = await there.connect();
    const answers = await Promise.all([here.post('/sign-out'), there.post('/sign-out')]);
    expect(answers.map(({ status }) => status).filter((status) => status !== 200 && status !== 401)).toEqual(
      [],
    );
    await live.until(() => live.closed, 'the end of the socket');
  }
});

run('[AC-8] two leads who remove each other on two hubs leave one', async () => {
  const [first, second] = await hubs();
  for (let round = 0; round < 5; round++) {
    const glacier = await first.operation('GLACIER', { bruno: 'lead' });
    const [tan, bruno] = [await first.signIn('tan.wei'), await second.signIn('bruno')];
    const answers = await Promise.all([
      tan.post(`/operations/${glacier.id}/members/${first.officerId('bruno')}/remove`, { reason: '' }),
      bruno.post(`/operations/${glacier.id}/members/${first.officerId('tan.wei')}/remove`, { reason: '' }),
    ]);
    // The loser finds itself removed, or the other the last one: depends on who comes how far.
    const [done, refused] = answers.map(({ status }) => status).sort();
    expect([done, refused === 404 || refused === 409]).toEqual([200, true]);
  }
});
