import { gunzipSync, gzipSync } from 'node:zlib';
import type { RoomPass } from '#server/platform/access.ts';
import { oneRow, rows, sql, type Tx } from '#server/platform/storage/store.ts';
import type { CompartmentId, ImportId } from '#shared/kernel/ids.ts';
import type { Handling } from '#shared/policy/markings.ts';

import type { Candidate } from './candidates.ts';

/** What is known of an import before its rows. */
export type PreviewAbout = {
  readonly format: 'stix' | 'csv' | 'text';
  readonly fileName: string;
  readonly sha256: string;
  readonly compartment: CompartmentId;
  readonly handling: Handling;
  readonly rows: number;
};

/** Rows of one stored part. */
export const PART = 1000;
export const LIFETIME = 60 * 60_000;

/** Kept in the store, not in a node's memory, so that any node can commit it. */
export async function keepPreview(
  tx: Tx,
  pass: RoomPass,
  given: {
    id: ImportId;
    about: PreviewAbout;
    candidates: readonly Candidate[];
    expires: number;
    now: number;
  },
): Promise<void> {
  await sql`delete from import_preview_parts where import_id in (select import_id from import_previews where expires_ms < ${given.now})`.execute(
    tx,
  );
  await sql`delete from import_previews where expires_ms < ${given.now}`.execute(tx);
  await sql`insert into import_previews (operation_id, import_id, officer_id, about, expires_ms)
            values (${pass.operation}, ${given.id}, ${pass.session.officer}, ${JSON.stringify(given.about)}, ${given.expires})`.execute(
    tx,
  );
  for (let part = 0; part * PART < given.candidates.length; part++) {
    const packed = gzipSync(JSON.stringify(given.candidates.slice(part * PART, (part + 1) * PART)), {
      level: 1,
    });
    await sql`insert into import_preview_parts (import_id, part, rows_gz) values (${given.id}, ${part}, ${packed})`.execute(
      tx,
    );
  }
}

/** One's own preview only. */
export function previewOf(
  tx: Tx,
  pass: RoomPass,
  id: ImportId,
  now: number,
): Promise<{ about: PreviewAbout } | null> {
  return oneRow(
    tx,
    sql`select about from import_previews where operation_id = ${pass.operation} and import_id = ${id}
        and officer_id = ${pass.session.officer} and expires_ms > ${now}`,
  );
}

export async function partOf(tx: Tx, id: ImportId, part: number): Promise<Candidate[]> {
  const [row] = await rows<{ rows_gz: Buffer }>(
    tx,
    sql`select rows_gz from import_preview_parts where import_id = ${id} and part = ${part}`,
  );
  return row === undefined ? [] : (JSON.parse(gunzipSync(row.rows_gz).toString('utf8')) as Candidate[]);
}

export async function dropPreview(tx: Tx, id: ImportId): Promise<void> {
  await sql`delete from import_preview_parts where import_id = ${id}`.execute(tx);
  await sql`delete from import_previews where import_id = ${id}`.execute(tx);
}
