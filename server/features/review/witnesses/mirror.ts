import type { WitnessPass } from '#server/platform/access.ts';
import {
  type Context,
  command,
  type DownloadBody,
  download,
  type Handler,
} from '#server/platform/http/commands.ts';
import { oneRow, type Store, sql, type Tx } from '#server/platform/storage/store.ts';
import { sha256 } from '#server/record/append.ts';
import { checkpointAfter } from '#server/record/checkpoints.ts';
import { cosignedNote } from '#server/record/cosignatures.ts';
import { headOf } from '#server/record/read.ts';
import { proofReader } from '#server/record/tree-nodes.ts';
import type { Vouching } from '#server/record/vouching.ts';
import { openMirror, readMirrorPart } from '#shared/contracts/mirror.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';
import { answerOf } from '#shared/policy/lifecycle.ts';
import { FORMAT } from '#shared/record/export/lines.ts';
import { writeExport } from '#shared/record/export/write.ts';
import { subtreesOf } from '#shared/record/tree.ts';

import { coverOrRefuse } from '../cover.ts';
import { earlierQuorum, entriesBetween, inPieces, PATIENCE, sealWith } from '../export-parts.ts';
import { exportPage } from '../store.ts';
import { admitAgain, holdWitnessPass } from './gate.ts';

export type MirrorDeps = { readonly store: Store; readonly vouching: Vouching; readonly clock: Clock };

/** An opening lasts this long; then the mirror is opened, and put on the record, again. */
const LASTS = 24 * 3_600_000;
/** Entries of one part, unless the signer has left a longer stretch without a checkpoint. */
const MOST = 5_000;

/** A desk's mirror: one entry for each opening, then the record in parts, each of them an export of its own. [RC-84] */
export function mirrorHandlers(deps: MirrorDeps): Handler[] {
  return [
    command({
      call: openMirror,
      async act(tx, context) {
        const pass = mustBeReadable(await holdWitnessPass(tx, context.witness));
        if (!(await deps.vouching.atWork(tx, pass.operation))) throw refuse('signer.absent');
        const earlier = await openedUnder(tx, context);
        if (earlier !== null) return { facts: [], reply: { opening: earlier } };
        const size = (await headOf(tx, pass.operation))?.head ?? 0;
        return {
          facts: [
            {
              kind: 'record.mirrored',
              log: pass.operation,
              by: { kind: 'hub' },
              object: { kind: 'witness', id: pass.witness },
              compartment: pass.main,
              body: { desk: pass.desk, format: FORMAT, size },
            },
          ],
          reply: ([at]) => {
            invariant(at !== undefined, 'a mirror without an entry');
            return { opening: at.seq };
          },
        };
      },
    }),
    download({
      call: readMirrorPart,
      async act(tx, { witness, now }, { opening, since }) {
        const pass = mustBeReadable(await admitAgain(tx, witness));
        await mustHaveOpened(tx, pass, { opening, now });
        const head = (await headOf(tx, pass.operation))?.head ?? 0;
        if (since >= head) throw refuse('not.found', { where: 'since', what: 'nothing comes after it' });
        return { facts: [], reply: partOf(deps, pass, { opening, since }) };
      },
    }),
  ];
}

/** A program cannot say why it reads: of an archived operation officers take exports. [RC-85] */
function mustBeReadable(pass: WitnessPass): WitnessPass {
  const answer = answerOf(pass.state, 'prove');
  if (answer === 'yes') return pass;
  throw refuse(answer === 'with purpose' ? 'purpose.needed' : answer);
}

/** The opening that this very command has made already; replies are kept for officers only. */
async function openedUnder(
  tx: Tx,
  { witness, commandId }: Context<typeof openMirror>,
): Promise<number | null> {
  const row = await oneRow<{ seq: number }>(
    tx,
    sql`select seq from entries where log_id = ${witness.operation} and object_id = ${witness.witness}
          and kind = 'record.mirrored' and convert_from(bytes, 'UTF8')::json ->> 'cmd' = ${commandId}`,
  );
  return row?.seq ?? null;
}

async function mustHaveOpened(
  tx: Tx,
  { operation, witness }: WitnessPass,
  { opening, now }: { readonly opening: number; readonly now: number },
): Promise<void> {
  const opened = await oneRow(
    tx,
    sql`select 1 from entries where log_id = ${operation} and seq = ${opening} and kind = 'record.mirrored'
          and object_id = ${witness} and at_ms > ${now - LASTS}`,
  );
  if (opened === null) throw refuse('bad.request', { where: 'opening', what: 'open the mirror first' });
}

type Part = { readonly opening: number; readonly since: number };
type Ready = Awaited<ReturnType<typeof makeReady>>;

function partOf(deps: MirrorDeps, pass: WitnessPass, part: Part): DownloadBody {
  let ready: Promise<Ready> | null = null;
  const whenReady = () => {
    ready ??= makeReady(deps, pass, part);
    return ready;
  };
  return {
    mediaType: 'application/x-ndjson',
    fileName: `mirror-${part.since}.jsonl`,
    ready: whenReady,
    chunks: async function* () {
      const { size, ...given } = await whenReady();
      const entries = entriesBetween({ from: part.since, size }, (range) =>
        deps.store.read(async (tx) => exportPage(tx, mustBeReadable(await admitAgain(tx, pass)), range)),
      );
      const seal = sealWith(deps.vouching, pass, part.opening);
      const told = { ...given, origin: pass.origin, from: part.since, size, entries, seal };
      yield* inPieces(writeExport(told, sha256), deps.clock);
    },
  };
}

/** The checkpoint at which this part ends, and the edge of the tree at which it begins. */
async function makeReady(deps: MirrorDeps, pass: WitnessPass, { since, opening }: Part) {
  const { operation } = pass;
  const { key } = await coverOrRefuse(deps, pass, {
    size: Math.max(since, opening) + 1,
    patience: PATIENCE,
  });
  return deps.store.read(async (tx) => {
    const end = await checkpointAfter(tx, operation, { since, most: MOST });
    invariant(end !== null, 'a record that became shorter');
    const cosigned = await earlierQuorum(tx, pass, end.size);
    return {
      size: end.size,
      key,
      frontier: await proofReader(tx, operation).read(subtreesOf(0, since)),
      checkpoint: await cosignedNote(tx, operation, end, 'everybody'),
      cosigned: cosigned !== null && cosigned.size > since ? cosigned : null,
    };
  });
}
