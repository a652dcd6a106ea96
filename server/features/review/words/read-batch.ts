import type { Store } from '#server/platform/storage/store.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { textsOf } from '#shared/review/texts.ts';

import { labelsOf } from './labels.ts';
import type { BoardReader, Labelled } from './on-worker.ts';
import { type Batch, boardBytes, type FollowedEntry, type TallyRow, type WordsRow } from './store.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

export type BoardPlaces = {
  /** Up to which entry the reader's thread knows each board, in its present generation. */
  generation: number;
  readonly upTo: Map<string, number>;
  /** Where the newest batch of this node ended, by record: between it and the next there is no change to read. */
  readonly end: Map<OperationId, number>;
};

type Deps = {
  readonly store: Store;
  readonly boards: BoardReader;
  readonly places: BoardPlaces;
  readonly onError: (error: unknown) => void;
};

/** What follows from these entries, to be written together. */
export async function batchOf(
  deps: Deps,
  log: OperationId,
  entries: readonly FollowedEntry[],
): Promise<Pick<Batch, 'words' | 'tally'>> {
  const onBoards = await boardTexts(deps, log, entries);
  const said = new Set<string>();
  const rows = entries.flatMap((entry) => {
    const texts = entry.form === 'bytes' ? fresh(said, entry, onBoards.get(entry.seq)) : jsonTexts(entry);
    const { form: _form, payload: _payload, ...about } = entry;
    const labels = labelsOf(log, entry);
    return texts.map((text, part) => ({ ...about, part, text, labels }));
  });
  const spelt = await spell(deps, rows);
  const words = rows.map(({ labels: _labels, ...row }, at): WordsRow => ({ ...row, words: spelt[at] ?? '' }));
  return { words, tally: tallyOf(entries) };
}

/** Texts that cannot be spelt, twice, are reported, and found by their labels only. */
function spell(deps: Deps, texts: readonly Labelled[]): Promise<readonly string[]> {
  if (texts.length === 0) return Promise.resolve([]);
  const asked = (given: readonly Labelled[]) =>
    deps.boards.spell(given.map(({ text, labels }) => ({ text, labels })));
  return twice(
    deps,
    () => asked(texts),
    () => asked(texts.map(({ labels }) => ({ text: '', labels }))),
  );
}

function jsonTexts({ form, payload }: FollowedEntry): string[] {
  return form === 'json' && payload !== null ? textsOf(JSON.parse(payload.toString('utf8')) as Json) : [];
}

/** A drag is many changes that read alike: of one officer, board and minute each sentence is kept once. */
function fresh(said: Set<string>, entry: FollowedEntry, text: string | undefined): string[] {
  if (text === undefined || text === '') return [];
  const key = [entry.officer_id, entry.object_id, Math.floor(entry.at_ms / MINUTE), text].join(' ');
  if (said.has(key)) return [];
  said.add(key);
  return [text];
}

async function boardTexts(
  deps: Deps,
  log: OperationId,
  entries: readonly FollowedEntry[],
): Promise<ReadonlyMap<number, string>> {
  const byBoard = new Map<string, FollowedEntry[]>();
  for (const entry of entries) {
    if (entry.kind !== 'board.updated' || entry.object_id === null || entry.payload === null) continue;
    byBoard.set(entry.object_id, [...(byBoard.get(entry.object_id) ?? []), entry]);
  }
  const texts = new Map<number, string>();
  const next = deps.places.end.get(log) === entries[0]?.seq;
  for (const [board, acts] of byBoard) {
    const told = await tell(deps, log, { board, acts, next });
    for (const [at, { seq }] of acts.entries()) texts.set(seq, told[at] ?? '');
  }
  deps.places.end.set(log, (entries.at(-1)?.seq ?? -1) + 1);
  return texts;
}

/** A board that cannot be read, twice, is reported, and its changes are found by who and when only. */
function tell(deps: Deps, log: OperationId, told: Acts): Promise<readonly string[]> {
  return twice(
    deps,
    () => tellOnce(deps, log, told),
    () => Promise.resolve([]),
  );
}

async function twice<Result>(
  { boards, onError }: Deps,
  work: () => Promise<Result>,
  otherwise: () => Promise<Result>,
): Promise<Result> {
  for (let tries = 0; tries < 2; tries++) {
    try {
      return await work();
    } catch (error) {
      // Nothing is known: the batch is not written, and comes again at the next start.
      if (boards.stopped()) throw error;
      onError(error);
    }
  }
  return otherwise();
}

async function tellOnce(deps: Deps, log: OperationId, told: Acts): Promise<readonly string[]> {
  const { boards, places } = deps;
  if (places.generation !== boards.generation()) {
    places.generation = boards.generation();
    places.upTo.clear();
  }
  const known = places.upTo.get(told.board);
  const first = told.acts[0]?.seq ?? 0;
  // Another node, or an earlier attempt, may have been further than this thread knows: then it begins anew.
  const goneOn =
    known !== undefined && known < first ? await ask(deps, log, { ...told, after: known }) : null;
  const texts = goneOn ?? (await ask(deps, log, { ...told, after: null }));
  places.upTo.set(told.board, told.acts.at(-1)?.seq ?? first);
  return texts ?? [];
}

type Acts = {
  readonly board: string;
  readonly acts: readonly FollowedEntry[];
  /** The batch follows directly on the last one of this node. */
  readonly next: boolean;
};

async function ask(
  { store, boards }: Deps,
  log: OperationId,
  { board, acts, next, after }: Acts & { readonly after: number | null },
): Promise<readonly string[] | null> {
  const before = acts[0]?.seq ?? 0;
  const base =
    next && after !== null
      ? []
      : await store.read((tx) => boardBytes(tx, log, { board, after: after ?? -1, before }));
  const payloads = acts.flatMap(({ payload }) => payload ?? []);
  return (await boards.tell({ board, anew: after === null, base, acts: payloads })).texts;
}

function tallyOf(entries: readonly FollowedEntry[]): TallyRow[] {
  const rows = new Map<string, TallyRow>();
  for (const { seq, at_ms, kind, outcome, country, officer_id, compartment_id } of entries) {
    const hour = Math.floor(at_ms / HOUR);
    const key = [hour, kind, outcome, country, officer_id, compartment_id].join(' ');
    const held = rows.get(key);
    if (held !== undefined) {
      held.entries += 1;
      held.last_seq = seq;
      continue;
    }
    rows.set(key, {
      hour,
      kind,
      outcome,
      country: country ?? '',
      officer_id: officer_id ?? '',
      compartment_id: compartment_id ?? '',
      entries: 1,
      first_seq: seq,
      last_seq: seq,
    });
  }
  return [...rows.values()];
}
