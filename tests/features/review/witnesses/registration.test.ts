import { afterAll, beforeAll, expect, test } from 'vitest';

import { hashToken } from '#server/platform/secrets.ts';
import { sql } from '#server/platform/storage/store.ts';
import { asId, type OperationId } from '#shared/kernel/ids.ts';
import { reviewBy } from '#tests/features/review/support.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import { codeOf, refusal, told } from '#tests/support/refusal.ts';

import { askAs, freshKey, registered, vkeyOf, witnessesBy } from './support.ts';

let hub: TestHub;
let glacier: Operation;
beforeAll(async () => {
  hub = await startHub();
  glacier = await hub.operation('GLACIER', {
    chanida: 'officer',
    sari: 'observer',
    amelie: 'auditor',
    jonas: 'officer',
  });
});
afterAll(stopHubs);

test('[RC-56] a desk registers a key of its own name, once, and the act is an entry that names the key', async () => {
  const chanida = await hub.signIn('chanida');
  const by = witnessesBy(chanida, glacier);
  const key = freshKey('witness', 'TH-CCIB');
  expect(codeOf(await by.register(vkeyOf(freshKey('witness', 'SG-CCD'))))).toBe('bad.request');
  expect(codeOf(await by.register('nonsense'))).toBe('bad.request');
  const { body, status } = await by.register(vkeyOf(key));
  expect([status, body]).toEqual([
    200,
    expect.objectContaining({ kind: 'witness', credential: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) }),
  ]);
  expect(codeOf(await by.register(vkeyOf(key))), 'the same key').toBe('already.exists');
  expect(codeOf(await by.register(vkeyOf(freshKey('witness', 'TH-CCIB')))), 'a second witness').toBe(
    'already.exists',
  );
  const tan = await hub.signIn('tan.wei');
  const [entry] = (await reviewBy(tan, glacier).entries({ kind: 'witness.registered' })).entries;
  expect(entry).toMatchObject({
    country: 'TH',
    outcome: 'ok',
    body: { kind: 'witness', desk: 'TH-CCIB', vkey: vkeyOf(key) },
  });
  const { witnesses } = await witnessesBy(tan, glacier).list();
  expect(witnesses).toMatchObject([
    {
      kind: 'witness',
      desk: 'TH-CCIB',
      country: 'TH',
      vkey: vkeyOf(key),
      retiredAt: null,
      inQuorum: false,
      last: null,
    },
  ]);
});

test('[RC-56] a retired key stays on the list, never comes back, and makes room for another', async () => {
  const operation = await hub.operation('HARBOUR', { chanida: 'officer', sari: 'officer' });
  const [tan, chanida, sari] = await Promise.all(
    ['tan.wei', 'chanida', 'sari'].map((one) => hub.signIn(one)),
  );
  if (!tan || !chanida || !sari) throw new Error('nobody');
  const witness = await registered(chanida, 'TH-CCIB', operation);
  expect(told(await witnessesBy(sari, operation).retire(witness.id)), 'of another desk').toEqual(
    refusal('not.allowed'),
  );
  expect((await witnessesBy(chanida, operation).retire(witness.id)).status).toBe(200);
  expect(codeOf(await witnessesBy(chanida, operation).retire(witness.id))).toBe('not.found');
  expect(codeOf(await witnessesBy(chanida, operation).register(vkeyOf(witness.signer)))).toBe(
    'already.exists',
  );
  const next = await registered(chanida, 'TH-CCIB', operation);
  expect((await witnessesBy(chanida, operation).retire(next.id)).body).toMatchObject({ state: 'retired' });
  const { witnesses } = await witnessesBy(tan, operation).list();
  expect(witnesses.map(({ id, retiredAt }) => [id, retiredAt !== null]).sort()).toEqual(
    [
      [witness.id, true],
      [next.id, true],
    ].sort(),
  );
  expect((await reviewBy(tan, operation).entries({ kind: 'witness.retired' })).total).toBe(2);
  await expect(hub.store.write((tx) => sql`delete from witnesses`.execute(tx))).rejects.toThrow(
    /append-only/,
  );
});

test('[RC-56] browsers have keys of their own kind, a few for each officer, and no credential', async () => {
  const operation = await hub.operation('MONSOON', { chanida: 'officer' });
  const chanida = await hub.signIn('chanida');
  const by = witnessesBy(chanida, operation);
  for (let count = 0; count < 5; count++) {
    const { body } = await by.register(vkeyOf(freshKey('officer-browser', 'TH-CCIB')));
    expect(body).toMatchObject({ kind: 'officer-browser', credential: null });
  }
  expect(codeOf(await by.register(vkeyOf(freshKey('officer-browser', 'TH-CCIB'))))).toBe('already.exists');
});

