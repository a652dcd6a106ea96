import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Message } from '#shared/contracts/chat.ts';
import type { Member } from '#shared/contracts/operations.ts';
import type { EntryOnWire } from '#shared/contracts/rooms.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { LiveSocket, TestOfficer } from '#tests/support/officer.ts';

const amber = { tlp: 'AMBER', pap: 'AMBER', code: 'H0', caveat: '', evaluation: null };
const readers = ['tan.wei', 'chanida', 'jonas'] as const;
let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(stopHubs);

type Snapshot = { asOf: number; messages: readonly Message[] };

/** What a client makes of an entry. */
function applied(messages: readonly Message[], entry: EntryOnWire): readonly Message[] {
  if (entry.outcome !== 'ok') return messages;
  switch (entry.kind) {
    case 'message.posted':
      return [...messages, { ...(entry.body as unknown as Message), seq: entry.seq }];
    case 'message.edited':
    case 'message.withdrawn': {
      const { reason: _reason, ...message } = entry.body as unknown as Message & { reason?: string };
      return messages.map((one) => (one.id === message.id ? message : one));
    }
    default:
      return messages;
  }
}

const act = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('post' as const),
      who: fc.nat(2),
      lane: fc.boolean(),
      reply: fc.nat(5),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('edit' as const), who: fc.nat(2), which: fc.nat(9) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('withdraw' as const), who: fc.nat(2), which: fc.nat(9) }),
  },
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

test('[RM-8] a list, and the entries from there on, give the list as it would be now: chat, for every reader', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 14 }), fc.nat(13), async (acts, join) => {
      const glacier = await hub.operation('GLACIER', { chanida: 'officer', jonas: 'officer' });
      const officers = await Promise.all(readers.map((handle) => hub.signIn(handle)));
      const followed: { officer: TestOfficer; start: Snapshot; live: LiveSocket }[] = [];
      for (const [at, one] of acts.entries()) {
        if (at === Math.min(join, acts.length - 1)) followed.push(...(await follow(officers, glacier)));
        await perform(officers, glacier, one);
      }
      for (const { officer, start, live } of followed) {
        const now = await list(officer, glacier);
        await live.until(() => (live.frames.at(-1)?.to ?? start.asOf) >= now.asOf, 'the end of the record');
        const events = live.entries.filter(({ seq }) => seq < now.asOf);
        expect(events.reduce(applied, start.messages)).toEqual(now.messages);
        live.socket.disconnect();
      }
    }),
    { numRuns: 8, endOnFailure: true },
  );
}, 60_000);

const list = (officer: TestOfficer, { id }: Operation) =>
  officer.must<Snapshot>('GET', `/operations/${id}/messages`);

function follow(officers: readonly TestOfficer[], operation: Operation) {
  return Promise.all(
    officers.map(async (officer) => {
      const start = await list(officer, operation);
      const live = await officer.connect();
      expect(await live.enter(operation.id, start.asOf)).toMatchObject({ ok: true });
      return { officer, start, live };
    }),
  );
}

/** Refusals are part of it: half of these acts are not the officer's to do. */
async function perform(officers: readonly TestOfficer[], operation: Operation, one: Act): Promise<void> {
  const officer = officers[one.who];
  if (officer === undefined) throw new Error('nobody');
  const { messages } = await list(officer, operation);
  const path = `/operations/${operation.id}/messages`;
  switch (one.does) {
    case 'post': {
      const replyTo = messages[one.reply]?.id ?? null;
      const compartment =
        messages[one.reply]?.compartment ?? (one.lane ? operation.partners : operation.main);
      await officer.post(path, { text: 'Words.', compartment, handling: amber, replyTo });
      return;
    }
    case 'edit':
      await officer.post(`${path}/${messages[one.which]?.id ?? 'f'.repeat(32)}/edit`, {
        text: 'Other words.',
      });
      return;
    case 'withdraw':
      await officer.post(`${path}/${messages[one.which]?.id ?? 'f'.repeat(32)}/withdraw`, {
        reason: 'Enough.',
      });
  }
}

test('[RM-8] and members: who, in which role', async () => {
  const glacier = await hub.operation('GLACIER', { chanida: 'officer' });
  const tan = await hub.signIn('tan.wei');
  const rolesNow = async () => {
    const { asOf, members } = await tan.must<{ asOf: number; members: Member[] }>(
      'GET',
      `/operations/${glacier.id}/members`,
    );
    return { asOf, roles: new Map(members.map(({ officer, role }) => [officer as string, role as string])) };
  };
  const start = await rolesNow();
  const live = await tan.connect();
  await live.enter(glacier.id, start.asOf);
  const add = (handle: string, role: string) =>
    tan.must('POST', `/operations/${glacier.id}/members`, { officerId: hub.officerId(handle), role });
  const remove = (handle: string) =>
    tan.must('POST', `/operations/${glacier.id}/members/${hub.officerId(handle)}/remove`, { reason: '' });
  await add('sari', 'observer');
  await remove('chanida');
  await add('jonas', 'officer');
  await remove('sari');
  await add('sari', 'auditor');
  const now = await rolesNow();
  await live.until(() => (live.frames.at(-1)?.to ?? 0) >= now.asOf, 'the end of the record');
  const roles = new Map(start.roles);
  for (const { kind, object, body } of live.entries) {
    if (kind === 'member.added') roles.set(object?.id ?? '', String(Reflect.get(Object(body), 'role')));
    if (kind === 'member.removed') roles.delete(object?.id ?? '');
  }
  expect(new Map([...roles].sort())).toEqual(new Map([...now.roles].sort()));
});
