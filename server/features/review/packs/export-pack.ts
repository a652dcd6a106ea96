import fs from 'node:fs';
import { crc32 } from 'node:zlib';

import { compartmentsOf, readOperation } from '#server/features/operations/index.ts';
import type { Admit, RoomPass } from '#server/platform/access.ts';
import { type DownloadBody, download, type Handler } from '#server/platform/http/commands.ts';
import type { Store, Tx } from '#server/platform/storage/store.ts';
import { sha256 } from '#server/record/append.ts';
import type { StoredCheckpoint } from '#server/record/checkpoints.ts';
import { firstCosignedNote } from '#server/record/cosignatures.ts';
import { headOf } from '#server/record/read.ts';
import type { Vouching } from '#server/record/vouching.ts';
import { exportPack } from '#shared/contracts/packs.ts';
import { canonicalJson, type Json } from '#shared/kernel/canonical-json.ts';
import { type Clock, isoTime } from '#shared/kernel/clock.ts';
import { base64 } from '#shared/kernel/encoding.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';
import { PACK_FORMAT, packId } from '#shared/record/pack/about.ts';
import { folderOf, writePack } from '#shared/record/pack/write.ts';
import { ZIP_LIMIT } from '#shared/record/pack/zip.ts';

import { coverOrRefuse } from '../cover.ts';
import { cosignedCheckpoint } from './checkpoint.ts';
import { PackContents, type PackPlan } from './contents.ts';
import { openPress } from './report/on-worker.ts';
import { type Addressed, type Asked, addressedTo, identityOf, nothingThere, scopeOf } from './selection.ts';
import { checkpointOf, policyAt, weightOf } from './store.ts';

export type PackDeps = {
  readonly store: Store;
  readonly admit: Admit;
  readonly vouching: Vouching;
  readonly clock: Clock;
  readonly version: string;
  /** What the build has put beside the hub. */
  readonly files: { readonly worker: string; readonly fonts: string; readonly tool: string };
};

/** How long a pack waits for a checkpoint over its own entry, and for its seal. */
const PATIENCE = 5_000;
/** Tool, report and what else is in every pack, about. */
const ALWAYS = 900_000;

/** An evidence pack: first its entry, then the checkpoint, then the zip as a stream. [RC-77] */
export function packHandler(deps: PackDeps): Handler {
  return download({
    call: exportPack,
    async act(tx, { pass }, given) {
      if (!(await deps.vouching.atWork(tx, pass.operation))) throw refuse('signer.absent');
      const { recipient, rights } = await addressedTo(tx, pass, given.recipient);
      const asked = { ...given, size: await sizeFor(tx, pass, given) };
      const { purpose, scope, size } = asked;
      await mustHold(tx, pass, { asked, rights });
      return {
        facts: [
          {
            kind: 'record.exported',
            object: { kind: 'operation', id: pass.operation },
            compartment: pass.main,
            body: {
              purpose,
              format: PACK_FORMAT,
              recipient: recipient as unknown as Json,
              scope: scope as unknown as Json,
              size: size ?? null,
            },
          },
        ],
        reply: ([at]) => {
          invariant(at !== undefined, 'an export without an entry');
          return bodyOf(deps, pass, { asked, seq: at.seq });
        },
      };
    },
  });
}

/** Of the checkpoint that was named, or else is cosigned; undefined for one that is still to cover this export. [RC-80] */
async function sizeFor(tx: Tx, pass: RoomPass, { size, checkpoint }: Asked): Promise<number | undefined> {
  if (size === undefined)
    return checkpoint === 'newest' ? undefined : (await cosignedCheckpoint(tx, pass))?.checkpoint.size;
  if ((await checkpointOf(tx, pass, size)) === null)
    throw refuse('not.found', { where: 'size', what: 'no checkpoint was signed at that size' });
  return size;
}

/** An empty selection is refused before there is an entry; objects one may not see are as those that are not there. */
async function mustHold(
  tx: Tx,
  pass: RoomPass,
  { asked, rights }: { readonly asked: Asked; readonly rights: Addressed['rights'] },
): Promise<void> {
  if (asked.scope.kind === 'operation') return;
  const size = asked.size ?? (await headOf(tx, pass.operation))?.head ?? 0;
  const scope = await scopeOf(tx, pass, asked, size);
  if ((await weightOf(tx, pass, { rights, scope, size })).bytes === 0)
    throw refuse('not.found', { where: 'scope', what: nothingThere });
}

type Given = { readonly asked: Asked; readonly seq: number };

