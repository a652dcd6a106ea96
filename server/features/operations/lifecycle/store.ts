import type { RoomPass } from '#server/platform/access.ts';
import { oneRow, rows, sql, type Tx } from '#server/platform/storage/store.ts';
import type { HoldId, OfficerId } from '#shared/kernel/ids.ts';
import type { OperationState } from '#shared/policy/lifecycle.ts';

/** Until the transaction ends nobody else sets a hold, takes a step or begins a purge. */
export async function lockOperation(tx: Tx, pass: RoomPass): Promise<void> {
  await sql`select 1 from operations where id = ${pass.operation} for update`.execute(tx);
}

export async function takeStep(
  tx: Tx,
  pass: RoomPass,
  { state, reason, now }: { state: OperationState; reason: string; now: number },
): Promise<void> {
  await sql`update operations set state = ${state}, state_ms = ${now},
              closed_ms = case when ${state} = 'closed' then ${now}::bigint else closed_ms end
            where id = ${pass.operation}`.execute(tx);
  await sql`insert into operation_steps (operation_id, state, officer_id, reason, at_ms)
            values (${pass.operation}, ${state}, ${pass.session.officer}, ${reason}, ${now})
            on conflict (operation_id, state) do nothing`.execute(tx);
}

export type StepRow = { state: OperationState; officer_id: OfficerId; reason: string; at_ms: number };

export function stepsOf(tx: Tx, pass: RoomPass): Promise<StepRow[]> {
  return rows(
    tx,
    sql`select state, officer_id, reason, at_ms from operation_steps where operation_id = ${pass.operation} order by at_ms`,
  );
}

/** Those of sessions that are long over go with it. */
export async function putPurpose(
  tx: Tx,
  { operation, session }: RoomPass,
  { now, until }: { now: number; until: number },
): Promise<void> {
  await sql`delete from stated_purposes where operation_id = ${operation} and until_ms <= ${now}`.execute(tx);
  await sql`insert into stated_purposes (operation_id, session_id, until_ms) values (${operation}, ${session.id}, ${until})
            on conflict (operation_id, session_id) do update set until_ms = excluded.until_ms`.execute(tx);
}

export type HoldRow = {
  id: HoldId;
  authority: string;
  reason: string;
  set_by: OfficerId;
  set_ms: number;
  lifted_by: OfficerId | null;
  lifted_ms: number | null;
  lifted_reason: string | null;
};

const holdColumns = sql`id, authority, reason, set_by, set_ms, lifted_by, lifted_ms, lifted_reason`;

export function holdsOf(tx: Tx, pass: RoomPass): Promise<HoldRow[]> {
  return rows(
    tx,
    sql`select ${holdColumns} from legal_holds where operation_id = ${pass.operation} order by set_ms, id`,
  );
}

export function holdOf(tx: Tx, pass: RoomPass, id: HoldId): Promise<HoldRow | null> {
  return oneRow(
    tx,
    sql`select ${holdColumns} from legal_holds where operation_id = ${pass.operation} and id = ${id}`,
  );
}

type NewHold = { id: HoldId; authority: string; reason: string; now: number };

export async function insertHold(
  tx: Tx,
  pass: RoomPass,
  { id, authority, reason, now }: NewHold,
): Promise<void> {
  await sql`insert into legal_holds (operation_id, id, authority, reason, set_by, set_ms)
            values (${pass.operation}, ${id}, ${authority}, ${reason}, ${pass.session.officer}, ${now})`.execute(
    tx,
  );
}

/** False when there is no such hold, or it was lifted before. */
export async function markLifted(
  tx: Tx,
  pass: RoomPass,
  { id, reason, now }: { id: HoldId; reason: string; now: number },
): Promise<boolean> {
  const lifted = await oneRow(
    tx,
    sql`update legal_holds set lifted_by = ${pass.session.officer}, lifted_ms = ${now}, lifted_reason = ${reason}
        where operation_id = ${pass.operation} and id = ${id} and lifted_ms is null returning id`,
  );
  return lifted !== null;
}

export async function putRetention(tx: Tx, pass: RoomPass, until: string | null): Promise<void> {
  await sql`update operations set retain_until = ${until}::date, retention_told = false
            where id = ${pass.operation}`.execute(tx);
}
