import { equalBytes, fromBase64, hex } from '#shared/kernel/encoding.ts';

import type { Checkpoint } from '../checkpoint.ts';
import { commitPayload, type Entry, parseEntry, SALT_LENGTH } from '../entry.ts';
import { HASH_LENGTH, type Sha256 } from '../hash.ts';
import { checkInclusion } from '../proof.ts';
import { parseProofFile } from '../proof-file.ts';
import type { Tile } from '../tiles.ts';
import { leafHash } from '../tree.ts';
import type { PackAbout } from './about.ts';
import { checkTiles } from './check-tiles.ts';
import { contentPlace, placeOf, places, proofPlace, saltPlace, tilePlace } from './layout.ts';
import { type Bad, bad, type OpenPack } from './open-pack.ts';

export type Held = {
  readonly about: PackAbout;
  readonly checkpoint: Checkpoint;
  /** The checkpoint as signed: every proof carries the same. */
  readonly note: string;
  readonly sha256: Sha256;
};

/** Changes of boards that the pack shows with their bytes, by board. */
export type BoardChanges = ReadonlyMap<string, readonly number[]>;

/** Every entry against the signed root, every content against its entry, nothing left over. [RC-74] [RC-75] */
export function checkContent(pack: OpenPack, held: Held): { readonly boards: BoardChanges } | Bad {
  return new ContentCheck(pack, held).run();
}

class ContentCheck {
  readonly #pack: OpenPack;
  readonly #held: Held;
  /** Hashes of all leaves, of a pack of the whole record; null for a part, where each entry has its proof. */
  #leaves: Uint8Array | null = null;
  readonly #people = new Set<string>();
  readonly #boards = new Map<string, number[]>();
  readonly #proven = new Set<number>();
  #shown = 0;
  #opened = 0;
  #withheld = 0;
  #next = 0;
  #lastTime = Number.NEGATIVE_INFINITY;

  constructor(pack: OpenPack, held: Held) {
    this.#pack = pack;
    this.#held = held;
  }

