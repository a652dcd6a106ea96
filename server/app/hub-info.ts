import { type Handler, query } from '#server/platform/http/commands.ts';
import { rows, sql, type Tx } from '#server/platform/storage/store.ts';
import { hubInfo } from '#shared/contracts/identity.ts';

import type { Config } from './config.ts';

type CastRow = { handle: string; name: string; desk: string; country: string; role: string | null };

/** What a page needs before anybody is signed in. The cast is told in exercise mode only. */
export function hubInfoHandler(config: Config, version: string): Handler {
  return query({
    call: hubInfo,
    async read(tx) {
      const cast = config.mode === 'exercise' ? await castOf(tx) : [];
      return { name: config.HUB_NAME, mode: config.mode, version, cast };
    },
  });
}

async function castOf(
  tx: Tx,
): Promise<{ handle: string; name: string; desk: string; country: string; role: string }[]> {
  const found = await rows<CastRow>(
    tx,
    sql`select o.handle, o.name, d.name as desk, d.country,
               case when d.kind = 'partner' then 'partner' when o.host_administrator then 'host administrator'
                    else (select m.role from members m where m.officer_id = o.id order by m.added_ms limit 1) end as role
        from officers o join desks d on d.id = o.desk_id order by d.kind desc, d.country, o.name`,
  );
  return found.map((row) => ({ ...row, role: row.role ?? 'officer' }));
}
