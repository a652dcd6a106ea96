import { oneRow, type RawBuilder, sql, type Tx } from '#server/platform/storage/store.ts';
import type { OperationId } from '#shared/kernel/ids.ts';

/**
 * A table that holds content of operations, as the feature that owns it tells the purge. A test fails while a table of
 * the database is neither told here nor listed as holding none. [LC-19]
 */
export type ContentTable = {
  readonly table: string;
  /** Rows of the operation, counted up to `most`. */
  readonly count: (tx: Tx, operation: OperationId, most: number) => Promise<number>;
  /** Destroys at most `most` rows; how many it destroyed. */
  readonly destroy: (tx: Tx, operation: OperationId, most: number) => Promise<number>;
};

type Where = (operation: OperationId) => RawBuilder<unknown>;

const byOperation: Where = (operation) => sql`operation_id = ${operation}`;

/** Tables are told in the order in which they go: what refers to others first. */
export function contentTable(table: string, where: Where = byOperation): ContentTable {
  const name = sql.table(table);
  return {
    table,
    async count(tx, operation, most) {
      const row = await oneRow<{ count: number }>(
        tx,
        sql`select count(*) as count from (select 1 from ${name} where ${where(operation)} limit ${most}) as found`,
      );
      return row?.count ?? 0;
    },
    async destroy(tx, operation, most) {
      const row = await oneRow<{ count: number }>(
        tx,
        sql`with gone as (
              delete from ${name} where ctid = any (array(
                select ctid from ${name} where ${where(operation)} limit ${most})) returning 1
            ) select count(*) as count from gone`,
      );
      return row?.count ?? 0;
    },
  };
}

/** What the operations themselves hold. Who was a member, and under which name, stays: they read the certificate. */
export const operationContents: readonly ContentTable[] = [
  contentTable('operation_steps'),
  contentTable('legal_holds'),
  contentTable('stated_purposes'),
];
