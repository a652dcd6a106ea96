import { visibleTo } from '#server/features/operations/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import type { LogId } from '#server/platform/facts.ts';
import { type FileBody, file, type Handler, query } from '#server/platform/http/commands.ts';
import { oneRow, sql, type Tx } from '#server/platform/storage/store.ts';
import { anchorOf } from '#server/record/anchors.ts';
import { newestCheckpoint } from '#server/record/checkpoints.ts';
import { cosignedNote, quorumCheckpoint, type Reader } from '#server/record/cosignatures.ts';
import { headOf } from '#server/record/read.ts';
import { proofReader } from '#server/record/tree-nodes.ts';
import type { Vouching } from '#server/record/vouching.ts';
import {
  readAnchor,
  readHubCheckpoint,
  readHubLogCheckpoint,
  readHubLogTile,
  readLogCheckpoint,
  readLogTile,
  readProofFile,
} from '#shared/contracts/record-log.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { base64 } from '#shared/kernel/encoding.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';
import { proveConsistency, proveInclusion } from '#shared/record/proof.ts';
import { formatProofFile } from '#shared/record/proof-file.ts';

import { columns, entryBytes } from '../store.ts';
import { readerOf } from './reader.ts';
import { placesHandlers, receiptKeyHandler } from './receipts.ts';
import { tileOf } from './tiles.ts';

/** The records in the public formats, and where the hub's own speaks of an operation's. */
export function logHandlers({ vouching }: { readonly vouching: Vouching }): Handler[] {
  return [
    file({
      call: readLogCheckpoint,
      read: (tx, { pass }) => checkpointFile(tx, pass.operation, readerOf(pass)),
    }),
    file({
      call: readLogTile,
      read: (tx, { pass }, { tile }) =>
        tileOf(tx, pass.operation, { path: tile, visible: visibleTo(pass, columns) }),
    }),
    proofFileHandler(vouching),
    anchorHandler(vouching),
    hubCheckpointHandler(vouching),
    ...placesHandlers(vouching),
    receiptKeyHandler(vouching),
    // Who cosigns the hub's record tells which operations there are: members read it with `record.anchor`.
    file({
      call: readHubLogCheckpoint,
      read: (tx, { session }) =>
        checkpointFile(tx, 'hub', session.hostAdministrator ? 'everybody' : 'nobody'),
    }),
    file({
      call: readHubLogTile,
      read: (tx, { session }, { tile }) =>
        tileOf(tx, 'hub', { path: tile, visible: sql.lit(session.hostAdministrator) }),
    }),
  ];
}

/** [RC-48] */
async function checkpointFile(tx: Tx, log: LogId, reader: Reader): Promise<FileBody> {
  const newest = await newestCheckpoint(tx, log);
  if (newest === null) throw refuse('not.found');
  return {
    mediaType: 'text/plain; charset=utf-8',
    content: await cosignedNote(tx, log, newest, reader),
    lasting: false,
  };
}

/** [RC-50] */
function proofFileHandler(vouching: Vouching): Handler {
  return file({
    call: readProofFile,
    async read(tx, { pass }, { seq }) {
      if ((await entryBytes(tx, pass, seq)) === null) throw refuse('not.found', { where: 'seq' });
      const newest = await newestCheckpoint(tx, pass.operation);
      if (newest === null || newest.size <= seq) {
        const what = 'no signed checkpoint covers this entry yet';
        const atWork = await vouching.atWork(tx, pass.operation);
        throw refuse(atWork ? 'try.again' : 'signer.absent', { where: 'seq', what });
      }
      const hashes = await proveInclusion(proofReader(tx, pass.operation), seq, newest.size);
      const checkpoint = await cosignedNote(tx, pass.operation, newest, readerOf(pass));
      return {
        mediaType: 'text/plain; charset=utf-8',
        content: formatProofFile({ index: seq, hashes, checkpoint }),
        fileName: `${pass.operation}-${seq}.tlog-proof`,
        lasting: false,
      };
    },
  });
}

type AnchorRow = { readonly bytes: Buffer; readonly salt: Buffer; readonly payload: Buffer };

/** [RC-47] */
function anchorHandler(vouching: Vouching): Handler {
  return query({
    call: readAnchor,
    async read(tx, { pass }) {
      const hub = await headOf(tx, 'hub');
      invariant(hub !== null, 'a hub without a record');
      const vkey = await vouching.keyOf(tx, 'hub', hub.origin);
      const seq = await anchorOf(tx, pass.operation);
      const newest = await newestCheckpoint(tx, 'hub');
      const cosigned = newest && (await cosignedHub(tx, pass, newest.size));
      if (seq === null || newest === null || newest.size <= seq) return { anchor: null, vkey, cosigned };
      const row = await oneRow<AnchorRow>(
        tx,
        sql`select e.bytes, c.salt, c.payload from entries e
            join entry_contents c on c.log_id = e.log_id and c.seq = e.seq
            where e.log_id = 'hub' and e.seq = ${seq} and e.kind = 'record.anchored' and e.object_id = ${pass.operation}`,
      );
      if (row === null) return { anchor: null, vkey, cosigned };
      const proof = await proveInclusion(proofReader(tx, 'hub'), seq, newest.size);
      const [entry, salt, payload] = [base64(row.bytes), base64(row.salt), base64(row.payload)];
      const { size, note } = newest;
      return { anchor: { seq, entry, salt, payload, size, proof: proof.map(base64), note }, vkey, cosigned };
    },
  });
}

/** The hub's newest checkpoint with the quorum of this operation; a partner is not told who takes part. [RC-83] */
async function cosignedHub(tx: Tx, { operation, session }: RoomPass, newest: number) {
  if (session.desk.kind === 'partner') return null;
  const reached = await quorumCheckpoint(tx, 'hub', operation);
  if (reached === null) return null;
  const note = await cosignedNote(tx, 'hub', reached, { witnessesOf: operation });
  const consistency = await proveConsistency(proofReader(tx, 'hub'), reached.size, newest);
  return { note, size: reached.size, consistency: consistency.map(base64) };
}

function hubCheckpointHandler(vouching: Vouching): Handler {
  return query({
    call: readHubCheckpoint,
    async read(tx, _context, { since = 0 }) {
      const hub = await headOf(tx, 'hub');
      invariant(hub !== null, 'a hub without a record');
      const vkey = await vouching.keyOf(tx, 'hub', hub.origin);
      const newest = await newestCheckpoint(tx, 'hub');
      if (newest === null) return { note: null, vkey, size: 0, signedAt: null, consistency: [] };
      const { size, note, signed_ms } = newest;
      const proof = since <= size ? await proveConsistency(proofReader(tx, 'hub'), since, size) : [];
      return { note, vkey, size, signedAt: isoTime(signed_ms), consistency: proof.map(base64) };
    },
  });
}
