import { type ContentTable, contentTable } from '#server/features/operations/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import { command, type Handler, query } from '#server/platform/http/commands.ts';
import { sql, type Tx } from '#server/platform/storage/store.ts';
import { newestCheckpoint } from '#server/record/checkpoints.ts';
import { cosignedNote, quorumCheckpoint } from '#server/record/cosignatures.ts';
import { proofReader } from '#server/record/tree-nodes.ts';
import type { Vouching } from '#server/record/vouching.ts';
import { openReview, proveEntry, readCheckpoint } from '#shared/contracts/review.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { base64 } from '#shared/kernel/encoding.ts';
import { refuse } from '#shared/kernel/failures.ts';
import { proveConsistency, proveInclusion } from '#shared/record/proof.ts';

import { whoSawHandler } from './access/index.ts';
import { accessHandler } from './access/matrix.ts';
import { type ExportDeps, exportHandler } from './export.ts';
import { type FindingDeps, findingHandlers } from './findings/index.ts';
import { logHandlers } from './log/index.ts';
import { readerOf } from './log/reader.ts';
import { packCheckpointHandler } from './packs/checkpoint.ts';
import { type PackDeps, packHandler } from './packs/export-pack.ts';
import { type CompareDeps, compareHandler } from './replay/compare.ts';
import { type ReplayDeps, replayHandlers } from './replay/index.ts';
import { reportHandlers } from './report/index.ts';
import { entryBytes } from './store.ts';
import { type TimelineDeps, timelineHandler } from './timeline/index.ts';
import { listHandler } from './timeline/list.ts';
import { witnessHandlers } from './witnesses/index.ts';
import { type SearchDeps, searchHandlers } from './words/search.ts';

export { openWitnessGate } from './witnesses/index.ts';
export { followRecords } from './words/follower.ts';
export { readBoardsOnWorker } from './words/on-worker.ts';

/** What a purge destroys here. The tally counts entries and holds nothing of them. */
export const reviewContents: readonly ContentTable[] = [
  contentTable('review_words', (operation) => sql`log_id = ${operation}`),
  contentTable('witness_requests'),
];

export type ReviewDeps = ExportDeps &
  PackDeps &
  TimelineDeps &
  SearchDeps &
  ReplayDeps &
  CompareDeps &
  FindingDeps;

/** What the record says afterwards: entries, checkpoints, proofs and exports. */
export function reviewHandlers(deps: ReviewDeps): Handler[] {
  return [
    openHandler(),
    listHandler(),
    checkpointHandler(deps.vouching),
    proofHandler(deps.vouching),
    exportHandler(deps),
    ...witnessHandlers(deps),
    timelineHandler(deps),
    ...searchHandlers(deps),
    ...replayHandlers(deps),
    compareHandler(deps),
    whoSawHandler(),
    accessHandler(),
    ...findingHandlers(deps),
    ...reportHandlers(deps),
    ...logHandlers(deps),
    packHandler(deps),
    packCheckpointHandler(),
  ];
}

/** [RC-42] */
function openHandler(): Handler {
  return command({
    call: openReview,
    async act(_tx, { pass }, { purpose, what }) {
      const object = { kind: 'operation', id: pass.operation };
      return {
        facts: [{ kind: 'record.consulted', object, compartment: pass.main, body: { purpose, what } }],
        reply: ([at]) => ({ size: (at?.seq ?? 0) + 1, reading: at?.seq ?? -1 }),
      };
    },
  });
}

/** [RC-38] */
function checkpointHandler(vouching: Vouching): Handler {
  return query({
    call: readCheckpoint,
    async read(tx, { pass, asOf }, { since = 0 }) {
      const vkey = await vouching.keyOf(tx, pass.operation, pass.origin);
      const newest = await newestCheckpoint(tx, pass.operation);
      const head = asOf;
      if (newest === null)
        return { note: null, vkey, size: 0, head, signedAt: null, consistency: [], cosigned: null };
      const { size, signed_ms } = newest;
      const note = await cosignedNote(tx, pass.operation, newest, readerOf(pass));
      const consistency = since <= size ? await proofBetween(tx, pass, since, size) : [];
      const cosigned = await newestCosigned(tx, pass, size);
      return { note, vkey, size, head, signedAt: isoTime(signed_ms), consistency, cosigned };
    },
  });
}

async function newestCosigned(tx: Tx, pass: RoomPass, newest: number) {
  if (pass.session.desk.kind === 'partner') return null;
  const reached = await quorumCheckpoint(tx, pass.operation);
  if (reached === null) return null;
  const note = await cosignedNote(tx, pass.operation, reached, 'everybody');
  return { note, size: reached.size, consistency: await proofBetween(tx, pass, reached.size, newest) };
}

async function proofBetween(tx: Tx, { operation }: RoomPass, from: number, to: number): Promise<string[]> {
  return (await proveConsistency(proofReader(tx, operation), from, to)).map(base64);
}

/** [RC-39] */
function proofHandler(vouching: Vouching): Handler {
  return query({
    call: proveEntry,
    async read(tx, { pass }, { seq }) {
      const entry = await entryBytes(tx, pass, seq);
      if (entry === null) throw refuse('not.found', { where: 'seq' });
      const newest = await newestCheckpoint(tx, pass.operation);
      if (newest === null || newest.size <= seq) {
        const what = 'no signed checkpoint covers this entry yet';
        const atWork = await vouching.atWork(tx, pass.operation);
        throw refuse(atWork ? 'try.again' : 'signer.absent', { where: 'seq', what });
      }
      const proof = await proveInclusion(proofReader(tx, pass.operation), seq, newest.size);
      return {
        seq,
        entry: base64(entry.bytes),
        salt: entry.salt && base64(entry.salt),
        payload: entry.payload && base64(entry.payload),
        size: newest.size,
        proof: proof.map(base64),
        note: await cosignedNote(tx, pass.operation, newest, readerOf(pass)),
      };
    },
  });
}
