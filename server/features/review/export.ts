import { readOperation } from '#server/features/operations/index.ts';
import type { Admit, RoomPass } from '#server/platform/access.ts';
import { type DownloadBody, download, type Handler } from '#server/platform/http/commands.ts';
import { oneRow, type Store, sql, type Tx } from '#server/platform/storage/store.ts';
import { sha256 } from '#server/record/append.ts';
import { cosignedNote } from '#server/record/cosignatures.ts';
import type { Vouching } from '#server/record/vouching.ts';
import { exportRecord } from '#shared/contracts/review.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';
import { writeExport } from '#shared/record/export/write.ts';

import { coverOrRefuse, type Covered as Signed } from './cover.ts';
import { earlierQuorum, entriesBetween, inPieces, PATIENCE, sealWith } from './export-parts.ts';
import { exportPage } from './store.ts';

export type ExportDeps = {
  readonly store: Store;
  readonly admit: Admit;
  readonly vouching: Vouching;
  readonly clock: Clock;
};

/** The whole record as this reader may see it: first its entry, then the checkpoint that covers it, then the file. [RC-40] */
export function exportHandler(deps: ExportDeps): Handler {
  return download({
    call: exportRecord,
    async act(tx, { pass }, { purpose }) {
      if (!(await deps.vouching.atWork(tx, pass.operation))) throw refuse('signer.absent');
      const operation = await readOperation(tx, pass);
      invariant(operation !== null, 'an operation that is not there');
      return {
        facts: [
          {
            kind: 'record.exported',
            object: { kind: 'operation', id: pass.operation },
            compartment: pass.main,
            body: { purpose, format: 'muster-export/1', size: await sizeOf(tx, pass) },
          },
        ],
        reply: ([at]) => {
          invariant(at !== undefined, 'an export without an entry');
          const fileName = `${slug(operation.name)}-record.jsonl`;
          return bodyOf(deps, pass, { seq: at.seq, fileName });
        },
      };
    },
  });
}

function bodyOf(
  deps: ExportDeps,
  pass: RoomPass,
  { seq, fileName }: { seq: number; fileName: string },
): DownloadBody {
  const { origin } = pass;
  let covered: Promise<Covered> | null = null;
  const cover = () => {
    covered ??= coverWithNotes(deps, pass, seq + 1);
    return covered;
  };
  return {
    mediaType: 'application/x-ndjson',
    fileName,
    ready: cover,
    chunks: async function* () {
      const { checkpoint, key, note, cosigned } = await cover();
      const lines = writeExport(
        {
          origin,
          from: 0,
          frontier: [],
          size: checkpoint.size,
          key,
          entries: entriesBetween({ from: 0, size: checkpoint.size }, async (range) => {
            const now = await deps.admit(pass.session, pass.operation, 'record.export');
            return deps.store.read((tx) => exportPage(tx, now, range));
          }),
          checkpoint: note,
          cosigned,
          seal: sealWith(deps.vouching, pass, seq),
        },
        sha256,
      );
      yield* inPieces(lines, deps.clock);
    },
  };
}

type Covered = Signed & {
  /** With its cosignatures. */
  readonly note: string;
  readonly cosigned: { readonly size: number; readonly note: string } | null;
};

async function coverWithNotes(deps: ExportDeps, pass: RoomPass, size: number): Promise<Covered> {
  const signed = await coverOrRefuse(deps, pass, { size, patience: PATIENCE });
  const notes = await deps.store.read(async (tx) => ({
    note: await cosignedNote(tx, pass.operation, signed.checkpoint, 'everybody'),
    cosigned: await earlierQuorum(tx, pass, signed.checkpoint.size),
  }));
  return { ...signed, ...notes };
}

async function sizeOf(tx: Tx, pass: RoomPass): Promise<number> {
  const log = await oneRow<{ head: number }>(tx, sql`select head from logs where id = ${pass.operation}`);
  return log?.head ?? 0;
}

/** A file name in plain letters, whatever script the operation's name is in. */
function slug(name: string): string {
  const bare = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  const plain = bare.replaceAll(/[^a-z0-9]+/g, '-');
  return plain.replaceAll(/^-+|-+$/g, '').slice(0, 40) || 'operation';
}
