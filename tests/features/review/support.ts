import type { InputOf, ReplyOf } from '#shared/contracts/contract.ts';
import type { listEntries, proveEntry, readCheckpoint } from '#shared/contracts/review.ts';
import { asId, type CompartmentId } from '#shared/kernel/ids.ts';
import { type ExportVerdict, verifyExport } from '#shared/record/export/verify.ts';
import type { Operation, TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';

export const amber = { tlp: 'AMBER', pap: 'AMBER', code: 'H0', caveat: '', evaluation: null };

type Query<C> = Omit<InputOf<C>, 'operationId'>;

/** The calls of the review, as one officer makes them in one operation. */
export function reviewBy(officer: TestOfficer, { id }: Pick<Operation, 'id'>) {
  const at = `/operations/${id}`;
  const get = <T>(path: string, given: object = {}) =>
    officer.must<T>('GET', `${at}${path}?${new URLSearchParams({ ...given })}`);
  return {
    entries: (given: Record<keyof Query<typeof listEntries>, string> | object = {}) =>
      get<ReplyOf<typeof listEntries>>('/entries', given),
    checkpoint: (given: { since?: string } = {}) => get<ReplyOf<typeof readCheckpoint>>('/checkpoint', given),
    prove: (seq: number) => get<ReplyOf<typeof proveEntry>>(`/entries/${seq}/proof`),
    open: (purpose = 'Debrief') => officer.must<{ size: number }>('POST', `${at}/review`, { purpose }),
    export: (purpose = 'Court') => officer.post(`${at}/export`, { purpose }),
    say: (text: string, compartment: string) =>
      officer.must<{ id: string; seq: number }>('POST', `${at}/messages`, {
        text,
        compartment,
        handling: amber,
      }),
  };
}

/** Asks until the newest checkpoint covers this many entries. */
export async function covered(officer: TestOfficer, operation: Operation, size: number) {
  for (const late = performance.now() + 8_000; performance.now() < late; ) {
    const newest = await reviewBy(officer, operation).checkpoint();
    if (newest.size >= size && newest.note !== null) return { ...newest, note: newest.note };
    await new Promise((resume) => setImmediate(resume));
  }
  throw new Error('no checkpoint');
}

export function verify(file: unknown, vkey?: string): Promise<ExportVerdict> {
  return verifyExport([String(file)], vkey === undefined ? {} : { vkey });
}

export function originOf(hub: TestHub, operation: Operation): string {
  return `${hub.hub.logOrigin}/op/${operation.id}`;
}

/** Makes the record longer at once, by entries of the hub in the main compartment. */
export async function growRecord(hub: TestHub, operation: Operation, count: number): Promise<void> {
  const facts = Array.from({ length: count }, (_, at) => ({
    kind: 'message.posted' as const,
    by: { kind: 'hub' as const },
    object: null,
    compartment: asId<CompartmentId>(operation.main),
    outcome: 'ok' as const,
    command: null,
    body: { text: `message ${at}` },
  }));
  await hub.store.write((tx) => hub.hub.append(tx, { log: operation.id, epoch: null, facts }));
}
