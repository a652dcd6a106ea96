import * as Y from 'yjs';

import type { Store } from '#server/platform/storage/store.ts';
import { oneRow, sql } from '#server/platform/storage/store.ts';
import { sha256 } from '#server/record/append.ts';
import { addCard, editCard, moveCards } from '#shared/board/card.ts';
import { type CardId, seedBoard } from '#shared/board/document.ts';
import { type EventKind, eventKinds } from '#shared/contracts/event-kinds.ts';
import { canonicalBytes, type Json } from '#shared/kernel/canonical-json.ts';
import { hex } from '#shared/kernel/encoding.ts';
import { asId, type CompartmentId, type OfficerId, type OperationId } from '#shared/kernel/ids.ts';
import { commitPayload, encodeEntry } from '#shared/record/entry.ts';
import { leafHash } from '#shared/record/tree.ts';
import { seededRandom } from '#tests/convergence/seeded-random.ts';

export type LongRecord = {
  readonly operation: OperationId;
  readonly compartments: readonly CompartmentId[];
  readonly officers: readonly { readonly id: OfficerId; readonly country: string }[];
  readonly entries: number;
  readonly seed: number;
  /** Between two entries, milliseconds. */
  readonly pace: number;
};

type Content = {
  readonly kind: EventKind;
  readonly object: { readonly kind: string; readonly id: string };
  readonly body: Json | Uint8Array;
  readonly outcome?: 'refused';
  readonly by?: number;
};

type Column = unknown[];
const CHUNK = 5_000;
const BOARDS = 10;
const CARDS = 40;
const HANDLING = { tlp: 'AMBER', pap: 'AMBER', code: 'H0', caveat: '', evaluation: null };
const THAI = ['ผู้ต้องสงสัยโอนเงินเข้าบัญชีม้า', 'ธนาคารกรุงเทพ', 'หมายจับศาลอาญา', 'เบอร์โทรศัพท์ใหม่'];
const WORDS =
  'transfer wallet courier seizure warrant account server login victim bank mule phone exchange device suspect address freeze report evening harbour'.split(
    ' ',
  );

/**
 * Appends a long record to an operation: weeks of boards, chat, indicators, imports, visits and denials, each entry encoded,
 * salted and hashed as `append` does it, in bulk. Only the record is written: no tables beside it.
 */
export async function writeLongRecord(
  store: Store,
  given: LongRecord,
): Promise<{ head: number; needles: Needle[] }> {
  const chance = seededRandom(given.seed);
  const log = await store.read((tx) =>
    oneRow<{ origin: string; head: number; last_ms: number }>(
      tx,
      sql`select origin, head, last_ms from logs where id = ${given.operation}`,
    ),
  );
  if (log === null) throw new Error('no such record');
  const story = new Story(given, chance);
  let { head, last_ms: at } = log;
  const end = head + given.entries;
  while (head < end) {
    const columns: Column[] = Array.from({ length: 14 }, () => []);
    for (const stop = Math.min(end, head + CHUNK); head < stop; head++) {
      at += given.pace;
      story.at = at;
      const content = story.next(head);
      addRow(columns, { ...given, origin: log.origin, seq: head, at, content, chance });
    }
    await store.write((tx) =>
      insert(columns, given.operation, { head, at })
        .execute(tx)
        .then(() => undefined),
    );
  }
  return { head, needles: story.needles };
}

export type Needle = { readonly text: string; readonly seq: number };

function addRow(
  columns: Column[],
  row: LongRecord & { origin: string; seq: number; at: number; content: Content; chance: Chance },
): void {
  const { content, seq, at, operation, chance } = row;
  const officer = row.officers[content.by ?? chance.below(row.officers.length)] ?? {
    id: asId<OfficerId>('0'),
    country: 'SG',
  };
  // A board, and whoever works on it, stay in one compartment.
  const compartment =
    row.compartments[content.object.kind === 'board' ? 0 : chance.below(10) === 0 ? 1 : 0] ?? null;
  const payload = content.body instanceof Uint8Array ? content.body : canonicalBytes(content.body);
  const salt = sha256(Buffer.from(`${row.seed} ${seq}`));
  const outcome = content.outcome ?? 'ok';
  const bytes = encodeEntry(
    {
      log: row.origin,
      at,
      kind: content.kind,
      verb: eventKinds[content.kind],
      by: { kind: 'officer', officer: officer.id, country: officer.country, session: null },
      operation,
      object: content.object,
      outcome,
      compartment,
      command: null,
    },
    seq,
    commitPayload(salt, payload, sha256),
  );
  const values = [
    seq,
    at,
    content.kind,
    outcome,
    officer.id,
    officer.country,
    content.object.kind,
    content.object.id,
    compartment,
    Buffer.from(bytes),
    Buffer.from(leafHash(bytes, sha256)),
    content.body instanceof Uint8Array ? 'bytes' : 'json',
    Buffer.from(salt),
    Buffer.from(payload),
  ];
  for (const [n, value] of values.entries()) columns[n]?.push(value);
}

function insert(columns: readonly Column[], log: OperationId, { head, at }: { head: number; at: number }) {
  const types = [
    'bigint',
    'bigint',
    'text',
    'text',
    'text',
    'text',
    'text',
    'text',
    'text',
    'bytea',
    'bytea',
    'text',
    'bytea',
    'bytea',
  ];
  const arrays = sql.join(columns.map((column, n) => sql`${column}::${sql.raw(types[n] ?? '')}[]`));
  return sql`with given as (
      select * from unnest(${arrays}) as t (seq, at_ms, kind, outcome, officer_id, country, object_kind, object_id, compartment_id,
                                            bytes, leaf_hash, form, salt, payload)
    ), entered as (
      insert into entries (log_id, seq, at_ms, kind, outcome, officer_id, actor_kind, country, object_kind, object_id, compartment_id,
                           bytes, leaf_hash)
      select ${log}, seq, at_ms, kind, outcome, officer_id, 'officer', country, object_kind, object_id, compartment_id, bytes, leaf_hash
      from given
    ), stored as (
      insert into entry_contents (log_id, seq, form, salt, payload) select ${log}, seq, form, salt, payload from given
    ) update logs set head = ${head}, last_ms = ${at} where id = ${log}`;
}

