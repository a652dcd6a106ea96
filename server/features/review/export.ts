import { readOperation } from '#server/features/operations/index.ts';
import type { Admit, RoomPass } from '#server/platform/access.ts';
import { type DownloadBody, download, type Handler } from '#server/platform/http/commands.ts';
import { oneRow, type Store, sql, type Tx } from '#server/platform/storage/store.ts';
import { sha256 } from '#server/record/append.ts';
import { cosignedNote, quorumCheckpoint } from '#server/record/cosignatures.ts';
import type { Vouching } from '#server/record/vouching.ts';
import { exportRecord } from '#shared/contracts/review.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';
import type { ExportedEntry } from '#shared/record/export/lines.ts';
import { writeExport } from '#shared/record/export/write.ts';

import { coverOrRefuse, type Covered as Signed } from './cover.ts';
import { type ExportRow, exportPage } from './store.ts';

export type ExportDeps = {
  readonly store: Store;
  readonly admit: Admit;
  readonly vouching: Vouching;
};

/** How long an export waits for a checkpoint over its own entry, and for its seal. */
const PATIENCE = 5_000;
const PAGE = 500;
const PAGE_WEIGHT = 4 * 1024 * 1024;

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
  const { vouching } = deps;
  const { operation: log, origin } = pass;
  let covered: Promise<Covered> | null = null;
  const cover = () => {
    covered ??= coverWithNotes(deps, pass, seq + 1);
    return covered;
  };
  const seal = async (text: string) => {
    const given = await vouching.seal({ log, origin, seq, text }, PATIENCE);
    if (given === null) throw refuse('try.again', { what: 'nobody has sealed this export' });
    return given;
  };
  return {
    mediaType: 'application/x-ndjson',
    fileName,
    ready: cover,
    chunks: async function* () {
      const { checkpoint, key, note, cosigned } = await cover();
      yield* writeExport(
        {
          origin,
          from: 0,
          frontier: [],
          size: checkpoint.size,
          key,
          entries: entriesFor(deps, pass, checkpoint.size),
          checkpoint: note,
          cosigned,
          seal,
        },
        sha256,
      );
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

/** The export's own checkpoint is moments old: what the desks have cosigned comes a little before it. [RC-67] */
async function earlierQuorum(tx: Tx, { operation }: RoomPass, before: number): Promise<Covered['cosigned']> {
  const reached = await quorumCheckpoint(tx, operation);
  if (reached === null || reached.size >= before) return null;
  return { size: reached.size, note: await cosignedNote(tx, operation, reached, 'everybody') };
}

/** Page by page, each in a snapshot of its own and after asking the gate again: who is removed gets no further page. */
async function* entriesFor(deps: ExportDeps, pass: RoomPass, size: number): AsyncGenerator<ExportedEntry> {
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
