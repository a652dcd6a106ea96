import type { RoomPass } from '#server/platform/access.ts';
import { commitActs } from '#server/platform/http/commit.ts';
import { oneRow, sql, type Tx } from '#server/platform/storage/store.ts';
import type { BodyOf, ReplyOf } from '#shared/contracts/contract.ts';
import type { commitImport } from '#shared/contracts/indicators.ts';
import { defang } from '#shared/interchange/defang.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { refuse } from '#shared/kernel/failures.ts';
import type { CommandId, ImportId, IndicatorId } from '#shared/kernel/ids.ts';
import { newId } from '#shared/kernel/random.ts';

import type { Candidate } from './candidates.ts';
import type { ImportDeps } from './imports.ts';
import { dropPreview, PART, type PreviewAbout, partOf, previewOf } from './previews.ts';
import { type IndicatorRow, insertIndicators, knownKeys } from './store.ts';

type Who = { readonly pass: RoomPass; readonly now: number; readonly commandId: CommandId | null };
type Counts = ReplyOf<typeof commitImport>['counts'];
type Totals = { counts: Counts; written: number };

/** Rows of one transaction: small enough that rooms stay live meanwhile. */
const CHUNK = 500;

/**
 * Writes a preview in parts, each committed with its entry under one import id, then the summary. After a crash the
 * same call goes on where it stopped: what this desk has already is not written again. [IN-54]
 */
export async function writeImport(
  deps: ImportDeps,
  who: Who,
  input: BodyOf<typeof commitImport>,
): Promise<ReplyOf<typeof commitImport> & { receipts?: readonly string[] }> {
  const done = await deps.store.read((tx) => finished(tx, who.pass, input.importId));
  if (done !== null) return { importId: input.importId, ...done };
  const preview = await deps.store.read((tx) => previewOf(tx, who.pass, input.importId, who.now));
  if (preview === null) throw refuse('import.gone');
  const take = new Set(input.take);
  const leave = new Set(input.leave);
  const wanted = (one: Candidate) => (one.ticked || take.has(one.at)) && !leave.has(one.at);
  const totals: Totals = { counts: { read: 0, new: 0, known: 0, offered: 0, refused: 0 }, written: 0 };
  const receipts: string[] = [];
  await deps.store.write((tx) => begin(tx, who, input.importId, preview.about));
  for (let part = 0; part * PART < preview.about.rows; part++) {
    const candidates = await deps.store.read((tx) => partOf(tx, input.importId, part));
    for (let from = 0; from < candidates.length; from += CHUNK) {
      await writeChunk(
        deps,
        { who, id: input.importId, about: preview.about, wanted, totals, receipts },
        candidates.slice(from, from + CHUNK),
      );
    }
  }
  receipts.push(...(await summarise(deps, who, { id: input.importId, about: preview.about, totals })));
  return { importId: input.importId, ...totals, receipts };
}

type Under = {
  readonly who: Who;
  readonly id: ImportId;
  readonly about: PreviewAbout;
  readonly wanted: (one: Candidate) => boolean;
  readonly totals: Totals;
  readonly receipts: string[];
};

async function writeChunk(
  deps: ImportDeps,
  { who, id, about, wanted, totals, receipts }: Under,
  chunk: readonly Candidate[],
): Promise<void> {
  const { counts } = totals;
  counts.read += chunk.length;
  counts.refused += chunk.filter(({ selector }) => selector === null).length;
  counts.offered += chunk.filter((one) => one.selector !== null && !wanted(one)).length;
  const chosen = chunk.flatMap((one) =>
    one.selector !== null && wanted(one)
      ? [rowOf(deps, who, { id, about, candidate: one, selector: one.selector })]
      : [],
  );
  if (chosen.length === 0) return;
  const { reply, receipts: given } = await commitActs(deps.commit, actor(who), async (tx) => {
    const known = await knownKeys(
      tx,
      who.pass,
      chosen.map(({ key }) => key),
    );
    const fresh = chosen.filter(({ key }) => !known.has(key));
    const result = { fresh: fresh.length, known: chosen.length - fresh.length };
    if (fresh.length === 0) return { facts: [], reply: result };
    return {
      facts: [
        {
          kind: 'indicators.import-part',
          object: { kind: 'import', id },
          compartment: about.compartment,
          body: partBody(who, about, fresh),
        },
      ],
      reply: async ([at]) => {
        await insertIndicators(
          tx,
          who.pass,
          fresh.map((row) => ({ ...row, seq: at?.seq ?? -1 })),
        );
        return result;
      },
    };
  });
  receipts.push(...given);
  counts.new += reply.fresh;
  counts.known += reply.known;
  totals.written += reply.fresh;
}

