import { peopleById } from '#server/features/identity/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import type { Store } from '#server/platform/storage/store.ts';
import { canonicalBytes } from '#shared/kernel/canonical-json.ts';
import { utf8 } from '#shared/kernel/encoding.ts';
import { invariant } from '#shared/kernel/failures.ts';
import { asId, type OfficerId } from '#shared/kernel/ids.ts';
import { formatAbout, type PackAbout } from '#shared/record/pack/about.ts';
import { listChanges } from '#shared/record/pack/check-boards.ts';
import { boardPlace, personPlace, places } from '#shared/record/pack/layout.ts';
import type { PackFile } from '#shared/record/pack/write.ts';

import type { BoardShown } from './boards.ts';
import { custodyOf } from './custody.ts';
import { EntryFiles, proofsOf, treeTiles } from './entries.ts';
import { readmeOf } from './readme.ts';
import { type DrawnBoard, FactsTaken } from './report/facts.ts';
import type { Press } from './report/on-worker.ts';
import type { Named } from './report/sections.ts';
import { boardChanges, type PackPlace, packPage } from './store.ts';

export type PackPlan = PackPlace & {
  readonly pass: RoomPass;
  /** The signed checkpoint with its cosignatures, as it goes into the pack. */
  readonly note: string;
  /** Which desks must have cosigned, as it stood at the checkpoint. */
  readonly policy: string | null;
  readonly about: Omit<PackAbout, 'shown' | 'withheld' | 'purged'>;
};

export type ContentDeps = {
  readonly store: Store;
  readonly press: Press;
  /** Asks the gate again: for the exporter, and for the rights of the recipient. Throws when they are other than planned. */
  readonly ask: () => Promise<RoomPass>;
  /** The single-file verifier of this release. */
  readonly tool: Uint8Array;
};

/** Everything under `data/`, from the entries to what follows from them; the same plan gives the same files. [RC-70] [RC-78] */
export class PackContents {
  readonly #deps: ContentDeps;
  readonly #plan: PackPlan;
  readonly #entries: EntryFiles;
  readonly #taken = new FactsTaken();
  #about: PackAbout | null = null;

  constructor(deps: ContentDeps, plan: PackPlan) {
    this.#deps = deps;
    this.#plan = plan;
    this.#entries = new EntryFiles(plan.scope.kind === 'operation');
  }

  /** Known once all files have been taken. */
  about(): PackAbout {
    invariant(this.#about !== null, 'a pack that is not finished');
    return this.#about;
  }

  async *files(): AsyncGenerator<PackFile> {
    const { note, policy, about, scope, pass, size } = this.#plan;
    yield* this.#entryFiles();
    yield { path: places.checkpoint, bytes: utf8(note) };
    if (scope.kind === 'operation') yield* treeTiles((read) => this.#deps.store.read(read), pass, size);
    if (scope.kind === 'time') yield this.#entries.withheldFile();
    yield { path: places.keys, bytes: utf8(`${about.key}\n`) };
    if (policy !== null) yield { path: places.policy, bytes: utf8(policy) };
    const people = await this.#people();
    for (const [id, person] of people)
      yield { path: personPlace(id), bytes: canonicalBytes({ id, ...person }) };
    const facts = this.#taken.facts();
    yield { path: places.custody, bytes: utf8(custodyOf(facts.custody, people)) };
    const boards: BoardShown[] = [];
    for (const board of facts.boards) boards.push(yield* this.#boardFiles(board));
    const { shown, withheld, purged } = this.#entries;
    const counted = scope.kind === 'objects' ? 0 : withheld;
    this.#about = { ...about, shown, withheld: counted, purged };
    const report = await this.#deps.press.report({ about: this.#about, facts, boards, people });
    yield { path: places.html, bytes: utf8(report.html) };
    yield { path: places.pdf, bytes: report.pdf };
    yield { path: places.tool, bytes: this.#deps.tool };
    yield { path: places.readme, bytes: utf8(readmeOf(this.#about, note)) };
    yield { path: places.about, bytes: formatAbout(this.#about) };
  }

  /** Page by page, each in a snapshot of its own and after asking the gate again. */
  async *#entryFiles(): AsyncGenerator<PackFile> {
    const { pass, size, note, scope } = this.#plan;
    const from = scope.kind === 'time' ? scope.from : 0;
    for (let next = from; ; ) {
      const now = await this.#deps.ask();
      const { page, proofs } = await this.#deps.store.read(async (tx) => {
        const page = await packPage(tx, now, this.#plan, next);
        const seqs = page.map(({ seq }) => seq);
        const proofs = scope.kind === 'operation' ? [] : await proofsOf(tx, pass, { seqs, size, note });
        return { page, proofs };
      });
      const last = page.at(-1);
      if (last === undefined) break;
      for (const [at, row] of page.entries()) {
        invariant(scope.kind === 'objects' || row.seq === next + at, 'a record with a gap');
        this.#taken.take(row);
        yield* this.#entries.take(row);
        const proof = proofs[at];
        if (proof !== undefined) yield proof;
      }
      next = last.seq + 1;
    }
    yield* this.#entries.end();
  }

  async #people(): Promise<ReadonlyMap<string, Named>> {
    const ids = [...this.#taken.people].sort().map((id) => asId<OfficerId>(id));
    const found = await this.#deps.store.read((tx) => peopleById(tx, ids));
    return new Map(
      ids.flatMap((id) => {
        const person = found.get(id);
        return person === undefined
          ? []
          : [[id, { name: person.name, desk: person.desk, country: person.country }]];
      }),
    );
  }

  /** A board is given when the pack shows all its changes with their bytes; otherwise it is only said why not. */
  async *#boardFiles({ id, title, changes }: DrawnBoard): AsyncGenerator<PackFile, BoardShown> {
    const { pass, size } = this.#plan;
    const missing = { id, title, cards: [], links: [] };
    const all = await this.#deps.store.read((tx) => boardChanges(tx, pass, { board: id, size }));
    const bytes = all.flatMap(({ payload }) => (payload === null ? [] : [Uint8Array.from(payload)]));
    if (bytes.length !== all.length)
      return { ...missing, state: 'Some of its changes were purged, so it cannot be drawn any more.' };
    if (all.length !== changes.length || all.some(({ seq }, at) => seq !== changes[at]))
      return { ...missing, state: 'Not all of its changes are in this pack, so it is not drawn here.' };
    const made = await this.#deps.press.board(bytes);
    yield { path: boardPlace(id, 'updates.txt'), bytes: utf8(listChanges(changes)) };
    yield { path: boardPlace(id, 'state.yjs'), bytes: made.yjs };
    yield { path: boardPlace(id, 'state.json'), bytes: made.json };
    return { id, title, state: 'whole', cards: made.cards, links: made.links };
  }
}
