import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { sql } from '#server/platform/storage/store.ts';
import { fromBase64, fromUtf8 } from '#shared/kernel/encoding.ts';
import { asId, type CompartmentId } from '#shared/kernel/ids.ts';
import { refusals } from '#shared/kernel/refusals.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';

import { originOf, reviewBy, verify } from './support.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(stopHubs);

/** Entries written straight to the record: many of them, or large ones. */
async function fill(operation: Operation, contents: readonly string[]): Promise<void> {
  const { append, store } = hub.hub;
  await store.write((tx) =>
    append(tx, {
      log: operation.id,
      epoch: null,
      facts: contents.map((text) => ({
        kind: 'message.posted' as const,
        by: { kind: 'hub' as const },
        object: null,
        compartment: asId<CompartmentId>(operation.main),
        outcome: 'ok' as const,
        command: null,
        body: { text },
      })),
    }),
  );
}

test('[RC-40] an export is an entry first, covers that entry, and verifies offline', async () => {
  const operation = await hub.operation('Opération GLACIER / เหนือ');
  const tan = await hub.signIn('tan.wei');
  const review = reviewBy(tan, operation);
  await fill(operation, Array(1_200).fill('a message'));
  const file = await review.export('Court of Appeal');
  expect([file.status, file.headers.get('content-type'), file.headers.get('content-disposition')]).toEqual([
    200,
    'application/x-ndjson',
    'attachment; filename="operation-glacier-record.jsonl"',
  ]);
  const [noted] = (await review.entries({ kind: 'record.exported' })).entries;
  expect(noted).toMatchObject({ verb: 'disclosure', body: { purpose: 'Court of Appeal' } });
  const { vkey } = await review.checkpoint();
  const verdict = await verify(file.body, vkey ?? '');
  expect(verdict).toMatchObject({
    ok: true,
    origin: originOf(hub, operation),
    from: 0,
    withheld: 0,
    signer: 'authenticated',
  });
  expect(verdict.ok && [verdict.size, verdict.opened]).toEqual([
    (noted?.seq ?? 0) + 1,
    (noted?.seq ?? 0) + 1,
  ]);
});

test('[RC-40] one byte changed anywhere in an export is found', async () => {
  const operation = await hub.operation('HARBOUR');
  const tan = await hub.signIn('tan.wei');
  const file = String((await reviewBy(tan, operation).export()).body);
  expect(await verify(file)).toMatchObject({ ok: true });
  for (let at = 0; at < file.length; at += 97) {
    const changed = file[at] === 'A' ? 'B' : 'A';
    const verdict = await verify(file.slice(0, at) + changed + file.slice(at + 1));
    expect([at, verdict.ok]).toEqual([at, false]);
  }
});

test('[RC-40] of what the reader may not see an export holds the leaf hash, and no word', async () => {
  const operation = await hub.operation('MONSOON', { amelie: 'auditor', jonas: 'officer' });
  const [tan, jonas, amelie] = [
    await hub.signIn('tan.wei'),
    await hub.signIn('jonas'),
    await hub.signIn('amelie'),
  ];
  const secret = await reviewBy(jonas, operation).say('Only in the lane.', operation.partners);
  await reviewBy(tan, operation).say('To the desks.', operation.main);
  await hub.store.write((tx) =>
    sql`update members set compartment_ids = ${[operation.main]}
        where operation_id = ${operation.id} and officer_id = ${hub.officerId('amelie')}`.execute(tx),
  );
  const file = await reviewBy(amelie, operation).export();
  const withheld = (await reviewBy(tan, operation).entries()).entries.filter(
    ({ compartment, by }) => compartment !== operation.main && by?.handle !== 'amelie',
  );
  expect(withheld.map(({ seq }) => seq)).toContain(secret.seq);
  const verdict = await verify(file.body);
  expect(verdict).toMatchObject({ ok: true, withheld: withheld.length });
  const lines = String(file.body).trimEnd().split('\n');
  expect(Object.keys(JSON.parse(lines[1 + secret.seq] ?? ''))).toEqual(['h', 'z']);
  const contents = lines.map((line) => fromUtf8(fromBase64(JSON.parse(line).p ?? '') ?? new Uint8Array()));
  expect(contents.filter((text) => text.includes('Only in the lane.'))).toEqual([]);
  expect(contents.filter((text) => text.includes('To the desks.'))).toHaveLength(1);
  expect(await verify((await reviewBy(tan, operation).export()).body)).toMatchObject({
    ok: true,
    withheld: 0,
  });
});

