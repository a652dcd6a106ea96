import { oneRow, rows, sql, type Tx } from '#server/platform/storage/store.ts';
import type { DeskId, OfficerId } from '#shared/kernel/ids.ts';
import type { DeskKind } from '#shared/policy/can.ts';

export type OfficerRow = {
  id: OfficerId;
  desk_id: DeskId;
  handle: string;
  name: string;
  email: string;
  host_administrator: boolean;
  epoch: number;
  password_hash: string | null;
  totp_sealed: Buffer | null;
  totp_last_step: number;
  desk_code: string;
  desk_name: string;
  desk_kind: DeskKind;
  country: string;
};

const officerColumns = sql`o.id, o.desk_id, o.handle, o.name, o.email, o.host_administrator, o.epoch, o.password_hash,
  o.totp_sealed, o.totp_last_step, d.code as desk_code, d.name as desk_name, d.kind as desk_kind, d.country`;

export function officerByEmail(tx: Tx, email: string): Promise<OfficerRow | null> {
  return oneRow(
    tx,
    sql`select ${officerColumns} from officers o join desks d on d.id = o.desk_id where o.email = ${email}`,
  );
}

export function officerById(tx: Tx, id: OfficerId): Promise<OfficerRow | null> {
  return oneRow(
    tx,
    sql`select ${officerColumns} from officers o join desks d on d.id = o.desk_id where o.id = ${id}`,
  );
}

export function officerByHandle(tx: Tx, handle: string): Promise<OfficerRow | null> {
  return oneRow(
    tx,
    sql`select ${officerColumns} from officers o join desks d on d.id = o.desk_id where o.handle = ${handle}`,
  );
}

export function allOfficers(tx: Tx): Promise<OfficerRow[]> {
  return rows(
    tx,
    sql`select ${officerColumns} from officers o join desks d on d.id = o.desk_id order by d.code, o.name`,
  );
}

export type DeskRow = { id: DeskId; code: string; name: string; country: string; kind: DeskKind };

export function allDesks(tx: Tx): Promise<DeskRow[]> {
  return rows(tx, sql`select id, code, name, country, kind from desks order by kind, country, code`);
}

export function deskById(tx: Tx, id: DeskId): Promise<DeskRow | null> {
  return oneRow(tx, sql`select id, code, name, country, kind from desks where id = ${id}`);
}

export async function insertDesk(tx: Tx, desk: DeskRow, now: number): Promise<void> {
  await sql`insert into desks (id, code, name, country, kind, added_ms)
            values (${desk.id}, ${desk.code}, ${desk.name}, ${desk.country}, ${desk.kind}, ${now})`.execute(
    tx,
  );
}

export type NewOfficer = {
  id: OfficerId;
  deskId: DeskId;
  handle: string;
  name: string;
  email: string;
  hostAdministrator: boolean;
};

export async function insertOfficer(tx: Tx, officer: NewOfficer, now: number): Promise<void> {
  await sql`insert into officers (id, desk_id, handle, name, email, host_administrator, added_ms)
            values (${officer.id}, ${officer.deskId}, ${officer.handle}, ${officer.name}, ${officer.email},
                    ${officer.hostAdministrator}, ${now})`.execute(tx);
}

/** The handle that mentions use: the name in lower case, made unique by a number. */
export async function freeHandle(tx: Tx, name: string): Promise<string> {
  const base =
    name
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '.')
      .replace(/^\.+|\.+$/g, '')
      .slice(0, 30) || 'officer';
  const taken = await rows<{ handle: string }>(
    tx,
    sql`select handle from officers where handle = ${base} or handle like ${`${base}.%`}`,
  );
  const handles = new Set(taken.map(({ handle }) => handle));
  if (!handles.has(base)) return base;
  let number = 2;
  while (handles.has(`${base}.${number}`)) number += 1;
  return `${base}.${number}`;
}
