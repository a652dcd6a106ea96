import type { RoomPass } from '#server/platform/access.ts';
import { oneRow, rows, sql, type Tx } from '#server/platform/storage/store.ts';
import type { CompartmentId, DeskId, OfficerId, OperationId } from '#shared/kernel/ids.ts';
import type { Counts } from '#shared/record/certificate.ts';

export type Destroyed = { readonly contents: Counts; readonly rows: Counts };

export type PurgeRow = {
  asked_by: OfficerId;
  /** Desk of whoever asked, while they may still ask; null once their seat is gone. */
  asked_desk: DeskId | null;
  asked_ms: number;
  reason: string;
  confirmed_by: OfficerId | null;
  confirmed_ms: number | null;
  next_seq: number;
  purged_below: number | null;
  done_ms: number | null;
  certified: boolean;
};

export function purgeOf(tx: Tx, pass: RoomPass): Promise<PurgeRow | null> {
  return oneRow(
    tx,
    sql`select g.asked_by, o.desk_id as asked_desk, g.asked_ms, g.reason, g.confirmed_by, g.confirmed_ms, g.next_seq,
          p.purged_below, g.done_ms, g.certificate is not null as certified
        from purges g join operations p on p.id = g.operation_id
        left join members m on m.operation_id = p.id and m.officer_id = g.asked_by and m.removed_ms is null
          and m.role in ('lead', 'auditor')
        left join officers o on o.id = m.officer_id
        where g.operation_id = ${pass.operation}`,
  );
}

export async function isOnHold(tx: Tx, pass: RoomPass): Promise<boolean> {
  const held = await oneRow(
    tx,
    sql`select 1 from legal_holds where operation_id = ${pass.operation} and lifted_ms is null limit 1`,
  );
  return held !== null;
}

/** One request at a time: a new one takes the place of one that has fallen away. */
export async function putRequest(tx: Tx, pass: RoomPass, reason: string, now: number): Promise<void> {
  await sql`insert into purges (operation_id, asked_by, asked_ms, reason)
            values (${pass.operation}, ${pass.session.officer}, ${now}, ${reason})
            on conflict (operation_id) do update
            set asked_by = excluded.asked_by, asked_ms = excluded.asked_ms, reason = excluded.reason`.execute(
    tx,
  );
}

export async function dropRequest(tx: Tx, pass: RoomPass): Promise<void> {
  await sql`delete from purges where operation_id = ${pass.operation} and confirmed_ms is null`.execute(tx);
}

export async function markConfirmed(tx: Tx, pass: RoomPass, now: number): Promise<void> {
  await sql`update purges set confirmed_by = ${pass.session.officer}, confirmed_ms = ${now}
            where operation_id = ${pass.operation}`.execute(tx);
  await sql`update operations set state = 'purging', state_ms = ${now} where id = ${pass.operation}`.execute(
    tx,
  );
}

/** Everything below the decision itself goes. */
export async function putBelow(tx: Tx, pass: RoomPass, below: number): Promise<void> {
  await sql`update operations set purged_below = ${below} where id = ${pass.operation}`.execute(tx);
}

export async function certificateOf(tx: Tx, pass: RoomPass): Promise<string | null> {
  const row = await oneRow<{ certificate: string | null }>(
    tx,
    sql`select certificate from purges where operation_id = ${pass.operation}`,
  );
  return row?.certificate ?? null;
}

/** Operations that a purge has not come to its end with: contents left, or no certificate yet. */
export async function unfinished(tx: Tx): Promise<OperationId[]> {
  const found = await rows<{ id: OperationId }>(
    tx,
    sql`select g.operation_id as id from purges g
        where g.confirmed_ms is not null and g.certificate is null order by g.confirmed_ms`,
  );
  return found.map(({ id }) => id);
}

export type UnderWay = {
  origin: string;
  main_id: CompartmentId;
  name: string;
  purged_below: number;
  asked_by: OfficerId;
  asked_ms: number;
  reason: string;
  confirmed_by: OfficerId;
  confirmed_ms: number;
  next_seq: number;
  destroyed: Partial<Destroyed>;
  done_seq: number | null;
  done_ms: number | null;
};

const underWay = sql`l.origin, c.id as main_id, p.name, p.purged_below, g.asked_by, g.asked_ms, g.reason, g.confirmed_by,
  g.confirmed_ms, g.next_seq, g.destroyed, g.done_seq, g.done_ms`;
const underWayFrom = sql`purges g join operations p on p.id = g.operation_id join logs l on l.id = p.id
  join compartments c on c.operation_id = p.id and c.name = 'main'`;

/** Holds the purge for one piece; null when another node holds it, or nothing is left to destroy. */
export function holdPiece(tx: Tx, operation: OperationId): Promise<UnderWay | null> {
  return oneRow(
    tx,
    sql`select ${underWay} from ${underWayFrom} where p.id = ${operation} and p.state = 'purging'
        for update of g skip locked`,
  );
}

/** A purge that is done and waits for its certificate. */
export function uncertified(tx: Tx, operation: OperationId): Promise<UnderWay | null> {
  return oneRow(
    tx,
    sql`select ${underWay} from ${underWayFrom}
        where p.id = ${operation} and p.state = 'purged' and g.certificate is null`,
  );
}

export async function putProgress(
  tx: Tx,
  operation: OperationId,
  { next, destroyed }: { next: number; destroyed: Destroyed },
): Promise<void> {
  await sql`update purges set next_seq = ${next}, destroyed = ${JSON.stringify(destroyed)}::jsonb
            where operation_id = ${operation}`.execute(tx);
}

/** The name stays, so that members find the certificate; the purpose is content. */
export async function markPurged(
  tx: Tx,
  operation: OperationId,
  { seq, now }: { seq: number; now: number },
): Promise<void> {
  await sql`update purges set done_seq = ${seq}, done_ms = ${now} where operation_id = ${operation}`.execute(
    tx,
  );
  await sql`update operations set state = 'purged', state_ms = ${now}, purpose = '' where id = ${operation}`.execute(
    tx,
  );
}

export async function putCertificate(tx: Tx, operation: OperationId, note: string): Promise<void> {
  await sql`update purges set certificate = ${note} where operation_id = ${operation} and certificate is null`.execute(
    tx,
  );
}