test('[RC-40] an entry altered in the store is named by the export', async () => {
  const operation = await hub.operation('DELTA');
  const tan = await hub.signIn('tan.wei');
  const { seq } = await reviewBy(tan, operation).say('As it was.', operation.main);
  await hub.store.write(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx);
    await sql`update entry_contents set payload = convert_to(replace(convert_from(payload, 'UTF8'), 'was', 'is_'), 'UTF8')
              where log_id = ${operation.id} and seq = ${seq}`.execute(tx);
  });
  expect(await verify((await reviewBy(tan, operation).export()).body)).toMatchObject({
    ok: false,
    at: seq,
    reason: 'entry-content-differs',
  });
});

test('[RC-40] a record of large contents leaves page by page', async () => {
  const operation = await hub.operation('EMBER');
  const tan = await hub.signIn('tan.wei');
  await fill(operation, Array(12).fill('x'.repeat(1024 * 1024)));
  expect(await verify((await reviewBy(tan, operation).export()).body)).toMatchObject({
    ok: true,
    withheld: 0,
  });
});

test('[RC-40] whoever is removed while an export is under way gets no further page of it', async () => {
  const operation = await hub.operation('CORAL', { amelie: 'auditor' });
  const [tan, amelie] = [await hub.signIn('tan.wei'), await hub.signIn('amelie')];
  await fill(operation, Array(16).fill('x'.repeat(1024 * 1024)));
  await fill(operation, Array(16).fill('y'.repeat(1024 * 1024)));
  const response = await fetch(`${hub.url}/api/v1/operations/${operation.id}/export`, {
    method: 'POST',
    headers: { origin: hub.url, cookie: amelie.cookie ?? '', 'content-type': 'application/json' },
    body: JSON.stringify({ commandId: amelie.commandId() }),
  });
  const reader = response.body?.getReader();
  expect([response.status, (await reader?.read())?.done]).toEqual([200, false]);
  const member = `/operations/${operation.id}/members/${hub.officerId('amelie')}/remove`;
  await tan.must('POST', member, { reason: 'Moved to another unit.' });
  const drain = async () => {
    while ((await reader?.read())?.done === false);
  };
  await expect(drain()).rejects.toThrow('terminated');
  const { entries } = await reviewBy(tan, operation).entries({ kind: 'access.refused' });
  expect(entries.map(({ by, body }) => [by?.handle, body])).toEqual([
    ['amelie', expect.objectContaining({ rule: 'record.export', code: 'not.found' })],
  ]);
});

test('[RC-40] an export that no checkpoint covers in time, or ever, is refused in words', async () => {
  const operation = await hub.operation('FJORD');
  const tan = await hub.signIn('tan.wei');
  await reviewBy(tan, operation).export();
  await hub.store.write(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx);
    await sql`delete from checkpoints where log_id = ${operation.id}`.execute(tx);
  });
  const refused = await reviewBy(tan, operation).export();
  expect([refused.status, refused.headers.get('content-disposition'), refused.body]).toEqual([
    503,
    null,
    { error: { code: 'signer.absent', sentence: refusals['signer.absent'].sentence } },
  ]);
  const ready = await fetch(`${hub.url}/readyz`);
  expect([ready.status, await ready.json()]).toMatchObject([
    200,
    { ok: true, warnings: ['signing has stopped in doubt: 1 of the records'] },
  ]);
});

test('[RC-27] [RC-40] npm run verify checks an export as it was downloaded', async () => {
  const operation = await hub.operation('GALE');
  const tan = await hub.signIn('tan.wei');
  const review = reviewBy(tan, operation);
  const file = path.join(hub.folder, 'record.jsonl');
  const text = String((await review.export()).body);
  fs.writeFileSync(file, text);
  const { vkey } = await review.checkpoint();
  const run = () =>
    spawnSync(process.execPath, ['scripts/run-verify.mjs', file, '--key', vkey ?? ''], { encoding: 'utf8' });
  const good = run();
  expect([good.status, good.stdout.split('\n')[0]]).toEqual([
    0,
    'INTACT: consistent, and signed with the key given.',
  ]);
  fs.writeFileSync(file, text.replace('"h":"', '"h":"A'));
  expect([run().status, run().stdout.startsWith('NOT INTACT at entry 0')]).toEqual([1, true]);
});
