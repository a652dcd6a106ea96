import { readOperation } from '#server/features/operations/index.ts';
import type { Admit, RoomPass } from '#server/platform/access.ts';
import { type DownloadBody, download, type Handler } from '#server/platform/http/commands.ts';
import { oneRow, type Store, sql, type Tx } from '#server/platform/storage/store.ts';
import { sha256 } from '#server/record/append.ts';
import type { StoredCheckpoint } from '#server/record/checkpoints.ts';
import type { RecordSigner } from '#server/record/signer.ts';
import { exportRecord } from '#shared/contracts/review.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';
import type { ExportedEntry } from '#shared/record/export/lines.ts';
import { writeExport } from '#shared/record/export/write.ts';

import { type ExportRow, exportPage } from './store.ts';

export type ExportDeps = {
  readonly store: Store;
  readonly admit: Admit;
  /** null on a node that does not sign. */
  readonly signer: RecordSigner | null;
};

/** How long an export waits for a checkpoint over its own entry. */
const PATIENCE = 5_000;
const PAGE = 500;
const PAGE_WEIGHT = 4 * 1024 * 1024;

/** The whole record as this reader may see it: first its entry, then the checkpoint that covers it, then the file. [RC-40] */
export function exportHandler(deps: ExportDeps): Handler {
  return download({
    call: exportRecord,
    async act(tx, { pass }, { purpose }) {
      const { signer } = deps;
      if (signer === null) throw refuse('signer.absent');
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
          return bodyOf({ ...deps, signer }, pass, { size: at.seq + 1, fileName });
        },
      };
    },
  });
}

type Signing = ExportDeps & { readonly signer: RecordSigner };

function bodyOf(
  deps: Signing,
  pass: RoomPass,
  { size, fileName }: { size: number; fileName: string },
): DownloadBody {
  let covered: Promise<StoredCheckpoint> | null = null;
  const cover = () => {
    covered ??= coverOrRefuse(deps.signer, pass, size);
    return covered;
  };
  return {
    mediaType: 'application/x-ndjson',
    fileName,
    ready: cover,
    chunks: async function* () {
      const checkpoint = await cover();
      yield* writeExport(
        {
          origin: pass.origin,
          from: 0,
          frontier: [],
          size: checkpoint.size,
          key: deps.signer.keyOf(pass.origin),
          entries: entriesFor(deps, pass, checkpoint.size),
          checkpoint: checkpoint.note,
          seal: (text) => deps.signer.seal(pass.origin, text),
        },
        sha256,
      );
    },
  };
}

async function coverOrRefuse(signer: RecordSigner, pass: RoomPass, size: number): Promise<StoredCheckpoint> {
  const checkpoint = await signer.cover(pass.operation, size, PATIENCE);
  if (checkpoint !== null) return checkpoint;
  if (signer.stopped().some(({ log }) => log === pass.operation)) throw refuse('signer.absent');
  throw refuse('try.again', { what: 'the record has not been signed up to this export yet' });
}

/** Page by page, each in a snapshot of its own and after asking the gate again: who is removed gets no further page. */
async function* entriesFor(deps: Signing, pass: RoomPass, size: number): AsyncGenerator<ExportedEntry> {
  for (let from = 0; from < size; ) {
    const now = await deps.admit(pass.session, pass.operation, 'record.export');
    const range = { from, to: Math.min(size, from + PAGE), weight: PAGE_WEIGHT };
    const page = await deps.store.read((tx) => exportPage(tx, now, range));
    invariant(page.length > 0 && page[0]?.seq === from, 'a record with a gap');
    yield* page.map(shown);
    from += page.length;
  }
}

function shown({ leaf_hash, bytes, salt, payload }: ExportRow): ExportedEntry {
  if (bytes === null) return { leaf: leaf_hash };
  return {
    leaf: leaf_hash,
    entry: bytes,
    content: salt === null || payload === null ? null : { salt, payload },
  };
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