test('[RC-57] the credential is stored as a hash, is on no record, and reads and writes nothing else', async () => {
  const operation = await hub.operation('ATOLL', { chanida: 'officer' });
  const other = await hub.operation('TUNDRA', { chanida: 'officer' });
  const [tan, chanida] = [await hub.signIn('tan.wei'), await hub.signIn('chanida')];
  const { credential, checkpoint, id } = await registered(chanida, 'TH-CCIB', operation);
  const stored = await hub.store.read((tx) =>
    sql<{ credential_hash: Buffer }>`select credential_hash from witnesses where id = ${id}`.execute(tx),
  );
  expect(stored.rows[0]?.credential_hash.equals(hashToken(credential))).toBe(true);
  for (const table of ['entry_contents', 'commands', 'witnesses'])
    expect(await holds(table, credential), table).toBe(false);
  expect(await checkpoint()).toMatchObject({ origin: expect.stringContaining(operation.id) });

  const refused = refusal('witness.refused');
  for (const wrong of [null, 'x'.repeat(43), credential.slice(1)])
    expect(told(await askAs(hub.url, operation, wrong)('GET', '/checkpoint'))).toEqual(refused);
  for (const place of [other, { id: asId<OperationId>('0'.repeat(32)) }])
    expect(told(await askAs(hub.url, place, credential)('GET', '/checkpoint'))).toEqual(refused);
  const program = hub.stranger();
  const bearer = { authorization: `Bearer ${credential}` };
  for (const path of ['', '/members', '/messages', '/checkpoint', '/entries', '/witnesses', '/boards'])
    expect(
      told(await program.request('GET', `/operations/${operation.id}${path}`, undefined, bearer)),
      path,
    ).toEqual(refusal('session.missing'));
  const inUrl = await fetch(`${hub.url}/api/v1/witness/${operation.id}/checkpoint?credential=${credential}`);
  expect(inUrl.status).toBe(401);

  await tan.must('POST', `/operations/${operation.id}/members/${hub.officerId('chanida')}/remove`, {
    reason: 'Left.',
  });
  expect(
    told(await askAs(hub.url, operation, credential)('GET', '/checkpoint')),
    'the desk has left',
  ).toEqual(refused);
});

test('[RC-57] a retired witness is refused like one that never was', async () => {
  const operation = await hub.operation('FJORD', { chanida: 'officer' });
  const chanida = await hub.signIn('chanida');
  const witness = await registered(chanida, 'TH-CCIB', operation);
  await witnessesBy(chanida, operation).retire(witness.id);
  expect(told(await askAs(hub.url, operation, witness.credential)('GET', '/checkpoint'))).toEqual(
    refusal('witness.refused'),
  );
  expect(told(await witness.cosign('x\n1\ny\n\n— x y\n', { text: 'x\n1\ny\n' }))).toEqual(
    refusal('witness.refused'),
  );
});

test('[RC-65] a lead sets the quorum from witnesses at work; the policy is an entry and is handed out as it was set', async () => {
  const operation = await hub.operation('DELTA', { chanida: 'officer', sari: 'officer' });
  const [tan, chanida, sari] = [
    await hub.signIn('tan.wei'),
    await hub.signIn('chanida'),
    await hub.signIn('sari'),
  ];
  const th = await registered(chanida, 'TH-CCIB', operation);
  const id = await registered(sari, 'ID-SIBER', operation);
  const { body } = await witnessesBy(chanida, operation).register(
    vkeyOf(freshKey('officer-browser', 'TH-CCIB')),
  );
  const browser = String(Reflect.get(Object(body), 'id'));
  const by = witnessesBy(tan, operation);
  expect(told(await witnessesBy(chanida, operation).setQuorum([th.id], 1))).toEqual(refusal('not.allowed'));
  expect(codeOf(await by.setQuorum([th.id, browser], 1)), 'a browser').toBe('bad.request');
  expect(codeOf(await by.setQuorum([th.id, th.id], 2)), 'one twice').toBe('bad.request');
  expect(codeOf(await by.setQuorum([th.id], 2)), 'more than there are').toBe('bad.request');
  expect(codeOf(await by.setQuorum(['0'.repeat(32)], 1))).toBe('not.found');
  const set = await by.setQuorum([th.id, id.id], 2);
  const text = String(Reflect.get(Object(set.body), 'text'));
  expect(text).toMatch(
    /^log \S+\n(?:log \S+\/hub\+\S+\n)?witness witness\/ID-SIBER \S+\nwitness witness\/TH-CCIB \S+\ngroup desks 2 witness\/ID-SIBER witness\/TH-CCIB\nquorum desks\n$/,
  );
  const listed = await by.list();
  expect(listed.policy).toMatchObject({ text, number: 1, setBy: { handle: 'tan.wei' } });
  expect(listed.witnesses.map(({ kind, inQuorum }) => [kind, inQuorum]).sort()).toEqual([
    ['officer-browser', false],
    ['witness', true],
    ['witness', true],
  ]);
  const [entry] = (await reviewBy(tan, operation).entries({ kind: 'quorum.set' })).entries;
  expect(entry?.body).toEqual({ number: 1, need: 2, of: 2, text });
  expect(listed.policy?.askedBy, 'the first one takes one officer').toBeNull();
  await expect(hub.store.write((tx) => sql`update quorum_policies set need = 1`.execute(tx))).rejects.toThrow(
    /append-only/,
  );
});

async function holds(table: string, text: string): Promise<boolean> {
  const { rows } = await hub.store.read((tx) =>
    sql<{ found: boolean }>`select exists(select 1 from ${sql.table(table)} t
      where t::text like ${`%${text}%`} or t::text like ${`%${Buffer.from(text).toString('hex')}%`}) as found`.execute(
      tx,
    ),
  );
  return rows[0]?.found ?? true;
}