async function summarise(
  deps: ImportDeps,
  who: Who,
  { id, about, totals }: { id: ImportId; about: PreviewAbout; totals: Totals },
): Promise<readonly string[]> {
  const { receipts } = await commitActs(
    deps.commit,
    { ...actor(who), commandId: who.commandId },
    async (tx) => {
      await sql`update imports set state = 'done', counts = ${JSON.stringify(totals)}, done_ms = ${who.now} where id = ${id}`.execute(
        tx,
      );
      await dropPreview(tx, id);
      const { format, fileName, sha256, handling } = about;
      return {
        facts: [
          {
            kind: 'indicators.imported',
            object: { kind: 'import', id },
            compartment: about.compartment,
            body: { format, fileName, sha256, handling, ...totals } as Json,
          },
        ],
        reply: {},
      };
    },
  );
  return receipts;
}

function actor({ pass, now }: Who) {
  return {
    call: 'indicators.commit-import',
    session: pass.session,
    pass,
    commandId: null,
    now,
    secretReply: false,
  };
}

async function begin(tx: Tx, { pass, now }: Who, id: ImportId, about: PreviewAbout): Promise<void> {
  await sql`insert into imports (operation_id, id, officer_id, format, file_name, sha256, state, counts, started_ms)
            values (${pass.operation}, ${id}, ${pass.session.officer}, ${about.format}, ${about.fileName}, ${about.sha256}, 'writing', '{}', ${now})
            on conflict (id) do nothing`.execute(tx);
}

async function finished(tx: Tx, pass: RoomPass, id: ImportId): Promise<Totals | null> {
  const row = await oneRow<{ counts: Totals }>(
    tx,
    sql`select counts from imports where operation_id = ${pass.operation} and id = ${id} and officer_id = ${pass.session.officer} and state = 'done'`,
  );
  return row?.counts ?? null;
}

function rowOf(
  deps: ImportDeps,
  { pass, now }: Who,
  given: {
    id: ImportId;
    about: PreviewAbout;
    candidate: Candidate;
    selector: NonNullable<Candidate['selector']>;
  },
): IndicatorRow {
  const { candidate, selector, about } = given;
  return {
    id: newId<IndicatorId>(deps.random),
    seq: -1,
    type: selector.type,
    value: selector.value,
    display: defang(selector),
    key: selector.key,
    meta: selector.meta ?? {},
    raw: candidate.raw,
    note: candidate.note,
    handling: { ...about.handling, tlp: candidate.tlp, pap: candidate.pap },
    tlp: candidate.tlp,
    compartment_id: about.compartment,
    originator: pass.session.desk.code,
    confidence: candidate.confidence,
    valid_from: candidate.validFrom,
    valid_until: candidate.validUntil,
    actionable: candidate.actionable,
    added_by: pass.session.officer,
    added_ms: now,
    source: about.fileName || `${about.format} import`,
    import_id: given.id,
    withdrawn_ms: null,
  };
}

/** The rows as the register has them; what all share is said once. With this the record alone rebuilds the register. [RV-8] */
function partBody({ pass }: Who, about: PreviewAbout, fresh: readonly IndicatorRow[]): Json {
  return {
    originator: pass.session.desk.code,
    source: fresh[0]?.source ?? '',
    handling: about.handling,
    addedAt: isoTime(fresh[0]?.added_ms ?? 0),
    indicators: fresh.map(
      ({ id, type, value, display, key, raw, tlp, handling, confidence, note, ...row }) => ({
        id,
        type,
        value,
        display,
        key,
        raw,
        tlp,
        pap: handling.pap,
        confidence,
        note,
        validFrom: row.valid_from,
        validUntil: row.valid_until,
        actionable: row.actionable,
      }),
    ),
  } as Json;
}
