import type { RawBuilder } from 'kysely';
import { peopleById } from '#server/features/identity/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import { type Handler, query } from '#server/platform/http/commands.ts';
import { oneRow, rows, sql, type Tx } from '#server/platform/storage/store.ts';
import type { BodyOf } from '#shared/contracts/contract.ts';
import { listIndicators } from '#shared/contracts/indicators.ts';
import { refang } from '#shared/interchange/defang.ts';

import { columns, type IndicatorRow, presentIndicator, seen } from './store.ts';

type Filter = BodyOf<typeof listIndicators>;

/** The register, searched and filtered where it lies; counts are of what this reader may see. [IN-52] */
export function searchHandler(): Handler {
  return query({
    call: listIndicators,
    async read(tx, { pass, asOf }, filter) {
      const where = conditions(pass, filter);
      const after = filter.after === undefined ? sql`` : sql`offset ${filter.after}`;
      const found = await rows<IndicatorRow>(
        tx,
        sql`select ${columns} from indicators where ${where} order by seq desc, id limit ${filter.limit + 1} ${after}`,
      );
      const page = found.slice(0, filter.limit);
      const people = await peopleById(
        tx,
        page.map((row) => row.added_by),
      );
      return {
        asOf,
        indicators: page.flatMap((row) => {
          const by = people.get(row.added_by);
          return by === undefined ? [] : [presentIndicator(row, by)];
        }),
        total: await count(tx, where),
        more: found.length > filter.limit,
        types: await rows<{ type: string; count: number }>(
          tx,
          sql`select type, count(*) as count from indicators where ${seen(pass)} and withdrawn_ms is null group by type order by count(*) desc, type`,
        ),
        originators: await rows<{ originator: string; count: number }>(
          tx,
          sql`select originator, count(*) as count from indicators where ${seen(pass)} and withdrawn_ms is null group by originator order by originator`,
        ),
      };
    },
  });
}

function conditions(pass: RoomPass, filter: Filter): RawBuilder<unknown> {
  const parts = [seen(pass), sql`withdrawn_ms is null`];
  if (filter.type !== undefined) parts.push(sql`type = ${filter.type}`);
  if (filter.tlp !== undefined) parts.push(sql`tlp = ${filter.tlp}`);
  if (filter.originator !== undefined) parts.push(sql`originator = ${filter.originator}`);
  if (filter.importId !== undefined) parts.push(sql`import_id = ${filter.importId}`);
  if (filter.text !== '') {
    const like = (text: string) => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
    const raw = like(filter.text);
    const plain = like(refang(filter.text));
    parts.push(
      sql`(value ilike ${plain} or display ilike ${raw} or note ilike ${raw} or source ilike ${raw})`,
    );
  }
  return sql.join(parts, sql` and `);
}

async function count(tx: Tx, where: RawBuilder<unknown>): Promise<number> {
  const row = await oneRow<{ count: number }>(
    tx,
    sql`select count(*) as count from indicators where ${where}`,
  );
  return row?.count ?? 0;
}
