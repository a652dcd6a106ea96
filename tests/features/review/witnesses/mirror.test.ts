import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { rows, sql } from '#server/platform/storage/store.ts';
import { fromBase64, fromUtf8 } from '#shared/kernel/encoding.ts';
import { verifyExport } from '#shared/record/export/verify.ts';
import { takeTo } from '#tests/features/operations/lifecycle/course.ts';
import { certified, purge } from '#tests/features/operations/lifecycle/scene.ts';
import { packFor, unpack, verifyWhole } from '#tests/features/review/packs/support.ts';
import { covered, growRecord, originOf, reviewBy } from '#tests/features/review/support.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';
import { codeOf, refusal, told } from '#tests/support/refusal.ts';

import { mirroring, type Part, registered, witnessesBy } from './support.ts';

vi.setConfig({ testTimeout: 60_000 });

let hub: TestHub;
let tan: TestOfficer;
let chanida: TestOfficer;
beforeAll(async () => {
  hub = await startHub();
  [tan, chanida] = [await hub.signIn('tan.wei'), await hub.signIn('chanida')];
});
afterAll(stopHubs);

const remove = (operation: Operation, handle: string) =>
  tan.must('POST', `/operations/${operation.id}/members/${hub.officerId(handle)}/remove`, {
    reason: 'Left.',
  });
const receives = (operation: Operation, handle: string, compartments: readonly string[]) =>
  hub.store.write((tx) =>
    sql`update members set compartment_ids = ${[...compartments]}
        where operation_id = ${operation.id} and officer_id = ${hub.officerId(handle)}`.execute(tx),
  );

function textsIn({ body }: Part): string[] {
  return String(body)
    .trimEnd()
    .split('\n')
    .map((line) => fromUtf8(fromBase64(JSON.parse(line).p ?? '') ?? new Uint8Array()) ?? '');
}

function kindsOn(operation: Operation, kind: string) {
  return hub.store.read((tx) =>
    rows<{ seq: number; actor_kind: string; object_id: string; compartment_id: string }>(
      tx,
      sql`select seq, actor_kind, object_id, compartment_id from entries
          where log_id = ${operation.id} and kind = ${kind} order by seq`,
    ),
  );
}

test('[RC-84] a desk of officers mirrors the record in parts that verify, under one entry for the opening', async () => {
  const operation = await hub.operation('GLACIER', { chanida: 'officer' });
  const witness = await registered(chanida, 'TH-CCIB', operation);
  const by = mirroring(hub.url, operation, witness.credential);
  await reviewBy(tan, operation).say('To the desks.', operation.main);
  const opening = await by.open();
  const first = await by.part(opening, 0);
  const vkey = (await witness.checkpoint()).vkey ?? '';
  const begun = await verifyExport([String(first.body)], { vkey });
  expect(begun).toMatchObject({
    ok: true,
    origin: originOf(hub, operation),
    from: 0,
    signer: 'authenticated',
  });
  const size = begun.ok ? begun.size : 0;
  expect(size).toBeGreaterThan(opening);
  expect(textsIn(first).some((text) => text.includes('To the desks.'))).toBe(true);

  await growRecord(hub, operation, 700);
  await covered(tan, operation, size + 700);
  const next = await by.part(opening, size);
  const rest = await verifyExport([String(next.body)], { vkey, rootAt: size });
  expect(rest).toMatchObject({ ok: true, from: size, rootAt: begun.ok ? begun.root : null });
  expect(rest.ok && rest.size).toBe(size + 700);
  expect(await kindsOn(operation, 'record.mirrored')).toEqual([
    { seq: opening, actor_kind: 'hub', object_id: witness.id, compartment_id: operation.main },
  ]);
  const [entry] = (await reviewBy(tan, operation).entries({ kind: 'record.mirrored' })).entries;
  expect(entry).toMatchObject({
    verb: 'disclosure',
    body: { desk: 'TH-CCIB', format: 'muster-export/1', size: opening },
  });
});

