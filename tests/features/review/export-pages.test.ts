import net from 'node:net';
import { afterAll, expect, test } from 'vitest';

import { rows, type Store, sql, type Tx } from '#server/platform/storage/store.ts';
import { storeKinds } from '#tests/record/support.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';
import { freshDatabase } from '#tests/support/postgres.ts';

import { covered, growRecord, verify } from './support.ts';

/** What the statements of a hub's reads have looked at in the tables of the record. */
type Looked = { reads: number; entries: number; contents: number };

const ENTRIES = 3_000;
const drops: (() => Promise<void>)[] = [];
afterAll(async () => {
  await stopHubs();
  for (const drop of drops) await drop();
});

/** The database counts what each connection looks at: what it says after the work, less what it said before. */
function counting(real: Store, looked: Looked): Store {
  return {
    ...real,
    read: (work) =>
      real.read(async (tx) => {
        const before = await countedIn(tx);
        const result = await work(tx);
        const after = await countedIn(tx);
        looked.entries += after.entries - before.entries;
        looked.contents += after.contents - before.contents;
        looked.reads += 1;
        return result;
      }),
  };
}

async function countedIn(tx: Tx): Promise<Omit<Looked, 'reads'>> {
  const found = await rows<{ relname: string; looked: number }>(
    tx,
    sql`select relname, seq_tup_read + coalesce(idx_tup_fetch, 0) as looked from pg_stat_xact_user_tables
        where relname in ('entries', 'entry_contents')`,
  );
  const of = (table: string) => found.find(({ relname }) => relname === table)?.looked ?? 0;
  return { entries: of('entries'), contents: of('entry_contents') };
}

/** An export as it comes over the wire: what the hub wrote at once is one piece. */
async function piecesOf(hub: TestHub, officer: TestOfficer, operation: Operation): Promise<Buffer[]> {
  const { hostname, port } = new URL(hub.url);
  const body = JSON.stringify({ commandId: officer.commandId() });
  const socket = net.connect(Number(port), hostname);
  socket.write(
    [
      `POST /api/v1/operations/${operation.id}/export HTTP/1.1`,
      `Host: ${hostname}:${port}`,
      `Origin: ${hub.url}`,
      `Cookie: ${officer.cookie ?? ''}`,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(part as Buffer);
  const answer = Buffer.concat(parts);
  const pieces: Buffer[] = [];
  for (let at = answer.indexOf('\r\n\r\n') + 4; ; ) {
    const end = answer.indexOf('\r\n', at);
    const size = Number.parseInt(answer.toString('latin1', at, end), 16);
    if (!(size > 0)) return pieces;
    pieces.push(answer.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

test.each(storeKinds)(
  '[RC-40] an export looks at each entry and content once, and leaves in large pieces: %s',
  async (kind) => {
    const looked: Looked = { reads: 0, entries: 0, contents: 0 };
    const database = kind === 'postgres' ? await freshDatabase() : null;
    if (database !== null) drops.push(database.drop);
    const hub = await startHub({
      store: (real) => counting(real, looked),
      ...(database !== null && { databaseUrl: database.url }),
    });
    const operation = await hub.operation('GLACIER');
    const tan = await hub.signIn('tan.wei');
    await growRecord(hub, operation, ENTRIES);
    await covered(tan, operation, ENTRIES);
    // All that follows this record besides is done with it.
    await tan.must('GET', `/operations/${operation.id}/timeline`);
    Object.assign(looked, { reads: 0, entries: 0, contents: 0 });
    const pieces = await piecesOf(hub, tan, operation);
    const file = Buffer.concat(pieces);
    expect(await verify(file)).toMatchObject({ ok: true, withheld: 0 });
    // The gate, the signer and the follower look at a few of their own.
    expect(looked.entries).toBeLessThan(ENTRIES * 1.2);
    expect(looked.contents).toBeLessThan(ENTRIES * 1.2);
    expect(looked.entries).toBeGreaterThanOrEqual(ENTRIES);
    expect(looked.reads).toBeLessThan((ENTRIES / 500) * 6 + 30);
    expect(pieces.length).toBeLessThan(file.length / (200 * 1024) + 3);
  },
);
