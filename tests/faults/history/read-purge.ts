import { oneRow, type Store, sql } from '#server/platform/storage/store.ts';

import { checkCheckpoints, checkEntries, type Problems } from './check-log.ts';
import { readRecord, type StoredEntry } from './read-record.ts';

/** How far a purge has come, as the database alone has it. */
export type PurgeFound = {
  readonly state: string;
  /** Entries that tell of a piece, and those that tell of the end. */
  readonly parts: number;
  readonly ends: number;
  /** Messages, indicators and boards still there. */
  readonly rows: number;
  /** Of the entries below the decision, or of all while there is none. */
  readonly contents: 'all' | 'some' | 'none';
  readonly certificate: string | null;
  readonly problems: Problems;
};

type Row = { state: string; below: number | null; certificate: string | null; rows: number };

/** Entries, tree and checkpoints as ever, and what the record calls destroyed is exactly what is gone. */
export async function readPurge(
  store: Store,
  { operation, signerFolder }: { readonly operation: string; readonly signerFolder: string },
): Promise<PurgeFound> {
  const record = await readRecord(store, operation);
  const found = await store.read((tx) =>
    oneRow<Row>(
      tx,
      sql`select p.state, p.purged_below as below, g.certificate,
            (select count(*) from messages where operation_id = p.id)
            + (select count(*) from indicators where operation_id = p.id)
            + (select count(*) from boards where operation_id = p.id) as rows
          from operations p join purges g on g.operation_id = p.id where p.id = ${operation}`,
    ),
  );
  if (found === null) throw new Error('nobody has asked for this purge');
  const { state, below, certificate, rows } = found;
  const bound = below ?? record.head;
  const doomed = record.entries.filter(({ seq }) => seq < bound);
  const gone = doomed.filter(({ payload }) => payload === null).length;
  const parts = record.entries.filter(({ kind }) => kind === 'purge.part');
  const problems = [
    ...checkEntries(record).filter((what) => !isDestroyed(what, below ?? 0)),
    ...checkCheckpoints(record, signerFolder),
  ];
  const told = parts.reduce((all, part) => all + contentsTold(part), 0);
  if (told !== gone) problems.push(`${gone} contents are gone and the record tells of ${told}`);
  return {
    state,
    parts: parts.length,
    ends: record.entries.filter(({ kind }) => kind === 'operation.purged').length,
    rows,
    contents: gone === 0 ? 'all' : gone === doomed.length ? 'none' : 'some',
    certificate,
    problems,
  };
}

/** What the check of a whole record complains of, and a purge means. */
function isDestroyed(what: string, below: number): boolean {
  const [, seq] = /^entry (\d+) .*: no content$/.exec(what) ?? [];
  return seq !== undefined && Number(seq) < below;
}

function contentsTold({ payload }: StoredEntry): number {
  const { contents } = JSON.parse(payload?.toString('utf8') ?? '{}') as { contents?: Record<string, number> };
  return Object.values(contents ?? {}).reduce((sum, count) => sum + count, 0);
}
