import type { Store } from '#server/platform/storage/store.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';

import { checkActs, checkRooms, checkShutOut, removalsIn } from './history/check-acts.ts';
import {
  type BoardReplay,
  checkEdits,
  checkPromises,
  checkReplicas,
  replayBoard,
} from './history/check-boards.ts';
import {
  checkCheckpoints,
  checkEffects,
  checkEntries,
  checkRights,
  type Problems,
} from './history/check-log.ts';
import type { Ledger } from './history/ledger.ts';
import { readRecord, type StoredRecord } from './history/read-record.ts';

export type Run = {
  readonly operation: string;
  readonly board: string;
  readonly ledger: Ledger;
  readonly signerFolder: string;
  /** What each client, and a fresh one, has in the end. */
  readonly boards: ReadonlyMap<string, Json>;
  /** What did not come to rest. */
  readonly complaints: readonly string[];
};

export type Verdict = {
  readonly problems: Problems;
  readonly counts: {
    readonly entries: number;
    readonly edits: number;
    readonly acknowledgedEdits: number;
    readonly acts: number;
    readonly repeatedActs: number;
    readonly shownEntries: number;
    readonly checkpoints: number;
    /** Board entries that were shown to an officer whose removal stands before them. */
    readonly shownAfterRemoval: number;
  };
};

/** Holds everything that people did and were told against the record, read from the database past the hub. */
export async function judge(store: Store, run: Run): Promise<Verdict> {
  const { ledger } = run;
  const record = await readRecord(store, run.operation);
  const hub = await readRecord(store, 'hub');
  const replay = replayBoard(record, run.board, ledger);
  const problems = [
    ...run.complaints,
    ...checkEntries(record),
    ...checkEntries(hub).map((what) => `the hub's record: ${what}`),
    ...checkCheckpoints(record, run.signerFolder),
    ...checkCheckpoints(hub, run.signerFolder),
    ...checkRights(record),
    ...checkEffects(record),
    ...replay.problems,
    ...checkPromises(replay, ledger),
    ...checkEdits(replay, ledger),
    ...checkReplicas(replay.doc, run.boards),
    ...checkActs(record, ledger),
    ...checkShutOut(record, ledger),
    ...checkRooms(record, ledger),
  ];
  replay.doc.destroy();
  const { brings: acknowledged } = ledger.acknowledgedContents();
  return {
    problems,
    counts: {
      entries: record.entries.length,
      edits: ledger.edits.length,
      acknowledgedEdits: ledger.edits.filter(({ structs }) => structs !== null && acknowledged.has(structs))
        .length,
      acts: ledger.acts.filter(({ reply }) => reply !== null).length,
      repeatedActs: ledger.acts.filter(({ tries }) => tries > 1).length,
      shownEntries: [...ledger.shown.values()].reduce((sum, { entries }) => sum + entries.length, 0),
      checkpoints: record.checkpoints.length,
      shownAfterRemoval: shownAfterRemoval(record, replay, ledger),
    },
  };
}

function shownAfterRemoval(record: StoredRecord, { seqOf }: BoardReplay, { told }: Ledger): number {
  let shown = 0;
  for (const [officer, removedAt] of removalsIn(record)) {
    const late = [...seqOf]
      .filter(([, seq]) => seq > removedAt)
      .map(([place]) => place.split(':').map(Number));
    for (const [client = 0, from = 0] of late)
      if (told.get(officer)?.brings.has({ client, from, to: from + 1 })) shown += 1;
  }
  return shown;
}