type Chance = ReturnType<typeof seededRandom>;

/** What happens next: mostly boards, then chat, then everything else. */
class Story {
  at = 0;
  readonly needles: Needle[] = [];
  readonly #chance: Chance;
  readonly #boards: { readonly id: string; readonly doc: Y.Doc; told: boolean; last: Uint8Array | null }[];
  readonly #messages: string[] = [];
  readonly #given: LongRecord;

  constructor(given: LongRecord, chance: Chance) {
    this.#given = given;
    this.#chance = chance;
    this.#boards = Array.from({ length: BOARDS }, () => {
      const board = { id: this.#id(), doc: new Y.Doc(), told: false, last: null as Uint8Array | null };
      board.doc.on('update', (update: Uint8Array) => {
        board.last = update;
      });
      return board;
    });
  }

  next(seq: number): Content {
    const draw = this.#chance.below(10_000);
    if (draw < 7_000) return this.#board(seq);
    if (draw < 8_900) return this.#message(seq);
    if (draw < 9_300) return this.#indicator(seq);
    if (draw < 9_600) return this.#aboutRoom('room.entered', { role: 'officer' });
    if (draw < 9_800) return this.#aboutRoom('record.consulted', { purpose: '', what: 'timeline' });
    if (draw < 9_996)
      return {
        ...this.#aboutRoom('access.refused', { rule: 'record.review', code: 'not.allowed', times: 1 }),
        outcome: 'refused',
      };
    return this.#part(seq);
  }

  #id(): string {
    return hex(Uint8Array.from({ length: 16 }, () => this.#chance.below(256)));
  }

  #words(count: number): string {
    return Array.from({ length: count }, () => this.#chance.one(WORDS)).join(' ');
  }

  #board(seq: number): Content {
    const board = this.#chance.one(this.#boards);
    const object = { kind: 'board', id: board.id };
    if (!board.told) {
      board.told = true;
      return { kind: 'board.created', object, body: { title: `Board ${this.#words(2)}` } };
    }
    const by = { by: 'story' };
    const id = asId<CardId>(this.#chance.below(CARDS).toString(16).padStart(32, '0'));
    const cards = board.doc.getMap('cards');
    board.last = null;
    if (board.doc.getMap('meta').size === 0) seedBoard(board.doc, by);
    else if (!cards.has(id)) {
      const createdBy = this.#given.officers[0]?.id ?? asId<OfficerId>('0');
      addCard(
        board.doc,
        { id, kind: 'note', x: 0, y: 0, title: this.#words(3), tlp: 'AMBER', createdBy },
        by,
      );
    } else if (this.#chance.below(5) > 0)
      moveCards(board.doc, [{ id, x: seq % 5_000, y: (seq * 7) % 5_000 }], by);
    else editCard(board.doc, { id, text: `${this.#words(6)} ${seq}` }, by);
    return { kind: 'board.updated', object, body: board.last ?? Y.encodeStateAsUpdate(board.doc) };
  }

  #message(seq: number): Content {
    const needle = seq % 50_000 < 5 ? `needle${seq}` : null;
    const text = [
      this.#words(8),
      ...(this.#chance.below(5) === 0 ? [this.#chance.one(THAI)] : []),
      ...(needle === null ? [] : [needle]),
    ].join(' ');
    if (needle !== null) this.needles.push({ text: needle, seq });
    const replyTo =
      this.#chance.below(4) === 0 ? (this.#messages.at(-1 - this.#chance.below(20)) ?? null) : null;
    const id = this.#id();
    this.#messages.push(id);
    if (this.#messages.length > 100) this.#messages.shift();
    const postedAt = new Date(this.at).toISOString();
    const body = {
      id,
      postedAt,
      text,
      handling: HANDLING,
      replyTo,
      mentions: [],
      references: [],
      editedAt: null,
      withdrawnAt: null,
    };
    return { kind: 'message.posted', object: { kind: 'message', id }, body };
  }

  #indicator(seq: number): Content {
    const id = this.#id();
    const value = `host-${seq}.${this.#chance.one(WORDS)}.example`;
    const body = {
      id,
      type: 'domain',
      value,
      display: value.replaceAll('.', '[.]'),
      raw: value,
      note: this.#words(5),
      handling: HANDLING,
      source: 'entered by hand',
      state: 'active',
    };
    return { kind: 'indicator.added', object: { kind: 'indicator', id }, body };
  }

  #part(seq: number): Content {
    const indicators = Array.from({ length: 100 }, (_, row) => {
      const value = `file-${seq}-${row}.${this.#chance.one(WORDS)}.example`;
      return {
        id: this.#id(),
        type: 'domain',
        value,
        display: value,
        key: value,
        raw: value,
        tlp: 'AMBER',
        pap: 'AMBER',
        confidence: null,
        note: this.#words(3),
      };
    });
    this.needles.push({ text: `file-${seq}-77`, seq });
    return {
      kind: 'indicators.import-part',
      object: { kind: 'import', id: this.#id() },
      body: { handling: HANDLING, source: 'list.csv', indicators },
    };
  }

  #aboutRoom(kind: EventKind, body: Json): Content {
    return { kind, object: { kind: 'operation', id: this.#given.operation }, body };
  }
}
