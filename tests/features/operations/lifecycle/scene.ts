import { rows, type Store, sql } from '#server/platform/storage/store.ts';
import { join, newBoard, put } from '#tests/features/boards/support.ts';
import { amber, reviewBy } from '#tests/features/review/support.ts';
import type { Operation, TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';

import { takeTo } from './course.ts';

/** A word that stands in everything the scene puts into an operation, and nowhere else; each may have its own. */
export const MARK = 'zebrafish';

/** An operation with something of every kind in it. Tan Wei (SG) leads, Bruno (FR) audits. */
export async function fullOperation(hub: TestHub, mark = MARK): Promise<Operation> {
  const operation = await hub.operation('GLACIER', {
    chanida: 'officer',
    bruno: 'auditor',
    jonas: 'officer',
  });
  const [tan, chanida] = [await hub.signIn('tan.wei'), await hub.signIn('chanida')];
  const at = `/operations/${operation.id}`;
  await reviewBy(chanida, operation).say(`Watch ${mark}.example tonight.`, operation.main);
  const board = await newBoard(tan, operation);
  const peer = await join({ hub, operation, board }, 'tan.wei');
  put(peer.doc, mark, `The ${mark} wallet`);
  await peer.acknowledged();
  peer.hangUp();
  await tan.must('POST', `${at}/indicators`, {
    type: null,
    raw: `https://${mark}.example/pay`,
    note: `Seen by ${mark}`,
    compartment: operation.main,
    handling: amber,
  });
  const preview = () =>
    tan.must<{ importId: string }>('POST', `${at}/imports`, {
      format: 'csv',
      fileName: `${mark}.csv`,
      content: Buffer.from(`type,value\ndomain,login-${mark}.example\n`).toString('base64'),
      compartment: operation.main,
      handling: amber,
    });
  const { importId } = await preview();
  await tan.must('POST', `${at}/imports/${importId}/commit`);
  await preview();
  await tan.must('POST', `${at}/messages/read`, { upTo: 5 });
  return operation;
}

export async function archive(hub: TestHub, operation: Operation): Promise<void> {
  await takeTo(hub, operation, 'archived');
}

/** Asked by Tan Wei of Singapore, confirmed by Bruno of France. */
export async function purge(hub: TestHub, operation: Operation): Promise<void> {
  const [tan, bruno] = [await hub.signIn('tan.wei'), await hub.signIn('bruno')];
  await tan.must('POST', `/operations/${operation.id}/purge`, { reason: 'The five years are over.' });
  await bruno.must('POST', `/operations/${operation.id}/purge/confirm`);
}

export async function certified(hub: TestHub, operation: Operation): Promise<{ note: string; vkey: string }> {
  const tan = await hub.signIn('tan.wei');
  return asking('the certificate', async () => {
    const answered = await tan.get(`/operations/${operation.id}/certificate`);
    return answered.status === 200 ? (answered.body as { note: string; vkey: string }) : null;
  });
}

/** Until nothing of it is left, whether or not it has been certified. */
export function destroyed(officer: TestOfficer, { id }: Operation): Promise<true> {
  return asking('the end of the purge', async () => {
    const { operation } = await officer.must<{ operation: { state: string } }>(
      'GET',
      `/operations/${id}/lifecycle`,
    );
    return operation.state === 'purged' ? true : null;
  });
}

async function asking<T>(what: string, ask: () => Promise<T | null>): Promise<T> {
  for (const late = performance.now() + 60_000; performance.now() < late; ) {
    const answer = await ask();
    if (answer !== null) return answer;
    await new Promise((soon) => setTimeout(soon, 20));
  }
  throw new Error(`waited in vain for ${what}`);
}

export type TableName = string;

export async function tablesOf(store: Store): Promise<TableName[]> {
  const found = await store.read((tx) =>
    rows<{ name: string }>(
      tx,
      sql`select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
    ),
  );
  return found.map(({ name }) => name);
}

/** The tables in which a text stands, in any column, as text or as bytes. */
export async function whereItStands(store: Store, text: string): Promise<TableName[]> {
  const hex = Buffer.from(text).toString('hex');
  const found: TableName[] = [];
  for (const name of await tablesOf(store)) {
    const hits = await store.read((tx) =>
      rows(
        tx,
        sql`select 1 from ${sql.table(name)} as t where t::text like ${`%${text}%`} or t::text like ${`%${hex}%`} limit 1`,
      ),
    );
    if (hits.length > 0) found.push(name);
  }
  return found;
}