function bodyOf(deps: PackDeps, pass: RoomPass, given: Given): DownloadBody {
  let planned: Planned | null = null;
  const made = () => {
    invariant(planned !== null, 'a pack before its plan');
    return planned;
  };
  return {
    mediaType: 'application/zip',
    fileName: 'evidence-pack.zip',
    ready: async () => {
      planned = await planPack(deps, pass, given);
    },
    about: () => {
      const { plan, expected } = made();
      return { fileName: `${folderOf(plan.about.id).slice(0, -1)}.zip`, expected };
    },
    chunks: () => chunksOf(deps, given, made()),
  };
}

type Planned = { readonly plan: PackPlan; readonly addressed: Addressed; readonly expected: number };

/** Everything that decides what the pack will be. What cannot be given is still refused in words. */
async function planPack(deps: PackDeps, pass: RoomPass, { asked, seq }: Given): Promise<Planned> {
  const { checkpoint, key } = await coverOrRefuse(deps, pass, {
    size: asked.size ?? seq + 1,
    patience: PATIENCE,
  });
  return deps.store.read(async (tx) => {
    const chosen = asked.size === undefined ? checkpoint : await checkpointOf(tx, pass, asked.size);
    invariant(chosen !== null, 'a checkpoint that is gone');
    const addressed = await addressedTo(tx, pass, asked.recipient);
    const scope = await scopeOf(tx, pass, asked, chosen.size);
    const place = { rights: addressed.rights, scope, size: chosen.size };
    const { bytes, report } = await weightOf(tx, pass, place);
    if (bytes + ALWAYS > ZIP_LIMIT)
      throw refuse('too.large', {
        where: 'scope',
        what: 'a pack holds 4 GiB; choose a shorter time or export the record',
      });
    const about = await aboutOf(tx, deps, { pass, key, chosen, addressed, scope });
    const note = await firstCosignedNote(tx, pass.operation, chosen);
    const policy = await policyAt(tx, pass, chosen.signed_ms);
    const plan = { ...place, pass, note, policy, about };
    return { plan, addressed, expected: bytes + report + ALWAYS };
  });
}

async function aboutOf(
  tx: Tx,
  { version }: PackDeps,
  given: {
    readonly pass: RoomPass;
    readonly key: string;
    readonly chosen: StoredCheckpoint;
    readonly addressed: Addressed;
    readonly scope: PackPlan['scope'];
  },
): Promise<PackPlan['about']> {
  const { pass, key, chosen, addressed, scope } = given;
  const operation = await readOperation(tx, pass);
  invariant(operation !== null, 'an operation that is not there');
  const everything = (await compartmentsOf(tx, pass.operation)).every(({ id }) => pass.compartments.has(id));
  const { size } = chosen;
  const root = base64(chosen.root);
  const identity = identityOf(addressed, { origin: pass.origin, size, root, scope }, everything);
  return {
    format: PACK_FORMAT,
    id: packId(identity, sha256),
    origin: pass.origin,
    key,
    size,
    root,
    signedAt: isoTime(chosen.signed_ms),
    operation: operation.name,
    recipient: addressed.recipient,
    scope,
    software: `Muster ${version}`,
  };
}

async function* chunksOf(
  deps: PackDeps,
  { asked, seq }: Given,
  { plan, addressed }: Planned,
): AsyncGenerator<Uint8Array> {
  const { pass } = plan;
  const { operation: log, origin } = pass;
  const press = openPress(deps.files, deps.clock);
  try {
    const ask = () => askAgain(deps, pass, asked, addressed);
    const tool = await fs.promises.readFile(deps.files.tool);
    const contents = new PackContents({ store: deps.store, press, ask, tool }, plan);
    const seal = async (text: string) => {
      const given = await deps.vouching.seal({ log, origin, seq, text }, PATIENCE);
      if (given === null) throw refuse('try.again', { what: 'nobody has sealed this pack' });
      return given;
    };
    const { id } = plan.about;
    yield* writePack({ id, files: contents.files(), about: () => contents.about(), seal }, { sha256, crc32 });
  } finally {
    await press.close();
  }
}

/** Rights that changed on the way end the download: the pack would be another one. */
async function askAgain(
  { admit, store }: PackDeps,
  pass: RoomPass,
  asked: Asked,
  planned: Addressed,
): Promise<RoomPass> {
  const now = await admit(pass.session, pass.operation, 'record.export');
  const addressed = await store.read((tx) => addressedTo(tx, now, asked.recipient));
  if (sayRights(addressed) !== sayRights(planned)) throw refuse('try.again', { what: 'rights have changed' });
  return now;
}

function sayRights({ rights: { recipient, exporter } }: Addressed): string {
  const said = (reader: typeof recipient) => [reader.session.officer, ...[...reader.compartments].sort()];
  return canonicalJson([said(recipient), said(exporter)]);
}