  run(): { readonly boards: BoardChanges } | Bad {
    const { about, sha256, checkpoint } = this.#held;
    if (about.scope.kind === 'operation') {
      const leaves = checkTiles(this.#pack, checkpoint, sha256);
      if ('reason' in leaves) return leaves;
      this.#leaves = leaves.leaves;
    }
    for (const { name } of this.#pack.data) {
      const fault = this.#takeEntries(name);
      if (fault !== null) return fault;
    }
    const fault = this.#takeWithheld() ?? this.#checkLeftOver() ?? this.#checkCounts();
    return fault ?? { boards: this.#boards };
  }

  #takeEntries(name: string): Bad | null {
    const placed = placeOf(name);
    if (placed?.kind === 'entry') {
      return this.#takeEntry(name, placed.seq, this.#pack.read(name) ?? new Uint8Array());
    }
    if (placed?.kind === 'tile' && placed.tile.level === 'entries')
      return this.#takeBundle(name, placed.tile);
    return null;
  }

  #takeBundle(name: string, { index, width }: Tile): Bad | null {
    const bytes = this.#pack.read(name) ?? new Uint8Array();
    if (this.#leaves === null) return bad('tile-not-expected', name);
    let at = 0;
    for (let seq = index * 256; seq < index * 256 + width; seq++) {
      const [high, low] = [bytes[at], bytes[at + 1]];
      if (high === undefined || low === undefined) return bad('bundle-malformed', name, seq);
      const end = at + 2 + high * 256 + low;
      if (end > bytes.length) return bad('bundle-malformed', name, seq);
      const fault = this.#takeEntry(name, seq, bytes.subarray(at + 2, end));
      if (fault !== null) return fault;
      at = end;
    }
    return at === bytes.length ? null : bad('bundle-malformed', name);
  }

  #takeEntry(name: string, seq: number, bytes: Uint8Array): Bad | null {
    const { about, sha256 } = this.#held;
    if (seq >= about.size) return bad('entry-out-of-place', name, seq);
    if (seq < this.#next)
      return bad(seq === this.#next - 1 ? 'entry-twice' : 'entry-out-of-place', name, seq);
    const unproven = this.#prove(name, seq, leafHash(bytes, sha256));
    if (unproven !== null) return unproven;
    const parsed = parseEntry(bytes);
    if (!parsed.ok) return bad(parsed.reason, name, seq);
    const { entry } = parsed;
    if (entry.log !== about.origin) return bad('entry-foreign-log', name, seq);
    if (entry.seq !== seq) return bad('entry-out-of-place', name, seq);
    if (entry.at < this.#lastTime) return bad('entry-goes-back-in-time', name, seq);
    this.#next = seq + 1;
    this.#lastTime = entry.at;
    this.#shown += 1;
    if ('officer' in entry.by) this.#people.add(entry.by.officer);
    if (entry.object?.kind === 'officer') this.#people.add(entry.object.id);
    return this.#takeContent(seq, entry);
  }

  #takeContent(seq: number, { commitment, kind, object, outcome }: Entry): Bad | null {
    const salt = this.#pack.read(saltPlace(seq));
    const content = this.#pack.read(contentPlace(seq));
    if ((salt === null) !== (content === null)) {
      return bad('content-half-purged', salt === null ? contentPlace(seq) : saltPlace(seq));
    }
    if (salt === null || content === null) return null;
    if (salt.length !== SALT_LENGTH) return bad('entry-content-differs', saltPlace(seq));
    const { pc, pl } = commitPayload(salt, content, this.#held.sha256);
    if (pc !== commitment.pc || pl !== commitment.pl) return bad('entry-content-differs', contentPlace(seq));
    this.#opened += 1;
    if (kind === 'board.updated' && outcome === 'ok' && object !== null) {
      const changes = this.#boards.get(object.id);
      if (changes === undefined) this.#boards.set(object.id, [seq]);
      else changes.push(seq);
    }
    return null;
  }

  /** By the tree that the pack holds, or by a proof of its own. */
  #prove(name: string, seq: number, leaf: Uint8Array): Bad | null {
    if (this.#leaves !== null) {
      const known = this.#leaves.subarray(seq * HASH_LENGTH, (seq + 1) * HASH_LENGTH);
      return equalBytes(known, leaf) ? null : bad('entry-hash-differs', name, seq);
    }
    const { note, checkpoint, sha256 } = this.#held;
    if (!this.#pack.has(proofPlace(seq))) return bad('entry-not-proven', name, seq);
    const proof = parseProofFile(this.#pack.readText(proofPlace(seq)) ?? '');
    if (proof === null || proof.extra !== undefined || proof.index !== seq)
      return bad('proof-file-malformed', proofPlace(seq));
    if (proof.checkpoint !== note) return bad('proof-other-checkpoint', proofPlace(seq));
    const { size, root } = checkpoint;
    const proven = checkInclusion({ index: seq, size, leaf, root }, proof.hashes, sha256);
    if (!proven.ok) return bad(proven.reason, name, seq);
    this.#proven.add(seq);
    return null;
  }

  /** Entries of a range that are not for the recipient: their leaf hashes are on the record, and all are accounted for. */
  #takeWithheld(): Bad | null {
    const { scope, size } = this.#held.about;
    if (scope.kind !== 'time') {
      this.#withheld = scope.kind === 'operation' ? size - this.#shown : 0;
      return this.#pack.has(places.withheld) ? bad('pack-unknown-file', places.withheld) : null;
    }
    const text = this.#pack.readText(places.withheld);
    if (text === null) return bad('pack-file-missing', places.withheld);
    let last = -1;
    for (const line of text.split('\n').slice(0, -1)) {
      const [, number = '', hash = ''] = /^(0|[1-9]\d{0,15}) (\S+)$/.exec(line) ?? [];
      const [seq, leaf] = [Number(number), fromBase64(hash)];
      if (number === '' || seq <= last || leaf?.length !== HASH_LENGTH)
        return bad('line-malformed', places.withheld);
      if (this.#proven.has(seq)) return bad('entry-twice', places.withheld, seq);
      const fault = this.#prove(places.withheld, seq, leaf);
      if (fault !== null) return fault;
      this.#withheld += 1;
      last = seq;
    }
    if (text !== '' && !text.endsWith('\n')) return bad('line-malformed', places.withheld);
    for (let seq = scope.from; seq < scope.to; seq++) {
      if (!this.#proven.has(seq)) return bad('entry-missing', null, seq);
    }
    const count = scope.to - scope.from;
    return this.#proven.size === count ? null : bad('entry-not-in-scope', places.about);
  }

  /** Nothing lies in the pack that was not looked at. */
  #checkLeftOver(): Bad | null {
    let contents = 0;
    let proofs = 0;
    for (const { name } of this.#pack.data) {
      const placed = placeOf(name);
      if (placed?.kind === 'content') contents += 1;
      if (placed?.kind === 'proof') proofs += 1;
      if (placed?.kind === 'proof' && !this.#proven.has(placed.seq)) return bad('proof-without-entry', name);
      if (placed?.kind === 'tile' && this.#leaves === null) return bad('tile-not-expected', name);
      if (placed?.kind === 'tile' && placed.tile.level === 'entries' && name !== tilePlace(placed.tile))
        return bad('tile-not-expected', name);
      if (placed?.kind === 'person' && !this.#people.has(placed.id)) return bad('person-differs', name);
      if (placed?.kind === 'file') {
        const sum = this.#held.sha256(this.#pack.read(name) ?? new Uint8Array());
        if (placed.sha256 !== hex(sum)) return bad('attachment-differs', name);
      }
    }
    if (contents !== this.#opened || proofs !== this.#proven.size) return this.#orphan();
    return null;
  }

  #orphan(): Bad {
    const shown = new Set(this.#pack.data.flatMap(({ name }) => this.#seqsOf(name)));
    const orphan = this.#pack.data.find(({ name }) => {
      const placed = placeOf(name);
      return (placed?.kind === 'content' || placed?.kind === 'salt') && !shown.has(placed.seq);
    });
    return bad('content-without-entry', orphan?.name ?? null);
  }

  #seqsOf(name: string): number[] {
    const placed = placeOf(name);
    if (placed?.kind === 'entry') return [placed.seq];
    if (placed?.kind !== 'tile' || placed.tile.level !== 'entries') return [];
    const { index, width } = placed.tile;
    return Array.from({ length: width }, (_, at) => index * 256 + at);
  }

  #checkCounts(): Bad | null {
    const { shown, withheld, purged } = this.#held.about;
    const agrees =
      shown === this.#shown && withheld === this.#withheld && purged === this.#shown - this.#opened;
    return agrees ? null : bad('pack-about-differs', places.about);
  }
}
