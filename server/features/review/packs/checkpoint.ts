import type { RoomPass } from '#server/platform/access.ts';
import { type Handler, query } from '#server/platform/http/commands.ts';
import { rows, sql, type Tx } from '#server/platform/storage/store.ts';
import type { StoredCheckpoint } from '#server/record/checkpoints.ts';
import { mostCosigned, policyInForce, quorumCheckpoint } from '#server/record/cosignatures.ts';
import { packCheckpoint } from '#shared/contracts/packs.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { parseVkey } from '#shared/record/keys.ts';

export type Cosigned = { readonly checkpoint: StoredCheckpoint; readonly met: boolean };

/** What a pack rests on when no size is named: what the quorum has cosigned, else what most desks have. [RC-80] */
export async function cosignedCheckpoint(tx: Tx, { operation }: RoomPass): Promise<Cosigned | null> {
  const reached = await quorumCheckpoint(tx, operation);
  if (reached !== null) return { checkpoint: reached, met: true };
  const most = await mostCosigned(tx, operation);
  return most === null ? null : { checkpoint: most, met: false };
}

/** The same, to be seen before a pack is asked for. */
export function packCheckpointHandler(): Handler {
  return query({
    call: packCheckpoint,
    async read(tx, { pass, asOf }) {
      const policy = await policyInForce(tx, pass.operation);
      const quorum = policy && { need: policy.need, of: policy.witness_ids.length };
      const found = await cosignedCheckpoint(tx, pass);
      if (found === null) return { asOf, suggested: null, quorum };
      const { size, signed_ms } = found.checkpoint;
      const cosigners = await cosignersOf(tx, pass, size);
      const suggested = { size, signedAt: isoTime(signed_ms), met: found.met, cosigners };
      return { asOf, suggested, quorum };
    },
  });
}

async function cosignersOf(tx: Tx, pass: RoomPass, size: number): Promise<{ name: string; at: string }[]> {
  const found = await rows<{ vkey: string; at_s: number }>(
    tx,
    sql`select w.vkey, min(c.at_s) as at_s from cosignatures c join witnesses w on w.id = c.witness_id
        where c.log_id = ${pass.operation} and c.size = ${size} and w.kind = 'witness'
        group by w.vkey order by w.vkey collate "C"`,
  );
  return found.map(({ vkey, at_s }) => ({ name: parseVkey(vkey)?.name ?? '', at: isoTime(at_s * 1000) }));
}
