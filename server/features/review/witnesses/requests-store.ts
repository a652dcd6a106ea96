import type { RoomPass } from '#server/platform/access.ts';
import { oneRow, sql, type Tx } from '#server/platform/storage/store.ts';
import type { DeskId, OfficerId, WitnessId } from '#shared/kernel/ids.ts';
import { CONFIRM_HOURS } from '#shared/policy/lifecycle.ts';

type Change =
  | { readonly what: 'retire'; readonly witness_id: WitnessId }
  | { readonly what: 'quorum'; readonly witness_ids: readonly WitnessId[]; readonly need: number };

export type RequestRow = Change & {
  readonly id: string;
  readonly reason: string;
  readonly asked_by: OfficerId;
  readonly asked_desk: DeskId;
  readonly asked_ms: number;
};

/** Until when it can be confirmed. */
export function confirmBefore({ asked_ms }: Pick<RequestRow, 'asked_ms'>): number {
  return asked_ms + CONFIRM_HOURS * 3_600_000;
}

/** A request stands while its time runs and whoever asked still could. [RC-89] */
export async function standingRequest(tx: Tx, pass: RoomPass, now: number): Promise<RequestRow | null> {
  const row = await oneRow<RequestRow>(
    tx,
    sql`select r.id, r.what, r.witness_id, r.witness_ids, r.need, r.reason, r.asked_by, o.desk_id as asked_desk, r.asked_ms
        from witness_requests r
        join members m on m.operation_id = r.operation_id and m.officer_id = r.asked_by and m.removed_ms is null
        join officers o on o.id = m.officer_id
        where r.operation_id = ${pass.operation}
          and (m.role = 'lead' or (m.role = 'officer' and r.what = 'retire'))`,
  );
  return row !== null && now < confirmBefore(row) ? row : null;
}

export type NewRequest = Change & { readonly id: string; readonly reason: string; readonly now: number };

/** Takes the place of one that has fallen away. */
export async function putRequest(tx: Tx, pass: RoomPass, given: NewRequest): Promise<void> {
  const witness = given.what === 'retire' ? given.witness_id : null;
  const [ids, need] = given.what === 'quorum' ? [[...given.witness_ids], given.need] : [null, null];
  await dropRequest(tx, pass);
  await sql`insert into witness_requests (operation_id, id, what, witness_id, witness_ids, need, reason, asked_by, asked_ms)
            values (${pass.operation}, ${given.id}, ${given.what}, ${witness}, ${ids}, ${need}, ${given.reason},
                    ${pass.session.officer}, ${given.now})`.execute(tx);
}

export async function dropRequest(tx: Tx, pass: RoomPass): Promise<void> {
  await sql`delete from witness_requests where operation_id = ${pass.operation}`.execute(tx);
}
