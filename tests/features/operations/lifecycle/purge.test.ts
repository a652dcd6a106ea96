import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { rows, type Store, sql, type Tx } from '#server/platform/storage/store.ts';
import { parseCertificate } from '#shared/record/certificate.ts';
import { checkAgainstExport, checkCertificate } from '#shared/record/check-certificate.ts';
import { parseNote } from '#shared/record/note.ts';
import { nodeBeside } from '#tests/features/boards/node-beside.ts';
import { covered, reviewBy, verify } from '#tests/features/review/support.ts';
import { storeKinds } from '#tests/record/support.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { refusal, told } from '#tests/support/refusal.ts';

import { summaryOf } from './course.ts';
import { archive, certified, destroyed, fullOperation, MARK, purge, whereItStands } from './scene.ts';

vi.setConfig({ testTimeout: 90_000 });

type Leaf = { seq: number; kind: string; leaf_hash: Buffer; bytes: Buffer };

function leavesOf(store: Store, { id }: Operation): Promise<Leaf[]> {
  return store.read((tx) =>
    rows(tx, sql`select seq, kind, leaf_hash, bytes from entries where log_id = ${id} order by seq`),
  );
}

describe.each(storeKinds)('%s', (kind) => {
  let hub: TestHub;
  let other: TestHub;
  /** Pieces of purges that the first node does before it dies at the next one, and at every one after; null: it lives. */
  const first: Mortality = { pieces: null };
  let drop: () => Promise<void> = async () => undefined;
  beforeAll(async () => {
    const database: { url?: string; drop?: () => Promise<void> } =
      kind === 'postgres' ? await freshDatabase() : {};
    drop = database.drop ?? drop;
    const given = database.url === undefined ? {} : { databaseUrl: database.url };
    let shared: Store | null = null;
    hub = await startHub({
      ...given,
      store(real) {
        shared = real;
        return mortal(real, first);
      },
    });
    other = await nodeBeside({ ...hub, store: shared ?? hub.store }, given);
  });
  afterAll(async () => {
    await stopHubs();
    await drop();
  });

  test('[LC-19] [LC-20] [LC-21] [LC-22] nothing of the content is left; entries and tree stay, and are certified', async () => {
    const operation = await fullOperation(hub);
    const held = [
      'board_updates',
      'boards',
      'commands',
      'entry_contents',
      'imports',
      'indicators',
      'messages',
    ];
    expect(await whereItStands(hub.store, MARK)).toEqual(
      expect.arrayContaining(held.filter((table) => !['board_updates', 'boards'].includes(table))),
    );
    await archive(hub, operation);
    const before = await leavesOf(hub.store, operation);
    await purge(hub, operation);
    const { note, vkey } = await certified(hub, operation);
    expect(await whereItStands(hub.store, MARK)).toEqual([]);
    const after = await leavesOf(hub.store, operation);
    expect(after.slice(0, before.length)).toEqual(before);

    const tan = await hub.signIn('tan.wei');
    expect(await summaryOf(tan, operation.id)).toMatchObject({
      state: 'purged',
      name: 'GLACIER',
      purpose: '',
    });
    const checked = checkCertificate(note, vkey);
    expect(checked).toMatchObject({
      ok: true,
      certificate: {
        operation: { id: operation.id, name: 'GLACIER' },
        destroyed: {
          contents: {
            'message.posted': 1,
            'board.created': 1,
            'indicator.added': 1,
            'indicators.imported': 1,
          },
          rows: { messages: 1, boards: 1, indicators: 2, imports: 1, import_previews: 1, operation_steps: 3 },
        },
        asked: { name: 'Tan Wei', desk: 'SG-CCD' },
        confirmed: { name: 'Bruno Lefevre', desk: 'FR-OFAC' },
        reason: 'The five years are over.',
      },
    });
    const file = String((await reviewBy(tan, operation).export()).body);
    expect(await verify(file, vkey)).toMatchObject({ ok: true, signer: 'authenticated', withheld: 0 });
    expect(await checkAgainstExport(note, [file], { vkey })).toMatchObject({ ok: true });
    await covered(tan, operation, after.length);
  });

  test('[LC-23] a certificate is refused when a byte of it, its key, or the record it speaks of is another', async () => {
    const operation = await fullOperation(hub);
    const tan = await hub.signIn('tan.wei');
    const early = String((await reviewBy(tan, operation).export()).body);
    await archive(hub, operation);
    await purge(hub, operation);
    const { note, vkey } = await certified(hub, operation);
    const changed = note.replace('five years', 'nine years');
    expect(checkCertificate(changed, vkey)).toMatchObject({ ok: false, reason: 'certificate-not-signed' });
    expect(checkCertificate(note.replace('"below":', '"Below":'), vkey)).toMatchObject({
      reason: 'certificate-malformed',
    });
    const elsewhere = await hub.operation('ELSEWHERE');
    const foreign = await covered(tan, elsewhere, 1);
    expect(checkCertificate(note, foreign.vkey ?? '')).toMatchObject({ reason: 'certificate-not-signed' });
    expect(await checkAgainstExport(note, [early], { vkey })).toMatchObject({
      reason: 'certificate-other-record',
    });
    expect(parseCertificate(parseNote(note)?.text ?? '')?.record.size).toBeGreaterThan(5);
  });

  test('[LC-16] it takes a lead or auditor of another desk, in time, without a hold', async () => {
    const operation = await hub.operation('TUNDRA', { bruno: 'auditor', chanida: 'officer', amelie: 'lead' });
    const at = `/operations/${operation.id}`;
    const [tan, bruno, amelie] = [
      await hub.signIn('tan.wei'),
      await hub.signIn('bruno'),
      await hub.signIn('amelie'),
    ];
    const ask = (who = bruno) => who.post(`${at}/purge`, { reason: 'Over.' });
    const confirm = (who = tan) => who.post(`${at}/purge/confirm`);
    expect(told(await ask())).toEqual(refusal('operation.state'));
    await archive(hub, operation);
    const hold = await tan.must<{ id: string }>('POST', `${at}/holds`, {
      authority: 'Court',
      reason: 'Order.',
    });
    expect(told(await ask())).toEqual(refusal('legal.hold'));
    await tan.must('POST', `${at}/holds/${hold.id}/lift`, { reason: 'Ended.' });
    expect((await confirm()).status).toBe(404);
    expect((await ask()).status).toBe(200);
    expect((await ask(tan)).status).toBe(409);
    // The same officer, and another officer of the same desk.
    expect(told(await confirm(bruno))).toEqual(refusal('two.desks'));
    expect(told(await confirm(amelie))).toEqual(refusal('two.desks'));
    const second = await tan.must<{ id: string }>('POST', `${at}/holds`, {
      authority: 'Court',
      reason: 'New.',
    });
    expect(told(await confirm())).toEqual(refusal('legal.hold'));
    await tan.must('POST', `${at}/holds/${second.id}/lift`, { reason: 'Ended.' });
    await tan.must('POST', `${at}/purge/withdraw`, { reason: 'Wait for the appeal.' });
    expect((await confirm()).status).toBe(404);
    await ask();
    // Whoever asked must still be one who may.
    await tan.must('POST', `${at}/members/${hub.officerId('bruno')}/remove`, { reason: 'Left.' });
    expect((await confirm()).status).toBe(404);
    expect((await summaryOf(tan, operation.id)).state).toBe('archived');
  });

  test('[LC-12] a hold and a purge at once: whichever is first, the other is refused', async () => {
    const outcomes = new Set<string>();
    for (let round = 0; round < 6; round++) {
      const operation = await hub.operation(`TAIGA ${round}`, { bruno: 'auditor' });
      await archive(hub, operation);
      const at = `/operations/${operation.id}`;
      const [tan, bruno] = [await hub.signIn('tan.wei'), await other.signIn('bruno')];
      await tan.must('POST', `${at}/purge`, { reason: 'Over.' });
      const acts = [
        () => bruno.post(`${at}/purge/confirm`),
        () => tan.post(`${at}/holds`, { authority: 'Court', reason: 'Order.' }),
      ];
      if (round % 2 === 1) acts.reverse();
      const answers = await Promise.all(acts.map((act) => act()));
      if (round % 2 === 1) answers.reverse();
      const [confirmed, held] = answers;
      const pair = `${confirmed?.status} ${held?.status}`;
      expect(['200 410', '409 200']).toContain(pair);
      outcomes.add(pair);
    }
    expect(outcomes.size).toBeGreaterThan(0);
  });

  test.each([0, 1, 2])(
    '[LC-17] [LC-18] a node that dies after %i pieces leaves the rest to another; meanwhile nobody reads',
    async (pieces) => {
      const mark = `${MARK}-${pieces}`;
      const operation = await fullOperation(hub, mark);
      await archive(hub, operation);
      const [bruno, tan, there] = [
        await hub.signIn('bruno'),
        await hub.signIn('tan.wei'),
        await other.signIn('tan.wei'),
      ];
      await tan.must('POST', `/operations/${operation.id}/purge`, { reason: 'Over.' });
      await there.must('POST', `/operations/${operation.id}/purpose`, { purpose: 'A last look.' });
      expect((await there.get(`/operations/${operation.id}/messages`)).status).toBe(200);
      first.pieces = pieces;
      await bruno.must('POST', `/operations/${operation.id}/purge/confirm`);
      const answered = await there.get(`/operations/${operation.id}/messages`);
      expect(told(answered)).toEqual(refusal('operation.purged'));
      await destroyed(there, operation);
      first.pieces = null;
      expect(await whereItStands(hub.store, mark)).toEqual([]);
      const { note, vkey } = await certified(hub, operation);
      const rowsGone = { messages: 1, boards: 1, indicators: 2 };
      expect(checkCertificate(note, vkey)).toMatchObject({
        ok: true,
        certificate: { destroyed: { contents: { 'message.posted': 1 }, rows: rowsGone } },
      });
    },
  );

  test('[LC-20] the database lets a purge through and nothing else', async () => {
    const operation = await fullOperation(hub);
    const { id } = operation;
    const refused = (statement: (tx: Tx) => Promise<unknown>) =>
      expect(hub.store.write(statement)).rejects.toThrow(/append-only/);
    const destroy = sql`delete from entry_contents where log_id = ${id} and seq = 0`;
    await refused((tx) => destroy.execute(tx));
    await archive(hub, operation);
    await refused((tx) => destroy.execute(tx));
    // The state alone is not enough: the entry that tells of it has to stand in the same transaction.
    await hub.store.write((tx) =>
      sql`update operations set state = 'purging', purged_below = 3 where id = ${id}`.execute(tx),
    );
    await refused((tx) => destroy.execute(tx));
    await refused((tx) => sql`update entry_contents set payload = '' where log_id = ${id}`.execute(tx));
    await refused((tx) => sql`delete from entries where log_id = ${id}`.execute(tx));
    await refused((tx) => sql`delete from board_updates where seq >= 0`.execute(tx));
  });
});

type Mortality = { pieces: number | null };

/** A store of a node that dies at a piece of a purge: everything of the transaction was done, and it does not commit. */
function mortal(real: Store, mortality: Mortality): Store {
  return {
    ...real,
    write(work, how) {
      return real.write(async (tx) => {
        const result = await work(tx);
        if (mortality.pieces !== null && (await isPiece(tx))) {
          if (mortality.pieces === 0) throw new Error('the node died before its commit');
          mortality.pieces -= 1;
        }
        return result;
      }, how);
    },
  };
}

async function isPiece(tx: Tx): Promise<boolean> {
  const own = await rows(
    tx,
    sql`select 1 from entries where kind in ('purge.part', 'operation.purged') and xmin = pg_current_xact_id()::xid`,
  );
  return own.length > 0;
}