test('[RC-84] a command that comes twice opens once, and a second run is a second entry', async () => {
  const operation = await hub.operation('HARBOUR', { chanida: 'officer' });
  const { credential } = await registered(chanida, 'TH-CCIB', operation);
  const by = mirroring(hub.url, operation, credential);
  const commandId = chanida.commandId();
  const opening = await by.open(commandId);
  expect(await by.open(commandId)).toBe(opening);
  expect(await by.open()).toBeGreaterThan(opening);
  expect(await kindsOn(operation, 'record.mirrored')).toHaveLength(2);
});

test('[RC-84] a long stretch comes in several parts, each up to a checkpoint', async () => {
  const operation = await hub.operation('ATOLL', { chanida: 'officer' });
  const { credential } = await registered(chanida, 'TH-CCIB', operation);
  const by = mirroring(hub.url, operation, credential);
  for (let count = 0; count < 4; count++) {
    await growRecord(hub, operation, 2_000);
    await covered(tan, operation, (count + 1) * 2_000);
  }
  const opening = await by.open();
  const sizes: number[] = [];
  for (let since = 0; since <= opening; ) {
    const verdict = await verifyExport([String((await by.part(opening, since)).body)]);
    expect(verdict).toMatchObject({ ok: true, from: since });
    since = verdict.ok ? verdict.size : Number.NaN;
    sizes.push(since);
  }
  expect(sizes.length).toBeGreaterThan(1);
  expect(sizes[0]).toBeLessThanOrEqual(5_000);
  expect(sizes.at(-1)).toBeGreaterThan(opening);
});

test('[RC-85] it shows what each member of the desk may see, as a pack for that desk does, and of the rest the leaf hashes', async () => {
  const operation = await hub.operation('MONSOON', {
    chanida: 'officer',
    bruno: 'officer',
    amelie: 'observer',
    jonas: 'officer',
  });
  const [bruno, jonas] = [await hub.signIn('bruno'), await hub.signIn('jonas')];
  await reviewBy(tan, operation).say('To the desks.', operation.main);
  await reviewBy(jonas, operation).say('Only in the lane.', operation.partners);
  await reviewBy(bruno, operation).say('Told the lane by us.', operation.partners);
  const th = await registered(chanida, 'TH-CCIB', operation);
  const fr = await registered(bruno, 'FR-OFAC', operation);
  // One member of each desk receives the lane no more: the French desk of two sees what both do.
  await receives(operation, 'amelie', [operation.main]);
  const shown = async (credential: string) => {
    const by = mirroring(hub.url, operation, credential);
    const part = await by.part(await by.open(), 0);
    const verdict = await verifyExport([String(part.body)]);
    if (!verdict.ok) throw new Error(verdict.reason);
    return { texts: textsIn(part).join('\n'), verdict };
  };
  const [thai, french] = [await shown(th.credential), await shown(fr.credential)];
  expect(['To the desks.', 'Only in the lane.'].map((text) => thai.texts.includes(text))).toEqual([
    true,
    true,
  ]);
  const all = ['To the desks.', 'Only in the lane.', 'Told the lane by us.'];
  expect(all.map((text) => french.texts.includes(text))).toEqual([true, false, false]);
  for (const [desk, { verdict }] of [
    ['TH-CCIB', thai],
    ['FR-OFAC', french],
  ] as const) {
    const pack = await packFor(tan, operation, { recipient: { kind: 'desk', desk }, size: verdict.size });
    expect(unpack(pack.bytes).get('data/custody.csv')?.toString()).toMatch(
      /,record\.mirrored,.*,TH-CCIB,muster-export/,
    );
    expect(verifyWhole(pack.bytes), desk).toMatchObject({
      ok: true,
      shown: verdict.size - verdict.withheld,
      withheld: verdict.withheld,
    });
  }
  expect(french.verdict.withheld).toBeGreaterThan(thai.verdict.withheld);
});

test('[RC-85] a desk that is removed, or whose key is retired, gets no further part, at once', async () => {
  const operation = await hub.operation('CORAL', { chanida: 'officer', bruno: 'officer' });
  const bruno = await hub.signIn('bruno');
  const [th, fr] = [
    await registered(chanida, 'TH-CCIB', operation),
    await registered(bruno, 'FR-OFAC', operation),
  ];
  const [thai, french] = [th, fr].map(({ credential }) => mirroring(hub.url, operation, credential));
  if (!thai || !french) throw new Error('no mirror');
  const openings = [await thai.open(), await french.open()] as const;
  await remove(operation, 'chanida');
  expect(told(await thai.part(openings[0], 0))).toEqual(refusal('witness.refused'));
  expect(told(await thai.askToOpen())).toEqual(refusal('witness.refused'));
  expect((await french.part(openings[1], 0)).status).toBe(200);
  expect((await witnessesBy(bruno, operation).retire(fr.id)).status).toBe(200);
  expect(told(await french.part(openings[1], 0))).toEqual(refusal('witness.refused'));
});

