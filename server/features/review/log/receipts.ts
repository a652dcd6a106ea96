import type { LogId } from '#server/platform/facts.ts';
import { type Handler, query } from '#server/platform/http/commands.ts';
import { rows, sql, type Tx } from '#server/platform/storage/store.ts';
import { newestCheckpoint } from '#server/record/checkpoints.ts';
import { headOf } from '#server/record/read.ts';
import { receiptKeys } from '#server/record/receipts/receipts.ts';
import { proofReader } from '#server/record/tree-nodes.ts';
import type { Vouching } from '#server/record/vouching.ts';
import type { BodyOf, ReplyOf } from '#shared/contracts/contract.ts';
import { proveHubPlaces, provePlaces, readReceiptKeys } from '#shared/contracts/record-log.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { base64 } from '#shared/kernel/encoding.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';
import { proveMany } from '#shared/record/many-proof.ts';
import { proveConsistency, proveInclusion } from '#shared/record/proof.ts';

/** Hashes only, so that whoever holds a receipt can check it without being shown anything. [RC-52] [RC-91] */
export function placesHandlers(vouching: Vouching): Handler[] {
  return [
    query({
      call: provePlaces,
      read: (tx, { pass }, asked) =>
        provedPlaces(tx, vouching, { log: pass.operation, origin: pass.origin }, asked),
    }),
    query({
      call: proveHubPlaces,
      async read(tx, _context, asked) {
        const hub = await headOf(tx, 'hub');
        invariant(hub !== null, 'a hub without a record');
        return provedPlaces(tx, vouching, { log: 'hub', origin: hub.origin }, asked);
      },
    }),
  ];
}

async function provedPlaces(
  tx: Tx,
  vouching: Vouching,
  { log, origin }: { readonly log: LogId; readonly origin: string },
  { places: text, since = 0 }: BodyOf<typeof proveHubPlaces>,
): Promise<ReplyOf<typeof proveHubPlaces>> {
  const places = text.split(',').map(Number);
  if (places.some((place, at) => place <= (places[at - 1] ?? -1)))
    throw refuse('bad.request', { where: 'places', what: 'places that do not rise' });
  const vkey = await vouching.keyOf(tx, log, origin);
  const newest = await newestCheckpoint(tx, log);
  if (newest === null)
    return { note: null, vkey, size: 0, signedAt: null, consistency: [], covered: [], proof: [] };
  const { note, size, signed_ms } = newest;
  const reader = proofReader(tx, log);
  const covered = places.filter((place) => place < size);
  const proof = covered.length === 0 ? [] : await proveMany(reader, covered, size);
  const consistency = since <= size ? await proveConsistency(reader, since, size) : [];
  return {
    note,
    vkey,
    size,
    signedAt: isoTime(signed_ms),
    consistency: consistency.map(base64),
    covered,
    proof: proof.map(base64),
  };
}

/** [RC-51] */
export function receiptKeyHandler(vouching: Vouching): Handler {
  return query({
    call: readReceiptKeys,
    async read(tx) {
      const hub = await headOf(tx, 'hub');
      invariant(hub !== null, 'a hub without a record');
      const vkey = await vouching.keyOf(tx, 'hub', hub.origin);
      const newest = await newestCheckpoint(tx, 'hub');
      const size = newest?.size ?? 0;
      const known = await receiptKeys(tx);
      const entries = await entriesAt(
        tx,
        known.map(({ seq }) => seq),
      );
      const keys = [];
      for (const key of known) {
        const entry = entries.get(key.seq);
        invariant(entry !== undefined, 'a receipt key without its entry');
        const covered = key.seq < size;
        const proof = covered ? await proveInclusion(proofReader(tx, 'hub'), key.seq, size) : [];
        const { bytes, salt, payload } = entry;
        keys.push({
          ...key,
          entry: base64(bytes),
          salt: base64(salt),
          payload: base64(payload),
          proof: proof.map(base64),
          covered,
        });
      }
      return { vkey, note: newest?.note ?? null, keys };
    },
  });
}

type Certified = {
  readonly seq: number;
  readonly bytes: Buffer;
  readonly salt: Buffer;
  readonly payload: Buffer;
};

async function entriesAt(tx: Tx, places: readonly number[]): Promise<Map<number, Certified>> {
  const found = await rows<Certified>(
    tx,
    sql`select e.seq, e.bytes, c.salt, c.payload from entries e
        join entry_contents c on c.log_id = e.log_id and c.seq = e.seq
        where e.log_id = 'hub' and e.seq = any(${[...places]}::bigint[]) and e.kind = 'receipt-key.certified'`,
  );
  return new Map(found.map((one) => [one.seq, one]));
}
