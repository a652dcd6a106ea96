import type { RoomPass, Session } from '#server/platform/access.ts';
import { oneRow, rows, sql, type Tx } from '#server/platform/storage/store.ts';
import type { CompartmentId, OfficerId, OperationId } from '#shared/kernel/ids.ts';
import type { DeskKind, Role } from '#shared/policy/can.ts';
import type { OperationState } from '#shared/policy/lifecycle.ts';

export type OperationRow = {
  id: OperationId;
  name: string;
  purpose: string;
  state: OperationState;
  state_ms: number;
  created_ms: number;
  closed_ms: number | null;
  /** A day, as `2026-12-31`. */
  retain_until: string | null;
  on_hold: boolean;
};

export type MembershipRow = OperationRow & {
  role: Role;
  compartment_ids: CompartmentId[];
  removed_ms: number | null;
  origin: string;
  epoch: number;
  main_id: CompartmentId;
  /** Until when the purpose that this session has stated counts. */
  purpose_until: number | null;
};

const operationColumns = sql`p.id, p.name, p.purpose, p.state, p.state_ms, p.created_ms, p.closed_ms,
  to_char(p.retain_until, 'YYYY-MM-DD') as retain_until,
  exists (select 1 from legal_holds h where h.operation_id = p.id and h.lifted_ms is null) as on_hold`;

/** The gate's question: before there is a pass, hence by ids. */
export function membershipOf(
  tx: Tx,
  operation: OperationId,
  { officer, id }: Session,
): Promise<MembershipRow | null> {
  return oneRow(
    tx,
    sql`select ${operationColumns}, m.role, m.compartment_ids, m.removed_ms, l.origin, l.epoch, c.id as main_id,
          (select u.until_ms from stated_purposes u where u.operation_id = p.id and u.session_id = ${id}) as purpose_until
        from operations p
        join logs l on l.id = p.id
        join compartments c on c.operation_id = p.id and c.name = 'main'
        join members m on m.operation_id = p.id and m.officer_id = ${officer}
        where p.id = ${operation}`,
  );
}

export async function operationExists(tx: Tx, operation: OperationId): Promise<boolean> {
  return (await oneRow(tx, sql`select 1 from operations where id = ${operation}`)) !== null;
}

export function operationsOf(
  tx: Tx,
  officer: OfficerId,
  states: readonly OperationState[],
): Promise<(OperationRow & { role: Role })[]> {
  return rows(
    tx,
    sql`select ${operationColumns}, m.role from operations p join members m on m.operation_id = p.id
        where m.officer_id = ${officer} and m.removed_ms is null and p.state = any(${[...states]})
        order by p.created_ms desc`,
  );
}

export function readOperation(tx: Tx, pass: RoomPass): Promise<OperationRow | null> {
  return oneRow(tx, sql`select ${operationColumns} from operations p where p.id = ${pass.operation}`);
}

export async function insertOperation(tx: Tx, operation: OperationRow, origin: string): Promise<void> {
  const { id, name, purpose, state, created_ms } = operation;
  await sql`insert into logs (id, origin) values (${id}, ${origin})`.execute(tx);
  await sql`insert into operations (id, name, purpose, state, state_ms, created_ms)
            values (${id}, ${name}, ${purpose}, ${state}, ${created_ms}, ${created_ms})`.execute(tx);
}

export async function insertCompartment(
  tx: Tx,
  operation: OperationId,
  compartment: { id: CompartmentId; name: string },
): Promise<void> {
  await sql`insert into compartments (id, operation_id, name) values (${compartment.id}, ${operation}, ${compartment.name})`.execute(
    tx,
  );
}

export function compartmentsOf(
  tx: Tx,
  operation: OperationId,
): Promise<{ id: CompartmentId; name: string }[]> {
  return rows(tx, sql`select id, name from compartments where operation_id = ${operation} order by name`);
}

export type MemberRow = {
  id: OfficerId;
  name: string;
  handle: string;
  desk_code: string;
  desk_kind: DeskKind;
  country: string;
  role: Role;
  compartment_ids: CompartmentId[];
  added_ms: number;
};

const memberColumns = sql`o.id, o.name, o.handle, d.code as desk_code, d.kind as desk_kind, d.country, m.role,
  m.compartment_ids, m.added_ms`;

export function membersOf(tx: Tx, pass: RoomPass): Promise<MemberRow[]> {
  return rows(
    tx,
    sql`select ${memberColumns} from members m join officers o on o.id = m.officer_id join desks d on d.id = o.desk_id
        where m.operation_id = ${pass.operation} and m.removed_ms is null order by d.kind, d.country, o.name`,
  );
}

export function memberOf(tx: Tx, pass: RoomPass, officer: OfficerId): Promise<MemberRow | null> {
  return oneRow(
    tx,
    sql`select ${memberColumns} from members m join officers o on o.id = m.officer_id join desks d on d.id = o.desk_id
        where m.operation_id = ${pass.operation} and m.officer_id = ${officer} and m.removed_ms is null`,
  );
}

export type NewMember = {
  operation: OperationId;
  officer: OfficerId;
  role: Role;
  compartments: readonly CompartmentId[];
  now: number;
};

/** Somebody who was a member before becomes one again, with nothing of the former rights. */
export async function putMember(tx: Tx, member: NewMember): Promise<void> {
  await sql`insert into members (operation_id, officer_id, role, compartment_ids, added_ms)
            values (${member.operation}, ${member.officer}, ${member.role}, ${[...member.compartments]}, ${member.now})
            on conflict (operation_id, officer_id) do update
            set role = excluded.role, compartment_ids = excluded.compartment_ids, added_ms = excluded.added_ms, removed_ms = null`.execute(
    tx,
  );
}

export async function markRemoved(tx: Tx, pass: RoomPass, officer: OfficerId, now: number): Promise<void> {
  await sql`update members set removed_ms = ${now} where operation_id = ${pass.operation} and officer_id = ${officer}`.execute(
    tx,
  );
}

/** Locks the leads, so that two of them cannot remove each other at once. */
export async function lockLeads(tx: Tx, pass: RoomPass): Promise<readonly OfficerId[]> {
  const leads = await rows<{ officer_id: OfficerId }>(
    tx,
    sql`select officer_id from members where operation_id = ${pass.operation} and role = 'lead' and removed_ms is null
        order by officer_id for update`,
  );
  return leads.map((row) => row.officer_id);
}

/** Officers who are not members, by any part of name, handle or desk. */
export function candidatesFor(
  tx: Tx,
  pass: RoomPass,
  text: string,
): Promise<Omit<MemberRow, 'role' | 'compartment_ids' | 'added_ms'>[]> {
  const like = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
  return rows(
    tx,
    sql`select o.id, o.name, o.handle, d.code as desk_code, d.kind as desk_kind, d.country
        from officers o join desks d on d.id = o.desk_id
        where not exists (select 1 from members m where m.operation_id = ${pass.operation} and m.officer_id = o.id and m.removed_ms is null)
          and (o.name ilike ${like} or o.handle ilike ${like} or d.code ilike ${like} or d.name ilike ${like})
        order by d.country, o.name limit 50`,
  );
}