test('[RC-85] a desk removed while a part is under way gets no further page of it', async () => {
  const operation = await hub.operation('DELTA', { chanida: 'officer' });
  const { credential } = await registered(chanida, 'TH-CCIB', operation);
  const by = mirroring(hub.url, operation, credential);
  const facts = Array.from({ length: 32 }, () => ({
    kind: 'message.posted' as const,
    by: { kind: 'hub' as const },
    object: null,
    compartment: operation.main as never,
    outcome: 'ok' as const,
    command: null,
    body: { text: 'x'.repeat(1024 * 1024) },
  }));
  for (const half of [facts.slice(0, 16), facts.slice(16)])
    await hub.store.write((tx) => hub.hub.append(tx, { log: operation.id, epoch: null, facts: half }));
  const opening = await by.open();
  const response = await by.stream(opening, 0);
  const reader = response.body?.getReader();
  expect([response.status, (await reader?.read())?.done]).toEqual([200, false]);
  await remove(operation, 'chanida');
  const drain = async () => {
    while ((await reader?.read())?.done === false);
  };
  await expect(drain()).rejects.toThrow('terminated');
});

test('[RC-84] [RC-85] no part without an opening of this witness, and none beyond the record', async () => {
  const operation = await hub.operation('FJORD', { chanida: 'officer', bruno: 'officer' });
  const [th, fr] = [
    await registered(chanida, 'TH-CCIB', operation),
    await registered(await hub.signIn('bruno'), 'FR-OFAC', operation),
  ];
  const [thai, french] = [th, fr].map(({ credential }) => mirroring(hub.url, operation, credential));
  if (!thai || !french) throw new Error('no mirror');
  const opening = await thai.open();
  expect(codeOf(await thai.part(0, 0)), 'an entry that opens nothing').toBe('bad.request');
  expect(codeOf(await french.part(opening, 0)), 'another desk’s').toBe('bad.request');
  expect(codeOf(await thai.part(opening, 100_000))).toBe('not.found');
  await hub.store.write(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx);
    await sql`update entries set at_ms = at_ms - ${25 * 3_600_000} where log_id = ${operation.id} and seq = ${opening}`.execute(
      tx,
    );
  });
  expect(codeOf(await thai.part(opening, 0)), 'of yesterday').toBe('bad.request');
  const nobody = mirroring(hub.url, operation, 'x'.repeat(43));
  expect(told(await nobody.askToOpen())).toEqual(refusal('witness.refused'));
  const elsewhere = mirroring(hub.url, await hub.operation('TUNDRA', { chanida: 'officer' }), th.credential);
  expect(told(await elsewhere.askToOpen())).toEqual(refusal('witness.refused'));
});

test('[RC-85] an archive asks for a purpose and gives no part; a purged operation gives its leaves without contents', async () => {
  const operation = await hub.operation('TAIGA', { chanida: 'officer', bruno: 'auditor' });
  await reviewBy(tan, operation).say('Perishable.', operation.main);
  const { credential } = await registered(chanida, 'TH-CCIB', operation);
  const by = mirroring(hub.url, operation, credential);
  const opening = await by.open();
  expect((await by.part(opening, 0)).status).toBe(200);
  await takeTo(hub, operation, 'archived');
  expect(told(await by.askToOpen())).toEqual(refusal('purpose.needed'));
  expect(told(await by.part(opening, 0))).toEqual(refusal('purpose.needed'));
  await purge(hub, operation);
  await certified(hub, operation);
  const part = await by.part(await by.open(), 0);
  expect(await verifyExport([String(part.body)])).toMatchObject({ ok: true, from: 0 });
  expect(String(textsIn(part))).not.toContain('Perishable.');
});
