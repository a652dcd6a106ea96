import type { RoomPass } from '#server/platform/access.ts';
import { oneRow, rows, sql, type Tx } from '#server/platform/storage/store.ts';
import type { DeskId, OfficerId, WitnessId } from '#shared/kernel/ids.ts';
import type { CosignerKind } from '#shared/policy/cosigners.ts';

export type WitnessRow = {
  readonly id: WitnessId;
  readonly kind: CosignerKind;
  readonly vkey: string;
  readonly desk_id: DeskId;
  readonly desk_code: string;
  readonly desk_name: string;
  readonly country: string;
  readonly registered_by: OfficerId;
  readonly registered_ms: number;
  readonly retired_ms: number | null;
  readonly last_size: number | null;
  readonly last_at_s: number | null;
  readonly hub_size: number | null;
  readonly hub_at_s: number | null;
};

const columns = sql`w.id, w.kind, w.vkey, w.desk_id, d.code as desk_code, d.name as desk_name, d.country, w.registered_by,
  w.registered_ms, w.retired_ms, newest.size as last_size, newest.at_s as last_at_s,
  of_hub.size as hub_size, of_hub.at_s as hub_at_s`;

/** Every key there ever was in this operation, those at work first. */
export function witnessesOf(tx: Tx, pass: RoomPass): Promise<WitnessRow[]> {
  return rows(
    tx,
    sql`select ${columns} from witnesses w join desks d on d.id = w.desk_id
        left join lateral (
          select c.size, c.at_s from cosignatures c where c.witness_id = w.id and c.log_id = w.operation_id
          order by c.size desc, c.at_s desc limit 1
        ) newest on true
        left join lateral (
          select c.size, c.at_s from cosignatures c where c.witness_id = w.id and c.log_id = 'hub'
          order by c.size desc, c.at_s desc limit 1
        ) of_hub on true
        where w.operation_id = ${pass.operation}
        order by w.retired_ms is not null, w.kind = 'officer-browser', d.country, d.code, w.registered_ms`,
  );
}

export type HeldWitness = Pick<WitnessRow, 'id' | 'kind' | 'vkey' | 'desk_id'> & { readonly code: string };

/** Held until `tx` ends, so that nobody retires it meanwhile; null when it is not at work in this operation. */
export function holdWitness(tx: Tx, pass: RoomPass, id: WitnessId): Promise<HeldWitness | null> {
  return oneRow(
    tx,
    sql`select w.id, w.kind, w.vkey, w.desk_id, d.code from witnesses w join desks d on d.id = w.desk_id
        where w.operation_id = ${pass.operation} and w.id = ${id} and w.retired_ms is null for update of w`,
  );
}

export async function isKeyKnown(tx: Tx, publicKey: Uint8Array): Promise<boolean> {
  return (
    (await oneRow(tx, sql`select 1 from witnesses where public_key = ${Buffer.from(publicKey)}`)) !== null
  );
}

/** Of this desk and kind, how many keys are at work. */
export async function countAtWork(tx: Tx, pass: RoomPass, kind: CosignerKind): Promise<number> {
  const { desk, officer } = pass.session;
  const whose = kind === 'witness' ? sql`desk_id = ${desk.id}` : sql`registered_by = ${officer}`;
  const found = await oneRow<{ count: number }>(
    tx,
    sql`select count(*)::int as count from witnesses
        where operation_id = ${pass.operation} and kind = ${kind} and retired_ms is null and ${whose}`,
  );
  return found?.count ?? 0;
}

export type NewWitness = {
  readonly id: WitnessId;
  readonly kind: CosignerKind;
  readonly vkey: string;
  readonly publicKey: Uint8Array;
  readonly credentialHash: Buffer | null;
  readonly now: number;
};

export async function insertWitness(tx: Tx, pass: RoomPass, given: NewWitness): Promise<void> {
  const { officer, desk } = pass.session;
  await sql`insert into witnesses (id, operation_id, desk_id, kind, vkey, public_key, credential_hash, registered_by,
                                   registered_ms)
            values (${given.id}, ${pass.operation}, ${desk.id}, ${given.kind}, ${given.vkey},
                    ${Buffer.from(given.publicKey)}, ${given.credentialHash}, ${officer}, ${given.now})`.execute(
    tx,
  );
}

export async function markRetired(tx: Tx, pass: RoomPass, id: WitnessId, now: number): Promise<void> {
  await sql`update witnesses set retired_ms = ${now} where operation_id = ${pass.operation} and id = ${id}`.execute(
    tx,
  );
}

/** Registering, retiring and setting the quorum of one operation take turns. */
export async function takeTurn(tx: Tx, pass: RoomPass): Promise<void> {
  await sql`select 1 from operations where id = ${pass.operation} for update`.execute(tx);
}

export type NewPolicy = {
  readonly number: number;
  readonly text: string;
  readonly need: number;
  readonly witnessIds: readonly WitnessId[];
  /** Whoever asked, when this officer only confirms. */
  readonly askedBy: OfficerId | null;
  readonly now: number;
};

export async function insertPolicy(tx: Tx, pass: RoomPass, given: NewPolicy): Promise<void> {
  await sql`insert into quorum_policies (operation_id, number, text, need, witness_ids, set_by, set_ms, asked_by)
            values (${pass.operation}, ${given.number}, ${given.text}, ${given.need}, ${[...given.witnessIds]},
                    ${pass.session.officer}, ${given.now}, ${given.askedBy})`.execute(tx);
}
